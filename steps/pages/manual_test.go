package pages_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/steps/browser/browsertest"
	"github.com/mint-conformance/mint/steps/browser/hands"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
)

// odd is a server whose pages nobody guesses: no forms, no words, nothing but
// signs that react to clicks. What follows the login depends on the path.
func odd(t *testing.T) string {
	t.Helper()
	const login = `<input id=a><input id=b><i id=go tabindex=0>➜</i><script>go.onclick = () => location = '/in/%s?a=' + a.value + '&b=' + b.value</script>%s`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, which, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		switch q := r.URL.Query(); {
		case r.URL.Path == "/error":
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `<p>The redirect_uri is not registered</p>`)
		case strings.HasPrefix(r.URL.Path, "/start/"):
			fmt.Fprintf(w, login, which, "")
		case strings.HasPrefix(r.URL.Path, "/in/") && (q.Get("a") != "maya" || q.Get("b") != "s3cret-word"):
			fmt.Fprintf(w, login, which, "<p>That is incorrect.</p>")
		case r.URL.Path == "/in/known":
			fmt.Fprint(w, `<h1>Acme wants access</h1><form action=/decided/><button name=d value=deny>Deny</button><button name=d value=allow>Allow</button></form>`)
		case r.URL.Path == "/in/odd":
			fmt.Fprint(w, `<p>Acme</p><i id=yes>+</i> <i id=no>-</i><script>yes.onclick = () => location = '/decided/?d=allow'; no.onclick = () => location = '/decided/?d=deny'</script>`)
		case r.URL.Path == "/in/broken":
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprint(w, `<p>Oops</p>`)
		case q.Get("d") == "allow":
			http.Redirect(w, r, "https://client.invalid/callback?code=abc", http.StatusFound)
		default:
			http.Redirect(w, r, "https://client.invalid/callback?error=access_denied", http.StatusFound)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// shared is a visitor at a browser at which somebody else has hands, too.
func shared(t *testing.T) (*pages.Browser, *hands.Hands) {
	t.Helper()
	bin := browsertest.Bin(t)
	address, stop, err := hands.Start(t.Context(), bin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	b := browsertest.At(t, address, nil)
	h, err := hands.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	s, err := b.NewSession(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return pages.NewBrowser(s, &exchange.Client{Now: func() time.Time { return time.Time{} }}), h
}

// does is what a person does in a page, one thing after the other: "a=maya"
// types into #a, "go" clicks #go.
func does(ctx context.Context, h *hands.Hands, at string, deeds ...string) error {
	if len(deeds) == 0 {
		return nil
	}
	p, err := h.At(ctx, at)
	for _, deed := range deeds {
		if err != nil {
			return err
		}
		if field, text, types := strings.Cut(deed, "="); types {
			err = p.Type(ctx, "#"+field, text)
		} else {
			err = p.Click(ctx, "#"+deed)
		}
	}
	return err
}

func TestAPersonGoesOnWhereNothingElseHelps(t *testing.T) {
	v, h := shared(t)
	server := odd(t)
	const (
		asMaya  = "log in as maya with the password of customers.first"
		because = " (nothing is known of the page at " + "SERVER/start/"
	)
	tests := []struct {
		name, path, password string
		decision             pages.Decision
		steps                []pages.Step
		deeds                []string
		answer               string // typed after the deeds, "-" for nothing
		told, want           string
	}{
		{
			"she logs in, the rest is known", "/start/known", "s3cret-word", pages.Allow, nil, []string{"a=maya", "b=s3cret-word", "go"}, "-",
			asMaya + ", and allow the application what it asks for; press Enter here if the pages lead no further" + because + "known)", "code=abc by hand, consent seen",
		},
		{
			"she logs in, the harness denies", "/start/known", "s3cret-word", pages.Deny, nil, []string{"a=maya", "b=s3cret-word", "go"}, "-",
			asMaya + ", and deny the application access; press Enter here if the pages lead no further" + because + "known)", "error=access_denied by hand, consent seen",
		},
		{
			"she mistypes once", "/start/known", "s3cret-word", pages.Abandon, nil, []string{"a=maya", "b=other", "go", "a=maya", "b=s3cret-word", "go"}, "-",
			asMaya + ", and decide nothing on the page that asks whether the application may have access; press Enter here once that page is shown, or x and Enter if it does not come" + because + "known)",
			"consent at /in/known by hand, consent seen",
		},
		{"she does it all", "/start/odd", "s3cret-word", pages.Allow, nil, []string{"a=maya", "b=s3cret-word", "go", "yes"}, "-", "", "code=abc by hand"},
		{"she denies", "/start/odd", "s3cret-word", pages.Deny, nil, []string{"a=maya", "b=s3cret-word", "go", "no"}, "-", "", "error=access_denied by hand, consent seen"},
		{"she says where consent is asked for", "/start/odd", "s3cret-word", pages.Abandon, nil, []string{"a=maya", "b=s3cret-word", "go"}, "", "", "consent at /in/odd by hand, consent seen"},
		{"she allows what she should not", "/start/odd", "s3cret-word", pages.Abandon, nil, []string{"a=maya", "b=s3cret-word", "go", "yes"}, "-", "", "could not run: the client got a code while a person was at the window, and nobody can tell whether a consent was asked for"},
		{"she says that it goes no further", "/start/odd", "s3cret-word", pages.Abandon, nil, nil, "x", "", "other at /start/odd by hand"},
		{
			"the password is wrong", "/start/odd", "not-it", pages.Allow, nil, []string{"a=maya", "b=guess", "go"}, "-",
			"log in as maya with a wrong password; press Enter here once that is refused, or x and Enter if something else comes" + because + "odd)", "other at /in/odd refused by hand",
		},
		{"she says that it was refused", "/start/odd", "not-it", pages.Allow, nil, nil, "", "", "other at /start/odd refused by hand"},
		{"the server fails", "/start/broken", "s3cret-word", pages.Allow, nil, []string{"a=maya", "b=s3cret-word", "go"}, "-", "", "other at /in/broken by hand"},
		{
			"a step that cannot be done", "/start/odd", "s3cret-word", pages.Allow, []pages.Step{{URL: "/start", Fill: map[string]string{"#user": "${username}"}}}, []string{"a=maya", "b=s3cret-word", "go", "yes"}, "-",
			asMaya + ", and allow the application what it asks for; press Enter here if the pages lead no further (login.0 cannot be done: there is no field #user on the page at SERVER/start/odd)", "code=abc by hand",
		},
		{"an error page", "/error", "s3cret-word", pages.Allow, nil, nil, "-", "nothing", "other at /error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answers, told, done := make(chan string, 1), "nothing", make(chan error, 1)
			done <- nil
			v.Login = tt.steps
			v.Manual = &pages.Manual{
				Wait: time.Minute, Answers: answers,
				Who: func(name, password string) (string, bool) {
					if password == "s3cret-word" {
						return name + " with the password of customers.first", false
					}
					return name + " with a wrong password", true
				},
				Tell: func(sentence string) {
					told = strings.TrimPrefix(sentence, "please do by hand, in the browser window, within 1m0s: ")
					if err := <-done; err != nil {
						t.Errorf("the person, before: %v", err)
					}
					go func() {
						err := does(t.Context(), h, tt.path, tt.deeds...)
						if tt.answer != "-" {
							if len(tt.deeds) > 0 && err == nil {
								_, err = h.At(t.Context(), "/in/")
							}
							answers <- tt.answer
						}
						done <- err
					}()
				},
			}
			l, err := v.Walk(t.Context(), pages.Walk{URL: server + tt.path, Username: "maya", Password: tt.password, Decision: tt.decision, Redirects: []string{"https://client.invalid/callback"}})
			if got := outcome(l, err, server); got != tt.want {
				t.Errorf("ended with %q, want %q", got, tt.want)
			}
			if want := strings.ReplaceAll(tt.told, "SERVER", server); want != "" && told != want {
				t.Errorf("told\n%q, want\n%q", told, want)
			}
			if strings.Contains(told, "s3cret-word") || strings.Contains(told, "not-it") {
				t.Errorf("a password in %q", told)
			}
			if err := <-done; err != nil {
				t.Errorf("the person: %v", err)
			}
		})
	}
}

// outcome is where a walk ended, in a few words.
func outcome(l pages.Landing, err error, server string) string {
	if err != nil {
		return map[bool]string{true: "could not run: ", false: "error: "}[report.IsUnable(err)] + err.Error()
	}
	text := l.Params.Encode()
	if !l.Redirected {
		at, _, _ := strings.Cut(strings.TrimPrefix(l.URL, server), "?")
		text = string(l.Kind) + " at " + at
	}
	if l.Refused {
		text += " refused"
	}
	if l.ByHand {
		text += " by hand"
	}
	if l.SawConsent {
		text += ", consent seen"
	}
	if l.Remembered() {
		text += ", remembered"
	}
	return text
}

// TestNobodyIsAskedTwiceForNothing: what was left undone could not run, and what
// comes after it neither, at once.
func TestNobodyIsAskedTwiceForNothing(t *testing.T) {
	v, _ := window(t)
	server, asked := odd(t), 0
	v.Manual = &pages.Manual{
		Wait: 50 * time.Millisecond, Tell: func(string) { asked++ },
		Who: func(name, _ string) (string, bool) { return name, false },
	}
	w := pages.Walk{URL: server + "/start/odd", Username: "maya", Password: "s3cret-word", Decision: pages.Deny, Redirects: []string{"https://client.invalid/callback"}}
	for _, want := range []string{
		"could not run: nobody did in 50ms what was asked: log in as maya, and deny the application access on the page at " + server + "/start/odd; run it again with a person at the window, or give a longer --manual-wait",
		"could not run: nobody was asked to log in as maya, and deny the application access on the page at " + server + "/start/odd, since an earlier task was left undone; run it again with a person at the window",
	} {
		l, err := v.Walk(t.Context(), w)
		if got := outcome(l, err, server); got != want {
			t.Errorf("got\n%s, want\n%s", got, want)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

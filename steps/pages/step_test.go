package pages_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
)

// riddle is a login that nobody guesses: a tenant first, and no field that looks
// like one for a name or a password.
func riddle(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch q := r.URL.Query(); {
		case r.URL.Path == "/start":
			fmt.Fprint(w, `<form action=/second><input id=tenant name=t><button>Zurück</button><button id=next name=n value=1>»</button></form>`)
		case r.URL.Path == "/second" && q.Get("t") == "acme" && q.Get("n") == "1":
			fmt.Fprint(w, `<form action=/third><label>Feld A <input name=a></label><input name=secret><button>«</button><button>»</button></form>`)
		case r.URL.Path == "/third" && q.Get("a") == "maya" && q.Get("secret") == "s3cret-word":
			http.Redirect(w, r, "https://client.invalid/callback?code=abc&state=s", http.StatusFound)
		case r.URL.Path == "/third":
			fmt.Fprint(w, `<p>Wrong password</p><form action=/third><input name=user><input type=password name=pw><button>Log in</button></form>`)
		default:
			fmt.Fprint(w, `<p>Nothing is here.</p>`)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// follows tells where the steps lead: "code", "refused", "page", or the error.
func follows(t *testing.T, v pages.Visitor, w pages.Walk) string {
	t.Helper()
	w.Decision, w.Redirects = pages.Allow, []string{"https://client.invalid/callback"}
	l, err := v.Walk(t.Context(), w)
	var stuck *pages.StepError
	switch {
	case errors.As(err, &stuck) && report.IsUnable(err):
		return strings.ReplaceAll(err.Error(), strings.TrimSuffix(w.URL, "/start"), "")
	case err != nil:
		return "unexpected: " + err.Error()
	case l.Code() == "abc":
		return "code"
	case l.Refused:
		return "refused"
	}
	return "page"
}

const (
	toTenant = iota
	toLogIn
)

func riddleSteps() []pages.Step {
	return []pages.Step{
		{URL: "/start", Fill: map[string]string{"#tenant": "acme"}, Click: "#next", Wait: "[name=secret]"},
		{URL: "/sec*t=acme", Fill: map[string]string{"feld a": "${username}", "[name=secret]": "${password}"}, Click: "»"},
	}
}

var riddleTests = []struct {
	name     string
	password string
	change   func(steps []pages.Step) []pages.Step
	want     string
}{
	{"steps", "s3cret-word", func(s []pages.Step) []pages.Step { return s }, "code"},
	{"a wrong password", "other", func(s []pages.Step) []pages.Step { return s }, "refused"},
	{"a step that never comes", "s3cret-word", func(s []pages.Step) []pages.Step {
		return append([]pages.Step{{URL: "/cookies", Click: "Reject", Optional: true}}, s...)
	}, "code"},
	{"no steps", "s3cret-word", func([]pages.Step) []pages.Step { return nil }, "page"},
	{"a field that is not there", "s3cret-word", func(s []pages.Step) []pages.Step {
		s[toLogIn].Fill = map[string]string{"#pw": "${password}"}
		return s
	}, "login.1: there is no field #pw on the page at /second; correct the step, or mark it optional"},
	{"a button that is not there", "s3cret-word", func(s []pages.Step) []pages.Step { s[toTenant].Click = "Weiter"; return s }, "login.0: there is no button or link Weiter on the page at /start; correct the step, or mark it optional"},
	{"a wait for what never comes", "s3cret-word", func(s []pages.Step) []pages.Step { s[toTenant].Wait = "Welcome"; return s }, `login.0: after it, "Welcome" does not appear, but the page at /second; correct the step, or mark it optional`},
}

func TestPlainFollowsTheStepsOfALogin(t *testing.T) {
	start := riddle(t) + "/start"
	for _, tt := range riddleTests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := pages.NewPlain(&exchange.Client{
				Now:  func() time.Time { return time.Time{} },
				HTTP: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
			})
			if err != nil {
				t.Fatal(err)
			}
			v.Login = tt.change(riddleSteps())
			if got := follows(t, v, pages.Walk{URL: start, Username: "maya", Password: tt.password}); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestBrowserFollowsTheStepsOfALogin(t *testing.T) {
	v, _ := window(t)
	start := riddle(t) + "/start"
	for _, tt := range riddleTests[:5] { // waiting for the others takes real time
		v.Login = tt.change(riddleSteps())
		if got := follows(t, v, pages.Walk{URL: start, Username: "maya", Password: tt.password}); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

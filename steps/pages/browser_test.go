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
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
)

// window is a visitor at the machine's browser; without one, the test is
// skipped.
func window(t *testing.T) (*pages.Browser, *exchange.Client) {
	t.Helper()
	b := browsertest.Launch(t, map[string]string{"ignore-certificate-errors": ""})
	s, err := b.NewSession(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	send := &exchange.Client{Now: func() time.Time { return time.Time{} }}
	return pages.NewBrowser(s, send), send
}

func TestBrowserWalks(t *testing.T) {
	p, _ := platform(t, "strict")
	v, send := window(t)
	paced := 0
	send.Before = func(context.Context) error { paced++; return nil }
	walks(t, p, v)
	if paced < 10 {
		t.Errorf("the walks waited for their turn %d times", paced)
	}
	if len(send.All()) == 0 {
		t.Error("no page is among the exchanges")
	}
	names := map[string]bool{}
	for _, e := range v.Evidence(t.Context()) {
		names[e.Name] = len(e.Data) > 0
	}
	for _, want := range []string{"page.png", "page.html", "network.ndjson"} {
		if !names[want] {
			t.Errorf("the evidence lacks %s", want)
		}
	}
}

// TestBrowserGetsThroughOddPages: pages that are made by scripts, in frames, or
// in two steps lead to a redirect with a code.
func TestBrowserGetsThroughOddPages(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<form target=_top action="http://%s/in"><input name=user><input type=password name=pw><button>Log in</button></form>`, r.URL.Query().Get("back"))
	}))
	t.Cleanup(other.Close)
	const consent = `<h1>Acme wants access</h1><form action=/decided><button name=d value=deny>Deny</button><button name=d value=allow>Allow</button></form>`
	bodies := map[string]string{
		"/late":  `<div id=app></div><script>setTimeout(() => { app.innerHTML = '<form action=/in><input name=user><input type=password name=pw><button>Log in</button></form>' }, 300)</script>`,
		"/frame": `<p>Please log in.</p><iframe src="` + other.URL + `/?back=BACK"></iframe>`,
		"/steps": `<div id=app><input type=email name=user placeholder=Email><button id=b>Next</button></div><script>
			b.onclick = () => { const user = document.querySelector('input').value; app.innerHTML = 'Checking'; setTimeout(() => {
			app.innerHTML = '<p>' + user + '</p><input type=password><div role=button id=c>Continue</div>';
			c.onclick = () => location = '/in?user=' + user + '&pw=' + document.querySelector('input').value }, 100) }</script>`,
		"/shadow": `<div id=host></div><script>host.attachShadow({mode: 'open'}).innerHTML = '<form action=/in><input name=user><input type=password name=pw><button>Log in</button></form>'</script>`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch q := r.URL.Query(); {
		case r.URL.Path == "/in" && (q.Get("user") != "maya" || q.Get("pw") != "secret"):
			fmt.Fprint(w, `<p role=alert>Wrong password</p><form action=/in><input name=user><input type=password name=pw><button>Log in</button></form>`)
		case r.URL.Path == "/in":
			fmt.Fprint(w, consent)
		case r.URL.Path == "/decided" && q.Get("d") == "allow":
			http.Redirect(w, r, "https://client.invalid/callback?code=abc&state=s", http.StatusFound)
		case r.URL.Path == "/decided":
			fmt.Fprint(w, `<script>location = "https://client.invalid/callback#error=access_denied"</script>`)
		default:
			fmt.Fprint(w, strings.ReplaceAll(bodies[r.URL.Path], "BACK", r.Host))
		}
	}))
	t.Cleanup(server.Close)
	v, _ := window(t)
	for path := range bodies {
		l, err := v.Walk(t.Context(), pages.Walk{URL: server.URL + path, Username: "maya", Password: "secret", Decision: pages.Allow, Redirects: []string{"https://client.invalid/callback"}})
		if err != nil {
			t.Errorf("%s: %v", path, err)
		} else if l.Code() != "abc" || !l.SawLogin || !l.SawConsent {
			t.Errorf("%s ended at %q (%s %q), login %v, consent %v, code %q", path, l.URL, l.Kind, l.Message, l.SawLogin, l.SawConsent, l.Code())
		}
	}
	l, err := v.Walk(t.Context(), pages.Walk{URL: server.URL + "/late", Username: "maya", Password: "secret", Decision: pages.Deny, Redirects: []string{"https://client.invalid/callback"}})
	if err != nil || !l.Fragment || l.Params.Get("error") != "access_denied" {
		t.Errorf("the denial ended at %q with %v, error %v", l.URL, l.Params, err)
	}
	l, err = v.Walk(t.Context(), pages.Walk{URL: server.URL + "/late", Username: "maya", Password: "wrong", Decision: pages.Allow, Redirects: []string{"https://client.invalid/callback"}})
	if err != nil || !l.Refused || l.Message != "Wrong password" {
		t.Errorf("the wrong password ended at %q: refused %v, message %q, error %v", l.URL, l.Refused, l.Message, err)
	}
}

// TestBrowserReadsSamples: a real browser reads the same pages as plain HTTP
// does, and the same is decided.
func TestBrowserReadsSamples(t *testing.T) {
	v, _ := window(t)
	now := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "frame-src 'none'") // nobody asks captcha services
		fmt.Fprint(w, "<!doctype html><body>"+now)
	}))
	t.Cleanup(server.Close)
	for _, one := range samples {
		now = one.html
		page, err := v.Look(t.Context(), server.URL)
		if err != nil {
			t.Fatalf("%s: %v", one.name, err)
		}
		if got := described(one.decided(page)); got != one.want {
			t.Errorf("%s: got %q, want %q", one.name, got, one.want)
		}
	}
}

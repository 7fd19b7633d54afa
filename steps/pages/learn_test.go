package pages_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/steps/pages"
)

// TestLearnsInAWindow: what page scripts do is not hers, Enter counts, frames are
// seen, and the steps lead through the same pages.
func TestLearnsInAWindow(t *testing.T) {
	v, h := shared(t)
	inner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<p>Ready</p>`)
	}))
	t.Cleanup(inner.Close)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch q := r.URL.Query(); {
		case r.URL.Path == "/begin":
			fmt.Fprintf(w, `<iframe src=%q></iframe><form action=/second><input id=x name=x><input id=s name=s><button id=script type=button>Auto</button><button id=go name=n value=1>»</button></form>
				<script>s.value = 'set by a script'; script.click(); s.dispatchEvent(new Event('input', {bubbles: true}))</script>`, inner.URL)
		case r.URL.Path == "/second" && q.Get("x") == "maya" && q.Get("n") == "1":
			fmt.Fprint(w, `<form action=/third><input id=y name=y></form>`)
		case r.URL.Path == "/third" && q.Get("y") == "s3cret-word":
			fmt.Fprint(w, `<h1>Acme wants access</h1><form action=/decided><button id=no name=d value=deny>Deny</button><button id=yes name=d value=allow>Allow</button></form>`)
		case r.URL.Path == "/decided":
			http.Redirect(w, r, "https://client.invalid/callback?code=abc&d="+q.Get("d"), http.StatusFound)
		}
	}))
	t.Cleanup(server.Close)
	w := pages.Walk{URL: server.URL + "/begin", Username: "maya", Password: "s3cret-word", Decision: pages.Allow, Redirects: []string{"https://client.invalid/callback"}}
	done := make(chan error, 1)
	lesson, l, err := v.Learn(t.Context(), w, time.Minute, func(string) {
		go func() {
			p, err := h.At(t.Context(), "/begin")
			for _, do := range []func() error{
				func() error { return p.Type(t.Context(), "#x", "maya") },
				func() error { return p.Enter(t.Context()) },
				func() error { return p.Type(t.Context(), "#y", "s3cret-word") },
				func() error { return p.Enter(t.Context()) },
				func() error { return p.Click(t.Context(), "#yes") },
			} {
				if err == nil {
					err = do()
				}
			}
			done <- err
		}()
	})
	if err != nil || l.Code() != "abc" || !l.ByHand {
		t.Fatalf("landed %+v, error %v", l, err)
	}
	if err := <-done; err != nil {
		t.Errorf("the person: %v", err)
	}
	want := pages.Lesson{
		Steps: []pages.Step{
			{URL: "/begin", Fill: map[string]string{"#x": "${username}"}, Click: "#go"},
			{URL: "/second", Fill: map[string]string{"#y": "${password}"}},
		},
		Variables: map[string]string{},
	}
	if diff := cmp.Diff(want, lesson); diff != "" {
		t.Errorf("learnt otherwise: %s", diff)
	}
	again, _ := window(t)
	again.Login = lesson.Steps
	for decision, want := range map[pages.Decision]string{pages.Allow: "allow", pages.Deny: "deny"} {
		w.Decision = decision
		if l, err := again.Walk(t.Context(), w); err != nil || l.Params.Get("d") != want || l.ByHand {
			t.Errorf("with the steps, %s: landed at %q, error %v", decision, l.URL, err)
		}
	}
}

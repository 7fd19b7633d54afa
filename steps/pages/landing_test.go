package pages_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/redirection"
)

// answering is a server whose consent page leads to the client in one of several
// ways, named by its path.
func answering(t *testing.T, client string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/query":
			http.Redirect(w, r, client+"?tenant=7&code=abc&state=s", http.StatusFound)
		case "/fragment":
			fmt.Fprintf(w, `<script>location = %q</script>`, client+"?tenant=7#code=abc&state=s")
		case "/form":
			fmt.Fprintf(w, `<body onload="document.forms[0].submit()"><form method=post action=%q><input type=hidden name=code value="abc"><input type=hidden name=state value="s"><noscript><button>Continue</button></noscript></form>`, client+"?tenant=7")
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// landings are what each way brings.
var landings = []struct {
	path             string
	fragment, posted bool
	params           url.Values
}{
	{"/query", false, false, url.Values{"tenant": {"7"}, "code": {"abc"}, "state": {"s"}}},
	{"/fragment", true, false, url.Values{"code": {"abc"}, "state": {"s"}}},
	{"/form", false, true, url.Values{"tenant": {"7"}, "code": {"abc"}, "state": {"s"}}},
}

func lands(t *testing.T, v pages.Visitor, server, client string, only func(path string) bool) {
	t.Helper()
	for _, tt := range landings {
		if !only(tt.path) {
			continue
		}
		l, err := v.Walk(t.Context(), pages.Walk{URL: server + tt.path, Username: "maya", Password: "secret", Decision: pages.Allow, Redirects: []string{client}})
		if err != nil || !l.Redirected || l.Fragment != tt.fragment || l.Posted != tt.posted {
			t.Errorf("%s: landed %+v, error %v", tt.path, l, err)
		}
		if diff := cmp.Diff(tt.params, l.Params); diff != "" {
			t.Errorf("%s: %s", tt.path, diff)
		}
	}
}

func anyWay(string) bool { return true }

func TestBrowserInterceptsAnswers(t *testing.T) {
	v, _ := window(t)
	const client = "https://client.invalid/callback"
	lands(t, v, answering(t, client), client, anyWay)
}

// TestBrowserGoesToServedRedirects: the answers come in over the network.
func TestBrowserGoesToServedRedirects(t *testing.T) {
	v, _ := window(t)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	client := "http://" + l.Addr().String() + "/callback"
	v.Redirection = redirection.Serve([]string{client}, l)
	lands(t, v, answering(t, client), client, anyWay)
	if err := v.Redirection.Close(); err != nil {
		t.Fatal(err)
	}
	v.Hurry(50 * time.Millisecond)
	_, err = v.Walk(t.Context(), pages.Walk{URL: answering(t, client) + "/query", Username: "maya", Redirects: []string{client}})
	if err == nil || !strings.Contains(err.Error(), "the browser went on to "+client+", and what it sent did not come in within 50ms") {
		t.Errorf("with the port closed: %v", err)
	}
}

func TestPlainReadsAnswers(t *testing.T) {
	const client = "https://client.invalid/callback"
	v, err := pages.NewPlain(&exchange.Client{
		Now:  func() time.Time { return time.Time{} },
		HTTP: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	})
	if err != nil {
		t.Fatal(err)
	}
	lands(t, v, answering(t, client), client, func(path string) bool { return path != "/fragment" }) // a script leads there
}

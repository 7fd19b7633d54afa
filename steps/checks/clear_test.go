package checks

import (
	"net/http"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/steps/exchange"
)

func TestWorksInClear(t *testing.T) {
	to := func(address string) exchange.Exchange {
		return exchange.Exchange{URL: "http://as.example/x", Status: 302, Header: http.Header{"Location": {address}}}
	}
	said := func(status int, code string) exchange.Exchange {
		return exchange.Exchange{Status: status, JSON: map[string]any{"error": code}}
	}
	for _, test := range []struct {
		name, method  string
		plain, secure exchange.Exchange
		want          string // "" if it does not work
	}{
		{"nobody listens", "GET", exchange.Exchange{Err: "nothing listens there"}, exchange.Exchange{Status: 200}, ""},
		{"to https", "GET", to("https://as.example/x"), exchange.Exchange{Status: 200}, ""},
		{"to a path in clear", "GET", to("/login"), exchange.Exchange{Status: 200}, "goes on in clear"},
		{"to the client", "GET", to("https://client.example/callback?code=x"), exchange.Exchange{Status: 302}, "answers the client in clear"},
		{"a redirect of the token request", "POST", to("https://as.example/x"), said(401, "invalid_client"), ""},
		{"a login form", "GET", exchange.Exchange{Status: 200}, exchange.Exchange{Status: 200}, "answers in clear: 200"},
		{"the same error", "POST", said(401, "invalid_client"), said(401, "invalid_client"), "as it does over TLS"},
		{"an error of its own", "POST", said(400, "invalid_request"), said(401, "invalid_client"), ""},
		{"an error of a proxy", "POST", exchange.Exchange{Status: 403, Body: "no"}, said(401, "invalid_client"), ""},
		{"the same page", "GET", exchange.Exchange{Status: 400, Body: "page"}, exchange.Exchange{Status: 400, Body: "page"}, "as it does over TLS"},
	} {
		one := &twofold{request: exchange.Request{Method: test.method}, plain: test.plain, secure: test.secure, connected: true}
		if got := one.works("https://client.example/callback"); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestInClear(t *testing.T) {
	for address, want := range map[string]string{
		"https://as.example/x":      "http://as.example/x",
		"https://as.example:443/x":  "http://as.example/x",
		"https://as.example:8443/x": "http://as.example:8443/x",
		"https://[::1]:443/x":       "http://[::1]/x",
	} {
		if got, err := inClear(address); got != want || err != nil {
			t.Errorf("%s: %s, %v, want %s", address, got, err, want)
		}
	}
}

func TestFaultsOfTheServer(t *testing.T) {
	m := &Mocks{Break: []string{"tls.min=1.0", "code.reuse=allow_after_1s"}}
	fault, own, err := m.faults()
	if fault != "old_versions" || len(own) != 1 || own[0] != "code.reuse=allow_after_1s" || err != nil {
		t.Errorf("%q, %q, %v", fault, own, err)
	}
	m.Break = append(m.Break, "tls.cert=expired")
	if _, _, err := m.faults(); err == nil || !strings.Contains(err.Error(), "tls.cert=expired cannot go with another") {
		t.Errorf("two faults of a server: %v", err)
	}
}

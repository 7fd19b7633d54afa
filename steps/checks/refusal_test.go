package checks

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// came sums up what a step ended with: "" for nothing, else the kind and the words.
func came(err error) string {
	switch {
	case err == nil:
		return ""
	case report.IsUnable(err):
		return "unable: " + err.Error()
	case errors.As(err, new(*report.Finding)):
		return "finding: " + err.Error()
	}
	return "fault: " + err.Error()
}

func page(status int, kind pages.Kind) *pages.Landing {
	return &pages.Landing{URL: "https://as.example/page", Kind: kind, Page: pages.Page{Status: status}}
}

func redirect(address, query string) *pages.Landing {
	params, _ := url.ParseQuery(query)
	return &pages.Landing{URL: address + "?" + query, Redirected: true, Params: params}
}

// TestRefusals: only what speaks of the request refuses it; trouble of the
// server does not, at the token endpoint as little as on pages.
func TestRefusals(t *testing.T) {
	away := &pages.Landing{URL: "https://evil.example/", Away: true, Page: pages.Page{Status: 403}}
	html := exchange.Exchange{Status: 400, Header: http.Header{"Content-Type": {"text/html"}}, Body: "<html>"}
	oauth := func(status int, code string) exchange.Exchange {
		return exchange.Exchange{Status: status, Header: http.Header{}, JSON: map[string]any{"error": code}}
	}
	tests := []struct {
		name string
		a    attempt
		want string // begins so
	}{
		{"nothing", attempt{}, "finding: "},
		{"an error of the token endpoint", attempt{got: oauth(400, "invalid_grant")}, ""},
		{"its failure", attempt{got: oauth(500, "invalid_grant")}, "finding: expected a refusal, got it: the server failed"},
		{"its failure in other words", attempt{got: oauth(400, "server_error")}, "finding: expected a refusal, got it: the server failed"},
		{"its rate limit", attempt{got: oauth(429, "slow_down")}, "unable: it: the server limits the rate"},
		{"a page instead of an error", attempt{got: html}, "finding: expected a refusal, got it: the answer is a page"},
		{"an address that is not there", attempt{got: oauth(404, "")}, "finding: "},
		{"no answer", attempt{got: exchange.Exchange{Err: "the connection was reset"}}, "finding: expected a refusal, got it: the connection was reset"},
		{"tokens beside an error", attempt{got: exchange.Exchange{Status: 400, JSON: map[string]any{"error": "x", "refresh_token": "r"}}}, "finding: "},

		{"an error page", attempt{landing: page(400, pages.Other), answer: ownPage}, ""},
		{"a page that is forbidden", attempt{landing: page(403, pages.Login)}, ""},
		{"a rate limit of pages", attempt{landing: page(429, pages.Other)}, "unable: it: the server limits the rate"},
		{"a rate limit where a page is due", attempt{landing: page(429, pages.Other), answer: ownPage}, "unable: it: the server limits the rate"},
		{"a failure of pages", attempt{landing: page(500, pages.Other)}, "finding: "},
		{"no page", attempt{landing: page(0, pages.Blank)}, "finding: "},
		{"the consent page", attempt{landing: page(200, pages.Consent)}, "finding: "},
		{"an error for the client", attempt{landing: redirect("https://c.example/cb", "error=invalid_request")}, ""},
		{"an error for a client that cannot be trusted", attempt{landing: redirect("https://c.example/cb", "error=invalid_request"), answer: ownPage}, "finding: "},
		{"a code beside an error", attempt{landing: redirect("https://c.example/cb", "error=x&code=1")}, "finding: expected a refusal, got it: the client was given a code"},
		{"another host", attempt{landing: away}, "finding: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.a.what = "it"
			tr := &trial{attempts: []attempt{tt.a}}
			if got := came(tr.judge()); !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	if got := came((&trial{}).judge()); got != "fault: nothing was tried that could be refused" {
		t.Errorf("no attempts: %q", got)
	}
}

func TestUsedOrRefused(t *testing.T) {
	const own = "https://client.example/callback"
	client := &target.Client{ID: "app", RedirectURIs: []string{own}}
	after := func(l *pages.Landing) *pages.Landing {
		l.SawConsent = true
		return l
	}
	for _, tt := range []struct {
		name    string
		landing *pages.Landing
		want    string
	}{
		{"its only address", after(redirect(own, "code=1&state=2")), ""},
		{"another client's address", after(redirect("https://other.example/callback", "code=1")), "finding: expected a code at " + own},
		{"an address below its own", after(redirect(own+"/deeper", "code=1")), "finding: "},
		{"refused on a page", page(400, pages.Other), ""},
		{"refused at its address", redirect(own, "error=invalid_request"), ""},
		{"a page after the consent", after(page(404, pages.Other)), "finding: "},
		{"a failure", page(500, pages.Other), "finding: "},
		{"a rate limit", page(429, pages.Other), "unable: "},
	} {
		tr := &trial{client: client, grant: grant{client: client, landing: *tt.landing}}
		if got := came(tr.usedOrRefused(t.Context())); !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	two := &trial{target: &target.Target{Clients: target.Clients{Main: &target.Client{RedirectURIs: []string{own, own + "/2"}}}}}
	if err := two.leaveOnlyOut(t.Context()); err != nil || len(two.warnings) != 1 || !strings.Contains(two.warnings[0], "has registered 2 redirect URIs") {
		t.Errorf("two addresses: %v %q", err, two.warnings)
	}
	if err := two.usedOrRefused(t.Context()); err != nil {
		t.Errorf("two addresses: %v", err)
	}
}

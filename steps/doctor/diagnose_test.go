package doctor

import (
	"net/url"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/partner"
	"github.com/mint-conformance/mint/steps/target"
)

func judged() *target.Target {
	main := &target.Client{ID: "mint", Secret: "s3cret", Method: "basic", RedirectURIs: []string{"https://mint.example/callback"}}
	return &target.Target{Clients: target.Clients{Main: main}, Scopes: []string{"ads.read"}}
}

func TestOfLanding(t *testing.T) {
	page := func(status int, text string) pages.Landing {
		return pages.Landing{URL: "https://auth.example/login?code=SECRET", Kind: pages.Other, Page: pages.Page{Status: status, Text: text}}
	}
	with := func(l pages.Landing, change func(*pages.Landing)) pages.Landing {
		change(&l)
		return l
	}
	again := func(l *pages.Landing) { l.SawLogin, l.Refused = true, true }
	tests := []struct {
		name    string
		landing pages.Landing
		cause   string
		blame   partner.Blame
	}{
		{"an error in the redirect", pages.Landing{Redirected: true, Params: url.Values{"error": {"invalid_scope"}}}, "the authorization endpoint answers with the error invalid_scope", partner.Configuration},
		{"a fault of the server in the redirect", pages.Landing{Redirected: true, Params: url.Values{"error": {"server_error"}}}, "the error server_error", partner.Server},
		{"no code", pages.Landing{Redirected: true}, "without a code", partner.Server},
		{"a wrong password", with(page(401, "Wrong password"), again), "does not take the username and password of customers.first", partner.Configuration},
		{"a locked account", with(page(403, "Your account is locked. Try later."), again), "the account of customers.first is locked", partner.Surroundings},
		{"a captcha", page(200, "Please prove that you are not a robot"), "wants a captcha solved", partner.Surroundings},
		{"a captcha beside the login", with(page(200, "Solve the CAPTCHA"), again), "wants a captcha solved", partner.Surroundings},
		{"an unregistered redirect URI", page(400, "The redirect_uri is not registered"), "does not know the redirect URI https://mint.example/callback for the client mint", partner.Configuration},
		{"an unknown client", page(400, "Unknown client"), "does not know the client mint", partner.Configuration},
		{"a fault", page(500, "Oops"), "the authorization endpoint fails (500)", partner.Server},
		{"nothing after consent", with(page(200, "Thanks"), func(l *pages.Landing) { l.SawLogin, l.SawConsent = true, true }), "after Allow the customer stays on a page (200) at https://auth.example/login", partner.Server},
		{"no answer", pages.Landing{}, "gives no answer", partner.Surroundings},
		{"something else", page(200, "Welcome"), "ends on a page (200) at https://auth.example/login that is neither login nor consent", partner.Configuration},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := OfLanding(judged(), tt.landing)
			if !strings.Contains(got.Cause, tt.cause) || got.Blame != tt.blame || got.Mend == "" {
				t.Errorf("%q, %q, %d; want %q, %d", got.Cause, got.Mend, got.Blame, tt.cause, tt.blame)
			}
			if strings.Contains(got.Error(), "SECRET") || strings.Contains(got.Error(), "s3cret") {
				t.Errorf("a secret in %q", got)
			}
		})
	}
}

func TestOfToken(t *testing.T) {
	answer := func(status int, code string) exchange.Exchange {
		return exchange.Exchange{Status: status, JSON: map[string]any{"error": code}}
	}
	for _, tt := range []struct {
		got   exchange.Exchange
		mend  string
		blame partner.Blame
	}{
		{answer(401, "invalid_client"), "correct id, secret or auth (basic) of clients.main", partner.Configuration},
		{exchange.Exchange{Status: 401}, "correct id, secret or auth (basic) of clients.main", partner.Configuration},
		{answer(400, "unauthorized_client"), "permit the grant to the client mint", partner.Configuration},
		{answer(400, "invalid_grant"), "look into the server's log", partner.Server},
		{exchange.Exchange{Err: "nothing listens there"}, "look into the server's log", partner.Surroundings},
		{exchange.Exchange{Status: 429}, "look into the server's log", partner.Surroundings},
	} {
		if got := ofToken(judged(), "a refresh", tt.got); !strings.HasPrefix(got.Mend, tt.mend) || got.Blame != tt.blame || !strings.HasPrefix(got.Cause, "a refresh is answered with ") {
			t.Errorf("%s: %q, %q, %d", tt.got, got.Cause, got.Mend, got.Blame)
		}
	}
}

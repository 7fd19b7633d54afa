package pages_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/target"
)

// platform is a mock Platform of a profile, for the length of a test.
func platform(t *testing.T, profile string) (*target.Target, *target.Mocks) {
	t.Helper()
	mocks, err := target.NewMocks()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mocks.Close() })
	p, err := mocks.Create(t.Context(), profile, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p, mocks
}

// request is the address of a good authorization request.
func request(p *target.Target) string {
	client := p.Clients.Main
	return p.Endpoints.Authorize + "?" + url.Values{
		"response_type": {"code"}, "client_id": {client.ID}, "redirect_uri": {client.Redirect()}, "state": {"state-of-a-test"},
		"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}.Encode()
}

// walks are the ways through a mock Platform's pages, in order, by one person's
// browser.
func walks(t *testing.T, p *target.Target, v pages.Visitor) {
	t.Helper()
	maya := p.Customers.First
	tests := []struct {
		name    string
		walk    pages.Walk
		code    bool
		err     string
		kind    pages.Kind
		login   bool
		consent bool
		refused bool
	}{
		{"wrong password", pages.Walk{Username: maya.Username, Password: "not-" + maya.Password}, false, "", pages.Login, true, false, true},
		{"nobody", pages.Walk{}, false, "", pages.Login, true, false, false},
		{"looks", pages.Walk{Username: maya.Username, Password: maya.Password, Decision: pages.Abandon}, false, "", pages.Consent, true, true, false},
		{"denies", pages.Walk{Decision: pages.Deny}, false, "access_denied", "", false, true, false},
		{"another person", pages.Walk{Username: p.Customers.Second.Username, Password: p.Customers.Second.Password, Switch: true, Decision: pages.Allow}, true, "", "", true, true, false},
	}
	for _, one := range tests {
		one.walk.URL, one.walk.Redirects = request(p), []string{p.Clients.Main.Redirect()}
		if one.walk.Decision == "" {
			one.walk.Decision = pages.Allow
		}
		l, err := v.Walk(t.Context(), one.walk)
		if err != nil {
			t.Fatalf("%s: %v", one.name, err)
		}
		got := []any{l.Code() != "", l.Params.Get("error"), l.SawLogin, l.SawConsent, l.Refused}
		want := []any{one.code, one.err, one.login, one.consent, one.refused}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: code, error, login, consent, refused are %v, want %v", one.name, got, want)
				break
			}
		}
		if !l.Redirected && l.Kind != one.kind {
			t.Errorf("%s: ended at a page for %s, want %s", one.name, l.Kind, one.kind)
		}
		if one.refused && l.Message == "" {
			t.Errorf("%s: the page's message is missing", one.name)
		}
	}
}

func TestPlainWalks(t *testing.T) {
	for _, profile := range []string{"strict", "mint", "service"} {
		t.Run(profile, func(t *testing.T) {
			p, _ := platform(t, profile)
			send := &exchange.Client{HTTP: p.HTTP, Now: func() time.Time { return time.Time{} }}
			v, err := pages.NewPlain(send)
			if err != nil {
				t.Fatal(err)
			}
			walks(t, p, v)
		})
	}
}

package checks

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// TestTheConsentPageComesBack where consent is remembered: by whichever way the
// server and its owner leave open, in this order; without one a sentence says
// what to do, and no check goes on without having seen the page.
func TestTheConsentPageComesBack(t *testing.T) {
	mocks, err := target.NewMocks()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mocks.Close() })
	obeyed := map[string]any{"consent": map[string]any{"prompt": "obeyed"}}
	without := func(features ...string) func(*target.Target) {
		return func(to *target.Target) {
			for _, name := range features {
				to.Features[name] = false
			}
		}
	}
	alone := func(to *target.Target) { to.Customers.Second = nil }
	tests := []struct {
		name     string
		settings map[string]any
		consents []string // who has consented before
		alter    func(*target.Target)
		allowed  bool
		earlier  bool // the consents are those of earlier checks
		prompt   string
		of       string // who is asked
		trouble  string // "" if the page is shown
		untold   string // the same without a prompt in the request
	}{
		{name: "nobody has consented", of: "maya"},
		{name: "prompt", settings: obeyed, consents: []string{"maya"}, of: "maya", prompt: "consent", untold: "oskar"},
		{name: "another customer", consents: []string{"maya"}, of: "oskar", untold: "oskar"},
		{name: "nothing allowed", consents: []string{"maya", "oskar"}, trouble: "write allow: [ends_grants]"},
		{name: "nobody else", consents: []string{"maya"}, alter: alone, trouble: "name a second customer"},
		{name: "withdrawn", consents: []string{"maya", "oskar"}, allowed: true, of: "maya"},
		{name: "revoked", consents: []string{"maya"}, alter: both(alone, both(without("application_list"), revokesAll)), allowed: true, of: "maya"},
		{name: "revoked, and another grant is left", consents: []string{"maya"}, alter: both(alone, without("application_list")), allowed: true, trouble: "endpoints.connected"},
		{name: "revoked, with the grants of earlier checks", consents: []string{"maya"}, alter: both(alone, without("application_list")), allowed: true, earlier: true, of: "maya"},
		{name: "nothing ends it", consents: []string{"maya"}, alter: both(alone, without("application_list", "revocation")), allowed: true, trouble: "neither a page of connected applications"},
	}
	for _, tt := range tests {
		for _, prompted := range []bool{true, false} {
			to, err := mocks.Create(t.Context(), "strict", tt.settings)
			if err != nil {
				t.Fatal(err)
			}
			if tt.alter != nil {
				tt.alter(to)
			}
			to.Mock, to.Allow.EndsGrants = nil, tt.allowed // as a server in use
			check := asking(to)
			for _, who := range tt.consents {
				customer := map[string]*target.Customer{"maya": to.Customers.First, "oskar": to.Customers.Second}[who]
				before := asking(to)
				if _, err := before.grantedBy(t.Context(), to.Clients.Main, customer); err != nil {
					t.Fatal(err)
				}
				if tt.earlier {
					check.suite.issued.note(before.send.All())
				}
			}
			ask, of, prompt := check.asked, tt.of, tt.prompt
			if !prompted {
				ask, prompt = check.askedUnprompted, ""
				if tt.untold != "" {
					of = tt.untold
				}
			}
			err = ask(t.Context(), check.allScopes())
			if tt.trouble != "" {
				if !report.IsUnable(err) || !strings.Contains(err.Error(), tt.trouble) {
					t.Errorf("%s: %v, want %q", tt.name, err, tt.trouble)
				}
				continue
			}
			if err != nil || check.question.prompt != prompt || !strings.HasPrefix(check.respondent().Username, of) {
				t.Errorf("%s: %v; prompt %q of %s, want %q of %s", tt.name, err, check.question.prompt, check.respondent().Username, prompt, of)
				continue
			}
			l, err := check.walk(t.Context(), check.authorizeURL(check.newGrant(check.client).parameters()), check.question.of, pages.Abandon)
			if err != nil || !l.SawConsent {
				t.Errorf("%s: the page is not shown: %s %v", tt.name, describe(l), err)
			}
		}
	}
}

func both(one, other func(*target.Target)) func(*target.Target) {
	return func(to *target.Target) { one(to); other(to) }
}

// revokesAll makes a server of to on which one revoked token ends all that the
// customers have granted, as Google's does.
func revokesAll(to *target.Target) {
	wrapped, mock, plain := *to.HTTP, to.Mock, to.HTTP.Transport
	wrapped.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		answer, err := plain.RoundTrip(r)
		if err == nil && r.URL.String() == to.Endpoints.Revoke && answer.StatusCode == http.StatusOK {
			_, err = mock.Control.RevokeTokens(r.Context(), mock.Platform.Name, control.TokenSelector{All: true})
		}
		return answer, err
	})
	to.HTTP = &wrapped
}

type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// asking is a check of the target with a browser of its own.
func asking(to *target.Target) *trial {
	now := func() time.Time { return time.Now() } //nolint:forbidigo // of exchanges, by the machine's clock
	return &trial{
		target: to, client: to.Clients.Main, visitors: map[string]pages.Visitor{},
		send: &exchange.Client{HTTP: to.HTTP, Now: now}, suite: &Suite{},
	}
}

// TestWhatMayEndAConsentRunsAlone: while a check waits with a grant of the test
// customer, none may end it to be asked again.
func TestWhatMayEndAConsentRunsAlone(t *testing.T) {
	for _, tt := range []struct {
		allow target.Allow
		last  bool
	}{{target.Allow{EndsGrants: true}, true}, {target.Allow{Noisy: true}, false}} {
		s := &Suite{Catalogue: knownChecks(t), Targets: &Stranger{Target: &target.Target{Allow: tt.allow}}}
		for _, id := range []string{"AZ-13", "RG-04", "TK-06", "UI-01", "UI-04", "UI-05", "UI-06", "UI-07", "UI-10", "UI-13"} {
			c, _ := s.Catalogue.Check(id)
			if got := s.Stage(c) == questionStage; got != tt.last {
				t.Errorf("%s with %+v is in stage %d", id, tt.allow, s.Stage(c))
			}
		}
		for _, c := range s.Catalogue.All() {
			if s.Stage(c) == questionStage && len(c.Time) > 0 {
				t.Errorf("%s waits, while others may end its grant", c.ID)
			}
		}
	}
}

// TestStatesAreNotTakenForCarriedOnADenialThatNeverWas: where consent is
// remembered, pressing Deny takes a page.
func TestStatesAreNotTakenForCarriedOnADenialThatNeverWas(t *testing.T) {
	mocks, err := target.NewMocks()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mocks.Close() })
	for _, tt := range []struct {
		name     string
		settings map[string]any
		second   bool
		denied   bool
	}{
		{name: "prompt", settings: map[string]any{"consent": map[string]any{"prompt": "obeyed"}}, denied: true},
		{name: "another customer", second: true, denied: true},
		{name: "neither"},
	} {
		to, err := mocks.Create(t.Context(), "strict", tt.settings)
		if err != nil {
			t.Fatal(err)
		}
		if !tt.second {
			to.Customers.Second = nil
		}
		if _, err := asking(to).granted(t.Context(), to.Clients.Main); err != nil {
			t.Fatal(err)
		}
		check := asking(to)
		check.scenario, check.shared.Recorder = &godog.Scenario{Id: "one"}, report.NewRecorder()
		if err := check.carryStates(t.Context()); err != nil {
			t.Fatal(err)
		}
		denied := check.passed[0].landing.Params.Get("error") == "access_denied"
		notes := check.shared.Recorder.Collect("one").Notes
		if told := len(notes) == 1 && strings.HasPrefix(notes[0], "no denial was seen"); denied != tt.denied || told == tt.denied {
			t.Errorf("%s: denied %t, told %q", tt.name, denied, notes)
		}
	}
}

package connection

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// suggested returns the open suggestion about a campaign.
func (m *testMint) suggested(id, campaign string) Suggestion {
	m.t.Helper()
	suggestions, err := m.Suggestions(m.t.Context(), workspace, id)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, one := range suggestions {
		if one.CampaignID == campaign {
			return one
		}
	}
	m.t.Fatalf("no suggestion about %s among %+v", campaign, suggestions)
	return Suggestion{}
}

// S000-11 to S000-13, CL-68: nothing is changed without a click; one applied,
// one dismissed, and both stay decided across a restart.
func TestSuggestionsAreDecidedByTheCustomer(t *testing.T) {
	f, m, id := pair(t, nil)
	for range 5 {
		m.clock.Advance(time.Hour)
		m.figures(id)
	}
	pause, raise := m.suggested(id, "c-1"), m.suggested(id, "c-2")
	if _, err := m.Dismiss(t.Context(), workspace, id, pause.ID); err != nil {
		t.Fatal(err)
	}
	wantInt(t, "changes without a click", f.calls("change"), 0)
	outcome, err := m.Apply(t.Context(), workspace, id, raise.ID)
	if err != nil || !outcome.Applied || outcome.Already {
		t.Fatalf("outcome = %+v, %v", outcome, err)
	}
	again, err := m.Apply(t.Context(), workspace, id, raise.ID)
	if err != nil || !again.Applied || !again.Already {
		t.Errorf("second outcome = %+v, %v; want applied already", again, err)
	}
	if _, err := m.Apply(t.Context(), workspace, id, pause.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("Apply of a dismissed one = %v, want ErrNotFound", err)
	}
	m.kill()
	m.start()
	snapshot := m.figures(id)
	if got := snapshot.Campaigns[1].Campaign.DailyBudgetCents; got != 9600 {
		t.Errorf("budget = %d, want 9600", got)
	}
	suggestions, err := m.Suggestions(t.Context(), workspace, id)
	if err != nil {
		t.Fatal(err)
	}
	statuses := map[string]string{}
	for _, one := range suggestions {
		statuses[one.CampaignID] = one.Status
	}
	if len(suggestions) != 2 || statuses["c-1"] != SuggestionDismissed || statuses["c-2"] != SuggestionApplied {
		t.Errorf("suggestions = %v, want c-1 dismissed and c-2 applied", statuses)
	}
	wantInt(t, "changes", f.changes, 1)
}

// CL-69, U-10: double click, 401 first, dropped answers, every success status.
func TestChangeIsMadeOnce(t *testing.T) {
	status := func(code int) script {
		return func(w http.ResponseWriter, commit func() (int, string)) {
			_, body := commit()
			if code == 204 {
				w.WriteHeader(204)
				return
			}
			answer(code, body)(w, nil)
		}
	}
	for name, scripts := range map[string][]script{
		"200":                        nil,
		"201":                        {status(201)},
		"204":                        {status(204)},
		"401 first":                  {answer(401, ``, "WWW-Authenticate", `Bearer error="invalid_token"`)},
		"dropped before":             {dropBefore},
		"dropped after":              {dropAfter},
		"dropped before, then after": {dropBefore, dropAfter},
		"gateway, after":             {func(w http.ResponseWriter, commit func() (int, string)) { commit(); answer(504, ``)(w, nil) }},
	} {
		t.Run(name, func(t *testing.T) {
			f, m, id := pair(t, nil)
			m.figures(id)
			pause := m.suggested(id, "c-1")
			f.script("change", scripts...)
			var clicks sync.WaitGroup
			failures := make([]error, 5)
			for i := range failures {
				clicks.Go(func() { _, failures[i] = m.Apply(t.Context(), workspace, id, pause.ID) })
			}
			clicks.Wait()
			if err := errors.Join(failures...); err != nil {
				t.Error(err)
			}
			wantInt(t, "changes", f.changes, 1)
			keys := map[string]bool{}
			for _, request := range f.seen("change") {
				keys[request.header.Get("Idempotency-Key")] = true
				if request.header.Get("Content-Type") != "application/json" {
					t.Errorf("Content-Type = %q", request.header.Get("Content-Type"))
				}
			}
			wantInt(t, "idempotency keys", len(keys), 1)
			if got := m.suggested(id, "c-1").Status; got != SuggestionApplied {
				t.Errorf("status = %s, want applied", got)
			}
			if got := m.figures(id).Campaigns[0].Campaign.Status; got != "paused" {
				t.Errorf("campaign is %s, want paused", got)
			}
		})
	}
}

// A change whose outcome stays unclear is looked up at the next click.
func TestUnclearChangeIsLookedUp(t *testing.T) {
	f, m, id := pair(t, nil)
	m.figures(id)
	pause := m.suggested(id, "c-1")
	f.script("change", dropAfter)
	f.script("campaign", answer(500, ``))
	_, err := m.Apply(t.Context(), workspace, id, pause.ID)
	wantKind(t, err, ErrUnclear)
	m.kill()
	m.start()
	outcome, err := m.Apply(t.Context(), workspace, id, pause.ID)
	if err != nil || !outcome.Applied {
		t.Errorf("outcome = %+v, %v; want applied", outcome, err)
	}
	wantInt(t, "change calls", f.calls("change"), 1)
	wantInt(t, "changes", f.changes, 1)
}

// A change that the platform refuses was not made, and can be tried again.
func TestRefusedChange(t *testing.T) {
	f, m, id := pair(t, nil)
	m.figures(id)
	pause := m.suggested(id, "c-1")
	f.script("change", answer(422, `{"error":"invalid_request","error_description":"The campaign is locked."}`), answer(500, ``))
	_, err := m.Apply(t.Context(), workspace, id, pause.ID)
	wantKind(t, err, ErrRefused)
	_, err = m.Apply(t.Context(), workspace, id, pause.ID)
	wantKind(t, err, ErrUnavailable)
	outcome, err := m.Apply(t.Context(), workspace, id, pause.ID)
	if err != nil || !outcome.Applied {
		t.Errorf("outcome = %+v, %v; want applied", outcome, err)
	}
	wantInt(t, "changes", f.changes, 1)
}

// U-11, CL-38: a read-only consent blocks Apply with the reason and sends
// nothing; a platform that withdraws the scope is believed.
func TestReadOnlyConsent(t *testing.T) {
	clock := newClock()
	f := newFake(t, clock)
	f.scope = "ads.read"
	m := newMint(t, clock, f.integration("fake"))
	id := m.connect(f, "fake")
	m.figures(id)
	pause := m.suggested(id, "c-1")
	if pause.Blocked == "" {
		t.Error("the suggestion does not say why it cannot be applied")
	}
	_, err := m.Apply(t.Context(), workspace, id, pause.ID)
	wantKind(t, err, ErrForbiddenScope)
	wantInt(t, "change calls", f.calls("change"), 0)
	f.set(func(f *fakePlatform) { f.scope = "" })
	if got := m.connect(f, "fake"); got != id || !m.show(id).CanChange {
		t.Errorf("widening the consent: connection %s, may change %t", got, m.show(id).CanChange)
	}
	f.script("change", answer(403, ``, "WWW-Authenticate", `Bearer error="insufficient_scope", scope="ads.write"`))
	_, err = m.Apply(t.Context(), workspace, id, pause.ID)
	wantKind(t, err, ErrForbiddenScope)
	wantInt(t, "refreshes", f.calls("token", refreshGrant), 0)
	if got := m.show(id); got.CanChange || !slices.Equal(got.Scopes, []string{"ads.read"}) {
		t.Errorf("scopes = %v, may change %t; want the platform's word taken", got.Scopes, got.CanChange)
	}
	if m.suggested(id, "c-1").Blocked == "" {
		t.Error("the suggestion is offered again although the platform refused it")
	}
}

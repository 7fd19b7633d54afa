package connection

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client/internal/platform"
)

func unknownRule(i *platform.Integration) { i.Refresh = platform.RefreshRule{} }

// CL-56, TX-05 to TX-07: the platform rotated and its answer was lost.
func TestLostAnswer(t *testing.T) {
	gateway := func(w http.ResponseWriter, commit func() (int, string)) {
		commit()
		answer(504, `<html>gateway timeout</html>`)(w, nil)
	}
	truncated := func(w http.ResponseWriter, commit func() (int, string)) {
		_, body := commit()
		w.Header().Set("Content-Length", "4000")
		answer(200, body[:20])(w, nil)
	}
	html := func(w http.ResponseWriter, commit func() (int, string)) {
		commit()
		answer(200, `<html>all is well</html>`)(w, nil)
	}
	for name, row := range map[string]struct {
		loss      script
		rule      func(*platform.Integration)
		grace     time.Duration
		refreshes int
		state     State
		reason    Reason
	}{
		"dropped, grace":          {dropAfter, samePair, 30 * time.Second, 2, StateConnected, ""},
		"gateway, grace":          {gateway, samePair, 30 * time.Second, 2, StateConnected, ""},
		"truncated, grace":        {truncated, samePair, 30 * time.Second, 2, StateConnected, ""},
		"HTML, grace":             {html, samePair, 30 * time.Second, 2, StateConnected, ""},
		"dropped, strict":         {dropAfter, nil, 0, 2, StateNeedsReconnect, ReasonAnswerLost},
		"gateway, strict":         {gateway, nil, 0, 2, StateNeedsReconnect, ReasonAnswerLost},
		"dropped, unknown":        {dropAfter, unknownRule, 0, 2, StateNeedsReconnect, ReasonAnswerLost},
		"dropped before, strict":  {dropBefore, nil, 0, 2, StateConnected, ""},
		"dropped before, unknown": {dropBefore, unknownRule, 0, 2, StateConnected, ""},
		"unknown, but has grace":  {dropAfter, unknownRule, 30 * time.Second, 2, StateConnected, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f, m, id := pair(t, row.rule)
			f.set(func(f *fakePlatform) { f.grace = row.grace })
			m.figures(id)
			m.clock.Advance(time.Hour)
			f.script("token", row.loss)
			for range 3 {
				if _, err := m.Campaigns(t.Context(), workspace, id); err != nil {
					t.Fatal(err)
				}
			}
			wantInt(t, "refreshes", f.calls("token", refreshGrant), row.refreshes)
			if presented := f.presented(); presented[0] != presented[1] {
				t.Errorf("presented %v, want the same one again", presented)
			}
			m.wantState(id, row.state, row.reason)
		})
	}
}

// A strict platform would end the grant on a repetition: while the access token
// lives, MINT keeps using it, and repeats only when nothing is left to lose.
func TestStrictPlatformIsNotAskedTwiceWhileTheAccessTokenLives(t *testing.T) {
	f, m, id := pair(t, nil)
	f.script("token", dropAfter)
	m.clock.Advance(19*time.Minute + 55*time.Second) // due, with five seconds left
	m.figures(id)
	m.wantState(id, StateDegraded, ReasonAnswerUnclear)
	m.clock.Advance(3 * time.Second)
	m.figures(id)
	wantInt(t, "refreshes while it lives", f.calls("token", refreshGrant), 1)
	m.clock.Advance(3 * time.Second)
	m.stale(id)
	m.stale(id)
	wantInt(t, "refreshes in all", f.calls("token", refreshGrant), 2)
	m.wantState(id, StateNeedsReconnect, ReasonAnswerLost)
}

// Ambiguity that lasts: spaced tries, the grant is not condemned without a
// verdict, and the state says so.
func TestLastingAmbiguityIsSpaced(t *testing.T) {
	f, m, id := pair(t, nil)
	m.figures(id)
	m.clock.Advance(time.Hour)
	for range 4 {
		f.script("token", dropBefore)
	}
	m.stale(id)
	m.stale(id)
	wantInt(t, "tries at once", f.calls("token", refreshGrant), 2)
	m.wantState(id, StateDegraded, ReasonAnswerUnclear)
	m.clock.Advance(time.Minute)
	m.stale(id)
	m.clock.Advance(time.Minute)
	m.stale(id)
	m.clock.Advance(time.Minute)
	m.figures(id)
	wantInt(t, "tries in all", f.calls("token", refreshGrant), 5)
	m.wantState(id, StateConnected, "")
}

// With a grace window MINT repeats by itself while it is open, though nobody
// looks; a lifetime counts from the first sending.
func TestGraceIsUsedWithoutACaller(t *testing.T) {
	f, m, id := pair(t, samePair)
	f.set(func(f *fakePlatform) { f.grace = 30 * time.Second })
	m.figures(id)
	m.clock.Advance(time.Hour)
	sent := m.clock.Now()
	f.script("token", dropAfter, dropBefore, dropBefore, dropBefore)
	m.stale(id)
	wantInt(t, "tries at once", f.calls("token", refreshGrant), 4)
	m.clock.Advance(10 * time.Second)
	if err := m.replayOpen(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.wantState(id, StateConnected, "")
	if got, want := m.show(id).AccessExpiresAt, sent.Add(20*time.Minute); !got.Equal(want) {
		t.Errorf("access token ends %s, want %s", got, want)
	}
}

// TX-08: a rotated pair with an odd expiry is kept; a success of no other use
// still saves its refresh token.
func TestOddSuccessKeepsTheRefreshToken(t *testing.T) {
	f, m, id := pair(t, nil)
	m.figures(id)
	m.clock.Advance(time.Hour)
	f.script("token", func(w http.ResponseWriter, commit func() (int, string)) {
		commit()
		answer(200, `{"access_token":"tok-access-3","token_type":"mac","refresh_token":"tok-refresh-3"}`)(w, nil)
	}, func(w http.ResponseWriter, commit func() (int, string)) {
		commit()
		answer(200, `{"access_token":"tok-access-4","token_type":"bearer","refresh_token":"tok-refresh-4","expires_in":"1199.5","extra":{"a":null}}`)(w, nil)
	})
	m.stale(id)
	m.wantState(id, StateDegraded, ReasonBadAnswer)
	m.clock.Advance(time.Minute)
	m.figures(id)
	want := []string{"tok-refresh-2", "tok-refresh-3"}
	if got := f.presented(); !slices.Equal(got, want) {
		t.Errorf("presented %v, want %v", got, want)
	}
	m.clock.Advance(19 * time.Minute)
	m.figures(id)
	wantInt(t, "refreshes", f.calls("token", refreshGrant), 2)
}

package connection

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

const refreshGrant = "refresh_token"

// CL-52, TX-01: one refresh however many callers, and all of them are served.
func TestConcurrentCallersShareOneRefresh(t *testing.T) {
	f, m, id := pair(t, nil)
	m.clock.Advance(21 * time.Minute)
	gate := make(chan struct{})
	f.set(func(f *fakePlatform) { f.delay = gate })
	var callers sync.WaitGroup
	tokens := make([]access, 50)
	failures := make([]error, 50)
	for i := range 50 {
		callers.Go(func() { tokens[i], failures[i] = m.access(t.Context(), id, need{}) })
	}
	eventually(t, "a refresh", func() bool { return f.calls("token", refreshGrant) > 0 })
	close(gate)
	callers.Wait()
	wantInt(t, "refreshes", f.calls("token", refreshGrant), 1)
	for i := range tokens {
		if failures[i] != nil || tokens[i] != tokens[0] {
			t.Fatalf("caller %d got version %d and error %v, want version %d", i, tokens[i].version, failures[i], tokens[0].version)
		}
	}
}

// CL-53: two processes on one database file, one refresh.
func TestTwoProcessesShareOneRefresh(t *testing.T) {
	f, m, id := pair(t, nil)
	other, db := m.open()
	defer db.Close()
	m.clock.Advance(21 * time.Minute)
	gate := make(chan struct{})
	f.set(func(f *fakePlatform) { f.delay = gate })
	var callers sync.WaitGroup
	failures := make([]error, 20)
	for i := range 20 {
		callers.Go(func() {
			service := m.Service
			if i%2 == 1 {
				service = other
			}
			_, failures[i] = service.access(t.Context(), id, need{})
		})
	}
	eventually(t, "a refresh", func() bool { return f.calls("token", refreshGrant) > 0 })
	close(gate)
	callers.Wait()
	if err := errors.Join(failures...); err != nil {
		t.Error(err)
	}
	wantInt(t, "refreshes", f.calls("token", refreshGrant), 1)
}

// CL-45, CL-46, TX-23, TX-25: when a token counts as used up.
func TestRefreshIsDueByMarginAndLifetime(t *testing.T) {
	for name, row := range map[string]struct {
		lifetime, after time.Duration
		refreshes       int
	}{
		"60 s left":                         {20 * time.Minute, 19 * time.Minute, 0},
		"11 s left":                         {20 * time.Minute, 20*time.Minute - 11*time.Second, 0},
		"9 s left":                          {20 * time.Minute, 20*time.Minute - 9*time.Second, 1},
		"1 s over":                          {20 * time.Minute, 20*time.Minute + time.Second, 1},
		"short life: margin is a quarter":   {12 * time.Second, 8 * time.Second, 0},
		"short life: within the quarter":    {12 * time.Second, 9*time.Second + 500*time.Millisecond, 1},
		"lifetime below the margin: serves": {4 * time.Second, 2 * time.Second, 0},
	} {
		t.Run(name, func(t *testing.T) {
			clock := newClock()
			f := newFake(t, clock)
			f.lifetime = row.lifetime
			m := newMint(t, clock, f.integration("fake"))
			id := m.connect(f, "fake")
			clock.Advance(row.after)
			for range 5 {
				if _, err := m.access(t.Context(), id, need{}); err != nil {
					t.Fatal(err)
				}
			}
			wantInt(t, "refreshes", f.calls("token", refreshGrant), row.refreshes)
		})
	}
}

// CL-44, CL-54: a token serves for its life, also across restarts; a chain of
// refreshes always presents the newest.
func TestRotationPresentsTheNewestAcrossRestarts(t *testing.T) {
	f, m, id := pair(t, nil)
	for range 4 {
		m.figures(id)
		m.kill()
		m.start()
		m.figures(id)
		m.clock.Advance(20 * time.Minute)
	}
	m.figures(id)
	presented := f.presented()
	wantInt(t, "refreshes", len(presented), 4)
	if distinct := slices.Compact(slices.Sorted(slices.Values(presented))); len(distinct) != 4 {
		t.Errorf("a refresh token was presented twice: %v", presented)
	}
	m.wantState(id, StateConnected, "")
}

// CL-57, S000-31, S000-39: an answer without a refresh token leaves the old one.
func TestSlidingKeepsTheRefreshToken(t *testing.T) {
	f, m, id := pair(t, nil)
	f.set(func(f *fakePlatform) { f.sliding = true })
	for range 3 {
		m.clock.Advance(20 * time.Minute)
		m.figures(id)
	}
	presented := f.presented()
	if len(presented) != 3 || presented[0] != presented[2] {
		t.Errorf("presented %v, want the same one three times", presented)
	}
}

// CL-47, TX-22: a token rejected before its end is renewed once, and the call
// is repeated once.
func TestEarlyRejectionIsRenewedOnce(t *testing.T) {
	f, m, id := pair(t, nil)
	f.expireAccess()
	m.figures(id)
	wantInt(t, "refreshes", f.calls("token", refreshGrant), 1)
	wantInt(t, "list calls", f.calls("campaigns"), 2)
	m.wantState(id, StateConnected, "")
}

// CL-49, TX-27: an API that rejects even fresh tokens gets two calls and one
// refresh per action.
func TestEndlessRejectionStops(t *testing.T) {
	f, m, id := pair(t, nil)
	m.figures(id)
	for range 10 {
		f.script("campaigns", answer(401, ``, "WWW-Authenticate", "Bearer"))
	}
	m.stale(id)
	wantInt(t, "refreshes", f.calls("token", refreshGrant), 1)
	wantInt(t, "list calls", f.calls("campaigns"), 3)
	m.wantState(id, StateDegraded, ReasonRefused)
	m.stale(id)
	m.stale(id) // within MINT's own pause by now
	m.stale(id)
	wantInt(t, "refreshes after more looks", f.calls("token", refreshGrant), 2)
}

// CL-59, S000-40: a refused refresh token is never sent again; the customer
// sees old figures and is asked to reconnect.
func TestRefusedGrantAsksForReconnect(t *testing.T) {
	for name, row := range map[string]struct {
		status int
		early  bool
		reason Reason
	}{
		"when due, 400":       {400, false, ReasonExpired},
		"when due, 401":       {401, false, ReasonExpired},
		"after an early 401":  {400, true, ReasonRevoked},
		"200 with an error":   {200, false, ReasonExpired},
		"200, error, too old": {200, true, ReasonRevoked},
	} {
		t.Run(name, func(t *testing.T) {
			f, m, id := pair(t, nil)
			taken := m.figures(id).AsOf
			if row.early {
				f.expireAccess()
			} else {
				m.clock.Advance(time.Hour)
			}
			f.script("token", answer(row.status, `{"error":"invalid_grant"}`))
			for range 3 {
				if snapshot := m.stale(id); !snapshot.AsOf.Equal(taken) {
					t.Errorf("figures are of %s, want those of %s", snapshot.AsOf, taken)
				}
			}
			wantInt(t, "refreshes", f.calls("token", refreshGrant), 1)
			m.wantState(id, StateNeedsReconnect, row.reason)
			if stored, _, err := m.db.Connection(t.Context(), id); err != nil || stored.RefreshToken != nil || stored.AccessToken != nil {
				t.Errorf("tokens that are of no use are still stored (%v)", err)
			}
			if _, err := m.Refresh(t.Context(), workspace, id); !errors.Is(err, ErrNeedsReconnect) {
				t.Errorf("Refresh = %v, want ErrNeedsReconnect", err)
			}
			if got := m.connect(f, "fake"); got != id {
				t.Errorf("reconnecting made connection %s, want %s again", got, id)
			}
			m.figures(id)
			m.wantState(id, StateConnected, "")
		})
	}
}

// E-15: what the platform gave is used to its end, whatever the refresh says.
func TestLivingAccessTokenOutlastsItsGrant(t *testing.T) {
	f, m, id := pair(t, nil)
	f.script("token", answer(400, `{"error":"invalid_grant"}`))
	if _, err := m.Refresh(t.Context(), workspace, id); !errors.Is(err, ErrNeedsReconnect) {
		t.Fatalf("Refresh = %v, want ErrNeedsReconnect", err)
	}
	m.figures(id)
	m.wantState(id, StateNeedsReconnect, ReasonRevoked)
	f.expireAccess()
	m.stale(id)
	calls := f.calls("campaigns")
	m.stale(id)
	wantInt(t, "calls with a rejected token", f.calls("campaigns"), calls)
}

// TX-18, TX-19: a refresh goes on when its caller leaves, and is stored.
func TestRefreshOutlivesItsCaller(t *testing.T) {
	f, m, id := pair(t, nil)
	m.clock.Advance(time.Hour)
	gate := make(chan struct{})
	f.set(func(f *fakePlatform) { f.delay = gate })
	ctx, leave := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() {
		_, err := m.access(ctx, id, need{})
		result <- err
	}()
	eventually(t, "a refresh", func() bool { return f.calls("token", refreshGrant) == 1 })
	leave()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("caller got %v, want context.Canceled", err)
	}
	f.set(func(f *fakePlatform) { f.delay = nil })
	close(gate)
	if err := m.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.kill()
	m.start()
	m.figures(id)
	wantInt(t, "refreshes", f.calls("token", refreshGrant), 1)
}

// TX-30: a disconnect while a refresh is in flight: nothing is stored, and the
// tokens that arrive are revoked.
func TestDisconnectDuringRefresh(t *testing.T) {
	f, m, id := pair(t, nil)
	m.clock.Advance(time.Hour)
	gate := make(chan struct{})
	f.script("token", func(w http.ResponseWriter, commit func() (int, string)) {
		status, body := commit()
		<-gate
		answer(status, body)(w, nil)
	})
	result := make(chan error, 1)
	go func() {
		_, err := m.access(t.Context(), id, need{})
		result <- err
	}()
	eventually(t, "a refresh", func() bool { return f.calls("token", refreshGrant) == 1 })
	if _, err := m.Disconnect(t.Context(), workspace, id); err != nil {
		t.Fatal(err)
	}
	close(gate)
	if err := <-result; !errors.Is(err, ErrNeedsReconnect) {
		t.Errorf("caller got %v, want ErrNeedsReconnect", err)
	}
	m.wantState(id, StateDisconnected, "")
	if _, err := m.RunOutbox(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.set(func(f *fakePlatform) {
		want := []string{"refresh_token tok-refresh-2", "refresh_token tok-refresh-3", "access_token tok-access-3"}
		if !slices.Equal(f.revoked, want) {
			t.Errorf("revoked %v, want %v", f.revoked, want)
		}
	})
}

// E-12, CL-38: the granted scope is what counts, and a refresh asks for none.
func TestScopeShrinksOnRefresh(t *testing.T) {
	f, m, id := pair(t, nil)
	if !m.show(id).CanChange {
		t.Fatal("a connection with all scopes may change")
	}
	f.set(func(f *fakePlatform) { f.scope = "ads.read" })
	m.clock.Advance(time.Hour)
	m.figures(id)
	if got := m.show(id); got.CanChange || !slices.Equal(got.Scopes, []string{"ads.read"}) {
		t.Errorf("scopes = %v, may change %t; want ads.read and no changes", got.Scopes, got.CanChange)
	}
	for _, one := range f.seen("token") {
		if one.grant == refreshGrant && one.form.Has("scope") {
			t.Error("a refresh asked for a scope")
		}
	}
}

// CL-40: without a refresh token the connection works to its end, warned of.
func TestNoRefreshToken(t *testing.T) {
	clock := newClock()
	f := newFake(t, clock)
	f.noRefresh = true
	m := newMint(t, clock, f.integration("fake"))
	id := m.connect(f, "fake")
	if got := m.show(id); got.Renewable || got.Explanation == "" {
		t.Errorf("renewable %t, explanation %q; want a warning", got.Renewable, got.Explanation)
	}
	clock.Advance(19*time.Minute + 55*time.Second)
	m.figures(id)
	clock.Advance(time.Minute)
	m.stale(id)
	m.wantState(id, StateNeedsReconnect, ReasonNoRefreshToken)
	wantInt(t, "token calls", f.calls("token"), 1)
}

// The classes of one platform leave another alone (S000-19).
func TestPlatformsAreIndependent(t *testing.T) {
	clock := newClock()
	first, second := newFake(t, clock), newFake(t, clock)
	second.prefix = "second"
	m := newMint(t, clock, first.integration("first"), second.integration("second"))
	one, two := m.connect(first, "first"), m.connect(second, "second")
	m.figures(one)
	clock.Advance(time.Hour)
	first.script("token", answer(400, `{"error":"invalid_grant"}`))
	m.stale(one)
	m.figures(two)
	m.wantState(one, StateNeedsReconnect, ReasonExpired)
	m.wantState(two, StateConnected, "")
	for _, request := range second.seen("campaigns") {
		if auth := request.header.Get("Authorization"); auth[:len("Bearer second")] != "Bearer second" {
			t.Errorf("the second platform saw %s", auth)
		}
	}
	if platformID := m.show(two).PlatformID; platformID != "second" {
		t.Errorf("platform = %s", platformID)
	}
}

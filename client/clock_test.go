package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"
)

// fakeClockResource is the clock resource of a control API, as much of it as a
// follower needs.
type fakeClockResource struct {
	mutex        sync.Mutex
	state        followedState
	changed      chan struct{}
	acknowledged map[string]int64
	gone         map[string]bool
	tokens       map[string]bool
	failures     int
}

func (f *fakeClockResource) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mutex.Lock()
	f.tokens[r.Header.Get("Authorization")] = true
	if r.Method == http.MethodDelete {
		f.gone[r.URL.Path] = true
		f.mutex.Unlock()
		return
	}
	if f.failures > 0 {
		f.failures--
		f.mutex.Unlock()
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	if _, known := f.acknowledged[r.URL.Query().Get("follower")]; !known && after > 0 {
		f.mutex.Unlock()
		w.WriteHeader(http.StatusNotFound)
		return
	}
	f.acknowledged[r.URL.Query().Get("follower")] = after
	changed, state := f.changed, f.state
	f.mutex.Unlock()
	if wait, _ := time.ParseDuration(r.URL.Query().Get("wait")); state.Revision <= after && wait > 0 {
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	_ = json.NewEncoder(w).Encode(f.state)
}

// change moves the clock and waits until its follower has acknowledged it.
func (f *fakeClockResource) change(t *testing.T, change func(*followedState)) {
	t.Helper()
	f.mutex.Lock()
	change(&f.state)
	f.state.Revision++
	close(f.changed)
	f.changed = make(chan struct{})
	f.mutex.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for {
		f.mutex.Lock()
		behind := 0
		if len(f.acknowledged) == 0 {
			behind = 1 // one that was dropped has to come back
		}
		for _, revision := range f.acknowledged {
			if revision < f.state.Revision {
				behind++
			}
		}
		f.mutex.Unlock()
		if behind == 0 {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatal("the follower does not acknowledge the change")
		case <-time.After(time.Millisecond):
		}
	}
}

func TestFollowClock(t *testing.T) {
	resource := &fakeClockResource{
		state:        followedState{Revision: 4, Offset: 20 * time.Minute},
		changed:      make(chan struct{}),
		acknowledged: map[string]int64{}, gone: map[string]bool{}, tokens: map[string]bool{},
	}
	server := httptest.NewServer(resource)
	defer server.Close()
	clock, err := FollowClock(t.Context(), server.URL+"/v1/platforms/mint/clock", "control-token")
	if err != nil {
		t.Fatal(err)
	}
	ahead := func() time.Duration { return clock.Now().Sub(clock.machine()).Round(time.Minute) }
	if got := ahead(); got != 20*time.Minute {
		t.Errorf("clock is %s ahead, want 20m", got)
	}
	frozen := time.Date(2026, 11, 14, 9, 0, 0, 0, time.UTC)
	resource.change(t, func(s *followedState) { s.Frozen, s.Now = true, frozen })
	if got := clock.Now(); !got.Equal(frozen) {
		t.Errorf("clock = %s, want the frozen %s", got, frozen)
	}
	resource.change(t, func(s *followedState) { s.Now = frozen.Add(720 * time.Hour) })
	if got := clock.Now(); !got.Equal(frozen.Add(720 * time.Hour)) {
		t.Errorf("clock = %s, want 720 h later", got)
	}
	resource.mutex.Lock()
	resource.failures = 2 // a control API that is away for a moment
	resource.mutex.Unlock()
	resource.change(t, func(s *followedState) { s.Frozen, s.Offset = false, time.Hour })
	if got := ahead(); got != time.Hour {
		t.Errorf("clock is %s ahead, want 1h", got)
	}
	resource.mutex.Lock()
	clear(resource.acknowledged) // a control API that was tired of waiting
	resource.mutex.Unlock()
	resource.change(t, func(s *followedState) { s.Offset = 2 * time.Hour })
	if got := ahead(); got != 2*time.Hour {
		t.Errorf("clock is %s ahead, want 2h", got)
	}
	if err := clock.Close(); err != nil {
		t.Error(err)
	}
	resource.mutex.Lock()
	defer resource.mutex.Unlock()
	for follower := range resource.acknowledged {
		if !resource.gone["/v1/platforms/mint/clock/followers/"+follower] {
			t.Errorf("follower %s was not taken off: %v", follower, resource.gone)
		}
	}
	if len(resource.acknowledged) != 1 || len(resource.tokens) != 1 || !resource.tokens["Bearer control-token"] {
		t.Errorf("followers %v, tokens %v; want one each", resource.acknowledged, resource.tokens)
	}
}

func TestFollowClockRefusesWhatIsNoClock(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	for _, address := range []string{"", "nonsense", server.URL + "/v1/platforms/mint/clock"} {
		if clock, err := FollowClock(t.Context(), address, ""); err == nil {
			t.Errorf("%q was followed", address)
			_ = clock.Close()
		}
	}
}

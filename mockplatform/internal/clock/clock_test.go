package clock

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var epoch = time.Date(2026, 11, 14, 9, 0, 0, 0, time.UTC)

// machine is a machine clock that a test moves.
type machine struct {
	mu  sync.Mutex
	now time.Time
}

func (m *machine) Now() time.Time { m.mu.Lock(); defer m.mu.Unlock(); return m.now }
func (m *machine) pass(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}

func freeze(b bool) *bool { return &b }

func TestClockRunsFreezesResumesAndAdvances(t *testing.T) {
	m := &machine{now: epoch}
	c := New(m.Now)
	ctx := t.Context()
	steps := []struct {
		name   string
		passes time.Duration
		change *Change
		want   time.Duration // after epoch
		frozen bool
	}{
		{"runs with the machine", time.Minute, nil, time.Minute, false},
		{"advances", 0, &Change{Advance: time.Hour}, 61 * time.Minute, false},
		{"freezes", 0, &Change{Freeze: freeze(true)}, 61 * time.Minute, true},
		{"stands still when frozen", time.Hour, nil, 61 * time.Minute, true},
		{"advances while frozen", 0, &Change{Advance: time.Minute}, 62 * time.Minute, true},
		{"freezing twice changes nothing", 0, &Change{Freeze: freeze(true)}, 62 * time.Minute, true},
		{"resumes where it stood", 0, &Change{Freeze: freeze(false)}, 62 * time.Minute, false},
		{"runs again", time.Minute, nil, 63 * time.Minute, false},
		{"advances and freezes at once", 0, &Change{Advance: time.Minute, Freeze: freeze(true)}, 64 * time.Minute, true},
	}
	revision := int64(1)
	for _, s := range steps {
		m.pass(s.passes)
		if s.change != nil {
			revision++
			if _, err := c.Change(ctx, *s.change); err != nil {
				t.Fatalf("%s: %v", s.name, err)
			}
		}
		got := c.State()
		if want := epoch.Add(s.want); !got.Now.Equal(want) || !c.Now().Equal(want) {
			t.Errorf("%s: now %s, want %s", s.name, got.Now, want)
		}
		if got.Frozen != s.frozen || got.Revision != revision {
			t.Errorf("%s: frozen %t revision %d, want %t %d", s.name, got.Frozen, got.Revision, s.frozen, revision)
		}
		if !got.Frozen && !m.Now().Add(got.Offset).Equal(got.Now) {
			t.Errorf("%s: a follower would compute %s, want %s", s.name, m.Now().Add(got.Offset), got.Now)
		}
	}
}

func TestClockRefusesBadAdvances(t *testing.T) {
	m := &machine{now: epoch}
	c := New(m.Now)
	for _, tc := range []struct {
		advance time.Duration
		want    error
	}{
		{-time.Second, ErrBackwards}, {MaxAdvance + 1, ErrTooFar}, {MaxAdvance, nil}, {1, ErrTooFar},
	} {
		if _, err := c.Advance(t.Context(), tc.advance); !errors.Is(err, tc.want) {
			t.Errorf("advance %s: error %v, want %v", tc.advance, err, tc.want)
		}
	}
	if got := c.State(); got.Revision != 2 || !got.Now.Equal(epoch.Add(MaxAdvance)) {
		t.Errorf("refused advances left revision %d and %s", got.Revision, got.Now)
	}
}

func TestHooksSeeTheNewTime(t *testing.T) {
	c := New((&machine{now: epoch}).Now)
	var seen time.Time
	c.OnChange(func(now time.Time) { seen = now })
	if _, err := c.Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if !seen.Equal(epoch.Add(time.Hour)) {
		t.Errorf("hook saw %s", seen)
	}
}

// follow acknowledges every revision it is told of until ctx ends.
func follow(ctx context.Context, c *Clock, id string, seen func(int64)) {
	after := int64(0)
	for ctx.Err() == nil {
		s, err := c.Follow(ctx, id, after, 30*time.Second)
		if err != nil {
			return
		}
		after = s.Revision
		seen(after)
	}
}

func TestChangeWaitsForFollowers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New((&machine{now: epoch}).Now)
		ctx, stop := context.WithCancel(t.Context())
		var mu sync.Mutex
		seen := map[string]int64{}
		for _, id := range []string{"a", "b"} {
			go follow(ctx, c, id, func(r int64) { mu.Lock(); seen[id] = r; mu.Unlock() })
		}
		synctest.Wait()
		if got := c.Followers(); len(got) != 2 || got[0] != "a" || got[1] != "b" {
			t.Fatalf("followers %v", got)
		}
		for range 20 {
			s, err := c.Advance(ctx, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			mu.Lock()
			if seen["a"] != s.Revision || seen["b"] != s.Revision {
				t.Errorf("revision %d returned before it was seen: %v", s.Revision, seen)
			}
			mu.Unlock()
		}
		stop()
		synctest.Wait()
	})
}

func TestLaggingFollowerIsNamedAndDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New((&machine{now: epoch}).Now)
		if _, err := c.Follow(t.Context(), "gone", 0, time.Second); err != nil {
			t.Fatal(err)
		}
		start := time.Now() //nolint:forbidigo // the bubble's clock
		_, err := c.Advance(t.Context(), time.Minute)
		var lagging *LaggingError
		if !errors.As(err, &lagging) || len(lagging.Followers) != 1 || lagging.Followers[0] != "gone" {
			t.Fatalf("error %v", err)
		}
		if took := time.Since(start); took != AckBound { //nolint:forbidigo // the bubble's clock
			t.Errorf("waited %s, want %s", took, AckBound)
		}
		if !c.Now().Equal(epoch.Add(time.Minute)) {
			t.Error("the change was lost")
		}
		if _, err := c.Advance(t.Context(), time.Minute); err != nil {
			t.Errorf("a dropped follower is still waited for: %v", err)
		}
	})
}

func TestLeavingFollowerReleasesTheChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New((&machine{now: epoch}).Now)
		if _, err := c.Follow(t.Context(), "leaver", 0, time.Second); err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() { _, err := c.Advance(t.Context(), time.Minute); done <- err }()
		synctest.Wait()
		if !c.Unfollow("leaver") {
			t.Error("the follower was not known")
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if c.Unfollow("leaver") {
			t.Error("a follower was removed twice")
		}
	})
}

func TestFollowEndsWithItsWaitItsContextAndItsBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New((&machine{now: epoch}).Now)
		if s, err := c.Follow(t.Context(), "f", 0, time.Second); err != nil || s.Revision != 1 {
			t.Errorf("registering: %+v, %v", s, err)
		}
		if s, err := c.Follow(t.Context(), "f", 1, time.Second); err != nil || s.Revision != 1 {
			t.Errorf("after the wait: %+v, %v", s, err)
		}
		if s, err := c.Follow(t.Context(), "f", 99, time.Second); err != nil || s.Revision != 1 {
			t.Errorf("a revision that never was: %+v, %v", s, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if s, err := c.Follow(ctx, "f", 1, time.Hour); err != nil || s.Revision != 1 {
			t.Errorf("after the context: %+v, %v", s, err)
		}
		if _, err := c.Follow(t.Context(), "", 0, 0); !errors.Is(err, ErrNoFollower) {
			t.Errorf("nameless follower: %v", err)
		}
		for i := range MaxFollowers - 1 {
			if _, err := c.Follow(t.Context(), "follower "+string(rune(0x100+i)), 0, 0); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := c.Follow(t.Context(), "one too many", 0, 0); !errors.Is(err, ErrTooManyFollowers) {
			t.Errorf("follower beyond the bound: %v", err)
		}
	})
}

func BenchmarkNow(b *testing.B) {
	c := New(time.Now) //nolint:forbidigo // constructs a clock
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c.Now()
		}
	})
}

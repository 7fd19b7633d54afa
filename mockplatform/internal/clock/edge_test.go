package clock

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// acknowledge polls once, without waiting, as a follower that has seen the
// revision after.
func acknowledge(t *testing.T, c *Clock, id string, after int64) int64 {
	t.Helper()
	s, err := c.Follow(t.Context(), id, after, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s.Revision
}

// A follower that comes while a change waits for others is told the new time at
// once and is not waited for.
func TestLateFollowerSeesTheNewTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New((&machine{now: epoch}).Now)
		acknowledge(t, c, "early", 0)
		done := make(chan error, 1)
		go func() { _, err := c.Advance(t.Context(), time.Hour); done <- err }()
		synctest.Wait()
		if s, err := c.Follow(t.Context(), "late", 0, time.Minute); err != nil || s.Revision != 2 || !s.Now.Equal(epoch.Add(time.Hour)) {
			t.Errorf("the late follower sees %+v, %v", s, err)
		}
		acknowledge(t, c, "early", 2)
		if err := <-done; err != nil {
			t.Errorf("the change waited for the late follower: %v", err)
		}
		if got := c.Followers(); !slices.Equal(got, []string{"early", "late"}) {
			t.Errorf("followers %v", got)
		}
	})
}

// A follower that was dropped is told so, registers again, and is waited for
// again.
func TestDroppedFollowerComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New((&machine{now: epoch}).Now)
		acknowledge(t, c, "slow", 0)
		var lagging *LaggingError
		if _, err := c.Advance(t.Context(), time.Hour); !errors.As(err, &lagging) {
			t.Fatalf("error %v", err)
		}
		if _, err := c.Follow(t.Context(), "slow", 1, 0); !errors.Is(err, ErrNotFollowing) {
			t.Errorf("after its absence it is told %v, want %v", err, ErrNotFollowing)
		}
		if got := acknowledge(t, c, "slow", 0); got != 2 {
			t.Errorf("registered again it is told revision %d, want 2", got)
		}
		done := make(chan error, 1)
		go func() { _, err := c.Advance(t.Context(), time.Hour); done <- err }()
		synctest.Wait()
		select {
		case err := <-done:
			t.Fatalf("nobody waited for it: %v", err)
		default:
		}
		acknowledge(t, c, "slow", 3)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// A poll that was still on its way when its follower left brings nobody back.
func TestAPollBehindItsUnfollowRegistersNobody(t *testing.T) {
	c := New((&machine{now: epoch}).Now)
	acknowledge(t, c, "leaver", 0)
	if !c.Unfollow("leaver") {
		t.Fatal("it was never there")
	}
	if _, err := c.Follow(t.Context(), "leaver", 1, time.Minute); !errors.Is(err, ErrNotFollowing) {
		t.Errorf("the late poll: %v, want %v", err, ErrNotFollowing)
	}
	if got := c.Followers(); len(got) != 0 {
		t.Errorf("followers %v after the only one left", got)
	}
}

// Of two advances at once both happen, one after the other, and each returns
// only when its own revision was seen.
func TestTwoAdvancesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New((&machine{now: epoch}).Now)
		var hooked []time.Time
		c.OnChange(func(now time.Time) { hooked = append(hooked, now) })
		acknowledge(t, c, "f", 0)
		revisions := make(chan int64, 2)
		for range 2 {
			go func() {
				s, err := c.Advance(t.Context(), time.Hour)
				if err != nil {
					t.Error(err)
				}
				revisions <- s.Revision
			}()
		}
		synctest.Wait()
		if now := c.Now(); !now.Equal(epoch.Add(time.Hour)) {
			t.Errorf("before the first was seen it is %s", now)
		}
		acknowledge(t, c, "f", 2)
		if got := <-revisions; got != 2 {
			t.Errorf("the first answered revision %d", got)
		}
		synctest.Wait()
		if now := c.Now(); !now.Equal(epoch.Add(2 * time.Hour)) {
			t.Errorf("after the second began it is %s", now)
		}
		acknowledge(t, c, "f", 3)
		if got := <-revisions; got != 3 {
			t.Errorf("the second answered revision %d", got)
		}
		if want := []time.Time{epoch.Add(time.Hour), epoch.Add(2 * time.Hour)}; !slices.EqualFunc(hooked, want, time.Time.Equal) {
			t.Errorf("hooks ran at %v, want %v", hooked, want)
		}
	})
}

// A caller that gives up while another change is under way has changed
// nothing; one that gives up while its own is awaited has.
func TestCallersThatGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New((&machine{now: epoch}).Now)
		acknowledge(t, c, "f", 0)
		first, stopFirst := context.WithCancel(t.Context())
		second, stopSecond := context.WithCancel(t.Context())
		ends := make(chan error, 2)
		go func() { _, err := c.Advance(first, time.Hour); ends <- err }()
		synctest.Wait()
		go func() { _, err := c.Advance(second, 24*time.Hour); ends <- err }()
		synctest.Wait()
		stopSecond()
		if err := <-ends; !errors.Is(err, context.Canceled) {
			t.Errorf("the second: %v", err)
		}
		stopFirst()
		if err := <-ends; !errors.Is(err, context.Canceled) {
			t.Errorf("the first: %v", err)
		}
		if s := c.State(); s.Revision != 2 || !s.Now.Equal(epoch.Add(time.Hour)) {
			t.Errorf("the clock shows %s at revision %d", s.Now, s.Revision)
		}
		acknowledge(t, c, "f", 2)
		go func() { _, err := c.Advance(t.Context(), time.Hour); ends <- err }()
		synctest.Wait()
		acknowledge(t, c, "f", 3)
		if err := <-ends; err != nil {
			t.Errorf("a later change: %v", err)
		}
	})
}

// Freezing and resuming never turn the clock back, whatever the machine's clock
// did meanwhile.
func TestResumeGoesOnWhereItStood(t *testing.T) {
	m := &machine{now: epoch}
	c := New(m.Now)
	stop, run := true, false
	if _, err := c.Change(t.Context(), Change{Advance: time.Hour, Freeze: &stop}); err != nil {
		t.Fatal(err)
	}
	m.now = epoch.Add(-30 * time.Minute)
	if now := c.Now(); !now.Equal(epoch.Add(time.Hour)) {
		t.Errorf("frozen, it shows %s", now)
	}
	if _, err := c.Change(t.Context(), Change{Freeze: &run}); err != nil {
		t.Fatal(err)
	}
	if now := c.Now(); !now.Equal(epoch.Add(time.Hour)) {
		t.Errorf("resumed, it shows %s", now)
	}
	m.now = m.now.Add(time.Minute)
	if now := c.Now(); !now.Equal(epoch.Add(61 * time.Minute)) {
		t.Errorf("a minute later it shows %s", now)
	}
}

package clock

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// MaxFollowers bounds how many followers one clock waits for.
const MaxFollowers = 64

// MaxFollowWait bounds one long poll.
const MaxFollowWait = time.Minute

// What Follow may answer.
var (
	ErrNoFollower       = errors.New("follower: give the follower a name of 1 to 128 characters")
	ErrNotFollowing     = errors.New("follower: it is not registered (any more); register it with after=0")
	ErrTooManyFollowers = fmt.Errorf("follower: a clock has at most %d followers, unregister one first", MaxFollowers)
)

// Follow takes after as id's acknowledgement of that revision, and answers the
// state as soon as the revision is above after, or the present state when wait
// (at most MaxFollowWait) passes or ctx ends. Revisions start at 1, so that
// after 0 answers at once; it is also what registers a new follower. A later
// poll does not: one that arrives behind its own follower's Unfollow would
// leave a follower that nobody speaks for, and every change would wait for it.
func (c *Clock) Follow(ctx context.Context, id string, after int64, wait time.Duration) (control.Clock, error) {
	if id == "" || len(id) > 128 {
		return control.Clock{}, ErrNoFollower
	}
	after, changed, err := c.acknowledge(id, after)
	if err != nil {
		return control.Clock{}, err
	}
	timer := time.NewTimer(min(wait, MaxFollowWait))
	defer timer.Stop()
	for {
		if s := c.state.Load(); s.revision > after {
			return c.view(s), nil
		}
		select {
		case <-changed:
			changed = c.nextChange()
		case <-timer.C:
			return c.State(), nil
		case <-ctx.Done():
			return c.State(), nil
		}
	}
}

// acknowledge notes that id has seen revision after. It answers after, at most
// the present revision, and the channel that tells of the next change; the
// channel was taken before the caller looks at the state, so that no change
// slips through between.
func (c *Clock) acknowledge(id string, after int64) (int64, <-chan struct{}, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	after = min(after, c.state.Load().revision)
	f, known := c.followers[id]
	if !known {
		if after > 0 {
			return 0, nil, ErrNotFollowing
		}
		if len(c.followers) >= MaxFollowers {
			return 0, nil, ErrTooManyFollowers
		}
		f = &follower{}
		c.followers[id] = f
	}
	if after > f.acked {
		f.acked = after
		c.tellAcked()
	}
	return after, c.changed, nil
}

func (c *Clock) nextChange() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed
}

func (c *Clock) tellAcked() {
	close(c.acked)
	c.acked = make(chan struct{})
}

// Unfollow removes a follower and reports whether it was known.
func (c *Clock) Unfollow(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, known := c.followers[id]
	delete(c.followers, id)
	c.tellAcked()
	return known
}

// Followers lists the ids that a change waits for, sorted.
func (c *Clock) Followers() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.followers))
}

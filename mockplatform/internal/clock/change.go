package clock

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// ErrBackwards answers an advance below zero.
var ErrBackwards = errors.New("advance: clocks only move forward, give a duration above zero such as 20m")

// ErrTooFar answers advances that sum up to more than MaxAdvance.
var ErrTooFar = fmt.Errorf("advance: all advances together must stay within %d days", MaxAdvance/(24*time.Hour))

// Change applies ch, wakes the followers and returns the new state once all of
// them acknowledged it, or a *LaggingError with the new state when AckBound
// passed first. ErrBackwards, ErrTooFar and a ctx that ends while an earlier
// change is still under way change nothing.
func (c *Clock) Change(ctx context.Context, ch Change) (control.Clock, error) {
	select {
	case c.changing <- struct{}{}:
		defer func() { <-c.changing }()
	case <-ctx.Done():
		return c.State(), ctx.Err()
	}
	next, awaited, err := c.apply(ch)
	if err != nil {
		return c.State(), err
	}
	now := next.now(c.machine)
	for _, hook := range c.hooks {
		hook(now)
	}
	err = c.awaitAcks(ctx, next.revision, awaited)
	return c.view(next), err
}

// Advance puts the clock forward by d and waits like Change.
func (c *Clock) Advance(ctx context.Context, d time.Duration) (control.Clock, error) {
	return c.Change(ctx, Change{Advance: d})
}

// apply computes and publishes the next state and answers who must
// acknowledge it.
func (c *Clock) apply(ch Change) (next *state, awaited []string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := *c.state.Load()
	if ch.Advance < 0 {
		return nil, nil, ErrBackwards
	}
	if ch.Advance > MaxAdvance-s.advanced {
		return nil, nil, ErrTooFar
	}
	s.advanced += ch.Advance
	if s.frozen {
		s.at = s.at.Add(ch.Advance)
	} else {
		s.offset += ch.Advance
	}
	if ch.Freeze != nil && *ch.Freeze != s.frozen {
		if *ch.Freeze {
			s.at = s.now(c.machine)
		} else {
			s.offset = s.at.Sub(c.machine())
		}
		s.frozen = *ch.Freeze
	}
	s.revision++
	c.publish(s.setting())
	c.state.Store(&s)
	close(c.changed)
	c.changed = make(chan struct{})
	for id := range c.followers {
		awaited = append(awaited, id)
	}
	return &s, awaited, nil
}

// awaitAcks waits until every awaited follower acknowledged revision or left.
func (c *Clock) awaitAcks(ctx context.Context, revision int64, awaited []string) error {
	if len(awaited) == 0 {
		return nil
	}
	bound := time.NewTimer(AckBound)
	defer bound.Stop()
	for {
		late, acked := c.late(revision, awaited)
		if len(late) == 0 {
			return nil
		}
		select {
		case <-acked:
		case <-ctx.Done():
			return ctx.Err()
		case <-bound.C:
			return c.drop(revision, awaited)
		}
	}
}

// late lists who has not acknowledged revision, with the channel that tells of
// the next acknowledgement.
func (c *Clock) late(revision int64, awaited []string) ([]string, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lateLocked(revision, awaited), c.acked
}

func (c *Clock) lateLocked(revision int64, awaited []string) []string {
	var late []string
	for _, id := range awaited {
		if f, still := c.followers[id]; still && f.acked < revision {
			late = append(late, id)
		}
	}
	slices.Sort(late)
	return late
}

func (c *Clock) drop(revision int64, awaited []string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	late := c.lateLocked(revision, awaited)
	if len(late) == 0 {
		return nil
	}
	for _, id := range late {
		delete(c.followers, id)
	}
	return &LaggingError{Followers: late}
}

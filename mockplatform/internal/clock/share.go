package clock

import "time"

// Setting is a clock relative to its machine's: what replicas of a Platform
// agree on. Revisions and followers are each replica's own.
type Setting struct {
	Frozen   bool          `json:"frozen"`
	At       time.Time     `json:"at"`       // the instant, when frozen
	Offset   time.Duration `json:"offset"`   // ahead of the machine, when running
	Advanced time.Duration `json:"advanced"` // sum of all advances
}

func (s *state) setting() Setting {
	return Setting{Frozen: s.frozen, At: s.at, Offset: s.offset, Advanced: s.advanced}
}

// Publish has f told of each change that is made here, so that replicas can
// Adopt it. Where f panics the change has not happened. Call it before the clock
// is shared; f must not call the clock.
func (c *Clock) Publish(f func(Setting)) { c.publish = f }

// Adopt takes over a setting that another replica made, wakes the followers
// and waits for none. One that would go back is left alone, and so is the
// present one: hooks of OnChange do not run.
func (c *Clock) Adopt(wanted Setting) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := *c.state.Load()
	same := s.frozen == wanted.Frozen && s.offset == wanted.Offset && s.at.Equal(wanted.At)
	if wanted.Advanced < s.advanced || same {
		return
	}
	s.frozen, s.at, s.offset, s.advanced = wanted.Frozen, wanted.At, wanted.Offset, wanted.Advanced
	s.revision++
	c.state.Store(&s)
	close(c.changed)
	c.changed = make(chan struct{})
}

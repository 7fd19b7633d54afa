// Package clock is a Platform's movable clock: it runs with the machine's
// clock, can be frozen, resumed and put forward, and never goes back.
//
// Other processes may follow it (MINT under test does): they long-poll Follow,
// and a change returns only after every follower has acknowledged it, so that
// after an advance nobody still acts on the old time. Reading the time takes
// no lock.
package clock

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// AckBound is how long a change waits for its followers.
const AckBound = 5 * time.Second

// MaxAdvance bounds one advance, so that arithmetic on expiries cannot
// overflow: a hundred years.
const MaxAdvance = 36500 * 24 * time.Hour

// Clock is one Platform's time. The zero value is not usable; call New.
type Clock struct {
	machine func() time.Time
	state   atomic.Pointer[state]

	changing chan struct{}         // holds one token: one change at a time, acknowledgements included
	publish  func(Setting)         // told of each change before it counts
	hooks    []func(now time.Time) // run after each change

	mu        sync.Mutex           // guards what follows, and all writes of state
	changed   chan struct{}        // closed and replaced at each change
	acked     chan struct{}        // closed and replaced at each acknowledgement
	followers map[string]*follower // by id
}

type state struct {
	frozen   bool
	at       time.Time     // the instant, when frozen
	offset   time.Duration // ahead of the machine, when running
	revision int64
	advanced time.Duration // sum of all advances
}

type follower struct {
	acked int64 // highest revision acknowledged
}

// Change is what to do to a clock, in this order: advance, then freeze or
// resume. A zero Change only raises the revision.
type Change struct {
	Advance time.Duration // forward only
	Freeze  *bool         // true stops, false resumes, nil leaves
}

// LaggingError says which followers did not acknowledge a change in time. The
// change itself has happened; the named followers are no longer waited for.
type LaggingError struct{ Followers []string }

// Error names the followers.
func (e *LaggingError) Error() string {
	return fmt.Sprintf("the clock moved, but these followers did not acknowledge it within %s: %s",
		AckBound, strings.Join(e.Followers, ", "))
}

// New makes a clock that runs with machine, at revision 1. machine must not be
// nil.
func New(machine func() time.Time) *Clock {
	c := &Clock{
		machine: machine, followers: map[string]*follower{},
		changing: make(chan struct{}, 1), publish: func(Setting) {},
		changed: make(chan struct{}), acked: make(chan struct{}),
	}
	c.state.Store(&state{revision: 1})
	return c
}

// Now is the Platform's time. It takes no lock.
func (c *Clock) Now() time.Time {
	return c.state.Load().now(c.machine)
}

func (s *state) now(machine func() time.Time) time.Time {
	if s.frozen {
		return s.at
	}
	return machine().Add(s.offset)
}

// State is the clock as the control API shows it.
func (c *Clock) State() control.Clock {
	return c.view(c.state.Load())
}

func (c *Clock) view(s *state) control.Clock {
	return control.Clock{Now: s.now(c.machine).UTC(), Frozen: s.frozen, Offset: s.offset, Revision: s.revision}
}

// OnChange registers a function to run after each change with the new time,
// before the change returns. Call it before the clock is shared.
func (c *Clock) OnChange(f func(now time.Time)) { c.hooks = append(c.hooks, f) }

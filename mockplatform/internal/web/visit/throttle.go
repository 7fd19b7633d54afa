package visit

import (
	"sync"
	"time"
)

// The throttle's figures, in Platform time (RFC 6749 section 10.10 asks for a
// defence against guessing, without figures).
const (
	MaxFailures = 10          // wrong passwords for one username …
	Window      = time.Minute // … within this time make
	Pause       = time.Minute // this pause
)

// maxNames bounds how many usernames are watched at a time.
const maxNames = 10_000

// Throttle counts wrong passwords per username, known or not, so that a pause
// does not tell which usernames exist. It is safe for concurrent use.
type Throttle struct {
	mu    sync.Mutex
	names map[string]*failures
}

type failures struct {
	since  time.Time // of the first one in the window
	count  int
	paused time.Time // until
}

// NewThrottle makes a throttle that has seen nothing.
func NewThrottle() *Throttle { return &Throttle{names: make(map[string]*failures)} }

// Paused is how long the username must still wait; 0 means it may try.
func (t *Throttle) Paused(now time.Time, username string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	f, ok := t.names[username]
	if !ok || !now.Before(f.paused) {
		return 0
	}
	return f.paused.Sub(now)
}

// Failed counts a wrong password.
func (t *Throttle) Failed(now time.Time, username string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f, ok := t.names[username]
	if !ok {
		t.makeRoom(now)
		f = &failures{since: now}
		t.names[username] = f
	}
	if now.Sub(f.since) >= Window {
		f.since, f.count = now, 0
	}
	f.count++
	if f.count >= MaxFailures {
		f.paused, f.count, f.since = now.Add(Pause), 0, now
	}
}

// Succeeded forgets the username's failures.
func (t *Throttle) Succeeded(username string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.names, username)
}

// makeRoom forgets what is over when too many usernames are watched; if all
// of it is recent, it forgets everything rather than grow.
func (t *Throttle) makeRoom(now time.Time) {
	if len(t.names) < maxNames {
		return
	}
	for name, f := range t.names {
		if now.Sub(f.since) >= Window && !now.Before(f.paused) {
			delete(t.names, name)
		}
	}
	if len(t.names) >= maxNames {
		clear(t.names)
	}
}

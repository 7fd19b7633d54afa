// Package throttle makes guessing slow: after too many wrong secrets for one
// name it says how long that name must wait. It holds its state in memory for
// one Platform, takes the Platform's time as a parameter and knows no HTTP.
package throttle

import (
	"crypto/sha256"
	"sync"
	"time"
)

// The throttle's figures, in Platform time (RFC 6749 section 10.10 asks for a
// defence against guessing, without figures).
const (
	MaxFailures = 10          // wrong secrets for one name …
	Window      = time.Minute // … within this time make
	Pause       = time.Minute // this pause
)

// maxNames bounds how many names are watched at a time.
const maxNames = 10_000

// Throttle counts wrong secrets per name, known or not, so that a pause does
// not tell which names exist. It is safe for concurrent use.
type Throttle struct {
	mu    sync.Mutex
	names map[string]*failures
}

type failures struct {
	since  time.Time // of the first one in the window
	count  int
	paused time.Time // until
}

// key keeps a long name from filling the memory.
func key(name string) string {
	if len(name) <= sha256.Size {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return string(sum[:])
}

// New makes a throttle that has seen nothing.
func New() *Throttle { return &Throttle{names: make(map[string]*failures)} }

// Paused is how long the name must still wait; 0 means it may try.
func (t *Throttle) Paused(now time.Time, name string) time.Duration {
	name = key(name)
	t.mu.Lock()
	defer t.mu.Unlock()
	f, ok := t.names[name]
	if !ok || !now.Before(f.paused) {
		return 0
	}
	return f.paused.Sub(now)
}

// Failed counts a wrong secret.
func (t *Throttle) Failed(now time.Time, name string) {
	name = key(name)
	t.mu.Lock()
	defer t.mu.Unlock()
	f, ok := t.names[name]
	if !ok {
		t.makeRoom(now)
		f = &failures{since: now}
		t.names[name] = f
	}
	if now.Sub(f.since) >= Window {
		f.since, f.count = now, 0
	}
	f.count++
	if f.count >= MaxFailures {
		f.paused, f.count, f.since = now.Add(Pause), 0, now
	}
}

// Succeeded forgets the name's failures.
func (t *Throttle) Succeeded(name string) {
	name = key(name)
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.names, name)
}

// makeRoom forgets what is over when too many names are watched; if all
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

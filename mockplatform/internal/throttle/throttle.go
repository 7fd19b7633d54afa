// Package throttle makes guessing slow: after too many wrong secrets for one
// name it says how long that name must wait. It takes the Platform's time as a
// parameter and knows no HTTP.
package throttle

import (
	"encoding/json"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
)

// The throttle's figures, in Platform time (RFC 6749 section 10.10 asks for a
// defence against guessing, without figures).
const (
	MaxFailures = 10          // wrong secrets for one name …
	Window      = time.Minute // … within this time make
	Pause       = time.Minute // this pause
)

// MaxNames is how many names are watched at a time.
const MaxNames = 10_000

// Throttle counts wrong secrets per name, known or not, so that a pause does
// not tell which names exist. It is safe for concurrent use.
type Throttle struct{ names lapse.Table }

// failures of one name.
type failures struct {
	Since  time.Time `json:"since"` // of the first one in the window
	Count  int       `json:"count"`
	Paused time.Time `json:"paused"` // until
}

// New makes a throttle that remembers in a table of MaxNames.
func New(names lapse.Table) *Throttle { return &Throttle{names: names} }

// read reads what a table holds: nothing else writes there.
func read(value string) (f failures) {
	if value != "" {
		_ = json.Unmarshal([]byte(value), &f)
	}
	return f
}

// Paused is how long the name must still wait; 0 means it may try.
func (t *Throttle) Paused(now time.Time, name string) time.Duration {
	value := t.names.Get(now, name)
	if value == "" {
		return 0 // by far the most
	}
	return max(0, read(value).Paused.Sub(now))
}

// Failed counts a wrong secret.
func (t *Throttle) Failed(now time.Time, name string) {
	t.names.Change(now, name, func(value string) (string, time.Time) {
		f := read(value)
		if now.Sub(f.Since) >= Window {
			f.Since, f.Count = now, 0
		}
		f.Count++
		if f.Count >= MaxFailures {
			f.Paused, f.Count, f.Since = now.Add(Pause), 0, now
		}
		next, _ := json.Marshal(f) // plain data always has a JSON form
		return string(next), f.Since.Add(max(Window, Pause))
	})
}

// Succeeded forgets the name's failures.
func (t *Throttle) Succeeded(now time.Time, name string) { lapse.Take(t.names, now, name) }

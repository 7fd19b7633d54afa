package journal

import (
	"sync"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// Record keeps the newest exchanges of one Platform. Each method is one atomic
// step, however many processes share the record. One that cannot be reached
// panics with *token.Unavailable.
type Record interface {
	// Append keeps an exchange under the next sequence number, and answers it.
	Append(e control.Exchange) int64
	// Read shows the kept exchanges after a sequence number, oldest first,
	// until show answers false. It answers the newest number and how many
	// exchanges are no longer kept. They share their maps with the record.
	Read(after int64, show func(e *control.Exchange) bool) (last, dropped int64)
	// Added is closed when an exchange came after this call.
	Added() <-chan struct{}
}

// ring is the Record of one process.
type ring struct {
	bound int

	mu    sync.Mutex
	kept  []control.Exchange // grows to bound, then wraps; sequence n sits at (n-1) % bound
	last  int64
	added chan struct{} // closed and replaced when somebody waits and something comes
	wait  bool          // somebody holds added
}

func newRing(bound int) *ring { return &ring{bound: bound, added: make(chan struct{})} }

var _ Record = (*ring)(nil)

// Append implements Record.
func (r *ring) Append(e control.Exchange) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last++
	e.Seq = r.last
	if len(r.kept) < r.bound {
		r.kept = append(r.kept, e)
	} else {
		r.kept[int((r.last-1)%int64(r.bound))] = e
	}
	if r.wait {
		close(r.added)
		r.added, r.wait = make(chan struct{}), false
	}
	return r.last
}

// Read implements Record.
func (r *ring) Read(after int64, show func(e *control.Exchange) bool) (last, dropped int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	oldest := r.last - int64(len(r.kept)) + 1
	for seq := max(after+1, oldest, 1); seq <= r.last; seq++ {
		if !show(&r.kept[int((seq-1)%int64(r.bound))]) {
			break
		}
	}
	return r.last, oldest - 1
}

// Added implements Record.
func (r *ring) Added() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wait = true
	return r.added
}

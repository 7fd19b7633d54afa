// Package journal records what a Platform answered: a bounded ring of
// exchanges in which secrets appear only as keyed fingerprints, so that the
// lineage of tokens can be asserted without holding one. Readers can wait for
// what comes next. It does not watch requests itself; whoever answers adds.
package journal

import (
	"context"
	"sync"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// DefaultBound is how many exchanges a journal keeps. One takes some 10 KiB at
// most, whatever a client sends.
const DefaultBound = 10_000

// MaxWait bounds one Wait.
const MaxWait = time.Minute

// Journal is one Platform's record. It is safe for concurrent use.
type Journal struct {
	Fingerprinter

	bound int

	mu    sync.Mutex
	ring  []control.Exchange // grows to bound, then wraps; sequence n sits at (n-1) % bound
	last  int64
	added chan struct{} // closed and replaced when somebody waits and something comes
	wait  bool          // somebody holds added
}

// New makes an empty journal that keeps bound exchanges (DefaultBound when not
// positive) and fingerprints with key, 16 random bytes or more.
func New(key []byte, bound int) *Journal {
	if bound <= 0 {
		bound = DefaultBound
	}
	return &Journal{Fingerprinter: NewFingerprinter(key), bound: bound, added: make(chan struct{})}
}

// Add appends e with the next sequence number and answers that number.
func (j *Journal) Add(e control.Exchange) int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	e.Seq = j.last
	bound(&e)
	if len(j.ring) < j.bound {
		j.ring = append(j.ring, e)
	} else {
		j.ring[int((j.last-1)%int64(j.bound))] = e
	}
	if j.wait {
		close(j.added)
		j.added, j.wait = make(chan struct{}), false
	}
	return j.last
}

// Since answers the exchanges after sequence number after that are still kept.
// Its exchanges share their maps with the journal: read them only.
func (j *Journal) Since(after int64) control.Journal {
	out, _ := j.since(after, false)
	return out
}

// Wait is Since, but if there is nothing yet it waits until there is, ctx ends
// or wait (at most MaxWait) passes.
func (j *Journal) Wait(ctx context.Context, after int64, wait time.Duration) control.Journal {
	if wait <= 0 {
		return j.Since(after)
	}
	timer := time.NewTimer(min(wait, MaxWait))
	defer timer.Stop()
	for {
		out, added := j.since(after, true)
		if len(out.Exchanges) > 0 {
			return out
		}
		select {
		case <-added:
		case <-timer.C:
			return out
		case <-ctx.Done():
			return out
		}
	}
}

func (j *Journal) since(after int64, waits bool) (control.Journal, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	oldest := j.last - int64(len(j.ring)) + 1
	from := max(after+1, oldest, 1)
	out := control.Journal{Exchanges: []control.Exchange{}, Last: j.last, Dropped: oldest - 1}
	for seq := from; seq <= j.last; seq++ {
		out.Exchanges = append(out.Exchanges, j.ring[int((seq-1)%int64(j.bound))])
	}
	if waits && len(out.Exchanges) == 0 {
		j.wait = true
	}
	return out, j.added
}

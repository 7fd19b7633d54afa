// Package journal records what a Platform answered: a bounded ring of
// exchanges in which secrets appear only as keyed fingerprints, so that the
// lineage of tokens can be asserted without holding one. Readers can filter,
// wait for what comes next and take the record along as NDJSON or HAR 1.2. It
// does not watch requests itself; whoever answers adds.
//
// Decisions. What is readable is listed, not what is secret (2026-11): clients
// invent parameters, and put secrets where none belong, so that a list of
// secret names always lacks one. Even a listed value is shown only as far as it
// reads like words (see oauth.Plain) or is a name of the Platform.
package journal

import (
	"context"
	"sync"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// DefaultBound is how many exchanges a journal keeps unless it is told
// otherwise, MaxBound how many it can be told to keep. One takes some 10 KiB at
// most, whatever a client sends.
const (
	DefaultBound = 10_000
	MaxBound     = 100_000
)

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
// positive, at most MaxBound) and fingerprints with key, 16 random bytes or more.
func New(key []byte, bound int) *Journal {
	if bound <= 0 {
		bound = DefaultBound
	}
	bound = min(bound, MaxBound)
	return &Journal{Fingerprinter: NewFingerprinter(key), bound: bound, added: make(chan struct{})}
}

// Bound is how many exchanges are kept.
func (j *Journal) Bound() int { return j.bound }

// Add appends e with the next sequence number and answers that number. What
// follows from the rest of e is filled in (verdict, presented fingerprints), and
// text of the request is made Readable.
func (j *Journal) Add(e control.Exchange) int64 {
	j.complete(&e)
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
func (j *Journal) Since(after int64) control.Journal {
	return j.Select(control.JournalFilter{After: after})
}

// Select answers the kept exchanges that fit the filter, oldest first. They
// share their maps with the journal: read them only.
func (j *Journal) Select(filter control.JournalFilter) control.Journal {
	out, _ := j.look(filter, false)
	return out
}

// Wait is Select, but if nothing fits yet it waits until something does, ctx
// ends or wait (at most MaxWait) passes.
func (j *Journal) Wait(ctx context.Context, filter control.JournalFilter, wait time.Duration) control.Journal {
	if wait <= 0 {
		return j.Select(filter)
	}
	timer := time.NewTimer(min(wait, MaxWait))
	defer timer.Stop()
	for {
		out, added := j.look(filter, true)
		if len(out.Exchanges) > 0 {
			return out
		}
		filter.After = out.Next // what did not fit never will
		select {
		case <-added:
		case <-timer.C:
			return out
		case <-ctx.Done():
			return out
		}
	}
}

func (j *Journal) look(filter control.JournalFilter, waits bool) (control.Journal, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	oldest := j.last - int64(len(j.ring)) + 1
	out := control.Journal{Exchanges: []control.Exchange{}, Last: j.last, Next: max(j.last, filter.After), Dropped: oldest - 1}
	for seq := max(filter.After+1, oldest, 1); seq <= j.last; seq++ {
		one := &j.ring[int((seq-1)%int64(j.bound))]
		if !Fits(filter, one) {
			continue
		}
		out.Exchanges = append(out.Exchanges, *one)
		if len(out.Exchanges) == filter.Limit {
			out.Next = seq
			break
		}
	}
	if waits && len(out.Exchanges) == 0 {
		j.wait = true
	}
	return out, j.added
}

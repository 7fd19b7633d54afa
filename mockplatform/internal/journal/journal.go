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
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// DefaultBound is how many exchanges a journal keeps unless it is told
// otherwise, MaxBound how many it can be told to keep. One takes some 10 KiB at
// most, whatever a client sends, and two times MaxBody more where bodies are kept.
const (
	DefaultBound = 10_000
	MaxBound     = 100_000
)

// MaxWait bounds one Wait.
const MaxWait = time.Minute

// Journal is one Platform's record. It is safe for concurrent use.
type Journal struct {
	Fingerprinter

	record Record
	bound  int
}

// New makes an empty journal that keeps Bounded(bound) exchanges and
// fingerprints with key, 16 random bytes or more.
func New(key []byte, bound int) *Journal { return Over(newRing(Bounded(bound)), key, bound) }

// Over makes a journal over a record that keeps Bounded(bound) exchanges.
func Over(record Record, key []byte, bound int) *Journal {
	return &Journal{Fingerprinter: NewFingerprinter(key), record: record, bound: Bounded(bound)}
}

// Bounded is how many exchanges are kept of as many as are wanted: DefaultBound
// when not positive, at most MaxBound.
func Bounded(wanted int) int {
	if wanted <= 0 {
		return DefaultBound
	}
	return min(wanted, MaxBound)
}

// Bound is how many exchanges are kept.
func (j *Journal) Bound() int { return j.bound }

// Add appends e with the next sequence number and answers that number. What
// follows from the rest of e is filled in (verdict, presented fingerprints), and
// text of the request is made Readable.
func (j *Journal) Add(e control.Exchange) int64 {
	j.complete(&e)
	bound(&e)
	return j.record.Append(e)
}

// Since answers the exchanges after sequence number after that are still kept.
func (j *Journal) Since(after int64) control.Journal {
	return j.Select(control.JournalFilter{After: after})
}

// Select answers the kept exchanges that fit the filter, oldest first. They
// share their maps with the journal: read them only.
func (j *Journal) Select(filter control.JournalFilter) control.Journal {
	return j.look(filter)
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
		added := j.record.Added() // before the look, so that nothing slips through between
		out := j.look(filter)
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

func (j *Journal) look(filter control.JournalFilter) control.Journal {
	out := control.Journal{Exchanges: []control.Exchange{}}
	cut := int64(0) // where the limit was reached
	out.Last, out.Dropped = j.record.Read(filter.After, func(e *control.Exchange) bool {
		if !Fits(filter, e) {
			return true
		}
		out.Exchanges = append(out.Exchanges, *e)
		if len(out.Exchanges) == filter.Limit {
			cut = e.Seq
		}
		return cut == 0
	})
	if out.Next = max(out.Last, filter.After); cut > 0 {
		out.Next = cut
	}
	return out
}

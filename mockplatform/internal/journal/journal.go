// Package journal records what a Platform answered: a bounded ring of
// exchanges in which secrets appear only as keyed fingerprints, so that the
// lineage of tokens can be asserted without holding one. Readers can wait for
// what comes next.
package journal

import (
	"context"
	"net/url"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// DefaultBound is how many exchanges a journal keeps.
const DefaultBound = 10_000

// Journal is one Platform's record. It is safe for concurrent use.
type Journal struct{}

// New makes an empty journal that keeps bound exchanges (DefaultBound when 0)
// and fingerprints with key, which must be 16 bytes or more.
func New(key []byte, bound int) *Journal { return &Journal{} }

// Fingerprint is the keyed fingerprint of a secret: 16 hex digits of
// HMAC-SHA256, equal within one Platform and worthless outside. The empty
// secret has the empty fingerprint.
func (j *Journal) Fingerprint(secret string) string { panic("not yet") }

// Parameters is what an exchange shows of query and form members: plain values
// for harmless names, "fp:" and a fingerprint for secret ones, long values
// cut, at most 64 names.
func (j *Journal) Parameters(sets ...url.Values) map[string]string { panic("not yet") }

// Add appends e with the next sequence number and answers that number.
func (j *Journal) Add(e control.Exchange) int64 { panic("not yet") }

// Since answers the exchanges after sequence number after that are still kept.
func (j *Journal) Since(after int64) control.Journal { panic("not yet") }

// Wait is Since, but if there is nothing yet it waits until there is, ctx ends
// or wait passes.
func (j *Journal) Wait(ctx context.Context, after int64, wait time.Duration) control.Journal {
	panic("not yet")
}

package visit

import (
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
)

// MaxUnseen is how many values wait to be seen.
const MaxUnseen = 1000

// unseenFor is how long a value waits, in Platform time.
const unseenFor = time.Hour

// Once keeps one value per browser session until it is taken, for a page that
// may be shown a single time. It is safe for concurrent use.
type Once struct{ values lapse.Table }

// NewOnce makes a keeper over a table of MaxUnseen.
func NewOnce(values lapse.Table) *Once { return &Once{values} }

// Put keeps a value for the session, in place of an earlier one.
func (o *Once) Put(now time.Time, session, value string) {
	lapse.Put(o.values, now, session, value, now.Add(unseenFor))
}

// Take returns the session's value and forgets it; "" without one.
func (o *Once) Take(now time.Time, session string) string { return lapse.Take(o.values, now, session) }

package foreign

import (
	"context"
	"sync/atomic"
	"time"
)

// clock says how far time has moved ahead of the machine's. Whatever a server
// holds is written down with that lead added and read with it taken away, so
// that all of it gets older when the lead grows.
type clock struct{ lead atomic.Int64 }

// pass lets d go by at once; it stands in for a sleep.
func (c *clock) pass(ctx context.Context, d time.Duration) error {
	c.lead.Add(int64(d))
	return ctx.Err()
}

// ahead is the lead.
func (c *clock) ahead() time.Duration { return time.Duration(c.lead.Load()) }

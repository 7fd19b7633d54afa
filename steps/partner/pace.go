package partner

import (
	"context"
	"sync"
	"time"
)

// defaultRate is how many requests a second a server in use is asked at most.
const defaultRate = 5.0

// pace spreads requests evenly.
type pace struct {
	gap   time.Duration
	now   func() time.Time
	sleep func(ctx context.Context, d time.Duration) error

	mu   sync.Mutex
	next time.Time
}

// wait returns when the next request may go out, or ctx ends.
func (p *pace) wait(ctx context.Context) error {
	p.mu.Lock()
	now := p.now()
	turn := p.next
	if turn.Before(now) {
		turn = now
	}
	p.next = turn.Add(p.gap)
	p.mu.Unlock()
	if turn.Equal(now) {
		return ctx.Err()
	}
	return p.sleep(ctx, turn.Sub(now))
}

// Sleep waits for d, or until ctx ends.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

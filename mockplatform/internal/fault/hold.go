package fault

import (
	"context"
	"fmt"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// Timer starts to wait for d of real time. The channel tells of the end; stop
// frees what the wait holds. Tests put their own in.
type Timer func(d time.Duration) (ended <-chan time.Time, stop func() bool)

func machineTimer(d time.Duration) (<-chan time.Time, func() bool) {
	t := time.NewTimer(d)
	return t.C, t.Stop
}

// MaxWait bounds the real time that a fault holds a request.
const MaxWait = time.Minute

// defaultTimeout is how long a barrier holds unless it says otherwise.
const defaultTimeout = 5 * time.Second

// Holds reports whether the action keeps the request or its answer waiting.
func Holds(a control.FaultAction) bool {
	return a.Kind == KindDelayBefore || a.Kind == KindDelayAfter || a.Kind == KindBarrier
}

// Hold waits where a fault that fired lets its request wait before the work:
// delay_before and barrier. It returns early when ctx ends. The note is a
// sentence for the journal, or empty.
func (p *Plan) Hold(ctx context.Context, f control.Fault) (note string) {
	switch f.Action.Kind {
	case KindDelayBefore:
		p.Wait(ctx, span(f.Action.Delay))
	case KindBarrier:
		if b := p.barrier(f.ID); b != nil {
			return p.meet(ctx, b, f)
		}
	}
	return ""
}

// Wait waits for d of real time or until ctx ends.
func (p *Plan) Wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	ended, stop := p.timer(d)
	defer stop()
	select {
	case <-ended:
	case <-ctx.Done():
	}
}

// barrier holds requests until enough of them came. All of it is guarded by
// the plan's lock, but for the channel.
type barrier struct {
	wanted   int
	came     int
	open     bool          // full, or given up
	why      string        // it opened
	released chan struct{} // closed when it opens
}

func newBarrier(wanted int) *barrier {
	return &barrier{wanted: wanted, released: make(chan struct{})}
}

func (b *barrier) release(why string) {
	if b.open {
		return
	}
	b.open, b.why = true, why
	close(b.released)
}

func (b *barrier) giveUp(why string) {
	b.release(fmt.Sprintf("%s with %d of %d requests, which went on", why, b.came, b.wanted))
}

func (p *Plan) barrier(id string) *barrier {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.faults {
		if f.ID == id {
			return f.barrier
		}
	}
	return nil
}

// meet lets one request arrive at the barrier and holds it there.
func (p *Plan) meet(ctx context.Context, b *barrier, f control.Fault) string {
	timeout := span(f.Action.Timeout)
	if f.Action.Timeout == "" {
		timeout = defaultTimeout
	}
	p.mu.Lock()
	if b.came++; b.came == b.wanted {
		b.release(fmt.Sprintf("the barrier released %d requests together", b.wanted))
	}
	p.mu.Unlock()
	ended, stop := p.timer(timeout)
	defer stop()
	select {
	case <-b.released:
	case <-ended:
		p.mu.Lock()
		b.giveUp("the barrier timed out after " + timeout.String())
		p.mu.Unlock()
	case <-ctx.Done():
		return "the client went away from the barrier"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return b.why
}

package fault

import (
	"context"
	"fmt"
	"slices"
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

// Holds reports whether the fault keeps the request or its answer waiting.
func Holds(f control.Fault) bool {
	return slices.ContainsFunc(actions(f), func(a control.FaultAction) bool {
		return a.Kind == KindDelayBefore || a.Kind == KindDelayAfter || a.Kind == KindBarrier
	})
}

// Hold waits where a fault that fired lets its request wait before the work:
// delay_before and barrier. It returns early when ctx ends. The note is a
// sentence for the journal, or empty.
func (p *Plan) Hold(ctx context.Context, f control.Fault) (note string) {
	if f.Action.Kind == KindBarrier {
		if a := p.lookup(f.ID); a != nil {
			note = p.meet(ctx, a)
		}
	}
	if delay, is := actionOf(f, KindDelayBefore); is {
		p.Wait(ctx, span(delay.Delay))
	}
	return note
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

// barrier holds requests until enough of them came, to whichever process. What
// is not a channel is guarded by the plan's lock.
type barrier struct {
	open     bool          // full, or given up
	why      string        // it opened
	released chan struct{} // closed when it opens
}

func newBarrier() *barrier { return &barrier{released: make(chan struct{})} }

func (b *barrier) release(why string) {
	if b == nil || b.open {
		return
	}
	b.open, b.why = true, why
	close(b.released)
}

// gaveUp is why a barrier opens that is not full.
func (f *armed) gaveUp(why string) string {
	return fmt.Sprintf("%s with %s of %d requests, which went on", why, arrivals, f.Count)
}

// open opens the fault's barrier in every process.
func (p *Plan) open(f *armed, why string) {
	one := News{opened + f.ID, p.tally.Open(f.ID, why)}
	p.tell([]News{one})
	p.mu.Lock()
	defer p.mu.Unlock()
	f.barrier.release(one.Document)
}

// meet lets one request arrive at the barrier and holds it there.
func (p *Plan) meet(ctx context.Context, f *armed) string {
	timeout := span(f.Action.Timeout)
	if f.Action.Timeout == "" {
		timeout = defaultTimeout
	}
	if p.tally.Arrive(f.ID) == f.Count {
		p.open(f, fmt.Sprintf("the barrier released %d requests together", f.Count))
	}
	ended, stop := p.timer(timeout)
	defer stop()
	select {
	case <-f.barrier.released:
	case <-ended:
		p.open(f, f.gaveUp("the barrier timed out after "+timeout.String()))
	case <-ctx.Done():
		return "the client went away from the barrier"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return f.barrier.why
}

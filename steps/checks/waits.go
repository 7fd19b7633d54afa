package checks

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/mint-conformance/mint/steps/report"
)

// pause is the longest wait that is part of what a check does, and asks for no
// budget.
const pause = 5 * time.Second

// Waits orders checks against a server in use. One check at a time may send
// requests; while it waits for time to pass the others go on, so that all that
// wait do so side by side.
type Waits struct {
	// Budget is how much real time a run may spend waiting altogether.
	Budget time.Duration
	Now    func() time.Time
	Sleep  func(ctx context.Context, d time.Duration) error

	turn chan struct{}

	mu    sync.Mutex
	spent time.Duration
	until time.Time // when the last of the waits under way ends
}

// NewWaits returns Waits with the turn free.
func NewWaits(budget time.Duration, now func() time.Time, sleep func(context.Context, time.Duration) error) *Waits {
	return &Waits{Budget: budget, Now: now, Sleep: sleep, turn: make(chan struct{}, 1)}
}

// turn is one check's hold of the turn. It is used by one goroutine.
type turn struct {
	waits *Waits
	held  bool
}

type turnKey struct{}

// Turn waits until the check may send requests. What it returns ends the turn;
// the context it returns is for Pass.
func (w *Waits) Turn(ctx context.Context) (context.Context, func(), error) {
	t := &turn{waits: w}
	if err := t.take(ctx); err != nil {
		return ctx, func() {}, err
	}
	return context.WithValue(ctx, turnKey{}, t), t.leave, nil
}

func (t *turn) take(ctx context.Context) error {
	select {
	case t.waits.turn <- struct{}{}:
		t.held = true
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *turn) leave() {
	if t.held {
		t.held = false
		<-t.waits.turn
	}
}

// Pass waits for d if the budget allows, with the turn given to others.
// Without, or without Waits, the check could not run.
func (w *Waits) Pass(ctx context.Context, d time.Duration) error {
	if w == nil {
		return report.Unable(fmt.Errorf("it needs %s to pass, which this run does not wait for", d))
	}
	if d <= pause {
		return w.Sleep(ctx, d)
	}
	if lacking := w.afford(d); lacking > 0 {
		return report.Unable(fmt.Errorf("it needs %s to pass, %s more than this run may wait; give --wait-budget %s, or have the server issue short-lived tokens to the test clients",
			d.Round(time.Second), lacking.Round(time.Second), (w.Budget + lacking).Round(time.Second)))
	}
	t, ok := ctx.Value(turnKey{}).(*turn)
	if !ok {
		return w.Sleep(ctx, d)
	}
	t.leave()
	if err := w.Sleep(ctx, d); err != nil {
		return err
	}
	return t.take(ctx)
}

// afford books a wait that begins now; time that other waits take anyway is
// not booked again. Above 0 it is what the budget lacks.
func (w *Waits) afford(d time.Duration) (lacking time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.Now()
	from := w.until
	if from.Before(now) {
		from = now
	}
	end := now.Add(d)
	more := max(0, end.Sub(from))
	if w.spent+more > w.Budget {
		return w.spent + more - w.Budget
	}
	w.spent += more
	if end.After(w.until) {
		w.until = end
	}
	return 0
}

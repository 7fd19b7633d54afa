package checks

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mint-conformance/mint/steps/report"
)

// TestWaitsAreShared: checks that wait do so side by side, and the time counts
// once; what does not fit into the budget could not run.
func TestWaitsAreShared(t *testing.T) {
	at := time.Unix(1000, 0)
	w := NewWaits(time.Minute, func() time.Time { return at }, nil)
	for _, step := range []struct {
		after, wait, lacking time.Duration
	}{
		{0, 40 * time.Second, 0},
		{10 * time.Second, 30 * time.Second, 0},                // ends with the first
		{0, 50 * time.Second, 0},                               // 20 s more: 60 in all
		{0, 51 * time.Second, time.Second},                     // 1 s too much
		{60 * time.Second, 10 * time.Second, 10 * time.Second}, // later, nothing is left
	} {
		at = at.Add(step.after)
		if lacking := w.afford(step.wait); lacking != step.lacking {
			t.Errorf("%s at %s: lacks %s, want %s", step.wait, at.Sub(time.Unix(1000, 0)), lacking, step.lacking)
		}
	}
}

func TestPassSaysWhatTheBudgetLacks(t *testing.T) {
	w := NewWaits(time.Minute, func() time.Time { return time.Unix(1000, 0) }, nil)
	err := w.Pass(t.Context(), 20*time.Minute)
	if !report.IsUnable(err) || !strings.Contains(err.Error(), "it needs 20m0s to pass, 19m0s more than this run may wait; give --wait-budget 20m0s") {
		t.Errorf("error %v", err)
	}
	if err := (*Waits)(nil).Pass(t.Context(), time.Second); !report.IsUnable(err) {
		t.Errorf("without waits: %v", err)
	}
}

// TestOneCheckAtATime: while one waits the other goes on, and then only one of
// them is at work.
func TestOneCheckAtATime(t *testing.T) {
	inside, most := 0, 0
	var mu sync.Mutex
	enter := func(by int) {
		mu.Lock()
		defer mu.Unlock()
		inside += by
		most = max(most, inside)
	}
	waiting, awake := make(chan struct{}), make(chan struct{})
	w := NewWaits(time.Minute, func() time.Time { return time.Unix(1000, 0) }, func(context.Context, time.Duration) error {
		close(waiting)
		<-awake
		return nil
	})
	var done sync.WaitGroup
	done.Go(func() {
		ctx, yield, err := w.Turn(t.Context())
		defer yield()
		enter(1)
		enter(-1)
		if err == nil {
			err = w.Pass(ctx, 30*time.Second)
		}
		if err != nil {
			t.Error(err)
		}
		enter(1)
		enter(-1)
	})
	<-waiting
	_, yield, err := w.Turn(t.Context()) // the other's wait has left the turn free
	if err != nil {
		t.Fatal(err)
	}
	enter(1)
	close(awake)
	enter(-1)
	yield()
	done.Wait()
	if most != 1 {
		t.Errorf("%d checks sent requests side by side", most)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, _, err := w.Turn(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, _, err := w.Turn(ctx); err == nil {
		t.Error("a turn was given although somebody has it")
	}
}

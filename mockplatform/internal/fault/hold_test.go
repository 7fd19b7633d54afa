package fault

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

var noon = time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)

func barrierOf(count int, timeout string) control.Fault {
	return control.Fault{
		Match: control.FaultMatch{Endpoint: EndpointToken}, Count: count,
		Action: control.FaultAction{Kind: KindBarrier, Timeout: timeout},
	}
}

// meet fires and holds once, and answers the journal's note.
func meet(ctx context.Context, p *Plan) string {
	f, fires := p.Fire(Request{Endpoint: EndpointToken})
	if !fires {
		return "passed"
	}
	return p.Hold(ctx, f)
}

func TestBarrier(t *testing.T) {
	for _, tc := range []struct {
		name    string
		count   int
		calls   int
		timeout string
		want    string
		took    time.Duration
	}{
		{"full", 3, 3, "", "the barrier released 3 requests together", 0},
		{"short by one", 3, 2, "", "the barrier timed out after 5s with 2 of 3 requests, which went on", 5 * time.Second},
		{"short, own timeout", 3, 1, "20s", "the barrier timed out after 20s with 1 of 3 requests, which went on", 20 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := NewPlan(nil)
				arm(t, p, barrierOf(tc.count, tc.timeout))
				start := time.Now() //nolint:forbidigo // the bubble's clock
				notes := make([]string, tc.calls)
				var all sync.WaitGroup
				for i := range notes {
					all.Go(func() { notes[i] = meet(t.Context(), p) })
				}
				all.Wait()
				for _, note := range notes {
					if note != tc.want {
						t.Errorf("note %q, want %q", note, tc.want)
					}
				}
				if took := time.Since(start); took != tc.took { //nolint:forbidigo // the bubble's clock
					t.Errorf("held for %s, want %s", took, tc.took)
				}
				if got := meet(t.Context(), p); got != "passed" {
					t.Errorf("a later request: %q", got)
				}
				if got := p.List()[0]; got.Fired != tc.calls || got.Missed() != (tc.calls < tc.count) {
					t.Errorf("it fired %d of %d times", got.Fired, got.Count)
				}
			})
		})
	}
}

func TestBarrierLetsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPlan(nil)
		f := arm(t, p, barrierOf(2, ""))
		done := make(chan string, 1)
		go func() { done <- meet(t.Context(), p) }()
		synctest.Wait()
		p.Disarm(f.ID)
		if got := <-done; got != "the barrier was disarmed with 1 of 2 requests, which went on" {
			t.Errorf("disarmed: %q", got)
		}
		arm(t, p, barrierOf(2, ""))
		ctx, cancel := context.WithCancel(t.Context())
		go func() { done <- meet(ctx, p) }()
		synctest.Wait()
		cancel()
		if got := <-done; !strings.Contains(got, "client went away") {
			t.Errorf("cancelled: %q", got)
		}
	})
}

func TestDelays(t *testing.T) {
	for _, tc := range []struct {
		kind   string
		before time.Duration
		after  time.Duration
	}{{KindDelayBefore, 2 * time.Second, 0}, {KindDelayAfter, 0, 2 * time.Second}} {
		synctest.Test(t, func(t *testing.T) {
			p := NewPlan(nil)
			f := arm(t, p, control.Fault{
				Match: control.FaultMatch{Endpoint: EndpointToken}, Action: control.FaultAction{Kind: tc.kind, Delay: "2s"}, Count: 1,
			})
			start := time.Now() //nolint:forbidigo // the bubble's clock
			p.Hold(t.Context(), f)
			if took := time.Since(start); took != tc.before { //nolint:forbidigo // the bubble's clock
				t.Errorf("%s: held the request for %s, want %s", tc.kind, took, tc.before)
			}
			p.Wait(t.Context(), Delay(f))
			if took := time.Since(start) - tc.before; took != tc.after { //nolint:forbidigo // the bubble's clock
				t.Errorf("%s: held the answer for %s, want %s", tc.kind, took, tc.after)
			}
		})
	}
}

func TestLag(t *testing.T) {
	p := NewPlan(nil)
	byUse := control.Fault{ID: "a", Action: control.FaultAction{Kind: KindLag, Uses: 2}}
	byTime := control.Fault{ID: "b", Action: control.FaultAction{Kind: KindLag, Lag: "5s"}}
	p.Issued(byUse, "one", noon)
	p.Issued(byTime, "two", noon)
	p.Issued(control.Fault{Action: control.FaultAction{Kind: KindExpiry}}, "three", noon)
	for i, tc := range []struct {
		token string
		at    time.Duration
		want  string
	}{
		{"one", 0, "a"}, {"one", time.Hour, "a"}, {"one", time.Hour, ""}, {"one", time.Hour, ""},
		{"two", 0, "b"}, {"two", 5*time.Second - 1, "b"}, {"two", 5 * time.Second, ""}, {"two", 0, ""},
		{"three", 0, ""}, {"four", 0, ""},
	} {
		if id, _ := p.Lagging(tc.token, noon.Add(tc.at)); id != tc.want {
			t.Errorf("%d: %s after %s lags by %q, want %q", i, tc.token, tc.at, id, tc.want)
		}
	}
}

package fault

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
	"github.com/mint-conformance/mint/mockplatform/internal/redistest"
)

// onEachTally gives a test each kind of tally as two processes hold it.
func onEachTally(t *testing.T, test func(t *testing.T, one, other Tally)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		memory := newCounts()
		test(t, memory, memory)
	})
	t.Run("redis", func(t *testing.T) {
		client := redistest.Start(t)
		test(t, NewRedisTally(client, "{p}:tally"), NewRedisTally(client, "{p}:tally"))
	})
}

func TestATallyCountsForAll(t *testing.T) {
	onEachTally(t, func(t *testing.T, one, other Tally) {
		if a, b := one.Begin(2), other.Begin(1); a != 1 || b != 3 {
			t.Errorf("numbers begin at %d and %d", a, b)
		}
		second, once, strange := Shots{"fault-1", 2, 1}, Shots{"fault-2", 0, 1}, Shots{"fault-9", 0, 1}
		var at, fired []int
		for i := range 4 {
			a, f := []Tally{one, other}[i%2].Draw([]Shots{strange, second, once})
			at, fired = append(at, a), append(fired, f)
		}
		// The first request is not yet the second that matches; the second is.
		if !slices.Equal(at, []int{2, 1, -1, -1}) || !slices.Equal(fired, []int{1, 1, 0, 0}) {
			t.Errorf("drawn %v, having fired %v", at, fired)
		}
		if got := other.Fired([]string{"fault-1", "fault-2", "fault-3", "fault-9"}); !slices.Equal(got, []int{1, 1, 0, 0}) {
			t.Errorf("fired %v", got)
		}
		if !other.End("fault-3") || one.End("fault-3") || one.End("fault-9") {
			t.Error("a fault is forgotten once")
		}
		if at, _ := one.Draw([]Shots{{"fault-3", 0, 5}}); at != -1 {
			t.Error("a forgotten fault fired")
		}
		if got := one.Begin(1); got != 4 {
			t.Errorf("a number is given again: %d", got)
		}
	})
}

func TestATallyOpensABarrierOnce(t *testing.T) {
	onEachTally(t, func(t *testing.T, one, other Tally) {
		one.Begin(1)
		f := []Shots{{"fault-1", 0, 5}}
		one.Draw(f)
		if a, b := one.Arrive("fault-1"), other.Arrive("fault-1"); a != 1 || b != 2 {
			t.Errorf("arrived %d and %d", a, b)
		}
		if got := other.Open("fault-1", "late with {came} of 5"); got != "late with 2 of 5" {
			t.Errorf("open: %q", got)
		}
		if got := one.Open("fault-1", "another reason"); got != "late with 2 of 5" {
			t.Errorf("open again: %q", got)
		}
		if at, _ := other.Draw(f); at != -1 {
			t.Error("an open barrier has shots")
		}
		one.End("fault-1")
		if other.Arrive("fault-1") != 0 || other.Open("fault-1", "gone") != "gone" {
			t.Error("a forgotten barrier counts")
		}
	})
}

func TestATallyDrawsExactlyCountTimes(t *testing.T) {
	onEachTally(t, func(t *testing.T, one, other Tally) {
		one.Begin(2)
		var first, second atomic.Int64
		var all sync.WaitGroup
		for i := range 100 {
			tally := []Tally{one, other}[i%2]
			all.Go(func() {
				switch at, _ := tally.Draw([]Shots{{"fault-1", 4, 7}, {"fault-2", 0, 30}}); at {
				case 0:
					first.Add(1)
				case 1:
					second.Add(1)
				}
			})
		}
		all.Wait()
		if first.Load() != 7 || second.Load() != 30 {
			t.Errorf("drawn %d and %d times, want 7 and 30", first.Load(), second.Load())
		}
	})
}

// twoPlans are those of two processes.
func twoPlans(t *testing.T) (one, other *Plan) {
	t.Helper()
	client := redistest.Start(t)
	one, other = NewPlan(nil), NewPlan(nil)
	for plan, peer := range map[*Plan]*Plan{one: other, other: one} {
		plan.Share(Sharing{
			Tally: NewRedisTally(client, "{p}:tally"), Lags: lapse.NewRedis(client, "{p}:lags", MaxLags),
			Tell: func(news []News) {
				for _, n := range news {
					plan.Adopt(n.Name, n.Document) // a process hears of its own news too
					peer.Adopt(n.Name, n.Document)
				}
			},
		})
	}
	return one, other
}

func TestPlansOfTwoProcessesAreOne(t *testing.T) {
	one, other := twoPlans(t)
	f := refused(2)
	f.Match.Nth = 2
	f.Action.Headers = map[string]string{"Retry-After": "3"}
	f = arm(t, one, f)
	late := arm(t, other, refused(1))
	var got []string
	for i := range 6 {
		fired, _ := []*Plan{one, other}[i%2].Fire(Request{Endpoint: EndpointToken})
		got = append(got, fired.ID)
	}
	if want := []string{late.ID, f.ID, f.ID, "", "", ""}; !slices.Equal(got, want) {
		t.Errorf("fired %q, want %q", got, want)
	}
	list := other.List()
	if len(list) != 2 || list[0].ID != f.ID || list[0].Fired != 2 || list[1].Fired != 1 || list[0].Action.Headers["Retry-After"] != "3" {
		t.Errorf("listed %+v", list)
	}
	if !other.Disarm(f.ID) || one.Disarm(f.ID) || len(one.List()) != 1 {
		t.Errorf("left are %+v", one.List())
	}
	one.Issued(control.Fault{ID: "a", Action: control.FaultAction{Kind: KindLag, Uses: 1}}, "one", noon)
	if id, _ := other.Lagging("one", noon); id != "a" {
		t.Errorf("in the other process the token lags by %q", id)
	}
	if _, yes := one.Lagging("one", noon); yes {
		t.Error("a use counts in one process only")
	}
}

func TestABarrierHoldsInTwoProcesses(t *testing.T) {
	one, other := twoPlans(t)
	full, left := arm(t, one, barrierOf(3, "")), arm(t, other, control.Fault{
		Match: control.FaultMatch{Endpoint: EndpointAPI}, Count: 2, Action: control.FaultAction{Kind: KindBarrier, Timeout: "1m"},
	})
	notes := make(chan string)
	for i := range 3 {
		go func() { notes <- meet(t.Context(), []*Plan{one, other}[i%2]) }()
	}
	for range 3 {
		if got := <-notes; got != "the barrier released 3 requests together" {
			t.Errorf("released: %q", got)
		}
	}
	if got := one.List()[0]; got.ID != full.ID || got.Fired != 3 {
		t.Errorf("%+v", got)
	}
	f, fires := one.Fire(Request{Endpoint: EndpointAPI})
	if !fires {
		t.Fatal("it does not fire")
	}
	one.timer = func(d time.Duration) (<-chan time.Time, func() bool) { // it waits now: end the wait from the other side
		go other.Disarm(left.ID)
		return machineTimer(d)
	}
	go func() { notes <- one.Hold(t.Context(), f) }()
	if got := <-notes; got != "the barrier was disarmed with 1 of 2 requests, which went on" {
		t.Errorf("disarmed: %q", got)
	}
}

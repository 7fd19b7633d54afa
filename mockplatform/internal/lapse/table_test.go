package lapse

import (
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/redistest"
)

var start = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// onEachTable gives a test each kind of table as two processes hold it.
func onEachTable(t *testing.T, limit int, test func(t *testing.T, one, other Table)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		memory := NewMemory(limit)
		test(t, memory, memory)
	})
	t.Run("redis", func(t *testing.T) {
		client := redistest.Start(t)
		test(t, NewRedis(client, "{p}:t", limit), NewRedis(client, "{p}:t", limit))
	})
}

func TestATableKeepsAValueUntilItEnds(t *testing.T) {
	onEachTable(t, 10, func(t *testing.T, one, other Table) {
		ends := start.Add(time.Minute)
		Put(one, start, "a", "1", ends)
		Put(one, start, "b", "2", time.Time{})
		for _, tc := range []struct {
			name string
			at   time.Duration
			want string
		}{
			{"a", 0, "1"}, {"a", time.Minute - time.Microsecond, "1"}, {"a", time.Minute, ""}, {"a", time.Hour, ""},
			{"b", 0, "2"}, {"b", 24 * 365 * time.Hour, "2"}, {"c", 0, ""},
		} {
			if got := other.Get(start.Add(tc.at), tc.name); got != tc.want {
				t.Errorf("%s after %s is %q, want %q", tc.name, tc.at, got, tc.want)
			}
		}
		before := other.Change(ends, "a", func(value string) (string, time.Time) { return "was " + value, ends.Add(time.Minute) })
		if got := one.Get(ends, "a"); before != "" || got != "was " {
			t.Errorf("what followed on a value that ended is %q, on %q", got, before)
		}
		if got := Take(other, ends, "a") + "|" + Take(one, ends, "a"); got != "was |" {
			t.Errorf("taken twice: %s", got)
		}
		other.Sweep(start.Add(2 * time.Hour))
		if got := one.Get(start, "b"); got != "2" {
			t.Errorf("the sweep left %q of a value without end", got)
		}
	})
}

// Going back in time is the only way to see that the sweep forgot.
func TestASweepForgetsWhatEnded(t *testing.T) {
	onEachTable(t, 10, func(t *testing.T, one, other Table) {
		Put(one, start, "a", "1", start.Add(time.Minute))
		Put(one, start, "b", "2", start.Add(time.Hour))
		other.Sweep(start.Add(time.Minute))
		if a, b := one.Get(start, "a"), one.Get(start, "b"); a != "" || b != "2" {
			t.Errorf("left are %q and %q", a, b)
		}
	})
}

func TestATableIsBounded(t *testing.T) {
	onEachTable(t, 8, func(t *testing.T, one, _ Table) {
		for i := range 8 {
			Put(one, start, "old-"+strconv.Itoa(i), "x", start.Add(time.Duration(i+1)*time.Minute))
		}
		Put(one, start, "old-7", "y", start.Add(8*time.Minute)) // no new name: nothing goes
		Put(one, start, "forever", "z", time.Time{})            // the quarter that ends soonest goes
		Put(one, start, "new", "n", start.Add(time.Hour))
		kept := ""
		for _, name := range []string{"old-0", "old-1", "old-2", "old-3", "old-4", "old-5", "old-6", "old-7", "forever", "new"} {
			kept += one.Get(start, name)
		}
		if kept != "xxxxxyzn" {
			t.Errorf("kept are %s", kept)
		}
		Put(one, start.Add(5*time.Minute), "later", "l", time.Time{}) // three have ended by now
		if got := one.Get(start, "old-5") + one.Get(start, "old-4") + one.Get(start, "old-2"); got != "x" {
			t.Errorf("after some ended, kept are %s", got)
		}
	})
}

func TestLongNamesAreTheirOwn(t *testing.T) {
	onEachTable(t, 10, func(t *testing.T, one, other Table) {
		long := strings.Repeat("x", 10_000)
		Put(one, start, long, "1", time.Time{})
		Put(one, start, long+"x", "2", time.Time{})
		Put(one, start, short(long), "3", time.Time{})
		if got := other.Get(start, long) + other.Get(start, long+"x") + other.Get(start, short(long)); got != "123" {
			t.Errorf("kept are %s", got)
		}
	})
}

func TestOneOfManyTakesAValue(t *testing.T) {
	onEachTable(t, 10, func(t *testing.T, one, other Table) {
		for round := range 20 {
			name := strconv.Itoa(round)
			Put(one, start, name, "1", time.Time{})
			var won atomic.Int32
			var all sync.WaitGroup
			for i := range 10 {
				table := []Table{one, other}[i%2]
				all.Go(func() {
					if Take(table, start, name) != "" {
						won.Add(1)
					}
					table.Change(start, "sum", func(value string) (string, time.Time) { return value + "1", time.Time{} })
				})
			}
			all.Wait()
			if won.Load() != 1 {
				t.Fatalf("%d took one value", won.Load())
			}
		}
		if got := len(one.Get(start, "sum")); got != 200 {
			t.Errorf("%d of 200 changes are left", got)
		}
	})
}

package application

import (
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/mockplatform/internal/redistest"
)

// onEachShelf gives a test each kind of shelf as two processes hold it.
func onEachShelf(t *testing.T, test func(t *testing.T, one, other Shelf)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		memory := NewMemory()
		test(t, memory, memory)
	})
	t.Run("redis", func(t *testing.T) {
		client := redistest.Start(t)
		test(t, NewRedis(client, "{p}"), NewRedis(client, "{p}"))
	})
}

func TestAShelfKeepsApplications(t *testing.T) {
	onEachShelf(t, func(t *testing.T, one, other Shelf) {
		own := Application{
			ID: "own", Secret: "s", Name: "Own", RedirectURIs: []string{"https://a.example"}, Grants: []string{"refresh_token"},
			AuthMethods: []string{"basic"}, Scope: []string{"ads.read"}, RegisteredAt: now, ManagementToken: "m",
		}
		one.Seed([]Application{own})
		if got, known := other.Get("own"); !known || cmp.Diff(own, got) != "" {
			t.Errorf("the other process has %+v, %t", got, known)
		}
		if _, known := other.Change("own", func(a *Application) { a.Name = "New" }); !known {
			t.Error("the other process cannot change it")
		}
		other.Seed([]Application{own}) // a process that starts later
		if got, _ := one.Get("own"); got.Name != "New" {
			t.Errorf("a later start put %q in place of the change", got.Name)
		}
		if _, known := one.Change("nobody", func(*Application) {}); known {
			t.Error("an unknown application was changed")
		}
		if !one.Add(Application{ID: "b"}, 2) || other.Add(Application{ID: "c"}, 2) {
			t.Error("the limit is two")
		}
		var ids []string
		for _, a := range other.All() {
			ids = append(ids, a.ID)
		}
		if slices.Sort(ids); !slices.Equal(ids, []string{"b", "own"}) {
			t.Errorf("on the shelf: %v", ids)
		}
		if !other.Remove("b") || one.Remove("b") {
			t.Error("an application is removed once")
		}
		if _, known := one.Get("b"); known {
			t.Error("a removed application is still there")
		}
	})
}

// No change is lost, and the limit holds, however many come at once.
func TestAShelfTakesManyAtOnce(t *testing.T) {
	onEachShelf(t, func(t *testing.T, one, other Shelf) {
		one.Seed([]Application{{ID: "own"}})
		var added atomic.Int64
		var wait sync.WaitGroup
		for n := range 40 {
			shelf := []Shelf{one, other}[n%2]
			wait.Go(func() {
				shelf.Change("own", func(a *Application) { a.Former = append(a.Former, strconv.Itoa(n)) })
				if shelf.Add(Application{ID: strconv.Itoa(n)}, 11) {
					added.Add(1)
				}
			})
		}
		wait.Wait()
		if a, _ := one.Get("own"); len(a.Former) != 40 {
			t.Errorf("%d of 40 changes are there", len(a.Former))
		}
		if added.Load() != 10 || len(one.All()) != 11 {
			t.Errorf("%d were added, %d are there", added.Load(), len(one.All()))
		}
	})
}

package journal

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/redistest"
)

// onEachRecord gives a test each kind of record as two processes hold it.
func onEachRecord(t *testing.T, bound int, test func(t *testing.T, one, other *Journal)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		memory := New(key, bound)
		test(t, memory, memory)
	})
	t.Run("redis", func(t *testing.T) {
		client := redistest.Start(t)
		over := func() *Journal {
			return Over(NewRedis(RedisConfig{
				Client: client, Key: "{p}:journal", Bound: Bounded(bound), Channel: "grew", Word: "p", Added: heard(t, client),
			}), key, bound)
		}
		test(t, over(), over())
	})
}

// heard listens for what records publish.
func heard(t *testing.T, client *redis.Client) func() <-chan struct{} {
	t.Helper()
	listening := client.Subscribe(t.Context(), "grew")
	if _, err := listening.Receive(t.Context()); err != nil { // until it listens
		t.Fatal(err)
	}
	var mu sync.Mutex
	added := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		for range listening.Channel() {
			mu.Lock()
			close(added)
			added = make(chan struct{})
			mu.Unlock()
		}
	})
	t.Cleanup(func() {
		_ = listening.Close()
		done.Wait()
	})
	return func() <-chan struct{} {
		mu.Lock()
		defer mu.Unlock()
		return added
	}
}

func TestARecordKeepsTheNewestAndCountsTheRest(t *testing.T) {
	onEachRecord(t, 3, func(t *testing.T, one, other *Journal) {
		if got := one.Since(0); len(got.Exchanges) != 0 || got.Last != 0 || got.Dropped != 0 || got.Exchanges == nil {
			t.Errorf("empty journal: %+v", got)
		}
		for i, p := range []string{"a", "b", "c", "d", "e"} {
			if seq := []*Journal{one, other}[i%2].Add(control.Exchange{Path: p, Seq: 77}); seq != int64(i+1) {
				t.Errorf("%s has number %d", p, seq)
			}
		}
		for _, tc := range []struct {
			after int64
			want  string
		}{{0, "3c 4d 5e"}, {2, "3c 4d 5e"}, {3, "4d 5e"}, {5, ""}, {9, ""}, {-4, "3c 4d 5e"}} {
			got := other.Since(tc.after)
			if paths(got) != tc.want || got.Last != 5 || got.Dropped != 2 || got.Next != max(5, tc.after) {
				t.Errorf("after %d: %s last %d next %d dropped %d, want %s", tc.after, paths(got), got.Last, got.Next, got.Dropped, tc.want)
			}
		}
	})
}

func TestARecordKeepsAllOfAnExchange(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 0, 0, 123456789, time.UTC)
	full := control.Exchange{
		At: at, RealAt: at.Add(time.Hour), Endpoint: "token", Method: "POST", Path: "/p/oauth2/token", Status: 400,
		ClientID: "mint-web", Customer: "maya", GrantType: "refresh_token", Scope: "ads.read", AuthMethod: "basic",
		Verdict: control.VerdictRefused, Error: "invalid_grant", Reason: "the <token> is spent", Fault: "fault-1", Family: "grant-1",
		Parameters: map[string]string{"scope": "ads.read"}, Query: []string{"client_id"}, ContentType: "application/json",
		Presented: map[string]string{"refresh_token": "0123456789abcdef"}, Issued: map[string]string{"access_token": "fedcba9876543210"},
	}
	onEachRecord(t, 3, func(t *testing.T, one, other *Journal) {
		one.Add(full)
		memory := New(key, 3)
		memory.Add(full)
		if diff := cmp.Diff(memory.Since(0), other.Since(0)); diff != "" {
			t.Errorf("as it is in memory (-) and here (+):\n%s", diff)
		}
	})
}

func TestLongRecordsAreReadWhole(t *testing.T) {
	const many = 2*redisBatch + 1
	onEachRecord(t, many, func(t *testing.T, one, other *Journal) {
		for i := range many + 5 {
			one.Add(control.Exchange{Path: fmt.Sprint(i + 1)})
		}
		got := other.Since(0)
		if len(got.Exchanges) != many || got.Dropped != 5 || got.Exchanges[0].Path != "6" || got.Exchanges[many-1].Seq != many+5 {
			t.Errorf("%d exchanges, %d dropped", len(got.Exchanges), got.Dropped)
		}
		some := other.Select(control.JournalFilter{After: 7, Limit: redisBatch + 1})
		if len(some.Exchanges) != redisBatch+1 || some.Next != 7+redisBatch+1 || some.Exchanges[0].Seq != 8 || some.Last != many+5 {
			t.Errorf("%d exchanges, next %d", len(some.Exchanges), some.Next)
		}
	})
}

func TestAWaitEndsWhereverTheExchangeCame(t *testing.T) {
	onEachRecord(t, 3, func(t *testing.T, one, other *Journal) {
		got := make(chan control.Journal)
		wants := control.JournalFilter{Endpoint: "token"}
		for _, j := range []*Journal{one, other} {
			go func() { got <- j.Wait(t.Context(), wants, time.Minute) }()
		}
		one.Add(control.Exchange{Path: "a", Endpoint: "api"})
		other.Add(control.Exchange{Path: "b", Endpoint: "token"})
		for range 2 {
			if g := <-got; paths(g) != "2b" {
				t.Errorf("waited for %q", paths(g))
			}
		}
	})
}

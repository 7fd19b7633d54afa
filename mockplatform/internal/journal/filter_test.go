package journal

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

var noon = time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)

// filled has one exchange of each kind that a filter tells apart.
func filled() *Journal {
	j := New(key, 0)
	fp := j.Fingerprint
	for i, e := range []control.Exchange{
		{Path: "a", Endpoint: "authorize", Method: http.MethodGet, Status: 303, ClientID: "mint-web", Customer: "maya", Issued: map[string]string{"code": fp("c1")}},
		{Path: "b", Endpoint: "token", Method: http.MethodPost, Status: 200, ClientID: "mint-web", Customer: "maya", GrantType: "authorization_code", Family: "g1",
			Presented: map[string]string{"code": fp("c1")}, Parameters: map[string]string{"code": Prefix + fp("c1"), "code_verifier": Prefix + fp("v1")}},
		{Path: "c", Endpoint: "token", Method: http.MethodPost, Status: 400, Error: "invalid_grant", ClientID: "shop", GrantType: "refresh_token", Family: "g2"},
		{Path: "d", Endpoint: "api", Method: http.MethodGet, Status: 401, Error: "invalid_token", Customer: "victor", Fault: "f1"},
		{Path: "e", Endpoint: "api", Method: http.MethodGet, Fault: "f2"},
	} {
		e.At = noon.Add(time.Duration(i) * time.Minute)
		j.Add(e)
	}
	return j
}

func TestFilter(t *testing.T) {
	j := filled()
	for _, test := range []struct {
		name   string
		filter control.JournalFilter
		want   string
		next   int64
	}{
		{"none", control.JournalFilter{}, "1a 2b 3c 4d 5e", 5},
		{"after", control.JournalFilter{After: 3}, "4d 5e", 5},
		{"since is inclusive", control.JournalFilter{Since: noon.Add(3 * time.Minute)}, "4d 5e", 5},
		{"since a nanosecond later", control.JournalFilter{Since: noon.Add(3*time.Minute + 1)}, "5e", 5},
		{"endpoint", control.JournalFilter{Endpoint: "token"}, "2b 3c", 5},
		{"client", control.JournalFilter{Client: "mint-web"}, "1a 2b", 5},
		{"customer", control.JournalFilter{Customer: "victor"}, "4d", 5},
		{"grant type", control.JournalFilter{GrantType: "refresh_token"}, "3c", 5},
		{"status", control.JournalFilter{Status: "400"}, "3c", 5},
		{"class", control.JournalFilter{Status: "4xx"}, "3c 4d", 5},
		{"dropped", control.JournalFilter{Status: "dropped"}, "5e", 5},
		{"error", control.JournalFilter{Error: "invalid_grant"}, "3c", 5},
		{"any error", control.JournalFilter{Error: "any"}, "3c 4d", 5},
		{"accepted", control.JournalFilter{Verdict: "accepted"}, "1a 2b", 5},
		{"refused", control.JournalFilter{Verdict: "refused"}, "3c", 5},
		{"faulted", control.JournalFilter{Verdict: "faulted"}, "4d 5e", 5},
		{"family", control.JournalFilter{Family: "g2"}, "3c", 5},
		{"fingerprint of a code", control.JournalFilter{Fingerprint: j.Fingerprint("c1")}, "1a 2b", 5},
		{"with its prefix", control.JournalFilter{Fingerprint: Prefix + j.Fingerprint("c1")}, "1a 2b", 5},
		{"fingerprint of a verifier", control.JournalFilter{Fingerprint: j.Fingerprint("v1")}, "2b", 5},
		{"all must fit", control.JournalFilter{Endpoint: "token", Status: "200"}, "2b", 5},
		{"limit", control.JournalFilter{Endpoint: "token", Limit: 1}, "2b", 2},
		{"limit, going on", control.JournalFilter{Endpoint: "token", Limit: 1, After: 2}, "3c", 3},
		{"nothing", control.JournalFilter{Family: "g9"}, "", 5},
		{"beyond the end", control.JournalFilter{After: 9}, "", 9},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := j.Select(test.filter)
			if paths(got) != test.want || got.Next != test.next || got.Last != 5 {
				t.Errorf("%s, next %d, last %d; want %s, next %d", paths(got), got.Next, got.Last, test.want, test.next)
			}
		})
	}
}

// A filtered wait sleeps through what does not fit.
func TestWaitWithFilter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := New(key, 0)
		got := make(chan control.Journal, 1)
		go func() { got <- j.Wait(t.Context(), control.JournalFilter{Status: "4xx"}, time.Minute) }()
		synctest.Wait()
		j.Add(control.Exchange{Path: "a", Status: 200})
		synctest.Wait()
		if len(got) != 0 {
			t.Fatalf("woken by %s", paths(<-got))
		}
		j.Add(control.Exchange{Path: "b", Status: 404})
		if g := <-got; paths(g) != "2b" || g.Next != 2 {
			t.Errorf("waited for %q, next %d", paths(g), g.Next)
		}
		if g := j.Wait(t.Context(), control.JournalFilter{Status: "500"}, time.Second); len(g.Exchanges) != 0 || g.Next != 2 {
			t.Errorf("after the bound: %+v", g)
		}
	})
}

func TestValidStatus(t *testing.T) {
	for _, good := range []string{"200", "404", "5xx", "dropped"} {
		if !ValidStatus(good) {
			t.Errorf("%q is refused", good)
		}
	}
	for _, wrong := range []string{"", "0", "20", "2000", "6xx", "x00", "4xy", "40x", "DROPPED"} {
		if ValidStatus(wrong) {
			t.Errorf("%q is taken", wrong)
		}
	}
}

// What follows from an entry is filled in, and the caller's maps stay his.
func TestComplete(t *testing.T) {
	j := New(key, 0)
	shared := map[string]string{"code": "0123456789abcdef"}
	j.Add(control.Exchange{
		Status: 400, Error: "invalid_grant", ClientID: "q7Zk", Reason: "scope q7Zk is unknown", Presented: shared,
		Parameters: j.Parameters(map[string][]string{"code": {"c"}, "code_verifier": {"v"}, "refresh_token": {"a", "b"}}),
	})
	got := j.Since(0).Exchanges[0]
	fp := Prefix + j.Fingerprint("q7Zk")
	if got.Verdict != "refused" || got.ClientID != fp || got.Reason != "scope "+fp+" is unknown" {
		t.Errorf("%+v", got)
	}
	if len(got.Presented) != 2 || got.Presented["code"] != "0123456789abcdef" || got.Presented["code_verifier"] != j.Fingerprint("v") || len(shared) != 1 {
		t.Errorf("presented %v, the caller's map %v", got.Presented, shared)
	}
}

package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// asking sends the operations on a customer's data with one access token.
type asking struct {
	c      wireClient
	p      control.Platform
	bearer string
}

func (a asking) send(operation string) reply {
	campaign := a.p.Endpoints.Campaigns + "/c-101"
	with := func(method, target, body string) reply {
		return a.c.send(method, target, body, "Authorization", a.bearer, "Content-Type", "application/json")
	}
	switch operation {
	case "list_campaigns":
		return with(http.MethodGet, a.p.Endpoints.Campaigns, "")
	case "read_campaign":
		return with(http.MethodGet, campaign, "")
	case "read_metrics":
		return with(http.MethodGet, campaign+"/metrics?from=2026-11-02&to=2026-11-03", "")
	case "query_metrics":
		return with(http.MethodPost, campaign+"/metrics", `{"from":"2026-11-02","to":"2026-11-03"}`)
	}
	return with(http.MethodPatch, campaign, `{"daily_budget_cents":9600}`)
}

// The report asked for by POST is the one of GET, judged as strictly.
func TestReportQueryAnswersAsTheReportDoes(t *testing.T) {
	server := startAt(t, noon, "service")
	c := newWireClient(t)
	p := described(t, server, "service")
	a := asking{c, p, "Bearer " + tokens(t, c, p, "maya", map[string]string{"ads.write": "off"}).member("access_token")}
	got, want := a.send("query_metrics"), a.send("read_metrics")
	if diff := cmp.Diff(want.body, got.body); diff != "" || got.status != http.StatusOK || strings.Count(got.body, `"date":"2026-11-0`) != 2 {
		t.Errorf("answered %d (-GET +POST):\n%s", got.status, diff)
	}
	if cached := got.header.Get("Cache-Control"); cached != "no-store" {
		t.Errorf("Cache-Control %q", cached)
	}
	target := p.Endpoints.Campaigns + "/c-101/metrics"
	for _, test := range []struct {
		name, target, media, body string
		status                    int
		says                      string
	}{
		{"all days", target, "application/json", `{}`, 200, `{"campaign_id":"c-101"`},
		{"bad day", target, "application/json", `{"from":"yesterday"}`, 400, "from: must be a date"},
		{"unknown member", target, "application/json", `{"since":"2026-11-02"}`, 400, `since`},
		{"no body", target, "application/json", ``, 400, "the body is not the expected JSON document"},
		{"a form", target, "application/x-www-form-urlencoded", `from=2026-11-02`, 415, "send the body as application/json"},
		{"days in the query", target + "?from=2026-11-02", "application/json", `{}`, 400, "the query parameter from is unknown here"},
		{"another customer's", p.Endpoints.Campaigns + "/c-301/metrics", "application/json", `{}`, 404, "no such campaign"},
	} {
		got := c.send(http.MethodPost, test.target, test.body, "Authorization", a.bearer, "Content-Type", test.media)
		if got.status != test.status || !strings.Contains(got.body, test.says) {
			t.Errorf("%s: answered %d %s, want %d %s", test.name, got.status, got.body, test.status, test.says)
		}
	}
}

// What a profile lists as a change needs a writing scope and is a change in the
// journal; everything else needs a reading scope (S000-12).
func TestProfileSaysWhatChangesSomething(t *testing.T) {
	mock := mockplatform.Start(t)
	c := newWireClient(t)
	operations := []string{"list_campaigns", "read_campaign", "read_metrics", "query_metrics", "update_campaign"}
	for _, test := range []struct {
		name, settings   string
		reading, writing []int // statuses by operation
		changed          string
	}{
		{"as it comes", ``, []int{200, 200, 200, 200, 403}, []int{403, 403, 403, 403, 200}, "update_campaign by ads.write"},
		{
			"queries change something", `{"resource_server":{"mutating_operations":["update_campaign","query_metrics"]}}`,
			[]int{200, 200, 200, 403, 403}, []int{403, 403, 403, 200, 200}, "query_metrics by ads.write, update_campaign by ads.write",
		},
		{
			"nothing is listed", `{"resource_server":{"mutating_operations":[]}}`,
			[]int{200, 200, 200, 200, 200}, []int{403, 403, 403, 403, 403}, "update_campaign by ads.read",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := mock.Create("service", test.settings)
			for scope, want := range map[string][]int{"ads.read": test.reading, "ads.write": test.writing} {
				other := map[string]string{"ads.read": "ads.write", "ads.write": "ads.read"}[scope]
				a := asking{c, p, "Bearer " + tokens(t, c, p, "maya", map[string]string{other: "off"}).member("access_token")}
				for i, operation := range operations {
					got := a.send(operation)
					if got.status != want[i] {
						t.Errorf("%s with %s: answered %d %s, want %d", operation, scope, got.status, got.body, want[i])
					}
					if challenge := got.header.Get("WWW-Authenticate"); want[i] == 403 && !strings.Contains(challenge, `error="insufficient_scope", error_description=`) {
						t.Errorf("%s with %s: challenge %s", operation, scope, challenge)
					}
				}
			}
			if got := changes(t, mock, p.Name); got != test.changed {
				t.Errorf("the journal tells of changes: %s, want %s", got, test.changed)
			}
		})
	}
}

// changes lists the operations that the journal says changed something.
func changes(t *testing.T, mock *mockplatform.Mock, name string) string {
	t.Helper()
	found, err := mock.Control().FilterJournal(t.Context(), name, control.JournalFilter{Endpoint: "api"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, one := range found.Exchanges {
		if one.Operation == "" {
			t.Errorf("%s %s names no operation", one.Method, one.Path)
		}
		if one.Changed {
			all = append(all, fmt.Sprintf("%s by %s", one.Operation, one.Scope))
		}
	}
	return strings.Join(all, ", ")
}

// A change is one where the work was done: also when its answer is lost, and
// not when it is repeated, refused, or never begun.
func TestJournalMarksWhatChangedSomething(t *testing.T) {
	mock := mockplatform.Start(t)
	c := newWireClient(t)
	p := mock.Create("service", `{"resource_server":{"mutating_operations":["update_campaign","query_metrics"]}}`)
	a := asking{c, p, "Bearer " + tokens(t, c, p, "maya", nil).member("access_token")}
	update := func(body, key string) {
		c.send(http.MethodPatch, p.Endpoints.Campaigns+"/c-102", body, "Authorization", a.bearer, "Content-Type", "application/json", "Idempotency-Key", key)
	}
	for _, fault := range []control.FaultAction{{Kind: "gateway"}, {Kind: "gateway", After: true}} {
		for _, operation := range []string{"query_metrics", "update_campaign"} {
			match := control.FaultMatch{Endpoint: "api", Method: map[string]string{"query_metrics": "POST", "update_campaign": "PATCH"}[operation]}
			mock.Arm(p.Name, control.Fault{Match: match, Action: fault, Count: 1})
			a.send(operation)
		}
	}
	update(`{"status":"gone"}`, "k")
	update(`{"status":"paused"}`, "k")
	update(`{"status":"paused"}`, "k")
	a.send("read_campaign")
	found, err := mock.Control().FilterJournal(t.Context(), p.Name, control.JournalFilter{Endpoint: "api"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, one := range found.Exchanges {
		got = append(got, fmt.Sprintf("%s %d %t", one.Operation, one.Status, one.Changed))
	}
	want := []string{
		"query_metrics 502 false", "update_campaign 502 false", "query_metrics 502 true", "update_campaign 502 true",
		"update_campaign 400 false", "update_campaign 200 true", "update_campaign 200 false", "read_campaign 200 false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

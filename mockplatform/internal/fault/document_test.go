package fault

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform/control"
)

func TestPlanDocuments(t *testing.T) {
	for _, doc := range []string{
		"- match: {endpoint: api, nth: 2}\n  action: {kind: unauthorized, retry_after: 30s}\n  count: 1\n",
		"faults:\n  - match: {endpoint: api, nth: 2}\n    action: {kind: unauthorized, retry_after: 30s}\n    count: 1\n",
		`{"faults":[{"match":{"endpoint":"api","nth":2},"action":{"kind":"unauthorized","retry_after":"30s"},"count":1}]}`,
	} {
		got, err := ParsePlan([]byte(doc))
		if err != nil || len(got) != 1 || got[0].Match.Nth != 2 || got[0].Action.RetryAfter != "30s" || got[0].Count != 1 {
			t.Errorf("%s: %+v %v", doc, got, err)
		}
	}
}

func TestBadPlanDocuments(t *testing.T) {
	for _, tc := range []struct {
		doc  string
		want []string
	}{
		{"", []string{"is empty"}},
		{"faults: []", []string{"faults: is empty"}},
		{"7", []string{"the fault plan is not"}},
		{"a: [", []string{"cannot be read"}},
		{"- 7", []string{"faults[0]: is not an object"}},
		{"{1: 2}", []string{"cannot be read"}},
		{"fault: []", []string{`unknown field "fault"`}},
		{"- {}\n---\n- {}\n", []string{"more than one document"}},
		{
			"- {match: {endpoint: api, colour: red}, action: {kind: lag, delay: 1s}, cuont: 1}\n- {match: {endpoint: tokens}, action: {kind: error}, count: 1, loud: yes}\n",
			[]string{"faults[0].cuont: is unknown", "faults[0].match.colour: is unknown", "faults[1].loud: is unknown"},
		},
		{
			"- {match: {endpoint: tokens}, action: {kind: unauthorized}, count: 0}\n- {match: {endpoint: api}, action: {kind: barrier, timeout: 2m}, count: 1}\n",
			[]string{"faults[0].match.endpoint", "faults[0].count", "faults[0].action.kind", "faults[1].count", "faults[1].action.timeout"},
		},
		{"- {match: {endpoint: api, nth: two}, action: {kind: unauthorized}, count: 1}", []string{"faults[0].match.nth: is a JSON string and must be a int"}},
	} {
		got, err := ParsePlan([]byte(tc.doc))
		if err == nil {
			t.Errorf("%s: read as %+v", tc.doc, got)
			continue
		}
		for _, want := range tc.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want one about %q", tc.doc, err, want)
			}
		}
	}
}

// What a kind needs is asked for, and what it would ignore is refused.
func TestFieldsBelongToKinds(t *testing.T) {
	for _, tc := range []struct {
		field    string
		endpoint string
		action   control.FaultAction
	}{
		{"action.kind", "authorize", control.FaultAction{Kind: KindRewrite, Drop: []string{"a"}}},
		{"action.kind", "revoke", control.FaultAction{Kind: KindDropBody}},
		{"action.kind", "api", control.FaultAction{Kind: KindLag, Uses: 1}},
		{"action.kind", "par", control.FaultAction{Kind: KindExpiry, Lifetime: "1s"}},
		{"action.after", "token", control.FaultAction{Kind: KindDropBefore, After: true}},
		{"action.headers", "token", control.FaultAction{Kind: KindDropAfter, RetryAfter: "1s"}},
		{"action.headers", "token", control.FaultAction{Kind: KindHeaders}},
		{"action.headers", "token", control.FaultAction{Kind: KindHeaders, Headers: map[string]string{"content-length": "3"}}},
		{"action.retry_after", "token", control.FaultAction{Kind: KindHeaders, RetryAfter: "soon"}},
		{"action.retry_after", "token", control.FaultAction{Kind: KindHeaders, RetryAfter: "1s", Headers: map[string]string{"retry-after": "3"}}},
		{"action.retry_after_form", "token", control.FaultAction{Kind: KindHeaders, RetryAfter: "1s", RetryAfterForm: "minutes"}},
		{"action.status", "token", control.FaultAction{Kind: KindGateway, Status: 404}},
		{"action.body", "token", control.FaultAction{Kind: KindBody, Status: 204, Body: "x"}},
		{"action.content_type", "token", control.FaultAction{Kind: KindBody, Status: 200, ContentType: "a\r\nb"}},
		{"action.delay", "token", control.FaultAction{Kind: KindDelayAfter}},
		{"action.delay", "token", control.FaultAction{Kind: KindDelayBefore, Delay: "61s"}},
		{"action.delay", "token", control.FaultAction{Kind: KindDropBefore, Delay: "1s"}},
		{"action.lifetime", "token", control.FaultAction{Kind: KindExpiry}},
		{"action.lag", "token", control.FaultAction{Kind: KindLag}},
		{"action.lag", "token", control.FaultAction{Kind: KindLag, Lag: "1s", Uses: 1}},
		{"action.uses", "token", control.FaultAction{Kind: KindLag, Uses: -1}},
		{"action.drop", "token", control.FaultAction{Kind: KindRewrite}},
		{"action.drop", "token", control.FaultAction{Kind: KindRewrite, Drop: []string{"a"}, Set: map[string]json.RawMessage{"a": []byte("1")}}},
		{"action.set", "token", control.FaultAction{Kind: KindRewrite, Set: map[string]json.RawMessage{"a": []byte("{")}}},
		{"count", "token", control.FaultAction{Kind: KindBarrier}},
	} {
		_, err := NewPlan(nil).Arm(nil, control.Fault{Match: control.FaultMatch{Endpoint: tc.endpoint}, Action: tc.action, Count: 1})
		var all Errors
		if !errors.As(err, &all) || len(all) != 1 || all[0].Field != tc.field {
			t.Errorf("%+v: error %v, want one about %s", tc.action, err, tc.field)
		}
	}
	for _, tc := range []struct {
		field string
		match control.FaultMatch
	}{
		{"match.nth", control.FaultMatch{Endpoint: "api", Nth: -1}},
		{"match.min_age", control.FaultMatch{Endpoint: "api", MinAge: "old"}},
		{"match.max_age", control.FaultMatch{Endpoint: "api", MinAge: "2h", MaxAge: "1h"}},
		{"match.family", control.FaultMatch{Endpoint: "authorize", Family: "grant-1"}},
		{"match.client", control.FaultMatch{Endpoint: "jwks", Client: "x"}},
	} {
		_, err := NewPlan(nil).Arm(nil, control.Fault{Match: tc.match, Action: control.FaultAction{Kind: KindDropBefore}, Count: 1})
		var all Errors
		if !errors.As(err, &all) || len(all) != 1 || all[0].Field != tc.field {
			t.Errorf("%+v: error %v, want one about %s", tc.match, err, tc.field)
		}
	}
}

// Whatever stands in a plan: no panic, and what is read can be armed, written
// and read again.
func FuzzPlan(f *testing.F) {
	for _, seed := range []string{
		"- match: {endpoint: api, nth: 2}\n  action: {kind: unauthorized}\n  count: 1\n",
		`{"faults":[{"match":{"endpoint":"token","min_age":"30d","family":"grant-1"},"action":{"kind":"rewrite","drop":["a"],"set":{"b":null}},"count":3,"may_not_fire":true}]}`,
		"- &a {match: {endpoint: token}, action: {kind: barrier, timeout: 1s}, count: 2}\n- *a\n",
		"a: &a [*a]", "- {match: ~, action: ~, count: 1e9}", "{1: 2}", "!!binary aGk=", "faults: [[[[",
		`{"faults":[{"match":{"endpoint":"api"},"action":{"kind":"body","status":200,"headers":{"A":"b\n"}},"count":1}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		faults, err := ParsePlan(doc)
		if err != nil {
			return
		}
		p := NewPlan(nil)
		armed, err := p.Arm(nil, faults...)
		if err != nil {
			t.Fatalf("it was read and cannot be armed: %v", err)
		}
		for i := range armed {
			armed[i].ID = ""
		}
		text, err := json.Marshal(control.FaultPlan{Faults: armed})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ParsePlan(text); err != nil || len(again) != len(faults) {
			t.Fatalf("written as %s it reads as %d faults: %v", text, len(again), err)
		}
	})
}

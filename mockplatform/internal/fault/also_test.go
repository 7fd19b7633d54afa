package fault

import (
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// together is a fault at the token endpoint with everything that can go
// together.
func together(own control.FaultAction, also ...control.FaultAction) control.Fault {
	return control.Fault{Match: control.FaultMatch{Endpoint: EndpointToken}, Action: own, Also: also, Count: 1}
}

var (
	slowly  = control.FaultAction{Kind: KindDelayBefore, Delay: "2s"}
	later   = control.FaultAction{Kind: KindDelayAfter, Delay: "3s"}
	short   = control.FaultAction{Kind: KindExpiry, Lifetime: "30s"}
	unknown = control.FaultAction{Kind: KindLag, Uses: 1}
	fewer   = control.FaultAction{Kind: KindRewrite, Drop: []string{"expires_in"}}
	marked  = control.FaultAction{Kind: KindHeaders, Headers: map[string]string{"X-Trace": "1"}}
	barred  = control.FaultAction{Kind: KindBarrier}
	failing = control.FaultAction{Kind: KindError, Status: 503}
)

func TestWhatGoesTogether(t *testing.T) {
	lost := failing
	lost.After = true
	for _, tc := range []struct {
		own   control.FaultAction
		also  []control.FaultAction
		field string // of the only mistake, "" for none
	}{
		{fewer, []control.FaultAction{slowly, later, short, unknown, marked}, ""},
		{control.FaultAction{Kind: KindTruncated}, []control.FaultAction{fewer, later}, ""},
		{control.FaultAction{Kind: KindDropBody}, []control.FaultAction{fewer, marked, slowly}, ""},
		{control.FaultAction{Kind: KindDropAfter}, []control.FaultAction{short, later}, ""},
		{failing, []control.FaultAction{slowly, later, marked}, ""},
		{lost, []control.FaultAction{short, unknown}, ""},
		{fewer, []control.FaultAction{fewer}, "also[0].kind"},
		{fewer, []control.FaultAction{slowly, slowly}, "also[1].kind"},
		{fewer, []control.FaultAction{failing}, "also[0].kind"},
		{fewer, []control.FaultAction{barred}, "also[0].kind"},
		{fewer, []control.FaultAction{{Kind: "moon"}}, "also[0].kind"},
		{fewer, []control.FaultAction{{}}, "also[0].kind"},
		{failing, []control.FaultAction{fewer}, "also[0].kind"},
		{lost, []control.FaultAction{fewer}, "also[0].kind"},
		{failing, []control.FaultAction{short}, "also[0].kind"},
		{failing, []control.FaultAction{unknown}, "also[0].kind"},
		{control.FaultAction{Kind: KindDropAfter}, []control.FaultAction{marked}, "also[0].kind"},
		{fewer, []control.FaultAction{{Kind: KindDelayAfter, Delay: "2m"}}, "also[0].delay"},
		{fewer, []control.FaultAction{{Kind: KindDelayAfter, Delay: "2s", Status: 500}}, "also[0].status"},
	} {
		_, err := NewPlan(nil).Arm(nil, together(tc.own, tc.also...))
		var all Errors
		errors.As(err, &all)
		if tc.field == "" && err != nil || tc.field != "" && (len(all) != 1 || all[0].Field != tc.field) {
			t.Errorf("%s: %v, want a mistake in %q", together(tc.own, tc.also...).Kinds(), err, tc.field)
		}
	}
}

func TestAFaultDoesAllThatItSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPlan(nil)
		arm(t, p, together(fewer, slowly, later, short, unknown))
		f, fires := p.Fire(Request{Endpoint: EndpointToken})
		if !fires || !Holds(f) || Stops(f.Action) || f.Kinds() != "rewrite+delay_before+delay_after+expiry+lag" {
			t.Fatalf("fired %t, %s", fires, f.Kinds())
		}
		begun := time.Now() //nolint:forbidigo // the bubble's clock
		p.Hold(t.Context(), f)
		if held := time.Since(begun); held != 2*time.Second { //nolint:forbidigo // the bubble's clock
			t.Errorf("held for %s", held)
		}
		if d, life := Delay(f), Lifetime(&f, time.Hour); d != 3*time.Second || life != 30*time.Second {
			t.Errorf("answer held for %s, lifetime %s", d, life)
		}
		p.Issued(f, "fp", noon)
		if id, lagging := p.Lagging("fp", noon); !lagging || id != f.ID {
			t.Errorf("lagging %t by %q", lagging, id)
		}
		p.List()[0].Also[0].Delay = "9s"
		if got := p.List()[0].Also[0].Delay; got != "2s" {
			t.Errorf("a reader changed the plan: %s", got)
		}
	})
}

func TestAnUnknownMemberBesideIsNamed(t *testing.T) {
	_, err := DecodePlan(json.RawMessage(`{"faults":[{"match":{"endpoint":"token"},"action":{"kind":"headers"},"also":[{"kind":"rewrite"},{"kind":"lag","user":1}],"count":1}]}`))
	var all Errors
	if !errors.As(err, &all) || len(all) != 1 || all[0].Field != "faults[0].also[1].user" {
		t.Errorf("%v", err)
	}
}

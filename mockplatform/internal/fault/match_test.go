package fault

import (
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

func TestFaultsMatchAgeAndFamily(t *testing.T) {
	at := func(age time.Duration) Request {
		return Request{Endpoint: EndpointToken, Family: "grant-1"}.Presenting(noon, noon.Add(age))
	}
	for _, tc := range []struct {
		name     string
		min, max string
		family   string
		request  Request
		want     bool
	}{
		{"no bounds", "", "", "", at(0), true},
		{"no token, no bounds", "", "", "", Request{Endpoint: EndpointToken}, true},
		{"no token", "", "1h", "", Request{Endpoint: EndpointToken}, false},
		{"just below min", "20m", "", "", at(20*time.Minute - 1), false},
		{"at min", "20m", "", "", at(20 * time.Minute), true},
		{"at max", "", "30d", "", at(720 * time.Hour), true},
		{"just above max", "", "30d", "", at(720*time.Hour + 1), false},
		{"max of zero, new", "", "0s", "", at(0), true},
		{"max of zero, older", "", "0s", "", at(1), false},
		{"within", "1s", "2s", "", at(1500 * time.Millisecond), true},
		{"family", "", "", "grant-1", at(0), true},
		{"other family", "", "", "grant-2", at(0), false},
	} {
		p := NewPlan(nil)
		arm(t, p, control.Fault{
			Match:  control.FaultMatch{Endpoint: EndpointToken, MinAge: tc.min, MaxAge: tc.max, Family: tc.family},
			Action: control.FaultAction{Kind: KindDropBefore}, Count: 1,
		})
		if _, got := p.Fire(tc.request); got != tc.want {
			t.Errorf("%s: fired %t, want %t", tc.name, got, tc.want)
		}
	}
}

// nth counts the requests that match, whichever fault fires on them.
func TestNthCountsWhatMatches(t *testing.T) {
	p := NewPlan(nil)
	third := refused(2)
	third.Match.Nth = 3
	late := arm(t, p, third)
	first := arm(t, p, refused(1))
	var got []string
	for range 6 {
		f, _ := p.Fire(Request{Endpoint: EndpointToken})
		got = append(got, f.ID)
		p.Fire(Request{Endpoint: EndpointAPI})
	}
	if want := []string{first.ID, "", late.ID, late.ID, "", ""}; !slices.Equal(got, want) {
		t.Errorf("fired %q, want %q", got, want)
	}
}

// Every kind is in the table of traits once, and says what becomes of the work.
func TestWhatBecomesOfTheWork(t *testing.T) {
	for _, tc := range []struct {
		kind                        string
		stops, stopsAfter, replaces bool
		holds                       bool
	}{
		{KindError, true, false, true, false}, {KindUnauthorized, true, false, true, false},
		{KindBody, true, false, true, false}, {KindGateway, true, false, true, false},
		{KindDropBefore, true, false, true, false}, {KindDropAfter, false, false, true, false},
		{KindDropBody, false, false, false, false}, {KindMalformed, false, false, false, false},
		{KindTruncated, false, false, false, false}, {KindRewrite, false, false, false, false},
		{KindHeaders, false, false, false, false}, {KindDelayBefore, false, false, false, true},
		{KindDelayAfter, false, false, false, true}, {KindBarrier, false, false, false, true},
		{KindExpiry, false, false, false, false}, {KindLag, false, false, false, false},
	} {
		a, after := control.FaultAction{Kind: tc.kind}, control.FaultAction{Kind: tc.kind, After: true}
		holds := Holds(control.Fault{Action: a})
		if Stops(a) != tc.stops || Stops(after) != tc.stopsAfter || Replaces(a) != tc.replaces || holds != tc.holds {
			t.Errorf("%s: stops %t, with after %t, replaces %t, holds %t", tc.kind, Stops(a), Stops(after), Replaces(a), holds)
		}
	}
	if len(traits) != 16 {
		t.Errorf("%d kinds, want 16", len(traits))
	}
}

// The README's table and the package's own name every kind.
func TestEveryKindIsDescribed(t *testing.T) {
	for _, file := range []string{"../../../README.md", "fault.go", "../../control/openapi.json", "../command/ctl_faults.go"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range traits {
			if !regexp.MustCompile(`\b` + one.kind + `\b`).Match(text) {
				t.Errorf("%s does not name %s", file, one.kind)
			}
		}
	}
}

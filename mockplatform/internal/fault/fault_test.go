package fault

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mint-conformance/mint/mockplatform/control"
)

func refused(count int) control.Fault {
	return control.Fault{
		Match:  control.FaultMatch{Endpoint: EndpointToken},
		Action: control.FaultAction{Kind: KindError, Status: 503, Error: "temporarily_unavailable"},
		Count:  count,
	}
}

// arm arms one good fault.
func arm(t *testing.T, p *Plan, f control.Fault) control.Fault {
	t.Helper()
	armed, err := p.Arm(nil, f)
	if err != nil {
		t.Fatal(err)
	}
	return armed[0]
}

func TestFaultsFireAsOftenAsCountedAndInOrder(t *testing.T) {
	p := NewPlan(nil)
	first, second := arm(t, p, refused(2)), arm(t, p, refused(1))
	var got []string
	for range 5 {
		if f, ok := p.Fire(Request{Endpoint: EndpointToken}); ok {
			got = append(got, f.ID)
		}
	}
	if want := first.ID + first.ID + second.ID; strings.Join(got, "") != want {
		t.Errorf("fired %v, want %s", got, want)
	}
	for _, f := range p.List() {
		if f.Fired != f.Count {
			t.Errorf("%s fired %d of %d", f.ID, f.Fired, f.Count)
		}
	}
}

func TestFaultsMatchWhatTheyName(t *testing.T) {
	request := Request{Endpoint: EndpointAPI, Client: "mint-web", Customer: "maya", Method: "GET"}
	for _, tc := range []struct {
		name  string
		match control.FaultMatch
		want  bool
	}{
		{"endpoint alone", control.FaultMatch{Endpoint: EndpointAPI}, true},
		{"other endpoint", control.FaultMatch{Endpoint: EndpointToken}, false},
		{"same client", control.FaultMatch{Endpoint: EndpointAPI, Client: "mint-web"}, true},
		{"other client", control.FaultMatch{Endpoint: EndpointAPI, Client: "other"}, false},
		{"same customer", control.FaultMatch{Endpoint: EndpointAPI, Customer: "maya"}, true},
		{"other customer", control.FaultMatch{Endpoint: EndpointAPI, Customer: "oskar"}, false},
		{"same method", control.FaultMatch{Endpoint: EndpointAPI, Method: "GET"}, true},
		{"other method", control.FaultMatch{Endpoint: EndpointAPI, Method: "PATCH"}, false},
	} {
		p := NewPlan(nil)
		f := refused(1)
		f.Match = tc.match
		arm(t, p, f)
		if _, got := p.Fire(request); got != tc.want {
			t.Errorf("%s: fired %t, want %t", tc.name, got, tc.want)
		}
	}
	p := NewPlan(nil)
	f := refused(1)
	f.Match.GrantType = "refresh_token"
	arm(t, p, f)
	if _, fired := p.Fire(Request{Endpoint: EndpointToken, GrantType: "password"}); fired {
		t.Error("a fault for refreshes hit another grant")
	}
	if _, fired := p.Fire(Request{Endpoint: EndpointToken, GrantType: "refresh_token"}); !fired {
		t.Error("a fault for refreshes missed a refresh")
	}
}

func TestBadFaultsNameTheField(t *testing.T) {
	change := func(f func(*control.Fault)) control.Fault {
		x := refused(1)
		f(&x)
		return x
	}
	for _, tc := range []struct {
		field string
		fault control.Fault
	}{
		{"match.endpoint", change(func(f *control.Fault) { f.Match.Endpoint = "" })},
		{"match.endpoint", change(func(f *control.Fault) { f.Match.Endpoint = "login" })},
		{"match.grant_type", change(func(f *control.Fault) { f.Match.GrantType = "implicit" })},
		{"match.grant_type", change(func(f *control.Fault) { f.Match.Endpoint, f.Match.GrantType = "api", "password" })},
		{"match.method", change(func(f *control.Fault) { f.Match.Method = "get" })},
		{"count", change(func(f *control.Fault) { f.Count = 0 })},
		{"count", change(func(f *control.Fault) { f.Count = maxCount + 1 })},
		{"action.kind", change(func(f *control.Fault) { f.Action.Kind = "" })},
		{"action.kind", change(func(f *control.Fault) { f.Action = control.FaultAction{Kind: KindUnauthorized} })},
		{"action.status", change(func(f *control.Fault) { f.Action.Status = 0 })},
		{"action.status", change(func(f *control.Fault) { f.Action = control.FaultAction{Kind: KindDropAfter, Status: 200} })},
		{"action.error", change(func(f *control.Fault) { f.Action.Status, f.Action.Error = 400, "" })},
		{"action.error", change(func(f *control.Fault) { f.Action = control.FaultAction{Kind: KindDropBefore, Error: "x"} })},
		{"action.body", change(func(f *control.Fault) { f.Action.Body = "<html>" })},
		{"action.body", change(func(f *control.Fault) {
			f.Action = control.FaultAction{Kind: KindBody, Status: 200, Body: strings.Repeat("x", maxBody+1)}
		})},
		{"action.headers", change(func(f *control.Fault) { f.Action.Headers = map[string]string{"Retry-After": "1\r\nX: y"} })},
		{"action.headers", change(func(f *control.Fault) { f.Action.Headers = map[string]string{"a b": "1"} })},
	} {
		_, err := NewPlan(nil).Arm(nil, tc.fault)
		var all Errors
		if !errors.As(err, &all) || len(all) != 1 || all[0].Field != tc.field {
			t.Errorf("%+v: error %v, want one about %s", tc.fault, err, tc.field)
		}
	}
}

func TestListIsACopyAndDisarmForgets(t *testing.T) {
	p := NewPlan(nil)
	f := refused(1)
	f.Action.Headers = map[string]string{"Retry-After": "3"}
	f = arm(t, p, f)
	p.List()[0].Action.Headers["Retry-After"] = "9"
	if got := p.List()[0].Action.Headers["Retry-After"]; got != "3" {
		t.Errorf("a reader changed the plan: Retry-After %s", got)
	}
	if !p.Disarm(f.ID) || p.Disarm(f.ID) {
		t.Error("disarm must know a fault once")
	}
	if _, fired := p.Fire(Request{Endpoint: EndpointToken}); fired {
		t.Error("a disarmed fault fired")
	}
}

func TestPlanIsBounded(t *testing.T) {
	p := NewPlan(nil)
	for range MaxFaults {
		arm(t, p, refused(1))
	}
	if _, err := p.Arm(nil, refused(1)); !errors.Is(err, ErrTooMany) {
		t.Errorf("error %v, want %v", err, ErrTooMany)
	}
}

func TestParallelRequestsFireExactlyCountTimes(t *testing.T) {
	p := NewPlan(nil)
	arm(t, p, refused(7))
	var fired atomic.Int64
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if _, ok := p.Fire(Request{Endpoint: EndpointToken}); ok {
				fired.Add(1)
			}
		})
	}
	wg.Wait()
	if fired.Load() != 7 {
		t.Errorf("fired %d times, want 7", fired.Load())
	}
}

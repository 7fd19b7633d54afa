//go:build unix

package measure_test

import (
	"encoding/json"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// deviation is a fault of the soak, and whether whoever meets it can tell.
type deviation struct {
	endpoint string
	action   control.FaultAction
	hurts    bool
}

// deviations are armed again and again, each for some requests.
var deviations = []deviation{
	{"token", control.FaultAction{Kind: "error", Status: 503, Error: "temporarily_unavailable", RetryAfter: "1s"}, true},
	{"token", control.FaultAction{Kind: "error", Status: 500, After: true}, true},
	{"token", control.FaultAction{Kind: "body", Status: 200, Body: "{}"}, true},
	{"token", control.FaultAction{Kind: "gateway"}, true},
	{"token", control.FaultAction{Kind: "drop_before"}, true},
	{"token", control.FaultAction{Kind: "drop_after"}, true},
	{"token", control.FaultAction{Kind: "drop_body"}, true},
	{"token", control.FaultAction{Kind: "malformed"}, true},
	{"token", control.FaultAction{Kind: "truncated"}, true},
	{"token", control.FaultAction{Kind: "rewrite", Drop: []string{"access_token"}, Set: map[string]json.RawMessage{"x": []byte("1")}}, true},
	{"token", control.FaultAction{Kind: "headers", Headers: map[string]string{"X-Soak": "1"}}, false},
	{"token", control.FaultAction{Kind: "delay_before", Delay: "1ms"}, false},
	{"token", control.FaultAction{Kind: "delay_after", Delay: "1ms"}, false},
	{"token", control.FaultAction{Kind: "barrier", Timeout: "30s"}, false},
	{"api", control.FaultAction{Kind: "unauthorized"}, true},
	{"api", control.FaultAction{Kind: "gateway"}, true},
	{"api", control.FaultAction{Kind: "drop_body"}, true},
}

const shots = 4 // of each; a barrier waits for as many, so that there must be more customers

// operate arms all deviations, waits until each has happened as often as it
// was to, and takes them away; then it does what else operators do. It answers
// how many requests were hurt.
func (s *soak) operate(name string) (hurt int) {
	var plan control.FaultPlan
	for _, d := range deviations {
		plan.Faults = append(plan.Faults, control.Fault{Match: control.FaultMatch{Endpoint: d.endpoint}, Action: d.action, Count: shots})
		if d.hurts {
			hurt += shots
		}
	}
	armed, err := s.control.ArmFaults(s.ctx, name, plan)
	s.must(err)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for pending := true; pending && s.ctx.Err() == nil; {
		<-tick.C
		faults, err := s.control.Faults(s.ctx, name)
		s.must(err)
		pending = false
		for _, f := range faults {
			pending = pending || f.Missed()
		}
	}
	for _, f := range armed {
		s.must(s.control.DisarmFault(s.ctx, name, f.ID))
	}
	made, err := s.control.CreatePlatform(s.ctx, control.CreatePlatform{Profile: "mint", Settings: []byte(`{"access_token":{"format":"jwt","alg":"RS256"}}`)})
	s.must(err)
	s.must(s.control.DeletePlatform(s.ctx, made.Name))
	_, err = s.control.FilterJournal(s.ctx, name, control.JournalFilter{Verdict: control.VerdictFaulted, Limit: 100}, 0)
	s.must(err)
	return hurt
}

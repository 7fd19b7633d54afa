package checks

import (
	"net/http"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

func knownChecks(t *testing.T) *catalogue.Catalogue {
	t.Helper()
	known, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// TestWhatEndsGrantsRunsLast: on a server in use harmless checks come first,
// and each check after its gates.
func TestWhatEndsGrantsRunsLast(t *testing.T) {
	s := &Suite{Catalogue: knownChecks(t), Targets: &Stranger{}}
	last := map[catalogue.Safety][2]int{}
	for _, c := range s.Catalogue.All() {
		at := s.Stage(c)
		for _, id := range s.Catalogue.Gates(c.ID) {
			gate, _ := s.Catalogue.Check(id)
			if s.Stage(gate) >= at {
				t.Errorf("%s is in stage %d, its gate %s in %d", c.ID, at, id, s.Stage(gate))
			}
		}
		if at < s.earliest(c) {
			t.Errorf("%s (%s) is in stage %d", c.ID, c.RealServer, at)
		}
		span, ok := last[c.RealServer]
		if !ok || at < span[0] {
			span[0] = at
		}
		last[c.RealServer] = [2]int{span[0], max(span[1], at)}
	}
	if last[catalogue.Kills][0] < killsStage || last[catalogue.OptIn][0] < noisyStage {
		t.Errorf("stages %v", last)
	}
	if c, _ := s.Catalogue.Check("CG-02"); (&Suite{Catalogue: s.Catalogue, Targets: &Mocks{}}).Stage(c) >= noisyStage {
		t.Error("mock Platforms know no such order")
	}
}

func TestForbidden(t *testing.T) {
	s := &Suite{Catalogue: knownChecks(t), Targets: &Stranger{}}
	tests := []struct {
		id    string
		allow target.Allow
		want  string
	}{
		{"CG-01", target.Allow{}, ""},
		{"CG-08", target.Allow{EndsGrants: true}, "add noisy to allow"},
		{"CG-08", target.Allow{Noisy: true}, ""},
		{"CG-02", target.Allow{Noisy: true}, "add ends_grants to allow"},
		{"CG-02", target.Allow{EndsGrants: true}, ""},
	}
	for _, tt := range tests {
		c, _ := s.Catalogue.Check(tt.id)
		err := s.forbidden(c, &target.Target{Allow: tt.allow})
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s with %+v: %v, want %q", tt.id, tt.allow, err, tt.want)
		}
		if err := s.forbidden(c, &target.Target{Mock: &target.Mock{}}); err != nil {
			t.Errorf("%s on a mock Platform: %v", tt.id, err)
		}
	}
}

// TestARateLimitIsNoFailure: 429 says nothing about the rule, and noisy checks
// end with it.
func TestARateLimitIsNoFailure(t *testing.T) {
	s := &Suite{Catalogue: knownChecks(t), Targets: &Stranger{}}
	limited := []exchange.Exchange{{Status: http.StatusOK}, {Status: http.StatusTooManyRequests}}
	r := report.Scenario{Tags: []string{"@CG-05"}, Status: report.Fail, Reason: "expected a refusal", Got: "429", Exchanges: limited}
	noisy, _ := s.Catalogue.Check("CG-08")
	allowed := &target.Target{Allow: target.Allow{Noisy: true}}
	if err := s.forbidden(noisy, allowed); err != nil {
		t.Fatal(err)
	}
	s.Weigh(&r)
	if r.Status != report.CouldNotRun || !strings.Contains(r.Reason, "429") || r.Got != "" {
		t.Errorf("%s %q", r.Status, r.Reason)
	}
	if err := s.forbidden(noisy, allowed); !report.IsUnable(err) {
		t.Errorf("a noisy check after a rate limit: %v", err)
	}
	r = report.Scenario{Tags: []string{"@CG-05"}, Status: report.Pass, Exchanges: limited}
	if s.Weigh(&r); r.Status != report.Pass {
		t.Errorf("a check that passed became %s", r.Status)
	}
	mocks := &Suite{Catalogue: s.Catalogue, Targets: &Mocks{}}
	r = report.Scenario{Tags: []string{"@CG-05"}, Status: report.Fail, Exchanges: limited}
	if mocks.Weigh(&r); r.Status != report.Fail {
		t.Errorf("on a mock Platform it became %s", r.Status)
	}
}

// TestAGateIsAsGoodAsItsWorstScenario in whatever order they end.
func TestAGateIsAsGoodAsItsWorstScenario(t *testing.T) {
	for _, order := range [][]report.Status{{report.Pass, report.Fail}, {report.Fail, report.Pass}} {
		s := &Suite{Catalogue: knownChecks(t)}
		for _, status := range order {
			s.remember("CG-01", status)
		}
		if c, _ := s.Catalogue.Check("CG-02"); s.blockedBy(c) != "CG-01" {
			t.Errorf("%v: CG-02 is not blocked", order)
		}
	}
}

package checks

import (
	"context"
	"slices"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// Stranger is the Provider of a server that is not ours: the same target for
// every check.
type Stranger struct{ Target *target.Target }

// Acquire implements Provider.
func (s *Stranger) Acquire(context.Context, *catalogue.Check) (*target.Target, error) {
	return s.Target, nil
}

// Release implements Provider: nothing was made.
func (s *Stranger) Release(context.Context, *target.Target) error { return nil }

// Close implements Provider.
func (s *Stranger) Close() error { return nil }

// The places of checks in a run against a server in use: those that leave
// traces come after the harmless ones, those that end the test customer's
// grants come last. After them come those that are about the customer's
// decision: to be asked, they may have to end a grant that is remembered, which
// another check may be waiting with until then.
const (
	noisyStage    = 100
	killsStage    = 200
	questionStage = 300
)

// earliest is the first stage in which the check may run.
func (s *Suite) earliest(c *catalogue.Check) int {
	stranger, strange := s.Targets.(*Stranger)
	if !strange {
		return 0
	}
	if t := stranger.Target; t != nil && t.Allow.EndsGrants && c.Browser == catalogue.RealBrowser && !s.gate(c.ID) {
		return questionStage
	}
	switch c.RealServer {
	case catalogue.OptIn:
		return noisyStage
	case catalogue.Kills:
		return killsStage
	}
	return 0
}

// gate says whether other checks build on the one with the id.
func (s *Suite) gate(id string) bool {
	return slices.ContainsFunc(s.Catalogue.All(), func(c *catalogue.Check) bool { return slices.Contains(c.Gates, id) })
}

// forbidden says why the owner of the target does not have the check run, nil
// if he does.
func (s *Suite) forbidden(c *catalogue.Check, t *target.Target) error {
	switch {
	case t.Mock != nil:
		return nil
	case c.RealServer == catalogue.OptIn && !t.Allow.Noisy:
		return report.DoesNotApply("it leaves traces or causes many errors, which the target's file does not permit; add noisy to allow")
	case c.RealServer == catalogue.Kills && !t.Allow.EndsGrants:
		return report.DoesNotApply("it ends grants of the test customer, which the target's file does not permit; add ends_grants to allow")
	case c.RealServer == catalogue.OptIn && s.wasLimited():
		return report.Unable(errLimited)
	}
	return nil
}

// limit takes a verdict back that a server's rate limit has spoilt, and has
// noisy checks left out from then on.
func (s *Suite) limit(r *report.Scenario) {
	if _, strange := s.Targets.(*Stranger); !strange || !anyLimited(r.Exchanges) {
		return
	}
	s.mu.Lock()
	s.limited = true
	s.mu.Unlock()
	if r.Status == report.Fail || r.Status == report.Error {
		r.Status, r.Reason, r.Expected, r.Got = report.CouldNotRun, errLimited.Error(), "", ""
	}
}

func (s *Suite) wasLimited() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.limited
}

func anyLimited(all []exchange.Exchange) bool {
	for _, e := range all {
		if e.Limited() {
			return true
		}
	}
	return false
}

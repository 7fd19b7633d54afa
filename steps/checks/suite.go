package checks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/guard"
	"github.com/mint-conformance/mint/steps/redact"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
	"github.com/mint-conformance/mint/steps/verdict"
)

// Tag marks the scenarios of this package.
const Tag = "@check"

// Provider hands out the servers that checks judge.
type Provider interface {
	// Acquire returns the target for one check. On a mock it is a Platform of
	// the check's own, on a partner's server always the same.
	Acquire(ctx context.Context, c *catalogue.Check) (*target.Target, error)
	// Release takes back what Acquire returned.
	Release(ctx context.Context, t *target.Target) error
	// Close ends what the provider started.
	Close() error
}

// Suite is the checks of one run.
type Suite struct {
	Catalogue *catalogue.Catalogue
	Targets   Provider
	// Strict makes a finding against a SHOULD a failure instead of a warning.
	Strict bool
	// Book excuses known failures; nil excuses none.
	Book *verdict.Book
	// Waits orders the checks of a server in use; nil on mock Platforms.
	Waits *Waits
	// Now is the machine's time.
	Now func() time.Time

	mu      sync.Mutex
	ended   map[string]report.Status // by check
	limited bool                     // the server has asked for fewer requests

	issued issued // by a server in use

	keyOnce      sync.Once
	fingerprints redact.Key
}

// key makes the fingerprints of the run.
func (s *Suite) key() redact.Key {
	s.keyOnce.Do(func() { s.fingerprints = redact.NewKey() })
	return s.fingerprints
}

// Of finds the check that a scenario is about by its tags.
func (s *Suite) Of(tags []string) (*catalogue.Check, error) {
	for _, tag := range tags {
		if c, ok := s.Catalogue.Check(strings.TrimPrefix(tag, "@")); ok {
			return c, nil
		}
	}
	return nil, fmt.Errorf("no tag of %s names a check of the catalogue", strings.Join(tags, " "))
}

// StageOf is Stage for the check that tags name, 0 if they name none.
func (s *Suite) StageOf(tags []string) int {
	c, err := s.Of(tags)
	if err != nil {
		return 0
	}
	return s.Stage(c)
}

// GatesOf lists the gates of the check that tags name, and theirs.
func (s *Suite) GatesOf(tags []string) []string {
	c, err := s.Of(tags)
	if err != nil {
		return nil
	}
	return s.Catalogue.Gates(c.ID)
}

// Stage is the place of a check in the order of a run: it comes after all of
// its gates. Checks of the same stage do not depend on each other.
func (s *Suite) Stage(c *catalogue.Check) int {
	if c.Last {
		return 1 + s.deepest()
	}
	deepest := s.earliest(c)
	for _, id := range c.Gates {
		if gate, ok := s.Catalogue.Check(id); ok {
			deepest = max(deepest, s.Stage(gate)+1)
		}
	}
	return deepest
}

// deepest is the last stage of checks that do not wait for all others.
func (s *Suite) deepest() int {
	deepest := 0
	for _, c := range s.Catalogue.All() {
		if !c.Last {
			deepest = max(deepest, s.Stage(c))
		}
	}
	return deepest
}

// outcome is what the steps of a check came to, "" while it has not ended.
func (s *Suite) outcome(id string) report.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended[id]
}

// Shared is what a scenario takes from the run.
type Shared struct {
	Browser  func(ctx context.Context) (*browser.Browser, error)
	Recorder *report.Recorder
}

// Register gives one scenario its trial: the sentences and the hooks.
func (s *Suite) Register(sc *godog.ScenarioContext, shared Shared) {
	t := &trial{suite: s, shared: shared}
	for _, noun := range nouns {
		for _, s := range noun(t) {
			s.register(sc)
		}
	}
	sc.Before(t.begin)
	sc.After(guard.After(t.end))
}

// blockedBy names the gate that keeps c from being judged, "" if none does.
func (s *Suite) blockedBy(c *catalogue.Check) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range c.Gates {
		switch s.ended[id] {
		case report.Fail, report.CouldNotRun, report.Error:
			return id
		}
	}
	return ""
}

// Weigh turns what the steps of a check's scenario came to into its verdict,
// and remembers it for the checks that build on it.
func (s *Suite) Weigh(r *report.Scenario) {
	c, err := s.Of(r.Tags)
	if err != nil {
		r.Status, r.Reason = report.Error, err.Error()
		return
	}
	r.Check, r.Judged = c.ID, c
	s.limit(r)
	s.remember(c.ID, r.Status)
	if r.Status == report.Fail && !s.Strict {
		switch c.Level {
		case catalogue.Should:
			r.Status = report.Warn
		case catalogue.May:
			r.Status, r.Notes = report.Pass, append(r.Notes, r.Reason)
			r.Reason = ""
		}
	}
	if r.Status == report.Pass && len(r.Warnings) > 0 {
		r.Status, r.Reason = report.Warn, strings.Join(r.Warnings, "; ")
	}
	s.Book.Excuse(r)
}

// Finish takes the verdicts of the whole run and fails the excuses that nobody
// needed.
func (s *Suite) Finish(r *report.Run) { s.Book.Close(r.Scenarios) }

// remember keeps what the steps came to, before levels and waivers soften it:
// what does not work does not carry other checks, whatever it is called. Of
// several scenarios the worst counts.
func (s *Suite) remember(id string, status report.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		s.ended = map[string]report.Status{}
	}
	if before, known := s.ended[id]; known && slices.Index(report.Statuses, before) < slices.Index(report.Statuses, status) {
		return
	}
	s.ended[id] = status
}

// spare says why the check is not run on the target: an error that marks the
// scenario as not applicable or as one that could not run, nil to run it.
func (s *Suite) spare(c *catalogue.Check, t *target.Target) error {
	for _, feature := range c.Features {
		if !t.Has(feature) {
			return report.DoesNotApply(fmt.Sprintf("%s does not have %s", t.Name, catalogue.Features()[feature]))
		}
	}
	if missing := t.Lacks(c.Fixtures); missing != "" {
		return report.Unable(fmt.Errorf("%s lacks %s", t.Name, catalogue.Fixtures()[missing]))
	}
	if t.Mock == nil && c.RealServer == catalogue.Never {
		return report.DoesNotApply("it would do harm on a server in use and runs on mock Platforms only")
	}
	if t.Mock == nil && len(c.Time) > 0 && slices.Contains(c.Time, catalogue.MockOnly) && len(c.Time) == 1 {
		return report.DoesNotApply("it needs a clock that can be moved, which only mock Platforms have")
	}
	return s.forbidden(c, t)
}

var (
	// errNoCheck ends a scenario that carries no id.
	errNoCheck = errors.New("the scenario names no check")
	// errLimited says that a server wants to be asked less.
	errLimited = errors.New("the server limits the rate of requests (429): no verdict is possible; lower rate in the target's file, or have the limit lifted for the test clients")
)

package selftest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/checks"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/runner"
	"github.com/mint-conformance/mint/steps/target"
)

// Bench runs the catalogue as often as wanted. Open makes one.
type Bench struct {
	Catalogue *catalogue.Catalogue
	// Browser is the one that checks share which need a real one.
	Browser func(context.Context) (*browser.Browser, error)
	Now     func() time.Time
	// Concurrency is how many checks run side by side.
	Concurrency int

	seed      int64             // of their order within a stage
	scenarios []runner.Scenario // of checks, in the order of the feature files
}

// Open reads the scenarios of checks from the feature files.
func Open(features fs.FS, known *catalogue.Catalogue) (*Bench, error) {
	all, err := runner.Load(features)
	if err != nil {
		return nil, err
	}
	b := &Bench{Catalogue: known, Concurrency: 2, seed: 1}
	for _, sc := range all {
		if slices.Contains(sc.Tags, checks.Tag) {
			b.scenarios = append(b.scenarios, sc)
		}
	}
	if len(b.scenarios) == 0 {
		return nil, errors.New("no scenario is a check")
	}
	return b, nil
}

// Verdict is what a check came to.
type Verdict struct {
	Status report.Status
	Reason string
}

// Verdicts are those of one run, by check.
type Verdicts map[string]Verdict

// Stranger judges a server that is not ours by all checks, strictly and in the
// order in which a partner's server is judged; given ids, only by those and
// their gates. waits are for checks that need time to pass.
func (b *Bench) Stranger(ctx context.Context, t *target.Target, waits *checks.Waits, ids ...string) (Verdicts, error) {
	results, err := b.by(ctx, &checks.Suite{Targets: &checks.Stranger{Target: t}, Waits: waits}, ids)
	if err != nil {
		return nil, err
	}
	return verdictsOf(ctx, results)
}

// run judges what the provider hands out by the checks with the ids and their
// gates, by all of them if ids is nil, strictly.
func (b *Bench) run(ctx context.Context, targets checks.Provider, ids []string) (Verdicts, error) {
	results, err := b.judge(ctx, targets, ids)
	if err != nil {
		return nil, err
	}
	return verdictsOf(ctx, results)
}

// verdictsOf takes the verdicts from what a report says of each check.
func verdictsOf(ctx context.Context, results []report.Scenario) (Verdicts, error) {
	verdicts := Verdicts{}
	for _, r := range results {
		if r.Check == "" {
			return nil, fmt.Errorf("%s was not judged: %s %s", r.ID, r.Status, r.Reason)
		}
		verdicts[r.Check] = Verdict{r.Status, r.Reason}
	}
	return verdicts, ctx.Err()
}

// judge is run with all that a report says of each check.
func (b *Bench) judge(ctx context.Context, targets checks.Provider, ids []string) ([]report.Scenario, error) {
	return b.by(ctx, &checks.Suite{Targets: targets}, ids)
}

// by has the suite judge its targets, strictly.
func (b *Bench) by(ctx context.Context, suite *checks.Suite, ids []string) ([]report.Scenario, error) {
	suite.Catalogue, suite.Strict, suite.Now = b.Catalogue, true, b.Now
	config := runner.Config{
		Now: b.Now, Concurrency: b.Concurrency, Seed: b.seed,
		Checks: runner.Checks{
			Tag: checks.Tag, Stage: suite.StageOf, Gates: suite.GatesOf, Weigh: suite.Weigh,
			Register: func(sc *godog.ScenarioContext, env runner.Env) {
				suite.Register(sc, checks.Shared{Browser: env.Browser, Recorder: env.Recorder})
			},
		},
	}
	results, faults := runner.Judge(ctx, config, b.Browser, b.pick(ids))
	if len(faults) > 0 {
		return nil, errors.New(strings.Join(faults, "; "))
	}
	return results, nil
}

// pick finds the scenarios of checks and of all that they build on.
func (b *Bench) pick(ids []string) []runner.Scenario {
	if ids == nil {
		return b.scenarios
	}
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted["@"+id] = true
		for _, gate := range b.Catalogue.Gates(id) {
			wanted["@"+gate] = true
		}
	}
	var picked []runner.Scenario
	for _, sc := range b.scenarios {
		if slices.ContainsFunc(sc.Tags, func(tag string) bool { return wanted[tag] }) {
			picked = append(picked, sc)
		}
	}
	return picked
}

// fixed is a Provider of one target for all checks.
type fixed struct{ t *target.Target }

// Acquire implements checks.Provider.
func (f fixed) Acquire(context.Context, *catalogue.Check) (*target.Target, error) { return f.t, nil }

// Release implements checks.Provider.
func (fixed) Release(context.Context, *target.Target) error { return nil }

// Close implements checks.Provider.
func (fixed) Close() error { return nil }

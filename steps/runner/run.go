package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/topology"
)

// Env is what the steps of every scenario share.
type Env struct {
	Topology topology.Topology
	// Browser is the run's browser, launched when first asked for and again
	// should it have died.
	Browser  func(ctx context.Context) (*browser.Browser, error)
	Recorder *report.Recorder
}

// Config is everything a run needs; only what says so may be left out.
type Config struct {
	Features fs.FS
	// Register hands the steps and hooks of one scenario to godog. After
	// hooks are wrapped with package guard.
	Register func(sc *godog.ScenarioContext, env Env)
	// Checks is about scenarios that are checks of the catalogue.
	Checks Checks
	// Profiles are the names that may follow "mock:" in a target.
	Profiles []string
	// TopologyName is what reports call the topology that Topology starts.
	TopologyName string
	Topology     func(ctx context.Context) (topology.Topology, error)
	// TargetName is what the report calls a target that is not ours, TargetFile
	// what describes it, and Foreign why scenarios that are no checks do not
	// apply to it; all are empty for mocks. Breaks are the defects of mocks.
	TargetName, TargetFile, Foreign string
	Breaks                          []string
	// Strict is what the report says of how findings against a SHOULD count.
	Strict bool
	// Connect, if set, reaches the target once the selection is known to be
	// good; before it, nothing is started or written. use launches the browser
	// of the run, should the target need one this early.
	// What it answers are remarks about the whole run.
	Connect func(ctx context.Context, use func(context.Context) (*browser.Browser, error)) ([]string, error)
	// Launch starts the browser with the flags that the topology asks for: at
	// once for scenarios that need one, for checks when one asks for it; nil
	// for features that need none.
	Launch func(ctx context.Context, flags map[string]string) (*browser.Browser, error)
	// Ready, if set, refuses the run once it is known that scenarios need a
	// browser, and before anything is started or written.
	Ready func() error

	Selection   Selection
	Seed        int64         // of the order
	Concurrency int           // scenarios side by side; 2 if 0
	Deadline    time.Duration // per scenario; 60 s if 0
	Out         string        // directory of the report
	SummaryTo   string        // file to append the summary to; optional
	Progress    *Progress
	Now         func() time.Time
}

// Run selects scenarios, runs them and writes the report. An error means that
// there is no report: ErrUsage, browser.ErrNotFound and topology.ErrSetup are
// for the person at the keyboard to mend (see ExitCode). Cancelling ctx ends
// the run early, with a report of what was reached.
func Run(ctx context.Context, c Config) (*report.Run, error) {
	c = c.defaults()
	all, err := Load(c.Features)
	if err != nil {
		return nil, fmt.Errorf("the feature files: %w", err)
	}
	picked, err := Select(all, c.Selection, c.TopologyName, c.Profiles)
	if err != nil {
		return nil, err
	}
	picked = c.Checks.withGates(all, picked)
	if c.Ready != nil && c.drives(picked) {
		if err := c.Ready(); err != nil {
			return nil, err
		}
	}
	shared := &shared{launch: c.Launch}
	defer func() { _ = shared.close() }() // for a run that ends early; execute tells what goes wrong
	var notes []string
	if c.Connect != nil {
		if notes, err = c.Connect(ctx, shared.browser); err != nil {
			return nil, err
		}
	}
	if err := report.Prepare(c.Out); err != nil {
		return nil, usage("--out: %v; name a directory that can be written", err)
	}
	started := c.Now()
	c.Progress.begin(len(picked), c)
	result := &report.Run{
		StartedAt: started, Seed: c.Seed, Target: orDefault(c.TargetName, orDefault(c.Selection.Target, "mock")), Topology: c.TopologyName,
		Selection: report.Selection{
			Tags: c.Selection.Tags, Checks: c.Selection.Checks, Shard: c.Selection.Shard.String(), Of: len(all),
			File: c.TargetFile, Breaks: c.Breaks, Strict: c.Strict,
		},
		Environment: environment(), Notes: notes,
	}
	if err := c.execute(ctx, picked, shared, result); err != nil {
		return nil, err
	}
	if c.Checks.Finish != nil {
		c.Checks.Finish(result)
	}
	result.Duration = c.Now().Sub(started)
	if err := report.Write(c.Out, result); err != nil {
		return nil, err
	}
	if c.SummaryTo != "" {
		if err := report.AppendSummary(c.SummaryTo, result); err != nil {
			c.Progress.remark(fmt.Sprintf("the summary could not be appended: %v", err))
		}
	}
	c.Progress.end(result, c.Out)
	return result, nil
}

// drives says whether scenarios are to be run that surely need a browser.
func (c Config) drives(picked []Scenario) bool {
	return c.Foreign == "" && slices.ContainsFunc(picked, func(sc Scenario) bool { return !c.Checks.owns(sc.Tags) })
}

func (c Config) defaults() Config {
	if c.Concurrency == 0 {
		c.Concurrency = 2
	}
	if c.Deadline == 0 {
		c.Deadline = time.Minute
	}
	return c
}

// execute brings up what scenarios share, runs them and takes it down again.
func (c Config) execute(ctx context.Context, picked []Scenario, shared *shared, result *report.Run) (err error) {
	recorder := report.NewRecorder()
	env := Env{Browser: shared.browser, Recorder: recorder}
	if c.Topology != nil && c.Foreign == "" {
		top, err := c.Topology(ctx)
		if err != nil {
			return fmt.Errorf("topology %s: %w", c.TopologyName, err)
		}
		defer c.tearDown(ctx, "the topology", result, top.Close)
		env.Topology, shared.flags = top, top.BrowserFlags()
	}
	if c.Launch != nil {
		if c.drives(picked) { // a browser that does not start is told before the first scenario
			if _, err := shared.browser(ctx); err != nil {
				return err
			}
		}
		defer c.tearDown(ctx, "the browser", result, func(context.Context) error { return shared.close() })
	}
	if c.Checks.Close != nil {
		defer c.tearDown(ctx, "the target", result, c.Checks.Close)
	}
	suite := newSuite(c, env, picked)
	result.Scenarios, result.Faults = suite.run(ctx)
	if ctx.Err() != nil {
		result.Notes = append(result.Notes, "The run was interrupted; scenarios that had not ended could not run.")
	}
	if anyUnfinished(result.Scenarios) && env.Topology != nil {
		c.keepLogs(ctx, env.Topology, result)
	}
	result.Timings, result.Leniencies = recorder.Timings(), recorder.Lenient()
	result.Environment.Browser = shared.name()
	return nil
}

// tearDown closes one shared thing; that it fails is a fault of the run.
func (c Config) tearDown(ctx context.Context, what string, result *report.Run, closeIt func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if err := closeIt(ctx); err != nil {
		result.Faults = append(result.Faults, fmt.Sprintf("closing %s: %v", what, err))
	}
}

func anyUnfinished(scenarios []report.Scenario) bool {
	return slices.ContainsFunc(scenarios, func(s report.Scenario) bool {
		return s.Status != report.Pass && s.Status != report.NotApplicable
	})
}

// keepLogs writes what the shared parts wrote into the evidence.
func (c Config) keepLogs(ctx context.Context, top topology.Topology, result *report.Run) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	logs, err := top.Logs(ctx)
	if err != nil {
		result.Notes = append(result.Notes, fmt.Sprintf("The logs of the topology are missing: %v", err))
	}
	kept := report.Collected{}
	for name, text := range logs {
		kept.Attachments = append(kept.Attachments, report.Picture{Name: name, MediaType: "text/plain", Data: text})
	}
	if _, err := kept.Write(c.evidence("shared")); err != nil {
		result.Notes = append(result.Notes, fmt.Sprintf("The logs of the topology could not be written: %v", err))
	}
}

// ExitCode maps the end of Run to the exit codes of the command. Errors may
// know theirs.
func ExitCode(r *report.Run, err error) int {
	var knows interface{ ExitCode() int }
	switch {
	case err == nil:
		return r.ExitCode()
	case errors.As(err, &knows):
		return knows.ExitCode()
	case errors.Is(err, ErrUsage), errors.Is(err, browser.ErrNotFound), errors.Is(err, topology.ErrSetup):
		return report.ExitUsage
	case errors.Is(err, topology.ErrUnavailable), errors.Is(err, browser.ErrLost), errors.Is(err, context.Canceled):
		return report.ExitIncomplete
	default:
		return report.ExitHarnessFault
	}
}

// shuffled is scenarios in the order of the seed.
func shuffled(scenarios []Scenario, seed int64) []Scenario {
	order := slices.Clone(scenarios)
	random := rand.New(rand.NewPCG(uint64(seed), 0)) //nolint:gosec // an order, not a secret
	random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	return order
}

func environment() report.Environment {
	e := report.Environment{
		System: fmt.Sprintf("%s/%s, %d processors", runtime.GOOS, runtime.GOARCH, runtime.NumCPU()),
		Go:     runtime.Version(),
	}
	if info, ok := debug.ReadBuildInfo(); ok && !strings.HasPrefix(info.Main.Version, "(") {
		e.Version = info.Main.Version
	}
	return e
}

func orDefault(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/guard"
	"github.com/mint-conformance/mint/steps/report"
)

// errInterrupted ends scenarios when the run is cancelled.
var errInterrupted = errors.New("the run was interrupted")

// overdue is how long past its deadline and its After hooks a scenario may
// take before the run gives up on it: steps that ignore their context cannot
// be stopped from outside.
const overdue = guard.Grace + 15*time.Second

// suite runs scenarios through godog and gathers what became of them.
type suite struct {
	config    Config
	env       Env
	scenarios map[string]Scenario // by ID, which godog knows as the URI
	order     []string            // as the feature files have them

	mu      sync.Mutex
	results map[string]report.Scenario
	running map[string]time.Time
}

func newSuite(c Config, env Env, picked []Scenario) *suite {
	s := &suite{
		config: c, env: env,
		scenarios: map[string]Scenario{},
		results:   map[string]report.Scenario{},
		running:   map[string]time.Time{},
	}
	for _, sc := range picked {
		s.scenarios[sc.ID] = sc
		s.order = append(s.order, sc.ID)
	}
	return s
}

// run executes everything and returns a result for every scenario, and faults
// that belong to none.
func (s *suite) run(ctx context.Context) (results []report.Scenario, faults []string) {
	var abandoned []string
	code := 0
	for _, stage := range s.stages() {
		if s.foreign(stage) {
			continue
		}
		ended, late := s.perform(ctx, stage)
		abandoned = append(abandoned, late...)
		if code == 0 && !s.config.Checks.owns(stage[0].Tags) {
			code = ended // what steps of a check come to is weighed, not taken from godog
		}
		if len(late) > 0 {
			break // a hanging step may still write; nothing is begun beside it
		}
	}
	return s.collect(code, abandoned)
}

// perform runs the scenarios of one stage through godog.
func (s *suite) perform(ctx context.Context, stage []Scenario) (code int, abandoned []string) {
	var contents []godog.Feature
	for _, sc := range shuffled(stage, s.config.Seed) {
		contents = append(contents, godog.Feature{Name: sc.ID, Contents: sc.write()})
	}
	ended := make(chan int, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				s.config.Progress.remark(fmt.Sprintf("godog panicked: %v", v))
				ended <- -1
			}
		}()
		ended <- godog.TestSuite{
			Name:                "conformance",
			ScenarioInitializer: s.initialize(ctx, s.config.Checks.owns(stage[0].Tags)),
			Options: &godog.Options{
				Format: "progress", Output: io.Discard, NoColors: true, Strict: true,
				Concurrency: s.config.Concurrency, FeatureContents: contents,
				DefaultContext: ctx,
			},
		}.Run()
	}()
	return s.await(ended)
}

// await waits for godog, or until a scenario is so late that it must hang.
func (s *suite) await(ended <-chan int) (code int, abandoned []string) {
	watch := time.NewTicker(time.Second)
	defer watch.Stop()
	for {
		select {
		case code := <-ended:
			return code, nil
		case <-watch.C:
			if late := s.late(); len(late) > 0 {
				return -1, late
			}
		}
	}
}

func (s *suite) late() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for id, since := range s.running {
		if s.config.Now().Sub(since) > s.config.Deadline+overdue {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// collect puts the results in order and compares them with godog's word.
func (s *suite) collect(code int, abandoned []string) (results []report.Scenario, faults []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clean := true
	for _, id := range s.order {
		r, ok := s.results[id]
		if !ok {
			r = blank(s.scenarios[id])
			switch {
			case slices.Contains(abandoned, id):
				r.Status = report.Error
				r.Reason = "it does not stop at its deadline: a step ignores its context; the run was given up"
			default:
				r.Status, r.Reason = report.CouldNotRun, "the run ended before it"
			}
		}
		clean = clean && (s.config.Checks.owns(r.Tags) || r.Status == report.Pass || r.Status == report.NotApplicable)
		results = append(results, r)
	}
	if (code != 0) == clean {
		faults = append(faults, fmt.Sprintf("godog ended with %d, which does not fit the results of the scenarios", code))
	}
	return results, faults
}

// initialize is called by godog for every scenario.
func (s *suite) initialize(run context.Context, check bool) func(*godog.ScenarioContext) {
	return func(sc *godog.ScenarioContext) {
		t := &track{suite: s, run: run}
		sc.Before(t.begin)
		sc.StepContext().Before(t.beginStep)
		sc.StepContext().After(t.endStep)
		if err := s.register(sc, check); err != nil {
			sc.Before(func(ctx context.Context, _ *godog.Scenario) (context.Context, error) { return ctx, err })
		}
		sc.After(guard.After(t.end))
	}
}

// register calls the steps' own set-up; a panic in it would end the process,
// since godog calls it in a goroutine of its own.
func (s *suite) register(sc *godog.ScenarioContext, check bool) (err error) {
	defer guard.Recover(&err)
	if check {
		s.config.Checks.Register(sc, s.env)
	} else {
		s.config.Register(sc, s.env)
	}
	return nil
}

// begun notes that a scenario runs.
func (s *suite) begun(id string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running[id] = at
}

// ended takes a scenario's result, writes its evidence and tells the terminal.
func (s *suite) ended(r report.Scenario, left report.Collected) {
	left.Clean(&r)
	r.Notes, r.Pictures = left.Notes, left.Pictures()
	r.Warnings, r.Exchanges = left.Warnings, left.Exchanges
	if s.config.Checks.owns(r.Tags) {
		s.config.Checks.Weigh(&r)
	}
	if s.config.Out != "" && r.Status != report.Pass && r.Status != report.NotApplicable {
		paths, err := left.Write(s.config.evidence(r.ID))
		if err != nil {
			r.Notes = append(r.Notes, fmt.Sprintf("the evidence could not be written: %v", err))
		}
		for _, path := range paths {
			if relative, err := filepath.Rel(s.config.Out, path); err == nil {
				r.Evidence = append(r.Evidence, filepath.ToSlash(relative))
			}
		}
	}
	s.mu.Lock()
	delete(s.running, r.ID)
	s.results[r.ID] = r
	s.mu.Unlock()
	s.config.Progress.scenario(r, s.config.Out)
}

func (c Config) evidence(id string) string {
	return filepath.Join(c.Out, report.EvidenceDir, report.Anchor(id))
}

// blank is the result of a scenario of which nothing is known yet.
func blank(sc Scenario) report.Scenario {
	r := report.Scenario{
		ID: sc.ID, File: sc.File, Line: sc.Line, Feature: sc.Feature, Rule: sc.Rule,
		Name: sc.Name, Tags: sc.Tags,
	}
	for _, st := range sc.Steps {
		r.Steps = append(r.Steps, report.Step{
			Keyword: st.Keyword, Text: st.Text, Line: st.Line,
			Argument: strings.TrimRight(st.Argument(), "\n"), Status: report.NotReached,
		})
	}
	return r
}

package runner_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cucumber/godog"
	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/steps/guard"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/runner"
)

// notes are what the steps of one scenario remember.
type notes struct {
	steps []string
	texts []string
	after func() error
}

var (
	stepStart     = regexp.MustCompile(`^a start$`)
	stepDeeper    = regexp.MustCompile(`^a deeper start$`)
	stepDone      = regexp.MustCompile(`^something is done$`)
	stepHolds     = regexp.MustCompile(`^it holds$`)
	stepFails     = regexp.MustCompile(`^it does not hold$`)
	stepPanics    = regexp.MustCompile(`^a step panics$`)
	stepHookPanic = regexp.MustCompile(`^the After hook will panic$`)
	stepHookFails = regexp.MustCompile(`^the After hook will fail$`)
	stepSkip      = regexp.MustCompile(`^this does not apply$`)
	stepUnable    = regexp.MustCompile(`^the server cannot be reached$`)
	stepWaits     = regexp.MustCompile(`^a step waits for its context$`)
	stepTwo       = regexp.MustCompile(`^two fit$`)
	stepTwoAgain  = regexp.MustCompile(`^two .*$`)
	stepSoFar     = regexp.MustCompile(`^the steps so far were "([^"]*)"$`)
	stepNoted     = regexp.MustCompile(`^"([^"]*)" is noted:$`)
	stepTable     = regexp.MustCompile(`^this table is noted:$`)
	stepCount     = regexp.MustCompile(`^the notes are (\d+)$`)
)

func register(sc *godog.ScenarioContext, env runner.Env) {
	n := &notes{}
	note := func(text string) func() { return func() { n.steps = append(n.steps, text) } }
	sc.Given(stepStart, note("a start"))
	sc.Given(stepDeeper, note("a deeper start"))
	sc.When(stepDone, note("something is done"))
	sc.Then(stepHolds, func() {})
	sc.Then(stepFails, func() error { return errors.New("got 2, want 3\nin the second line") })
	sc.When(stepPanics, func() { panic("out of cheese") })
	sc.When(stepHookPanic, func() { n.after = func() error { panic("in the hook") } })
	sc.When(stepHookFails, func() { n.after = func() error { return errors.New("an armed fault never fired") } })
	sc.When(stepSkip, func() error { return report.DoesNotApply("only on Tuesdays") })
	sc.When(stepUnable, func() error { return fmt.Errorf("fetching: %w", report.Unable(errors.New("connection refused"))) })
	sc.When(stepWaits, func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) })
	sc.When(stepTwo, func() {})
	sc.When(stepTwoAgain, func() {})
	sc.Then(stepSoFar, func(want string) error {
		if got := strings.Join(n.steps, ", "); got != want {
			return fmt.Errorf("the steps were %q", got)
		}
		return nil
	})
	sc.When(stepNoted, func(what string, text *godog.DocString) error {
		if want := "```\nfirst " + what + "\n  indented\n```"; text.Content != want {
			return fmt.Errorf("doc string %q, want %q", text.Content, want)
		}
		n.texts = append(n.texts, what)
		return nil
	})
	sc.When(stepTable, func(table *godog.Table) error {
		if cell := table.Rows[1].Cells[1].Value; cell != "a | b\n" {
			return fmt.Errorf("cell %q", cell)
		}
		if cell := table.Rows[1].Cells[0].Value; cell != n.texts[0] {
			return fmt.Errorf("cell %q, doc string said %q", cell, n.texts[0])
		}
		n.texts = append(n.texts, "table")
		return nil
	})
	sc.Then(stepCount, func(want int) error {
		if len(n.texts) != want {
			return fmt.Errorf("%d notes", len(n.texts))
		}
		return nil
	})
	sc.After(guard.After(func(ctx context.Context, s *godog.Scenario, _ error) (context.Context, error) {
		env.Recorder.Attach(s.Id, "last.jpeg", "image/jpeg", []byte("picture"))
		env.Recorder.Attach(s.Id, "page.html", "text/html", []byte("<h1>page</h1>"))
		env.Recorder.Duration("journey", 200*time.Millisecond)
		if err := ctx.Err(); err != nil {
			return ctx, fmt.Errorf("the hook got a dead context: %w", err)
		}
		if n.after != nil {
			return ctx, n.after()
		}
		return ctx, nil
	}))
}

// machineTime is the clock of runs in tests.
var machineTime = time.Now //nolint:forbidigo // deadlines of real goroutines are tested

// config runs the test features without browser and topology.
func config(t *testing.T, selection runner.Selection) (runner.Config, *bytes.Buffer) {
	t.Helper()
	out := &bytes.Buffer{}
	return runner.Config{
		Features:     os.DirFS("testdata/features"),
		Register:     register,
		Profiles:     []string{"mint", "mailup"},
		TopologyName: "embedded",
		Selection:    selection,
		Seed:         7,
		Deadline:     300 * time.Millisecond,
		Out:          filepath.Join(t.TempDir(), "out"),
		Progress:     runner.NewProgress(out, false, false, machineTime),
		Now:          machineTime,
	}, out
}

func TestEveryOutcome(t *testing.T) {
	tests := []struct {
		tag    string
		status report.Status
		exit   int
		reason string // contained
		steps  []report.Status
	}{
		{"@passes", report.Pass, 0, "", []report.Status{report.Pass, report.Pass, report.Pass}},
		{"@fails", report.Fail, 1, "got 2, want 3\nin the second line", []report.Status{report.Pass, report.Pass, report.Fail, report.NotReached}},
		{"@undefined", report.Error, 4, "step is undefined: nobody wrote this", []report.Status{report.Pass, report.Error, report.NotReached}},
		{"@panics", report.Error, 4, "out of cheese", []report.Status{report.Pass, report.Error, report.NotReached}},
		{"@hookpanics", report.Error, 4, "in the hook", []report.Status{report.Pass, report.Pass, report.Pass}},
		{"@inapplicable", report.NotApplicable, 3, "only on Tuesdays", []report.Status{report.Pass, report.NotApplicable, report.NotReached}},
		{"@unable", report.CouldNotRun, 3, "fetching: connection refused", []report.Status{report.Pass, report.CouldNotRun, report.NotReached}},
		{"@late", report.CouldNotRun, 3, "it did not end within 300ms", []report.Status{report.Pass, report.CouldNotRun, report.NotReached}},
		{"@afterfails", report.Fail, 1, "an armed fault never fired", []report.Status{report.Pass, report.Pass, report.Pass}},
		{"@ambiguous", report.Error, 4, "ambiguous step definition", []report.Status{report.Pass, report.Error, report.NotReached}},
	}
	for _, tt := range tests {
		for _, concurrency := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s %d", tt.tag, concurrency), func(t *testing.T) {
				c, out := config(t, runner.Selection{Tags: tt.tag})
				c.Concurrency = concurrency
				r, err := runner.Run(t.Context(), c)
				if err != nil {
					t.Fatal(err)
				}
				if len(r.Scenarios) != 1 || len(r.Faults) != 0 {
					t.Fatalf("%d scenarios, faults %v", len(r.Scenarios), r.Faults)
				}
				got := r.Scenarios[0]
				if got.Status != tt.status || !strings.Contains(got.Reason, tt.reason) {
					t.Errorf("status %s because of %q, want %s because of %q", got.Status, got.Reason, tt.status, tt.reason)
				}
				if code := runner.ExitCode(r, nil); code != tt.exit {
					t.Errorf("exit code %d, want %d", code, tt.exit)
				}
				var steps []report.Status
				for _, s := range got.Steps {
					steps = append(steps, s.Status)
				}
				if diff := cmp.Diff(tt.steps, steps); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
				if len(got.Pictures) != 1 {
					t.Errorf("%d pictures, want 1", len(got.Pictures))
				}
				evidence := filepath.Join(c.Out, "evidence", report.Anchor(got.ID), "page.html")
				_, err = os.Stat(evidence)
				if unfinished := tt.status != report.Pass && tt.status != report.NotApplicable; unfinished != (err == nil) {
					t.Errorf("evidence %s: %v", evidence, err)
				}
				if tt.reason != "" && !strings.Contains(out.String(), strings.Split(tt.reason, "\n")[0]) {
					t.Errorf("the terminal does not say %q:\n%s", tt.reason, out)
				}
			})
		}
	}
}

func TestAllAtOnce(t *testing.T) {
	c, out := config(t, runner.Selection{})
	r, err := runner.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	want := report.Counts{Total: 14, Pass: 5, Fail: 2, NotApplicable: 1, CouldNotRun: 2, Error: 4}
	if diff := cmp.Diff(want, r.Count()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	var ids []string
	for _, sc := range r.Scenarios {
		ids = append(ids, sc.ID)
	}
	if !slices.IsSortedFunc(ids, func(a, b string) int { return strings.Compare(a[:3], b[:3]) }) {
		t.Errorf("the report is not in the order of the files: %v", ids)
	}
	for _, name := range []string{report.HTMLFile, report.JSONFile, report.JUnitFile, report.SummaryFile} {
		if info, err := os.Stat(filepath.Join(c.Out, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range []string{
		"14 scenarios, topology embedded, 2 side by side, seed 7 (repeat this order with --seed 7)",
		"14/14", "HARNESS FAULT", "journey: median 200 ms of 14, slowest 200 ms", "report.html",
		"Then it does not hold  (line 16)", filepath.Join("outcomes-14", "page.html"),
	} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("the terminal does not say %q:\n%s", text, out)
		}
	}
}

func TestTheSeedDecidesTheOrder(t *testing.T) {
	var mu sync.Mutex
	order := func(seed int64) []string {
		var ids []string
		c, _ := config(t, runner.Selection{})
		c.Seed, c.Concurrency, c.Deadline = seed, 1, 10*time.Millisecond
		c.Register = func(sc *godog.ScenarioContext, env runner.Env) {
			register(sc, env)
			sc.Before(func(ctx context.Context, s *godog.Scenario) (context.Context, error) {
				mu.Lock()
				defer mu.Unlock()
				ids = append(ids, s.Uri)
				return ctx, nil
			})
		}
		if _, err := runner.Run(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		return ids
	}
	one, again, other := order(1), order(1), order(2)
	if diff := cmp.Diff(one, again); diff != "" {
		t.Errorf("one seed, two orders:\n%s", diff)
	}
	if cmp.Equal(one, other) {
		t.Errorf("two seeds, one order: %v", one)
	}
}

func TestInterruption(t *testing.T) {
	c, out := config(t, runner.Selection{})
	c.Concurrency, c.Deadline = 1, time.Minute
	ctx, cancel := context.WithCancel(t.Context())
	c.Register = func(sc *godog.ScenarioContext, env runner.Env) {
		register(sc, env)
		sc.Before(func(ctx context.Context, _ *godog.Scenario) (context.Context, error) {
			cancel()
			return ctx, nil
		})
	}
	r, err := runner.Run(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	counts := r.Count()
	if counts.Total != 14 || counts.CouldNotRun < 13 || counts.Fail > 0 {
		t.Errorf("counts %+v", counts)
	}
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "interrupted") {
		t.Errorf("notes %v", r.Notes)
	}
	if _, err := os.Stat(filepath.Join(c.Out, report.HTMLFile)); err != nil {
		t.Errorf("no report: %v", err)
	}
	if lines := strings.Count(out.String(), "COULD_NOT_RUN"); lines > 1 {
		t.Errorf("%d lines about scenarios that never began:\n%s", lines, out)
	}
}

func TestRegisterPanics(t *testing.T) {
	c, _ := config(t, runner.Selection{Tags: "@passes"})
	c.Register = func(*godog.ScenarioContext, runner.Env) { panic("no steps today") }
	r, err := runner.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Scenarios[0]; got.Status != report.Error || !strings.Contains(got.Reason, "no steps today") {
		t.Errorf("status %s because of %q", got.Status, got.Reason)
	}
}

func TestSummaryIsAppended(t *testing.T) {
	c, _ := config(t, runner.Selection{Tags: "@passes"})
	c.SummaryTo = filepath.Join(t.TempDir(), "summary")
	for range 2 {
		if _, err := runner.Run(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(c.SummaryTo)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "## MINT Conformance: conformant"); n != 2 {
		t.Errorf("%d summaries, want 2:\n%s", n, text)
	}
}

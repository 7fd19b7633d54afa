package runner

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/guard"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/topology"
)

// track follows one scenario through godog's hooks. godog calls them one
// after the other.
type track struct {
	suite  *suite
	run    context.Context
	cancel context.CancelFunc
	yield  func()          // gives the turn to the next
	ctx    context.Context // of the scenario, with its deadline
	result report.Scenario
	begun  time.Time
	next   int // index of the step that comes or is under way
	at     time.Time
}

// begin starts the clock of the scenario's deadline.
func (t *track) begin(ctx context.Context, sc *godog.Scenario) (context.Context, error) {
	t.result = blank(t.suite.scenarios[sc.Uri])
	t.yield = func() {}
	var late error
	if turn := t.suite.config.Checks.Turn; turn != nil && t.suite.config.Checks.owns(t.result.Tags) {
		ctx, t.yield, late = turn(ctx)
	}
	t.begun = t.suite.config.Now()
	t.suite.begun(sc.Uri, t.begun)
	t.ctx, t.cancel = context.WithTimeout(ctx, t.suite.config.Deadline)
	if t.run.Err() != nil || late != nil { // a turn comes unless the run is interrupted
		return t.ctx, errInterrupted
	}
	return t.ctx, nil
}

func (t *track) beginStep(ctx context.Context, _ *godog.Step) (context.Context, error) {
	t.at = t.suite.config.Now()
	return ctx, nil
}

// endStep notes what became of the present step. After the step that ended
// the scenario, godog still calls it for the others, as skipped.
func (t *track) endStep(ctx context.Context, _ *godog.Step, status godog.StepResultStatus, err error) (context.Context, error) {
	if t.next >= len(t.result.Steps) || t.result.Status != "" {
		return ctx, nil
	}
	step := &t.result.Steps[t.next]
	t.next++
	step.Duration = t.suite.config.Now().Sub(t.at)
	if status == godog.StepPassed {
		step.Status = report.Pass
		return ctx, nil
	}
	if err == nil { // skipped after a step that did not apply
		return ctx, nil
	}
	step.Status, step.Error = t.judge(err), t.text(err)
	return ctx, nil
}

// end is the last After hook: it judges the scenario by the error that ended
// it, which may also come from an earlier hook.
func (t *track) end(ctx context.Context, sc *godog.Scenario, err error) (context.Context, error) {
	defer t.yield()
	defer t.cancel()
	t.result.Status = report.Pass
	switch skipped := t.skipped(); {
	case err != nil:
		t.result.Status, t.result.Reason = t.judge(err), t.text(err)
		t.blameLastStep(err)
	case skipped != "":
		t.result.Status, t.result.Reason = report.NotApplicable, skipped
	}
	t.result.Duration = t.suite.config.Now().Sub(t.begun)
	var found *report.Finding
	if errors.As(err, &found) {
		t.result.Expected, t.result.Got = found.Expected, found.Got
	}
	t.suite.ended(t.result, t.suite.env.Recorder.Collect(sc.Id))
	return ctx, nil
}

// skipped is the reason of the step that found the scenario not applicable:
// godog hands no error on for it.
func (t *track) skipped() string {
	for _, step := range t.result.Steps {
		if step.Status == report.NotApplicable {
			return strings.TrimSuffix(step.Error, ": skipped")
		}
	}
	return ""
}

// blameLastStep gives a step the status of an error that only a Before hook or
// the scenario knows of, so that the report points somewhere.
func (t *track) blameLastStep(err error) {
	if t.next == 0 && len(t.result.Steps) > 0 {
		t.result.Steps[0].Status, t.result.Steps[0].Error = t.result.Status, t.text(err)
	}
}

// judge says what an error means.
func (t *track) judge(err error) report.Status {
	var hookPanic *guard.PanicError
	switch {
	case errors.As(err, &hookPanic), isPanic(err),
		errors.Is(err, godog.ErrUndefined), errors.Is(err, godog.ErrPending), errors.Is(err, godog.ErrAmbiguous):
		return report.Error
	case errors.Is(err, godog.ErrSkip):
		return report.NotApplicable
	case report.IsUnable(err),
		errors.Is(err, browser.ErrLost), errors.Is(err, browser.ErrUnreachable), errors.Is(err, browser.ErrNotFound),
		errors.Is(err, topology.ErrUnavailable), errors.Is(err, topology.ErrSetup),
		errors.Is(err, errInterrupted), t.run.Err() != nil, t.ctx.Err() != nil:
		return report.CouldNotRun
	case t.suite.config.Checks.owns(t.result.Tags) && !isFinding(err):
		return report.Error
	default:
		return report.Fail
	}
}

// isFinding says whether a check speaks of the target; its other errors are
// faults of the harness.
func isFinding(err error) bool {
	var found *report.Finding
	return errors.As(err, &found)
}

// isPanic recognizes what godog makes of a panic in a step: an error of a type
// that it does not export.
func isPanic(err error) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if strings.HasSuffix(fmt.Sprintf("%T", err), ".traceError") {
			return true
		}
	}
	return false
}

// hookPrefix is what godog puts before the errors of Before hooks; it tells
// people nothing.
const hookPrefix = "before scenario hook failed: "

// text is what a report says of an error; a panic brings its stack along.
func (t *track) text(err error) string {
	var hookPanic *guard.PanicError
	switch {
	case errors.Is(err, errInterrupted):
		return errInterrupted.Error()
	case errors.Is(t.ctx.Err(), context.DeadlineExceeded):
		return fmt.Sprintf("it did not end within %s: %v", t.suite.config.Deadline, err)
	case errors.As(err, &hookPanic):
		return fmt.Sprintf("%v\n%s", err, hookPanic.Stack)
	case isPanic(err):
		return fmt.Sprintf("panic: %+v", err)
	case errors.Is(err, godog.ErrSkip):
		return strings.TrimPrefix(report.ReasonNotToApply(err), hookPrefix)
	default:
		return strings.TrimPrefix(err.Error(), hookPrefix)
	}
}

package report

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cucumber/godog"
)

// CouldNotRun marks err as a cause outside of what is under test (a server
// that could not be reached, a browser that went away): the scenario gets no
// verdict and the run ends with exit code 3, never green and never "fail".
func CouldNotRun(err error) error { return &couldNotRun{err} }

type couldNotRun struct{ cause error }

func (e *couldNotRun) Error() string { return e.cause.Error() }
func (e *couldNotRun) Unwrap() error { return e.cause }

// IsCouldNotRun says whether err carries a mark of CouldNotRun.
func IsCouldNotRun(err error) bool {
	var c *couldNotRun
	return errors.As(err, &c)
}

// NotApplicable is returned by a step whose scenario says nothing about the
// topology or profile at hand; reason is one sentence for the report.
func NotApplicable(reason string) error {
	return fmt.Errorf("%s (%w)", reason, godog.ErrSkip)
}

// notApplicableReason is the inverse of NotApplicable.
func notApplicableReason(err error) string {
	return strings.TrimSuffix(err.Error(), fmt.Sprintf(" (%s)", godog.ErrSkip))
}

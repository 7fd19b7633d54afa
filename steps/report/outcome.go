package report

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cucumber/godog"
)

// Unable marks err as a cause outside of what is under test (a server that
// could not be reached, a browser that went away): the scenario becomes
// COULD_NOT_RUN and gets no verdict, so that it is neither green nor a failure.
func Unable(err error) error { return &unable{err} }

type unable struct{ cause error }

// Error is the cause's text.
func (e *unable) Error() string { return e.cause.Error() }

// Unwrap is the cause.
func (e *unable) Unwrap() error { return e.cause }

// Finding is what a check found wrong with the target, in words for its
// developer: two half sentences that read "expected …, got …". It holds no
// secret.
type Finding struct{ Expected, Got string }

// Error is the finding in one line.
func (f *Finding) Error() string { return "expected " + f.Expected + ", got " + f.Got }

// IsUnable says whether err carries the mark of Unable.
func IsUnable(err error) bool {
	var mark *unable
	return errors.As(err, &mark)
}

// DoesNotApply is returned by a step whose scenario says nothing about the
// topology or profile at hand; reason is one sentence for the report.
func DoesNotApply(reason string) error {
	return fmt.Errorf("%s (%w)", reason, godog.ErrSkip)
}

// ReasonNotToApply is the inverse of DoesNotApply.
func ReasonNotToApply(err error) string {
	return strings.TrimSuffix(err.Error(), fmt.Sprintf(" (%s)", godog.ErrSkip))
}

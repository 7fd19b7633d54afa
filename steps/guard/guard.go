// Package guard keeps a panic in a godog hook from ending the whole run:
// godog recovers panics of steps and of Before hooks, but not of After hooks.
package guard

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/cucumber/godog"
)

// Grace is how long an After hook may work once its scenario is over.
const Grace = 15 * time.Second

// After wraps a scenario's After hook: a panic becomes an error, and ctx is
// alive for Grace even if the scenario ran into its deadline, so that evidence
// can still be gathered and servers be stopped.
func After(hook godog.AfterScenarioHook) godog.AfterScenarioHook {
	return func(ctx context.Context, sc *godog.Scenario, stepErr error) (_ context.Context, err error) {
		defer Recover(&err)
		alive, cancel := context.WithTimeout(context.WithoutCancel(ctx), Grace)
		defer cancel()
		if _, err := hook(alive, sc, stepErr); err != nil {
			return ctx, err
		}
		return ctx, nil
	}
}

// PanicError is what a panic in a guarded hook becomes.
type PanicError struct {
	Value any    // what was panicked with
	Stack string // of the goroutine
}

// Error names the panic; the stack is for reports only.
func (e *PanicError) Error() string { return fmt.Sprintf("panic outside a step: %v", e.Value) }

// Recover must be deferred; it turns a panic into a PanicError.
func Recover(err *error) {
	if v := recover(); v != nil {
		*err = &PanicError{Value: v, Stack: string(debug.Stack())}
	}
}

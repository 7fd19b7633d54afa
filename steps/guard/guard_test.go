package guard_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/guard"
)

func TestAfterTurnsAPanicIntoAnError(t *testing.T) {
	hook := guard.After(func(context.Context, *godog.Scenario, error) (context.Context, error) { panic("boom") })
	ctx, err := hook(t.Context(), &godog.Scenario{}, nil)
	var panicked *guard.PanicError
	if !errors.As(err, &panicked) || panicked.Value != "boom" || !strings.Contains(panicked.Stack, "guard_test.go") {
		t.Errorf("error %v, want a PanicError with the place of the panic", err)
	}
	if err == nil || err.Error() != "panic outside a step: boom" {
		t.Errorf("text %q", err)
	}
	if ctx != nil {
		t.Errorf("a context came back from a panic: %v", ctx)
	}
}

func TestAfterGivesTheHookALiveContext(t *testing.T) {
	ended, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "world"))
	cancel()
	before := errors.New("the step's")
	hook := guard.After(func(ctx context.Context, _ *godog.Scenario, err error) (context.Context, error) {
		if ctx.Err() != nil {
			t.Errorf("the hook's context is dead: %v", ctx.Err())
		}
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("the hook's context has no deadline")
		}
		if ctx.Value(key{}) != "world" {
			t.Error("the hook's context lost its values")
		}
		if !errors.Is(err, before) {
			t.Errorf("the hook got the error %v", err)
		}
		return context.Background(), errors.New("the hook's")
	})
	ctx, err := hook(ended, &godog.Scenario{}, before)
	if ctx != ended || err == nil || err.Error() != "the hook's" {
		t.Errorf("got %v, %v; want the scenario's context and the hook's error", ctx, err)
	}
}

func TestRecoverLeavesErrorsAlone(t *testing.T) {
	want := errors.New("an error")
	got := func() (err error) {
		defer guard.Recover(&err)
		return want
	}()
	if !errors.Is(got, want) {
		t.Errorf("got %v", got)
	}
	if guard.Grace < time.Second {
		t.Errorf("Grace is %s, too short to gather evidence", guard.Grace)
	}
}

type key struct{}

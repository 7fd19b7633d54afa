package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/guard"
	"github.com/mint-conformance/mint/steps/topology"
)

// world is everything one scenario has. Nothing in it is shared with another
// scenario, except what env holds. Parts come into being when a step first
// needs them, so that Given steps may still shape a Platform before it exists.
type world struct {
	env      Env
	scenario *godog.Scenario

	platforms []*platform
	mint      topology.MINT // reserved with the first Platform of a journey
	mintRuns  bool
	visitors  map[person]*visitor
	acting    *visitor // who acted last: the "her" of a sentence

	catcher *catcher     // the protocol client's redirection endpoint
	hosting hosting      // the page that opens the Platform in a popup or a frame
	client  *oauthClient // the OAuth client of a protocol scenario
	second  *oauthClient // another one
	search  search       // what was searched for secrets, and how it ended
	idea    suggested    // the suggestion a scenario is about

	parallel []answer // to requests sent at one instant
	wanted   string   // a value that a later sentence compares with
}

func (w *world) begin(ctx context.Context, sc *godog.Scenario) (context.Context, error) {
	w.scenario = sc
	w.visitors = map[person]*visitor{}
	return ctx, nil
}

// journey says whether the scenario is about a person and MINT; otherwise it
// is about a protocol client.
func (w *world) journey() bool { return w.tagged("@journey") }

func (w *world) tagged(tag string) bool {
	for _, t := range w.scenario.Tags {
		if t.Name == tag {
			return true
		}
	}
	return false
}

// end gathers evidence, checks that every armed fault happened, and takes
// everything down again.
func (w *world) end(ctx context.Context, _ *godog.Scenario, stepErr error) (context.Context, error) {
	skipped := errors.Is(stepErr, godog.ErrSkip)
	var err error
	if stepErr == nil {
		err = w.unfiredFaults(ctx)
	}
	picture := w.journey() // a protocol scenario ends on the harness's own page
	if (stepErr != nil && !skipped) || err != nil {
		w.attachEvidence(ctx)
		picture = false
	}
	return ctx, errors.Join(err, w.close(ctx, picture))
}

// unfiredFaults fails a scenario whose fault never happened: it would have
// proved nothing.
func (w *world) unfiredFaults(ctx context.Context) error {
	var missed []string
	for _, p := range w.platforms {
		if !p.exists() || !p.armed {
			continue
		}
		faults, err := p.control.Faults(ctx, p.Name)
		if err != nil {
			return fmt.Errorf("reading the faults of the %s platform: %w", p.profile, err)
		}
		for _, f := range faults {
			if f.Missed() {
				missed = append(missed, fmt.Sprintf("%s at %s of the %s platform happened %d of %d times",
					f.Action.Kind, f.Match.Endpoint, p.profile, f.Fired, f.Count))
			}
		}
	}
	if len(missed) > 0 {
		return fmt.Errorf("an armed fault did not happen: %s", strings.Join(missed, "; "))
	}
	return nil
}

// close takes the scenario's parts down, the windows beside the servers, and
// MINT before the Platform whose clock it follows. A last picture of each
// window is taken if asked for.
func (w *world) close(ctx context.Context, picture bool) error {
	windows := make(chan error, 1)
	go func() {
		var err error
		defer func() { windows <- err }()
		defer guard.Recover(&err)
		if picture {
			w.attachPicture(ctx)
		}
		err = w.closeWindows()
	}()
	var errs []error
	if w.mint != nil {
		errs = append(errs, w.mint.Close(ctx))
	}
	for _, p := range w.platforms {
		errs = append(errs, p.close(ctx))
	}
	if w.catcher != nil {
		errs = append(errs, w.catcher.close())
	}
	if w.hosting.stranger != nil {
		errs = append(errs, w.hosting.stranger.close())
	}
	errs = append(errs, <-windows)
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("taking the scenario down: %w", err)
	}
	return nil
}

func (w *world) closeWindows() error {
	var errs []error
	for _, v := range w.visitors {
		if v.session != nil {
			errs = append(errs, v.session.Close())
		}
	}
	return errors.Join(errs...)
}

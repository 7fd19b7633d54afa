package checks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/redact"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// trial is one check under way.
type trial struct {
	suite    *Suite
	shared   Shared
	scenario *godog.Scenario

	check  *catalogue.Check
	target *target.Target
	send   *exchange.Client // of everything but the visitor's pages, which go the same way

	visitors map[string]pages.Visitor // by customer

	// what Given steps prepared
	client   *target.Client // whose turn it is: the main client unless a step says otherwise
	grant    grant          // the one the scenario is about
	question question       // how requests are made so that the customer is asked
	first    grant          // the same as it began, or another one to compare with
	before   string         // access token that a step has replaced since

	seen                          // of pages
	attempts  []attempt           // what the check judges
	answers   []exchange.Exchange // what was answered to requests that are in order
	survivals []attempt           // what still worked after somebody tried to end it
	metadata  map[string]any      // the server's document
	usedURI   string              // of a pushed request that has had its answer
	controls  int                 // positive controls that held
	judged    bool                // a refusal was judged
	warnings  []string
	samples   []grant  // of codes or tokens, in the order they were given
	flaws     []string // of answers that are judged together
	registering
	twofold   []*twofold // requests over TLS and in clear
	greetings []greeting // of hosts that speak TLS
}

// attempt is one thing the check tried, and what came of it: an exchange with
// a token endpoint or the like, or a way through the pages.
type attempt struct {
	what    string // "with a verifier that is one character off"
	got     exchange.Exchange
	landing *pages.Landing // set for a way through pages
	// answer is where a way through pages has to be refused: ownPage, an error
	// code for a redirect to the client with that error, or "" for either.
	answer string
}

func (t *trial) begin(ctx context.Context, sc *godog.Scenario) (context.Context, error) {
	t.scenario = sc
	t.visitors = map[string]pages.Visitor{}
	var tags []string
	for _, tag := range sc.Tags {
		tags = append(tags, tag.Name)
	}
	check, err := t.suite.Of(tags)
	if err != nil {
		return ctx, errors.Join(errNoCheck, err)
	}
	t.check = check
	if gate := t.suite.blockedBy(check); gate != "" {
		return ctx, report.Unable(fmt.Errorf("blocked by %s", gate))
	}
	if t.target, err = t.suite.Targets.Acquire(ctx, check); err != nil {
		return ctx, fmt.Errorf("acquiring the target: %w", err)
	}
	t.client = t.target.Clients.Main
	t.send = &exchange.Client{HTTP: t.target.HTTP, Agent: "MINT-Conformance (" + check.ID + ")", Now: t.suite.Now, Before: t.target.Before}
	return ctx, t.suite.spare(check, t.target)
}

// end hands over what the report shows, refuses a refusal without control, and
// gives the target back.
func (t *trial) end(ctx context.Context, _ *godog.Scenario, stepErr error) (context.Context, error) {
	var errs []error
	if t.send != nil {
		if stepErr != nil {
			t.keepPages(ctx)
		}
		t.handOver()
		if t.target.Mock == nil {
			t.suite.issued.note(t.send.All())
		}
	}
	for _, w := range t.warnings {
		t.shared.Recorder.Warn(t.scenario.Id, w)
	}
	if stepErr == nil && t.judged && t.controls == 0 {
		errs = append(errs, errors.New("a refusal was judged without a positive control"))
	}
	for _, end := range t.closing {
		errs = append(errs, end())
	}
	for _, v := range t.visitors {
		errs = append(errs, v.Close())
	}
	if t.target != nil {
		errs = append(errs, t.suite.Targets.Release(ctx, t.target))
	}
	return ctx, errors.Join(errs...)
}

// handOver gives the report what was exchanged, without secrets.
func (t *trial) handOver() {
	all := t.send.All()
	secrets := redact.NewSecrets(t.suite.key())
	t.target.Secrets(secrets.Add)
	for _, e := range all {
		secrets.Learn(e)
	}
	t.shared.Recorder.Redact(t.scenario.Id, secrets.Cleaner())
	t.shared.Recorder.Exchanges(t.scenario.Id, secrets.Exchanges(all))
}

// warn notes something that is no failure and that the partner should know.
func (t *trial) warn(format string, args ...any) {
	t.warnings = append(t.warnings, fmt.Sprintf(format, args...))
}

// unmet marks err as trouble with what a check needs beforehand.
func unmet(what string, err error) error {
	return report.Unable(fmt.Errorf("%s: %w", what, err))
}

// tried keeps an attempt to judge.
func (t *trial) tried(what string, got exchange.Exchange) {
	t.attempts = append(t.attempts, attempt{what: what, got: got})
}

// walked keeps a way through pages to judge.
func (t *trial) walked(what string, l pages.Landing) {
	t.attempts = append(t.attempts, attempt{what: what, landing: &l})
}

// controlled counts a positive control if it held; a control that fails means
// that the refusals beside it prove nothing.
func (t *trial) controlled(what string, held bool, got fmt.Stringer) error {
	if !held {
		return report.Unable(fmt.Errorf("the positive control failed: %s was answered with %s, so that the refusals beside it prove nothing", what, got))
	}
	t.controls++
	return nil
}

// pass lets time pass: at once on a mock, which has a clock of its own, for
// real elsewhere if the run may wait that long.
func (t *trial) pass(ctx context.Context, d time.Duration) error {
	if t.target.Mock == nil {
		return t.suite.Waits.Pass(ctx, d)
	}
	_, err := t.target.Mock.Control.Advance(ctx, t.target.Mock.Platform.Name, d)
	return err
}

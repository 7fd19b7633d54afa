package steps

import (
	"context"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/guard"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/topology"
)

// Env is what the scenarios of one run share. All fields are required.
type Env struct {
	// Topology runs the Platforms and the MINTs.
	Topology topology.Topology
	// Browser returns the browser of the run, launching it if need be; its
	// error ends the scenario.
	Browser func(ctx context.Context) (*browser.Browser, error)
	// Recorder takes pictures, evidence and timings.
	Recorder *report.Recorder
}

// Register gives one scenario its world: every sentence of the feature files,
// and the hooks that begin and end the scenario. Call it from godog's
// ScenarioInitializer, which godog runs once per scenario.
func Register(sc *godog.ScenarioContext, env Env) {
	w := &world{env: env}
	for _, d := range definitions() {
		d.register(sc, w)
	}
	sc.Before(w.begin)
	sc.After(guard.After(w.end))
}

// definitions is every sentence, noun by noun.
func definitions() []definition {
	var all []definition
	for _, noun := range [][]definition{
		platformSteps, clockSteps, faultSteps, keySteps, registrationSteps, pushSteps, hostingSteps,
		connectionSteps, linkSteps, consentSteps, campaignSteps, accessSteps, suggestionSteps, storeSteps,
		developerSteps, pageSteps,
		clientSteps, codeSteps, tokenSteps, revocationSteps, applicationSteps, answerSteps, documentSteps,
	} {
		all = append(all, noun...)
	}
	return all
}

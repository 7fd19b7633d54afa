package main

import (
	"context"
	"strings"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/checks"
	"github.com/mint-conformance/mint/steps/runner"
)

// checking puts the checks of the catalogue into a run.
func (o options) checking() (runner.Checks, error) {
	known, err := catalogue.Load()
	if err != nil {
		return runner.Checks{}, err
	}
	profile, _ := strings.CutPrefix(o.target, "mock:")
	suite := &checks.Suite{
		Catalogue: known, Strict: o.strict, Now: machineTime,
		Targets: &checks.Mocks{Profile: profile, Break: o.breaks},
	}
	return runner.Checks{
		Tag: checks.Tag,
		Register: func(sc *godog.ScenarioContext, env runner.Env) {
			suite.Register(sc, checks.Shared{Browser: env.Browser, Recorder: env.Recorder})
		},
		Stage: suite.StageOf,
		Gates: suite.GatesOf,
		Weigh: suite.Weigh,
		Close: func(context.Context) error { return suite.Targets.Close() },
	}, nil
}

package main

import (
	"context"
	"strings"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/checks"
	"github.com/mint-conformance/mint/steps/partner"
	"github.com/mint-conformance/mint/steps/runner"
)

// checking puts the checks of the catalogue into a run; d is the partner's file
// if the target is no mock.
func (o options) checking(d *partner.Document) (runner.Checks, *checks.Suite, error) {
	known, err := catalogue.Load()
	if err != nil {
		return runner.Checks{}, nil, err
	}
	book, err := o.book(d, known)
	if err != nil {
		return runner.Checks{}, nil, err
	}
	profile, _ := strings.CutPrefix(o.target, "mock:")
	suite := &checks.Suite{
		Catalogue: known, Strict: o.strict, Book: book, Now: machineTime,
		Targets: &checks.Mocks{Profile: profile, Break: o.breaks},
	}
	return runner.Checks{
		Tag: checks.Tag,
		Register: func(sc *godog.ScenarioContext, env runner.Env) {
			suite.Register(sc, checks.Shared{Browser: env.Browser, Recorder: env.Recorder})
		},
		Stage:  suite.StageOf,
		Gates:  suite.GatesOf,
		Weigh:  suite.Weigh,
		Finish: suite.Finish,
		Close:  func(context.Context) error { return suite.Targets.Close() },
	}, suite, nil
}

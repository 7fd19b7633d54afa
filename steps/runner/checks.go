package runner

import (
	"context"
	"slices"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/report"
)

// Checks says how scenarios are run that judge a target by one check of the
// catalogue each. The zero value is for runs without any.
type Checks struct {
	Tag string // that marks them
	// Register hands the steps and hooks of one of them to godog.
	Register func(sc *godog.ScenarioContext, env Env)
	// Stage is the place of a scenario in their order; stages run one after
	// the other.
	Stage func(tags []string) int
	// Gates are the ids without which a scenario proves nothing: they are run
	// with it, selected or not.
	Gates func(tags []string) []string
	// Weigh turns what the steps came to into the verdict of the check.
	Weigh func(r *report.Scenario)
	// Close ends what they shared.
	Close func(ctx context.Context) error
}

// owns says whether the scenario with the tags is one of them.
func (c Checks) owns(tags []string) bool { return c.Tag != "" && slices.Contains(tags, c.Tag) }

// withGates adds the scenarios that picked ones cannot do without, in the
// order of all.
func (c Checks) withGates(all, picked []Scenario) []Scenario {
	needed := map[string]bool{}
	for _, sc := range picked {
		needed[sc.ID] = true
		if !c.owns(sc.Tags) {
			continue
		}
		for _, id := range c.Gates(sc.Tags) {
			for _, gate := range all {
				if c.owns(gate.Tags) && slices.Contains(gate.Tags, "@"+id) {
					needed[gate.ID] = true
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(sc Scenario) bool { return !needed[sc.ID] })
}

// stages groups what is to be run: everything that is no check first, then the
// checks, each after its gates.
func (s *suite) stages() [][]Scenario {
	var stages [][]Scenario
	put := func(at int, sc Scenario) {
		for len(stages) <= at {
			stages = append(stages, nil)
		}
		stages[at] = append(stages[at], sc)
	}
	for _, id := range s.order {
		sc := s.scenarios[id]
		if s.config.Checks.owns(sc.Tags) {
			put(1+s.config.Checks.Stage(sc.Tags), sc)
		} else {
			put(0, sc)
		}
	}
	return slices.DeleteFunc(stages, func(stage []Scenario) bool { return len(stage) == 0 })
}

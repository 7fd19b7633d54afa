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
	// Turn, if set, waits until the scenario may begin; its time counts from
	// then on. What it returns is called at its end.
	Turn func(ctx context.Context) (context.Context, func(), error)
	// Weigh turns what the steps came to into the verdict of the check.
	Weigh func(r *report.Scenario)
	// Finish, if set, sees all verdicts before anybody else.
	Finish func(r *report.Run)
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

// foreign settles the scenarios of a stage that say nothing about a server
// which is not ours, if they are of that kind.
func (s *suite) foreign(stage []Scenario) bool {
	if s.config.Foreign == "" || s.config.Checks.owns(stage[0].Tags) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sc := range stage {
		r := blank(sc)
		r.Status, r.Reason = report.NotApplicable, s.config.Foreign
		s.results[sc.ID] = r
	}
	s.config.Progress.settled(len(stage))
	return true
}

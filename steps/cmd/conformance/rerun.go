package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/runner"
)

// rerunCommand runs again what a report says went wrong.
func rerunCommand(getenv func(string) string) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "rerun REPORT [ID]...",
		Short: "Run again what a report.json says did not pass, or the ids of it that are named",
		Long: `Run again what a report.json says failed, could not run or ended in a harness
error, with the target, the defects (--break), --strict, the topology and the order of that
run. ID is a check (CG-02) or a scenario (journeys/connecting.feature:12) of the
report.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return finish(c, fmt.Errorf("%w: rerun takes the report.json of an earlier run", runner.ErrUsage))
			}
			saved, err := report.Open(args[0])
			if err == nil {
				err = o.again(saved, args[1:])
			}
			if err != nil {
				return finish(c, fmt.Errorf("%w: %w", runner.ErrUsage, err))
			}
			return o.execute(c, getenv)
		},
	}
	o.common(c.Flags())
	return c
}

// again selects what is to be run once more.
func (o *options) again(saved *report.Saved, ids []string) error {
	o.seed, o.topology = saved.Seed, saved.Topology
	o.breaks, o.strict = saved.Selection.Breaks, o.strict || saved.Selection.Strict
	switch {
	case saved.Selection.File != "": // its name in the report is what people call the server
		o.target = saved.Selection.File
	case saved.Target != "mock":
		o.target = saved.Target
	}
	for _, sc := range saved.Scenarios {
		switch wanted := slices.Contains(ids, sc.ID) || sc.Check != "" && slices.Contains(ids, sc.Check); {
		case wanted, len(ids) == 0 && slices.Contains([]report.Status{report.Fail, report.CouldNotRun, report.Error}, sc.Status):
			o.scenarios = append(o.scenarios, sc.Key()) // lines may have moved since
		}
	}
	if len(o.scenarios) == 0 && len(ids) == 0 {
		return fmt.Errorf("everything in the report passed; name an id to run it all the same")
	}
	for _, id := range ids {
		if !slices.ContainsFunc(saved.Scenarios, func(sc report.SavedOutcome) bool { return id == sc.ID || id == sc.Check }) {
			return fmt.Errorf("the report has no %q; name a check such as CG-02 or a scenario as the report writes it", id)
		}
	}
	return nil
}

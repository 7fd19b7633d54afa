package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/features"
	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/steps/runner"
)

func listCommand() *cobra.Command {
	var o options
	var output string
	var checks bool
	var filter checkFilter
	c := &cobra.Command{
		Use:   "list",
		Short: "List scenarios with their tags, or the checks of a server",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if fault := mixed(c, checks); fault != nil {
				return finish(c, fault)
			}
			if checks {
				return finish(c, listChecks(c, filter, output))
			}
			return finish(c, list(c, o, output))
		},
	}
	f := c.Flags()
	f.StringVar(&o.tags, "tags", "", "only scenarios whose tags fit")
	f.StringSliceVar(&o.checks, "check", nil, "only scenarios of this check or requirement id; repeatable")
	f.StringVar(&o.target, "target", "", "only scenarios of this target, mock:PROFILE")
	f.StringVar(&o.topology, "topology", "embedded", "only scenarios that run in this topology")
	f.StringVar(&o.shard, "shard", "", "only part I of N, written I/N")
	f.BoolVar(&checks, "checks", false, "list the checks of a server instead of scenarios")
	f.StringVar(&filter.requirement, "requirement", "", "with --checks: only those that name this requirement, such as S001-11")
	f.StringVar(&filter.rfc, "rfc", "", "with --checks: only those that name this RFC or section, such as 6749 or 6749-4.1.2; 2.1 is the draft")
	f.StringVarP(&output, "output", "o", "text", "text or json")
	return c
}

func list(c *cobra.Command, o options, output string) error {
	selection, err := o.selection()
	if err != nil {
		return err
	}
	all, err := runner.Load(features.FS)
	if err != nil {
		return err
	}
	picked, err := runner.Select(all, selection, o.topology, fixtures.Profiles())
	if err != nil {
		return err
	}
	return write(output,
		func() error { return runner.WriteList(c.OutOrStdout(), picked) },
		func() error { return runner.WriteJSONList(c.OutOrStdout(), picked) })
}

// mixed refuses options that select scenarios beside those that select checks.
func mixed(c *cobra.Command, checks bool) error {
	ofChecks := []string{"requirement", "rfc"}
	ofScenarios := []string{"tags", "check", "target", "topology", "shard"}
	for _, name := range ofChecks {
		if !checks && c.Flags().Changed(name) {
			return fmt.Errorf("%w: --%s selects checks; add --checks", runner.ErrUsage, name)
		}
	}
	for _, name := range ofScenarios {
		if checks && c.Flags().Changed(name) {
			return fmt.Errorf("%w: --%s selects scenarios; leave it out, or leave out --checks", runner.ErrUsage, name)
		}
	}
	return nil
}

// write calls the writer that --output names.
func write(output string, text, json func() error) error {
	switch output {
	case "text":
		return text()
	case "json":
		return json()
	}
	return fmt.Errorf("%w: --output %q is not known; use text or json", runner.ErrUsage, output)
}

// finish says what went wrong, if anything did, and chooses the exit code.
func finish(c *cobra.Command, err error) error {
	if err == nil {
		return nil
	}
	fmt.Fprintf(c.ErrOrStderr(), "conformance: %v\n", err)
	return finished{runner.ExitCode(nil, err)}
}

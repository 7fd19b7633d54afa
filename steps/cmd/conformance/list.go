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
	c := &cobra.Command{
		Use:   "list",
		Short: "List scenarios with their tags",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := list(c, o, output); err != nil {
				fmt.Fprintf(c.ErrOrStderr(), "conformance: %v\n", err)
				return finished{runner.ExitCode(nil, err)}
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&o.tags, "tags", "", "only scenarios whose tags fit")
	f.StringSliceVar(&o.checks, "check", nil, "only scenarios of this check or requirement id; repeatable")
	f.StringVar(&o.target, "target", "", "only scenarios of this target, mock:PROFILE")
	f.StringVar(&o.topology, "topology", "embedded", "only scenarios that run in this topology")
	f.StringVar(&o.shard, "shard", "", "only part I of N, written I/N")
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
	switch output {
	case "text":
		return runner.WriteList(c.OutOrStdout(), picked)
	case "json":
		return runner.WriteJSONList(c.OutOrStdout(), picked)
	}
	return fmt.Errorf("%w: --output %q is not known; use text or json", runner.ErrUsage, output)
}

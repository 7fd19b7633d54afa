package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/runner"
)

func diffCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Compare two report.json: which verdicts changed; exit code 1 if one got worse",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return finish(c, fmt.Errorf("%w: diff takes two files, the older report.json first", runner.ErrUsage))
			}
			var saved [2]*report.Saved
			for i, path := range args {
				var err error
				if saved[i], err = report.Open(path); err != nil {
					return finish(c, fmt.Errorf("%w: %w", runner.ErrUsage, err))
				}
			}
			worse, err := report.WriteDiff(c.OutOrStdout(), report.Diff(saved[0], saved[1]))
			if err == nil && worse {
				return finished{report.ExitNotConformant}
			}
			return finish(c, err)
		},
	}
}

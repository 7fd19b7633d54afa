package main

import (
	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/steps/report"
)

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of report.json",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := c.OutOrStdout().Write(report.Schema())
			return finish(c, err)
		},
	}
}

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/features"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/runner"
)

func explainCommand() *cobra.Command {
	var output string
	c := &cobra.Command{
		Use:   "explain ID",
		Short: "Tell what a check asks for, why, and how to mend it",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return finish(c, fmt.Errorf("%w: explain takes one id, such as CG-02", runner.ErrUsage))
			}
			return finish(c, explain(c, args[0], output))
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "text", "text or json")
	return c
}

// explain prints one id of the catalogue: a check, or a requirement, a check
// of the client, a bug or a step of a journey.
func explain(c *cobra.Command, id, output string) error {
	known, err := catalogue.Load()
	if err != nil {
		return err
	}
	if _, ok := known.Name(id); !ok {
		return unknownID(known, id, "")
	}
	carried, err := scenariosByID()
	if err != nil {
		return err
	}
	e, _ := known.Explain(id, carried[id])
	return write(output, func() error { return e.Text(c.OutOrStdout()) }, func() error { return e.JSON(c.OutOrStdout()) })
}

// unknownID refuses an id and offers the nearest one of the kind, or of any
// kind if it is empty.
func unknownID(known *catalogue.Catalogue, id string, kind catalogue.Kind) error {
	var ids []string
	for _, n := range known.Names() {
		if kind == "" || n.Kind == kind {
			ids = append(ids, n.ID)
		}
	}
	what := "id"
	if kind != "" {
		what = kind.Words()
	}
	return fmt.Errorf("%w: the catalogue has no %s %q%s", runner.ErrUsage, what, id,
		runner.Suggest(id, ids, "conformance list --checks"))
}

// scenariosByID sorts the embedded scenarios by the ids they carry.
func scenariosByID() (map[string][]catalogue.Scenario, error) {
	all, err := runner.Load(features.FS)
	if err != nil {
		return nil, err
	}
	carried := map[string][]catalogue.Scenario{}
	for _, s := range all {
		for _, tag := range s.Tags {
			id := strings.TrimPrefix(tag, "@")
			carried[id] = append(carried[id], catalogue.Scenario{ID: s.ID, Name: s.Name})
		}
	}
	return carried, nil
}

package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/runner"
)

// checkFilter is the options of `conformance list` that narrow --checks.
type checkFilter struct{ requirement, rfc string }

// document is how --rfc is written: a number, and a section after a dash.
var document = regexp.MustCompile(`^(?:RFC ?)?(2\.1|[1-9]\d*)(?:-([0-9A-Z][0-9.]*))?$`)

func listChecks(c *cobra.Command, filter checkFilter, output string) error {
	known, err := catalogue.Load()
	if err != nil {
		return err
	}
	selection, err := filter.selection(known)
	if err != nil {
		return err
	}
	picked := known.Select(selection)
	if len(picked) == 0 {
		return fmt.Errorf("%w: nothing is selected: no check of the server names %s", runner.ErrUsage, filter.asked())
	}
	carried, err := scenariosByID()
	if err != nil {
		return err
	}
	rows := catalogue.Rows(picked, carried)
	return write(output,
		func() error { return catalogue.WriteRows(c.OutOrStdout(), rows) },
		func() error { return catalogue.WriteJSONRows(c.OutOrStdout(), rows) })
}

// selection reads the filter; an id or a document that the catalogue does not
// have is a usage error.
func (f checkFilter) selection(known *catalogue.Catalogue) (catalogue.Selection, error) {
	s := catalogue.Selection{Requirement: f.requirement}
	if f.requirement != "" {
		if n, ok := known.Name(f.requirement); !ok || n.Kind != catalogue.KindRequirement {
			return s, unknownID(known, f.requirement, catalogue.KindRequirement)
		}
	}
	if f.rfc == "" {
		return s, nil
	}
	m := document.FindStringSubmatch(f.rfc)
	if m == nil {
		return s, fmt.Errorf("%w: --rfc %q: write a number such as 6749, a section behind a dash (6749-4.1.2), or 2.1 for the OAuth 2.1 draft",
			runner.ErrUsage, f.rfc)
	}
	s.RFC, s.Section = m[1], m[2]
	return s, nil
}

func (f checkFilter) asked() string {
	asked := []string{f.requirement, ""}
	if f.rfc != "" {
		asked[1] = "RFC " + strings.TrimSpace(strings.TrimPrefix(f.rfc, "RFC"))
	}
	asked = slices.DeleteFunc(asked, func(text string) bool { return text == "" })
	return strings.Join(asked, " and ")
}

package command

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/mockplatform"
)

func (p *Program) profiles() *cobra.Command {
	list := &cobra.Command{
		Use: "list", Short: "List the embedded profiles", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return p.listProfiles() },
	}
	show := &cobra.Command{
		Use: "show NAME", Short: "Print an embedded profile, to start your own from", Args: exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			document, err := fixtures.Profile(args[0])
			if err != nil {
				return err
			}
			_, err = p.stdout.Write(document)
			return err
		},
	}
	validate := &cobra.Command{
		Use: "validate FILE", Short: "Check a profile and list all its faults", Args: exactly(1),
		RunE: func(_ *cobra.Command, args []string) error { return p.validateProfile(args[0]) },
	}
	schema := &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of profiles", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(p.stdout, "%s\n", mockplatform.ProfileSchema())
			return err
		},
	}
	return group("profiles", "Look at profiles, which configure a Platform each", list, show, validate, schema)
}

func (p *Program) listProfiles() error {
	rows := newTable(p.stdout, "PROFILE", "TITLE", "SUMMARY")
	for _, name := range fixtures.Profiles() {
		document, err := fixtures.Profile(name)
		if err != nil {
			return err
		}
		about, err := mockplatform.CheckProfile(document)
		if err != nil {
			return fmt.Errorf("profile %s: %w", name, err)
		}
		rows.add(name, about.Title, about.Summary)
	}
	return rows.flush()
}

func (p *Program) validateProfile(file string) error {
	document, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w", file, errors.Unwrap(err))
	}
	about, err := mockplatform.CheckProfile(document)
	if err != nil {
		return fmt.Errorf("%s has faults:\n%w", file, err)
	}
	fmt.Fprintf(p.stdout, "%s is a good profile: %s (%s).\n", file, about.Title, about.Name)
	for _, leniency := range about.Leniencies {
		fmt.Fprintf(p.stdout, "  weaker than the RFCs: %s\n", leniency)
	}
	return nil
}

// exactly asks for n arguments, in a sentence that names them.
func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return fmt.Errorf("usage: %s", cmd.UseLine())
		}
		return nil
	}
}

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
		Use: "list", Short: "List the embedded profiles and dialects", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return p.listProfiles() },
	}
	var settings string
	show := &cobra.Command{
		Use: "show NAME", Short: "Print all values of a profile, each with its origin",
		Long: `Print all values of a profile as YAML, each with its origin as a comment:
default, profile, dialect or settings. NAME is an embedded profile or a file;
+DIALECT after it lays a dialect over. What is printed is a complete profile.`,
		Example: `  mockplatform profiles show mailup
  mockplatform profiles show mailup+github
  mockplatform profiles show ./mine.yaml+atlassian --settings changes.json`,
		Args: exactly(1),
		RunE: func(_ *cobra.Command, args []string) error { return p.showProfile(args[0], settings) },
	}
	show.Flags().StringVar(&settings, "settings", "", "`FILE` with a partial profile (YAML or JSON) to lay over it")
	validate := &cobra.Command{
		Use: "validate FILE", Short: "Check a profile and list all its faults", Args: exactly(1),
		Long: `Check a profile and list all its faults. For a good one it says what is weaker than
the RFCs, and which checks the profile waives. Whether a waived check exists, and
may be waived at all, only conformance knows: see conformance explain ID.`,
		RunE: func(_ *cobra.Command, args []string) error { return p.validateProfile(args[0]) },
	}
	schema := &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of profiles", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(p.stdout, "%s\n", mockplatform.ProfileSchema())
			return err
		},
	}
	deviations := &cobra.Command{
		Use: "deviations", Short: "List the defects that a profile may ask for with break", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return p.listDeviations() },
	}
	return group("profiles", "Look at profiles, which configure a Platform each", list, show, validate, schema, deviations)
}

func (p *Program) listDeviations() error {
	rows := newTable(p.stdout, "DEVIATION", "WHAT THE PLATFORM THEN DOES")
	for _, d := range mockplatform.Deviations() {
		rows.add(d.Name, d.Doc)
	}
	return rows.flush()
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
	if err := rows.flush(); err != nil {
		return err
	}
	dialects, err := mockplatform.Dialects()
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout)
	rows = newTable(p.stdout, "DIALECT", "TITLE", "SUMMARY")
	for _, d := range dialects {
		rows.add(d.Name, d.Title, d.Summary)
	}
	return rows.flush()
}

func (p *Program) showProfile(name, settingsFile string) error {
	from, err := source(name)
	if err != nil {
		return err
	}
	var settings []byte
	if settingsFile != "" {
		if settings, err = os.ReadFile(settingsFile); err != nil {
			return fmt.Errorf("--settings: %s cannot be read: %w", settingsFile, errors.Unwrap(err))
		}
	}
	shown, err := mockplatform.EffectiveProfile(from, settings)
	if err != nil {
		return fmt.Errorf("%s has faults:\n%w", name, err)
	}
	_, err = p.stdout.Write(shown)
	return err
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
	for _, waiver := range about.Waivers {
		fmt.Fprintf(p.stdout, "  waived in conformance runs: %s (%s)\n", waiver.Check, waiver.Reason)
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

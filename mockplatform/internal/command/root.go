package command

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"
)

// Program is the command line. It prints to the writers that it was made with.
type Program struct {
	stdout, stderr io.Writer
}

// New makes the program.
func New(stdout, stderr io.Writer) *Program { return &Program{stdout: stdout, stderr: stderr} }

// Run carries out one command line, without the program's own name. It returns
// when the work is done, for serve when ctx ends.
func (p *Program) Run(ctx context.Context, args []string) error {
	root := &cobra.Command{
		Use:           "mockplatform",
		Short:         "Mock advertising platforms for OAuth 2.0 clients",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetArgs(args)
	root.AddCommand(p.serve(), p.profiles(), p.ctl())
	return root.ExecuteContext(ctx)
}

// failure is an error that is nobody's usage mistake.
type failure struct{ error }

func (f failure) Unwrap() error { return f.error }

// ExitCode is the exit code for what Run returned.
func ExitCode(err error) int {
	if err == nil {
		return 0
	}
	if errors.As(err, &failure{}) {
		return 1
	}
	return 2
}

// group makes a command that only holds others.
func group(use, short string, children ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return errors.New("unknown command " + args[0] + ": see mockplatform " + use + " --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(children...)
	return cmd
}

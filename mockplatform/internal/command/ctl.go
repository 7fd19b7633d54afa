package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// callTimeout bounds one call to the control API, beside the time that the
// call itself is asked to wait.
const callTimeout = 30 * time.Second

// operator carries out ctl commands.
type operator struct {
	program    *Program
	url, token string
	output     string
}

func (p *Program) ctl() *cobra.Command {
	o := &operator{program: p}
	cmd := group("ctl", "Operate a running mockplatform by its control API",
		o.platforms(), o.clock(), o.faults(), o.tokens(), o.keys(), o.journal(), o.grants(),
		o.hostedProfiles(), o.health(), o.openAPI())
	cmd.Long = `Operate a running mockplatform by its control API.

Tables are for people, -o json is for programs.

Exit codes
  0  done
  1  the server refused (no such Platform, a name in use, a limit, a wrong
     control token), failed, or cannot be reached
  2  wrong usage, or a bad value or document (settings, fault, plan, filter):
     the same command would fail again

Names of Platforms complete from the server: see mockplatform completion --help.`
	flags := cmd.PersistentFlags()
	flags.StringVar(&o.url, "control", "http://"+mockplatform.Default().Control, "base `URL` of the control API")
	flags.StringVar(&o.token, "control-token", "", "`token` that the server was started with")
	flags.StringVarP(&o.output, "output", "o", "table", "`form` of what is printed: json or table")
	return cmd
}

// do makes a command that calls the control API once. call returns the answer,
// which is printed as JSON, and a function that prints it as a table.
func (o *operator) do(use, short string, args int, call func(ctx context.Context, c *control.Client, args []string) (answer any, show func(), err error)) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: exactly(args), ValidArgsFunction: o.complete(use),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.output != "json" && o.output != "table" {
				return fmt.Errorf("--output: %q is unknown: use json or table", o.output)
			}
			client := control.NewClient(o.url, o.token)
			defer client.Close()
			answer, show, err := call(cmd.Context(), client, args)
			if err != nil {
				return o.explain(err)
			}
			if o.output == "json" {
				if answer == nil {
					return nil
				}
				return printJSON(o.program.stdout, answer)
			}
			if show != nil {
				show()
			}
			return nil
		},
	}
}

// explain tells the refusals of the control API and transport failures from
// mistakes on the command line, those included that the server found in what it
// was sent.
func (o *operator) explain(err error) error {
	var usage usageError
	if errors.As(err, &usage) {
		return err
	}
	var answer *control.Error
	if errors.As(err, &answer) {
		if answer.Malformed() {
			return usageError{errors.New(answer.Message)}
		}
		return failure{errors.New(answer.Message)}
	}
	return failure{fmt.Errorf("%w (is mockplatform serve running, and is --control its control_url?)", err)}
}

// usageError is a mistake on the command line found while calling.
type usageError struct{ error }

// say prints one line.
func (o *operator) say(format string, args ...any) func() {
	return func() { fmt.Fprintf(o.program.stdout, format+"\n", args...) }
}

// table prints rows under heads.
func (o *operator) table(heads []string, fill func(table)) func() {
	return func() {
		rows := newTable(o.program.stdout, heads...)
		fill(rows)
		_ = rows.flush() // standard output is gone when this fails, and there is nowhere to say so
	}
}

func within(ctx context.Context, extra time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, callTimeout+extra)
}

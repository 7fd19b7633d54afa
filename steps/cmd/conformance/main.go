// Command conformance runs the embedded feature files against Platforms and
// MINT in a real browser and writes a report.
//
// Exit codes: 0 conformant, 1 not conformant, 2 wrong usage or configuration,
// 3 incomplete, 4 the harness itself failed.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/steps/report"
)

func main() {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signal.Notify(signals, syscall.SIGHUP)
	}
	ctx := untilStopped(signals, machineTime, os.Exit)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr, os.Getenv))
}

// echo is how soon after the first a signal is taken for the same one: timeout
// and make tell their children what these are told themselves.
const echo = time.Second

// untilStopped is a context that ends with the first signal, so that the run
// can take down what it has started. A second signal ends the program at once.
func untilStopped(signals <-chan os.Signal, now func() time.Time, exit func(code int)) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-signals
		first := now()
		cancel()
		for s := range signals {
			if now().Sub(first) < echo {
				continue
			}
			code := 1
			if number, ok := s.(syscall.Signal); ok {
				code = int(number)
			}
			exit(128 + code)
		}
	}()
	return ctx
}

// finished is how a command hands its exit code to run; what there was to say
// has been said.
type finished struct{ code int }

// Error never reaches anybody.
func (f finished) Error() string { return fmt.Sprintf("exit code %d", f.code) }

// run is the program as a function: it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, getenv func(string) string) (code int) {
	defer func() { // a panic would end the program with 2, which means wrong usage
		if v := recover(); v != nil {
			fmt.Fprintf(stderr, "conformance: the harness panicked: %v\n%s", v, debug.Stack())
			code = report.ExitHarnessFault
		}
	}()
	root := &cobra.Command{
		Use:           "conformance",
		Short:         "Check advertising platforms and their OAuth client end to end, in a real browser",
		SilenceErrors: true,
		SilenceUsage:  true,
		// a refusal is one sentence; --help shows what there is
		DisableSuggestions: true,
	}
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.AddCommand(runCommand(getenv), listCommand(), explainCommand(), selftestCommand(getenv), diffCommand(), rerunCommand(getenv), schemaCommand(),
		doctorCommand(getenv), initCommand())
	err := root.ExecuteContext(ctx)
	var done finished
	switch {
	case err == nil:
		return report.ExitConformant
	case errors.As(err, &done):
		return done.code
	default: // cobra's own errors: an unknown command, option or value
		fmt.Fprintf(stderr, "conformance: %v; see conformance --help\n", err)
		return report.ExitUsage
	}
}

// Command mint runs MINT, the reference client for advertising platforms that
// speak OAuth 2.0, and helps its operator with keys and connections.
//
//	mint serve          pages for people, JSON API under /api/
//	mint keys           make and change the key ring, seal anew
//	mint connections    list, show, refresh and end connections
//
// It reads flags, signals and nothing else; what it does lies in package
// client. Exit codes: 0 done, 1 the work itself failed, 2 usage or
// configuration.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/client"
)

// Exit codes.
const (
	exitRefused = 1
	exitUsage   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run executes one command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use: "mint", Short: "MINT, the reference client for advertising platforms",
		SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.AddCommand(serveCommand(stdout, stderr), keysCommand(stdout), connectionsCommand(stdout))
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, "mint: "+strings.TrimRight(client.Sentence(err), "\n"))
	var refused refusal
	if errors.As(err, &refused) {
		return exitRefused
	}
	return exitUsage
}

// refusal marks an error of the work itself, as opposed to its set-up.
type refusal struct{ error }

// Unwrap lets errors.Is and client.Sentence see the cause.
func (r refusal) Unwrap() error { return r.error }

// group is a command that only holds others; alone, or with an unknown word,
// it is a usage error.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	var names []string
	for _, command := range commands {
		names = append(names, command.Name())
	}
	g := &cobra.Command{Use: use, Short: short, RunE: func(_ *cobra.Command, args []string) error {
		return fmt.Errorf("mint %s needs one of: %s", strings.Join(append([]string{use}, args...), " "), strings.Join(names, ", "))
	}}
	g.AddCommand(commands...)
	return g
}

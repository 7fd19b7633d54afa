// Command mockplatform hosts mock advertising platforms for OAuth 2.0 clients
// and operates them. See mockplatform --help.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/mint-conformance/mint/mockplatform/internal/command"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := command.New(os.Stdout, os.Stderr).Run(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "mockplatform:", err)
	}
	return command.ExitCode(err)
}

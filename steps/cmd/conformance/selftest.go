package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/mint-conformance/mint/features"
	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/runner"
	"github.com/mint-conformance/mint/steps/selftest"
)

// selftestOptions are the flags of `conformance selftest`.
type selftestOptions struct {
	plan    selftest.Plan
	browser string
}

func selftestCommand(getenv func(string) string) *cobra.Command {
	var o selftestOptions
	c := &cobra.Command{
		Use:   "selftest",
		Short: "Show that each check can fail, and that lawful servers fail none",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			code, err := o.run(c.Context(), c.OutOrStdout(), getenv)
			if err != nil {
				fmt.Fprintf(c.ErrOrStderr(), "conformance: %v\n", err)
				code = runner.ExitCode(nil, err)
			}
			if code == report.ExitConformant {
				return nil
			}
			return finished{code}
		},
	}
	f := c.Flags()
	f.StringSliceVar(&o.plan.Deviations, "break", nil, "only these defects, such as code.reuse=allow_after_1s")
	f.BoolVar(&o.plan.Quick, "quick", false, "run only the checks that must fail and their gates, not the whole catalogue each time")
	f.StringVar(&o.browser, "browser", "", "path or remote debugging address of the browser (default: CHROME, or one on PATH)")
	return c
}

// run does the whole self-test and answers the exit code.
func (o selftestOptions) run(ctx context.Context, out io.Writer, getenv func(string) string) (int, error) {
	known, err := catalogue.Load()
	if err != nil {
		return 0, err
	}
	bench, err := selftest.Open(features.FS, known)
	if err != nil {
		return 0, err
	}
	bin, err := browser.Find(o.browser, getenv("CHROME"), false)
	if err != nil {
		return 0, err
	}
	use, end := runner.ShareBrowser(func(ctx context.Context, flags map[string]string) (*browser.Browser, error) {
		return browser.Launch(ctx, browser.Options{Bin: bin, Flags: flags})
	})
	defer func() { _ = end() }() // nothing that was found hangs on it
	bench.Browser, bench.Now = use, machineTime
	begun := machineTime()
	good := true
	rows, err := bench.Matrix(ctx, o.plan, func(k selftest.Kill) {
		mark := "ok  "
		if !k.Holds() {
			mark, good = "BAD ", false
		}
		fmt.Fprintf(out, "%s%s  %s\n", mark, k, k.Took.Round(time.Millisecond))
	})
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(out, "kill matrix: %d defects in %s\n", len(rows), machineTime().Sub(begun).Round(time.Second))
	if !good {
		return report.ExitHarnessFault, nil
	}
	return report.ExitConformant, nil
}

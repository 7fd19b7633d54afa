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
	parts   []string
	runs    int
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
	f.StringSliceVar(&o.parts, "part", []string{"kill", "alarms", "nuisances", "repeat"}, "kill: every defect is found, and nothing else; alarms: lawful oddities fail no check; nuisances: useless servers pass none; repeat: the catalogue comes to the same each time")
	f.IntVar(&o.runs, "runs", 3, "how often the part repeat runs the whole catalogue, each time in another order")
	f.StringVar(&o.browser, "browser", "", "path or remote debugging address of the browser (default: CHROME, or one on PATH)")
	return c
}

// run does the whole self-test and answers the exit code.
func (o selftestOptions) run(ctx context.Context, out io.Writer, getenv func(string) string) (int, error) {
	if o.runs < 2 {
		return 0, fmt.Errorf("%w: --runs is %d; compare at least 2", runner.ErrUsage, o.runs)
	}
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
	told := teller{out: out}
	for _, part := range o.parts {
		begun, seen := machineTime(), told.seen
		switch part {
		case "kill":
			_, err = bench.Matrix(ctx, o.plan, func(k selftest.Kill) {
				told.tell(k.Holds(), fmt.Sprintf("%s  %s", k, k.Took.Round(time.Millisecond)))
			})
		case "alarms":
			_, err = bench.FalseAlarms(ctx, func(a selftest.Alarm) { told.tell(len(a.Wrong) == 0, a.String()) })
		case "nuisances":
			_, err = bench.Nuisances(ctx, func(n selftest.Nuisance) { told.tell(n.Holds(), n.String()) })
		case "repeat":
			_, err = bench.Repeat(ctx, o.runs, func(r selftest.Repetition) { told.tell(r.Holds(), r.String()) })
		default:
			err = fmt.Errorf("%w: --part %q is not known; use kill, alarms, nuisances or repeat", runner.ErrUsage, part)
		}
		if err != nil {
			return 0, err
		}
		fmt.Fprintf(out, "%s: %d in %s\n", part, told.seen-seen, machineTime().Sub(begun).Round(100*time.Millisecond))
	}
	if told.bad > 0 {
		fmt.Fprintf(out, "SELF-TEST FAILED: %d of %d do not hold\n", told.bad, told.seen)
		return report.ExitHarnessFault, nil
	}
	fmt.Fprintf(out, "SELF-TEST PASSED: %d hold\n", told.seen)
	return report.ExitConformant, nil
}

// teller prints what was seen and counts what does not hold.
type teller struct {
	out       io.Writer
	seen, bad int
}

func (t *teller) tell(holds bool, line string) {
	mark := "ok "
	t.seen++
	if !holds {
		mark = "BAD"
		t.bad++
	}
	fmt.Fprintf(t.out, "%s %s\n", mark, line)
}

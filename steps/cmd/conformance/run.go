package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cucumber/godog"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mint-conformance/mint/features"
	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/steps"
	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/runner"
	"github.com/mint-conformance/mint/steps/scratch"
	"github.com/mint-conformance/mint/steps/topology"
)

// options are the flags of `conformance run`.
type options struct {
	tags, target, topology, out, shard, browser, baseline string
	checks, breaks, scenarios                             []string
	seed                                                  int64
	concurrency                                           int
	waitBudget                                            time.Duration
	headed, strict                                        bool
	manual                                                manual
	in                                                    io.Reader // what the person types
}

func runCommand(getenv func(string) string) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "run",
		Short: "Run scenarios and write a report",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !c.Flags().Changed("seed") {
				o.seed = int64(rand.Uint32()) //nolint:gosec // an order, not a secret
			}
			return o.execute(c, getenv)
		},
	}
	f := c.Flags()
	o.common(f)
	f.StringVar(&o.tags, "tags", "", `only scenarios whose tags fit, such as "@mint and not @journey"`)
	f.StringSliceVar(&o.checks, "check", nil, "only scenarios of this check or requirement id; repeatable")
	f.StringVar(&o.target, "target", "", "what to check: mock:PROFILE, or the file that describes a server of your own (default: every built-in Platform)")
	f.StringVar(&o.topology, "topology", "embedded", "embedded (one process), replicas (two Platform servers over one Redis) or containers (the shipped programs)")
	f.Int64Var(&o.seed, "seed", 0, "order of the scenarios (default: random, printed)")
	f.StringVar(&o.shard, "shard", "", "run only part I of N, written I/N")
	f.StringSliceVar(&o.breaks, "break", nil, "give mock Platforms of checks this defect, such as code.reuse=allow_after_1s, to see a check fail; repeatable")
	return c
}

// common are the options of every command that runs scenarios.
func (o *options) common(f *pflag.FlagSet) {
	f.StringVar(&o.out, "out", "build/conformance", "directory of the report")
	f.IntVar(&o.concurrency, "concurrency", 2, "scenarios side by side")
	f.BoolVar(&o.strict, "strict", false, "make a finding against a SHOULD a failure instead of a warning")
	f.StringVar(&o.baseline, "baseline", "", "file of known failures that are excused until they are mended (check, reason, owner, until)")
	f.DurationVar(&o.waitBudget, "wait-budget", time.Minute, "how long to wait altogether for codes and tokens of a server of your own to expire")
	f.BoolVar(&o.headed, "headed", false, "show the browser")
	o.manual.flags(f)
	f.StringVar(&o.browser, "browser", "", "path or remote debugging address of the browser (default: CHROME, or one on PATH)")
}

// execute runs what the options select and ends with the exit code of the run.
func (o options) execute(c *cobra.Command, getenv func(string) string) error {
	o.in = c.InOrStdin()
	config, err := o.config(c.OutOrStdout(), getenv)
	if err == nil {
		result, failed := runner.Run(c.Context(), config)
		if failed == nil {
			return finished{runner.ExitCode(result, nil)}
		}
		err = failed
	}
	fmt.Fprintf(c.ErrOrStderr(), "conformance: %v\n", err)
	return finished{runner.ExitCode(nil, err)}
}

// config checks the flags that only this command knows and puts the parts of
// a run together.
func (o options) config(stdout io.Writer, getenv func(string) string) (runner.Config, error) {
	selection, err := o.selection()
	if err != nil {
		return runner.Config{}, err
	}
	if o.concurrency < 1 || o.concurrency > 16 {
		return runner.Config{}, fmt.Errorf("%w: --concurrency %d: choose from 1 to 16; 2 suits a machine of two processors", runner.ErrUsage, o.concurrency)
	}
	find := sync.OnceValues(func() (string, error) { return browser.Find(o.browser, getenv("CHROME"), o.headed || o.manual.on) })
	progress := o.progress(stdout, getenv)
	start, err := o.start(progress, scratch.Dir(getenv))
	if err != nil {
		return runner.Config{}, err
	}
	described, err := o.describe(getenv)
	if err != nil {
		return runner.Config{}, err
	}
	checking, suite, err := o.checking(described)
	if err != nil {
		return runner.Config{}, err
	}
	config := runner.Config{
		Features: features.FS,
		Register: func(sc *godog.ScenarioContext, env runner.Env) {
			steps.Register(sc, steps.Env{Topology: env.Topology, Browser: env.Browser, Recorder: env.Recorder})
		},
		Checks:       checking,
		Profiles:     fixtures.Profiles(),
		TopologyName: o.topology,
		Topology:     start,
		Ready: func() error {
			_, err := find()
			return err
		},
		Launch: func(ctx context.Context, flags map[string]string) (*browser.Browser, error) {
			bin, err := find()
			if err != nil {
				return nil, err
			}
			return browser.Launch(ctx, browser.Options{Bin: bin, Headed: o.headed || o.manual.on, Flags: flags})
		},
		Breaks:      o.breaks,
		Strict:      o.strict,
		Selection:   selection,
		Seed:        o.seed,
		Concurrency: o.concurrency,
		Out:         o.out,
		SummaryTo:   getenv("GITHUB_STEP_SUMMARY"),
		Progress:    progress,
		Now:         machineTime,
	}
	if described != nil {
		o.against(described, &config, suite)
	}
	return config, nil
}

// machineTime measures how long scenarios really take.
func machineTime() time.Time {
	return time.Now() //nolint:forbidigo // the one clock of the harness itself
}

func (o options) selection() (runner.Selection, error) {
	s := runner.Selection{Tags: o.tags, Checks: o.checks, Scenarios: o.scenarios, Target: o.target}
	if o.shard != "" {
		var err error
		if s.Shard, err = runner.ParseShard(o.shard); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (o options) progress(stdout io.Writer, getenv func(string) string) *runner.Progress {
	terminal := false
	if f, ok := stdout.(*os.File); ok {
		info, err := f.Stat()
		terminal = err == nil && info.Mode()&os.ModeCharDevice != 0 && getenv("TERM") != "dumb"
	}
	return runner.NewProgress(stdout, terminal, terminal && getenv("NO_COLOR") == "", machineTime)
}

// start returns what brings the named topology up.
func (o options) start(progress *runner.Progress, dir string) (func(context.Context) (topology.Topology, error), error) {
	common := topology.Options{Logger: slog.New(slog.DiscardHandler), Progress: progress.Remark, Scratch: dir}
	known := map[string]func(context.Context) (topology.Topology, error){
		"embedded": func(ctx context.Context) (topology.Topology, error) { return topology.NewEmbedded(ctx, common) },
		"replicas": func(ctx context.Context) (topology.Topology, error) { return topology.NewReplicas(ctx, common) },
		"containers": func(ctx context.Context) (topology.Topology, error) {
			return topology.NewContainers(ctx, topology.ContainersOptions{Options: common})
		},
	}
	start, ok := known[o.topology]
	if !ok {
		names := []string{}
		for name := range known {
			names = append(names, name)
		}
		slices.Sort(names)
		return nil, fmt.Errorf("%w: --topology %q is not known; use %s", runner.ErrUsage, o.topology, strings.Join(names, ", "))
	}
	return start, nil
}

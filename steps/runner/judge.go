package runner

import (
	"context"
	"io"
	"time"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/report"
)

// Judge runs scenarios that are checks and answers their results in the order
// given, without a report. Faults are failures of the harness that belong to
// no scenario. Checks, Now and Concurrency of c are used, the rest is not.
func Judge(ctx context.Context, c Config, launched func(context.Context) (*browser.Browser, error), picked []Scenario) (results []report.Scenario, faults []string) {
	c = c.defaults()
	c.Out, c.Progress = "", NewProgress(io.Discard, false, false, func() time.Time { return time.Time{} })
	s := newSuite(c, Env{Browser: launched, Recorder: report.NewRecorder()}, picked)
	return s.run(ctx)
}

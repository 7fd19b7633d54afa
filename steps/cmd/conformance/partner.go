package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/checks"
	"github.com/mint-conformance/mint/steps/doctor"
	"github.com/mint-conformance/mint/steps/partner"
	"github.com/mint-conformance/mint/steps/runner"
	"github.com/mint-conformance/mint/steps/verdict"
)

const (
	// waiting is how many checks may wait side by side for time to pass on a
	// server in use; only one of them sends requests at a time.
	waiting = 16
	// patience is how long one check against a server in use may take beside
	// its waits: every request may need its time, and others go in between.
	patience = 5 * time.Minute
	// foreignReason is what reports say of scenarios that need a mock Platform.
	foreignReason = "it stages situations by the control API, which only mock Platforms have"
)

// file is the path of the partner's file that --target names, "" for a mock.
func (o options) file() string {
	if strings.HasPrefix(o.target, "mock:") {
		return ""
	}
	return o.target
}

// describe reads the partner's file and refuses options that do not go with it;
// nil for mocks.
func (o options) describe(getenv func(string) string) (*partner.Document, error) {
	switch {
	case o.file() == "" && o.manual.on:
		return nil, fmt.Errorf("%w: --manual is for the pages of a server of your own; add --target FILE, or leave it out", runner.ErrUsage)
	case o.file() == "":
		return nil, nil //nolint:nilnil // there is no file to be read, which is no fault
	case len(o.breaks) > 0:
		return nil, fmt.Errorf("%w: --break gives mock Platforms a defect; leave it out, or take --target mock:PROFILE", runner.ErrUsage)
	case o.topology != "embedded":
		return nil, fmt.Errorf("%w: --topology says how mock Platforms run; leave it out, or take --target mock:PROFILE", runner.ErrUsage)
	case o.waitBudget < 0:
		return nil, fmt.Errorf("%w: --wait-budget %s is negative; write how long the run may wait, such as 60s", runner.ErrUsage, o.waitBudget)
	}
	d, err := readPartner(o.file(), getenv)
	if err != nil || !o.manual.on {
		return d, err
	}
	return d, o.manual.ready("--manual", d, o.browser, getenv)
}

func readPartner(file string, getenv func(string) string) (*partner.Document, error) {
	document, err := partner.Read(file, getenv)
	if errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(file, "./") {
		return nil, fmt.Errorf("%w: --target %q: there is no such file; write mock:%s for a built-in Platform",
			runner.ErrUsage, file, strings.Join(fixtures.Profiles(), ", mock:"))
	}
	if err != nil && errors.As(err, new(*fs.PathError)) {
		return nil, fmt.Errorf("%w: --target: %w; write mock:PROFILE for a built-in Platform", runner.ErrUsage, err)
	}
	return document, err
}

// against points a run at a server that is not ours.
func (o options) against(d *partner.Document, c *runner.Config, suite *checks.Suite) {
	provider := &checks.Stranger{}
	suite.Targets = provider
	unserve := func() error { return nil }
	c.Checks.Close = func(ctx context.Context) error {
		suite.Tidy(ctx, provider.Target, c.Progress.Remark)
		return errors.Join(provider.Close(), unserve())
	}
	suite.Waits = checks.NewWaits(o.waitBudget, machineTime, partner.Sleep)
	c.Checks.Turn = suite.Waits.Turn
	c.TargetName, c.TargetFile, c.Foreign = d.Title, d.File, foreignReason
	c.Concurrency, c.Deadline = waiting, patience+o.waitBudget+o.manual.most()
	c.Selection.Target = ""
	c.Connect = func(ctx context.Context, use func(context.Context) (*browser.Browser, error)) ([]string, error) {
		p, err := partner.Connect(ctx, d, partner.Options{Now: machineTime, Sleep: partner.Sleep, GoOn: true})
		if err != nil {
			return nil, err
		}
		provider.Target = p.Target
		if o.manual.on {
			p.Target.Manual = o.manual.person(p.Target, typed(o.in), c.Progress.Remark)
		}
		if unserve, err = p.ServeRedirects(ctx); err != nil {
			return nil, err
		}
		probed, err := doctor.Walk(ctx, p.Target, use, machineTime, func(string) {})
		p.Know(probed)
		notes := append(p.Notes, p.Contradictions()...)
		var trouble *partner.Trouble
		if errors.As(err, &trouble) { // the checks of this path tell the same in the report
			c.Progress.Remark(trouble.Error())
			return append(notes, trouble.Error()), nil
		}
		if err != nil {
			return nil, errors.Join(err, unserve())
		}
		return notes, nil
	}
}

// book gathers what the run excuses.
func (o options) book(d *partner.Document, known *catalogue.Catalogue) (*verdict.Book, error) {
	book, server := verdict.NewBook(machineTime()), verdict.Server{}
	if d != nil {
		server = d.Verdict()
		book.Add(verdict.Waiver, d.File, d.Waivers)
	}
	if name, ok := strings.CutPrefix(o.target, "mock:"); ok && slices.Contains(fixtures.Profiles(), name) { // others are refused with the selection
		profile, err := fixtures.Profile(name)
		if err == nil {
			err = book.AddProfile(profile, known)
		}
		if err != nil {
			return nil, err
		}
	}
	if o.baseline == "" {
		return book, nil
	}
	err := book.AddBaseline(o.baseline, known, server)
	if err != nil && errors.As(err, new(*fs.PathError)) {
		return nil, fmt.Errorf("%w: --baseline: %w", runner.ErrUsage, err)
	}
	return book, err
}

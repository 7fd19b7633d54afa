package selftest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/features"
	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/browser/browsertest"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/runner"
)

// opened is a bench over the embedded features, without a browser.
func opened(t *testing.T) *Bench {
	t.Helper()
	known, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	bench, err := Open(features.FS, known)
	if err != nil {
		t.Fatal(err)
	}
	bench.Now = time.Now //nolint:forbidigo // the harness measures by the machine's clock
	return bench
}

// inBrowser gives the bench the machine's browser; without one, the test is
// skipped.
func inBrowser(t *testing.T, b *Bench) {
	t.Helper()
	bin := browsertest.Bin(t)
	use, end := runner.ShareBrowser(func(ctx context.Context, flags map[string]string) (*browser.Browser, error) {
		return browser.Launch(ctx, browser.Options{Bin: bin, Flags: flags})
	})
	b.Browser = use
	t.Cleanup(func() { _ = end() })
}

// TestEveryCheckHasOneScenario: a check without one would be green unseen, and
// two would hide each other.
func TestEveryCheckHasOneScenario(t *testing.T) {
	bench := opened(t)
	found := map[string][]string{}
	for _, sc := range bench.scenarios {
		for _, tag := range sc.Tags {
			if id := strings.TrimPrefix(tag, "@"); tag != "@check" {
				found[id] = append(found[id], sc.ID)
			}
		}
	}
	for _, c := range bench.Catalogue.All() {
		if n := len(found[c.ID]); n != 1 {
			t.Errorf("%s has %d scenarios: %v", c.ID, n, found[c.ID])
		}
		if len(c.Deviations) == 0 {
			t.Errorf("%s has no deviation: nothing shows that it can fail", c.ID)
		}
		delete(found, c.ID)
	}
	for id, scenarios := range found {
		t.Errorf("%v names %s, which is no check", scenarios, id)
	}
}

// TestCatalogueAndMockKnowTheSameDefects: a defect without a check would be
// staged for nothing, one that the mock does not know could not be staged.
func TestCatalogueAndMockKnowTheSameDefects(t *testing.T) {
	declared := opened(t).Catalogue.Deviations()
	for _, d := range mockplatform.Deviations() {
		if declared[d.Name] == nil {
			t.Errorf("no check has to fail with %s", d.Name)
		}
		delete(declared, d.Name)
	}
	for name, ids := range declared {
		t.Errorf("the mock does not know %s, by which %v must fail", name, ids)
	}
}

// TestEveryDefectIsFound is the kill matrix in its reduced form: each defect
// fails the checks that it must. That it fails no others is for `conformance
// selftest` to show, which runs the whole catalogue each time.
func TestEveryDefectIsFound(t *testing.T) {
	bench := opened(t)
	inBrowser(t, bench)
	rows, err := bench.Matrix(t.Context(), Plan{Quick: true}, func(k Kill) {
		if !k.Holds() {
			t.Error(k)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d defects", len(rows))
}

// TestNoFalseAlarm: lawful oddities fail no check.
func TestNoFalseAlarm(t *testing.T) {
	bench := opened(t)
	inBrowser(t, bench)
	if _, err := bench.FalseAlarms(t.Context(), func(a Alarm) {
		if len(a.Wrong) > 0 {
			t.Error(a)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

// TestNobodyIsFooled: servers that answer nonsense pass no check.
func TestNobodyIsFooled(t *testing.T) {
	bench := opened(t)
	inBrowser(t, bench)
	if _, err := bench.Nuisances(t.Context(), func(n Nuisance) {
		if !n.Holds() || n.Judged == 0 {
			t.Error(n)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

// TestCompare shows that the matrix itself sees what it must.
func TestCompare(t *testing.T) {
	before := Verdicts{"A": {Status: report.Pass}, "B": {Status: report.Pass}, "C": {Status: report.Pass}, "D": {Status: report.Pass}}
	after := Verdicts{
		"A": {Status: report.Fail, Reason: "x"}, "B": {Status: report.CouldNotRun, Reason: "blocked by A"},
		"C": {Status: report.CouldNotRun, Reason: "no answer"}, "D": {Status: report.Warn, Reason: "y"},
	}
	k := Kill{Declared: []string{"A"}}
	k.compare(before, after)
	want := []string{"C was PASS and became COULD_NOT_RUN: no answer", "D was PASS and became WARN: y"}
	if !slices.Equal(k.Failed, []string{"A"}) || !slices.Equal(k.Strange, want) || k.Holds() {
		t.Errorf("got %+v", k)
	}
	for _, k := range []Kill{{Declared: []string{"A"}}, {Failed: []string{"A"}}, {Declared: []string{"A"}, Failed: []string{"A", "B"}}} {
		if k.Holds() {
			t.Errorf("%+v holds", k)
		}
	}
}

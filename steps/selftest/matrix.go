package selftest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/checks"
	"github.com/mint-conformance/mint/steps/report"
)

// Kill is one row of the kill matrix: a defect and what it did.
type Kill struct {
	Deviation string
	Base      string   // profile of the mock it was staged on
	Declared  []string // checks that must fail
	Failed    []string // checks that failed and pass without the defect
	// Strange are other verdicts that changed and are neither declared nor
	// blocked by a declared check: "TK-03 became COULD_NOT_RUN: …".
	Strange []string
	Took    time.Duration
}

// Holds says whether the defect did exactly what is declared.
func (k Kill) Holds() bool {
	return len(k.Strange) == 0 && slices.Equal(k.Declared, k.Failed)
}

// String is the row in one line, with what is wrong.
func (k Kill) String() string {
	line := fmt.Sprintf("%-44s %-8s %s", k.Deviation, k.Base, strings.Join(k.Failed, " "))
	if slices.Equal(k.Declared, k.Failed) && len(k.Strange) == 0 {
		return line
	}
	if !slices.Equal(k.Declared, k.Failed) {
		line += "  EXPECTED " + strings.Join(k.Declared, " ")
	}
	const shown = 4
	for i, s := range k.Strange {
		if i == shown {
			return line + fmt.Sprintf("\n      and %d more", len(k.Strange)-shown)
		}
		line += "\n      " + s
	}
	return line
}

// Plan says which part of the matrix to run; its zero value is the whole.
type Plan struct {
	Deviations []string // only these
	// Quick runs only the declared checks and their gates, not the whole
	// catalogue: it shows that each defect is found, not that it stays alone.
	Quick bool
}

// Matrix stages every defect that the catalogue declares, one after the other,
// and compares verdicts with those of the same profile without it. tell is
// called after each row.
func (b *Bench) Matrix(ctx context.Context, plan Plan, tell func(Kill)) ([]Kill, error) {
	declared := b.Catalogue.Deviations()
	names := slices.Sorted(maps.Keys(declared))
	if len(plan.Deviations) > 0 {
		names = plan.Deviations
	}
	sound := map[string]Verdicts{}
	var rows []Kill
	for _, name := range names {
		ids, known := declared[name]
		if !known {
			return nil, fmt.Errorf("the catalogue has no deviation %q; `conformance explain ID` shows those of a check", name)
		}
		k, err := b.kill(ctx, plan, name, ids, sound)
		if err != nil {
			return rows, fmt.Errorf("%s: %w", name, err)
		}
		rows = append(rows, k)
		tell(k)
	}
	return rows, nil
}

// kill stages one defect.
func (b *Bench) kill(ctx context.Context, plan Plan, name string, ids []string, sound map[string]Verdicts) (Kill, error) {
	begun := b.Now()
	k := Kill{Deviation: name, Base: b.Catalogue.StagedOn(name), Declared: slices.Sorted(slices.Values(ids))}
	var only []string
	if plan.Quick {
		only = ids
	}
	before, ok := sound[k.Base]
	if !ok || plan.Quick {
		var err error
		if before, err = b.mock(ctx, only, k.Base); err != nil {
			return k, err
		}
		sound[k.Base] = before
	}
	after, err := b.mock(ctx, only, k.Base, name)
	if err != nil {
		return k, err
	}
	k.compare(before, after)
	k.Took = b.Now().Sub(begun)
	return k, nil
}

// mock judges mock Platforms of a profile that have some defects.
func (b *Bench) mock(ctx context.Context, ids []string, profile string, defects ...string) (Verdicts, error) {
	mocks := &checks.Mocks{Profile: profile, Break: defects}
	verdicts, err := b.run(ctx, mocks, ids)
	return verdicts, errors.Join(err, mocks.Close())
}

// compare notes what changed between two runs.
func (k *Kill) compare(before, after Verdicts) {
	for _, id := range slices.Sorted(maps.Keys(after)) {
		was, is := before[id], after[id]
		switch {
		case is.Status == was.Status:
		case is.Status == report.Fail:
			k.Failed = append(k.Failed, id)
		case is.Status == report.CouldNotRun && strings.Contains(is.Reason, "blocked by "):
		default:
			k.Strange = append(k.Strange, fmt.Sprintf("%s was %s and became %s: %s", id, was.Status, is.Status, is.Reason))
		}
	}
}

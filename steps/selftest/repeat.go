package selftest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/mint-conformance/mint/steps/checks"
)

// Repetition is one complete run and what came out otherwise than in the first.
type Repetition struct {
	Run, Checks int
	Different   []string // "TK-03 was PASS and became FAIL: …"
	Took        time.Duration
}

// Holds says whether every check came to the same.
func (r Repetition) Holds() bool { return len(r.Different) == 0 }

// String is the run in one line, with the first difference below.
func (r Repetition) String() string {
	line := fmt.Sprintf("run %d: %d checks in %s", r.Run, r.Checks, r.Took.Round(time.Millisecond))
	if n := len(r.Different); n > 0 {
		line += fmt.Sprintf(", %d otherwise than in run 1\n      %s", n, r.Different[0])
	}
	return line
}

// Repeat judges mock Platforms by the whole catalogue as often as runs says,
// each check on its base profile and each time in another order: what a verdict
// says must hang on neither luck nor order.
func (b *Bench) Repeat(ctx context.Context, runs int, tell func(Repetition)) ([]Repetition, error) {
	return repeat(ctx, runs, b.Now, func(ctx context.Context, seed int64) (Verdicts, error) {
		mocks, again := &checks.Mocks{}, *b
		again.seed = seed
		verdicts, err := again.run(ctx, mocks, nil)
		return verdicts, errors.Join(err, mocks.Close())
	}, tell)
}

func repeat(ctx context.Context, runs int, now func() time.Time, judge func(context.Context, int64) (Verdicts, error), tell func(Repetition)) ([]Repetition, error) {
	var first Verdicts
	var all []Repetition
	for n := 1; n <= runs; n++ {
		begun := now()
		verdicts, err := judge(ctx, int64(n))
		if err != nil {
			return all, fmt.Errorf("run %d: %w", n, err)
		}
		if first == nil {
			first = verdicts
		}
		r := Repetition{Run: n, Checks: len(verdicts), Different: first.differences(verdicts), Took: now().Sub(begun)}
		all = append(all, r)
		tell(r)
	}
	return all, nil
}

// differences compares two sets by value, in the order of the checks.
func (v Verdicts) differences(again Verdicts) (all []string) {
	ids := map[string]bool{}
	for id := range v {
		ids[id] = true
	}
	for id := range again {
		ids[id] = true
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		was, before := v[id]
		is, after := again[id]
		switch {
		case !before:
			all = append(all, fmt.Sprintf("%s was not judged and became %s: %s", id, is.Status, is.Reason))
		case !after:
			all = append(all, fmt.Sprintf("%s was %s and is not judged any more", id, was.Status))
		case is.Status != was.Status:
			all = append(all, fmt.Sprintf("%s was %s and became %s: %s", id, was.Status, is.Status, is.Reason))
		case is.Reason != was.Reason:
			all = append(all, fmt.Sprintf("%s is %s for another reason: %q, and before %q", id, is.Status, is.Reason, was.Reason))
		}
	}
	return all
}

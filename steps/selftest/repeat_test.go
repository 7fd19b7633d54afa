package selftest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/steps/report"
)

// TestRepetitionsAreComparedByValue: a verdict that changes, loses its reason,
// comes or goes is told, the first of them in the line; each run has a seed of
// its own.
func TestRepetitionsAreComparedByValue(t *testing.T) {
	sets := []Verdicts{
		{"A-1": {report.Pass, ""}, "B-1": {report.Warn, "one"}, "C-1": {report.Pass, ""}},
		{"A-1": {report.Pass, ""}, "B-1": {report.Warn, "one"}, "C-1": {report.Pass, ""}},
		{"A-1": {report.Fail, "expected x, got y"}, "B-1": {report.Warn, "two"}, "D-1": {report.Pass, ""}},
	}
	var seeds []int64
	var clock time.Time
	now := func() time.Time { clock = clock.Add(time.Second); return clock }
	got, err := repeat(t.Context(), len(sets), now, func(_ context.Context, seed int64) (Verdicts, error) {
		seeds = append(seeds, seed)
		return sets[seed-1], nil
	}, func(Repetition) {})
	if err != nil {
		t.Fatal(err)
	}
	want := []Repetition{
		{Run: 1, Checks: 3, Took: time.Second},
		{Run: 2, Checks: 3, Took: time.Second},
		{Run: 3, Checks: 3, Took: time.Second, Different: []string{
			"A-1 was PASS and became FAIL: expected x, got y",
			`B-1 is WARN for another reason: "two", and before "one"`,
			"C-1 was PASS and is not judged any more",
			"D-1 was not judged and became PASS: ",
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("repetitions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int64{1, 2, 3}, seeds); diff != "" {
		t.Errorf("seeds (-want +got):\n%s", diff)
	}
	line := "run 3: 3 checks in 1s, 4 otherwise than in run 1\n      A-1 was PASS and became FAIL: expected x, got y"
	if got[2].String() != line || got[2].Holds() || !got[1].Holds() {
		t.Errorf("%q, want %q", got[2], line)
	}
}

package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDiff(t *testing.T) {
	saved := func(outcomes ...SavedOutcome) *Saved { return &Saved{Format: Format, Scenarios: outcomes} }
	before := saved(
		SavedOutcome{Check: "CG-01", Status: Pass}, SavedOutcome{Check: "CG-02", Status: Fail}, SavedOutcome{Check: "CG-03", Status: Warn},
		SavedOutcome{File: "a.feature", Name: "one", ID: "a.feature:3", Status: Pass}, SavedOutcome{Check: "CG-09", Status: Pass},
	)
	after := saved(
		SavedOutcome{Check: "CG-01", Status: Fail, Reason: "expected tokens, got 500"}, SavedOutcome{Check: "CG-02", Status: Pass},
		SavedOutcome{Check: "CG-03", Status: Warn}, SavedOutcome{File: "a.feature", Name: "one", ID: "a.feature:30", Status: Pass},
		SavedOutcome{Check: "CG-10", Status: Pass},
	)
	var out strings.Builder
	worse, err := WriteDiff(&out, Diff(before, after))
	if err != nil || !worse {
		t.Errorf("worse %t, %v", worse, err)
	}
	want := "WORSE   CG-01: PASS -> FAIL  expected tokens, got 500\nbetter  CG-02: FAIL -> PASS\nnew     CG-10: - -> PASS\ngone    CG-09: PASS -> -\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
	out.Reset()
	if worse, err := WriteDiff(&out, Diff(before, before)); err != nil || worse || out.String() != "no verdict changed\n" {
		t.Errorf("the same report: %t %v %q", worse, err, out.String())
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct{ name, content, want string }{
		{"no JSON", "<html>", "is no report.json of a run"},
		{"another document", `{"verdict":"conformant"}`, "is no report.json of a run"},
		{"an old format", `{"format":1,"scenarios":[{"id":"x"}]}`, "has the format 1 and this program reads 2; run the checks again"},
	} {
		path := filepath.Join(dir, "report.json")
		if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if _, err := Open(filepath.Join(dir, "nowhere.json")); err == nil || !strings.Contains(err.Error(), "name the report.json of an earlier run") {
		t.Errorf("a missing file: %v", err)
	}
}

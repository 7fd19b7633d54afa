package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/steps/report"
)

// TestRerun runs again what failed, and its gates, on the same target with the
// same defect and in the same order; what passed only when it is named.
func TestRerun(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	const defect = "metadata.issuer=trailing_slash"
	code, verdicts, stderr := judged(t, first, "run", "--target", "mock:service", "--seed", "7", "--break", defect,
		"--check", "MD-02", "--check", "MD-04", "--check", "TL-03", "--check", "CC-01")
	if code != 1 || !strings.HasPrefix(verdicts["MD-02"], "FAIL: ") || verdicts["MD-04"] != "PASS" || verdicts["CC-01"] != "PASS" {
		t.Fatalf("exit code %d, %v\n%s", code, verdicts, stderr)
	}
	old := filepath.Join(first, "report.json")
	for _, tt := range []struct {
		name string
		ids  []string
		code int
		want map[string]string
	}{
		{"all that did not pass", nil, 1, map[string]string{"MD-01": "PASS", "MD-02": "FAIL"}},
		{"one that failed", []string{"MD-02"}, 1, map[string]string{"MD-01": "PASS", "MD-02": "FAIL"}},
		{"one that passed", []string{"CC-01"}, 0, map[string]string{"CC-01": "PASS"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, got, stderr := judged(t, second, append([]string{"rerun", old}, tt.ids...)...)
			for id, verdict := range got { // reasons name the Platform, which is new each time
				got[id], _, _ = strings.Cut(verdict, ":")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || code != tt.code {
				t.Errorf("exit code %d, want %d (-want +got):\n%s%s", code, tt.code, diff, stderr)
			}
			saved, err := report.Open(filepath.Join(second, "report.json"))
			if err != nil {
				t.Fatal(err)
			}
			if saved.Seed != 7 || saved.Target != "mock:service" || saved.Topology != "embedded" || !cmp.Equal(saved.Selection.Breaks, []string{defect}) {
				t.Errorf("run as %+v", saved)
			}
		})
	}
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"no report", nil, "rerun takes the report.json of an earlier run"},
		{"a report that is not there", []string{filepath.Join(dir, "none.json")}, "name the report.json of an earlier run"},
		{"a file that is none", []string{"rerun_test.go"}, "rerun_test.go is no report.json of a run"},
		{"an id that the report does not have", []string{old, "CG-02"}, `the report has no "CG-02"; name a check such as CG-02 or a scenario`},
		{"an id among others", []string{old, "MD-02", "XX-99"}, `the report has no "XX-99"`},
		{"a report without anything to do", []string{filepath.Join(second, "report.json")}, "everything in the report passed; name an id to run it all the same"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := filepath.Join(dir, "out")
			code, stdout, stderr := invoke(t, nil, append([]string{"rerun", "--out", out}, tt.args...)...)
			if code != 2 || !strings.Contains(stderr, tt.want) || strings.Count(stderr, "\n") != 1 || stdout != "" {
				t.Errorf("exit code %d, %q %q; want 2, %q", code, stdout, stderr, tt.want)
			}
			if _, err := os.Stat(out); !os.IsNotExist(err) {
				t.Errorf("something was written: %v", err)
			}
		})
	}
}

// TestRerunAsStrictly as the run before, for which a SHOULD was a rule.
func TestRerunAsStrictly(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		flags []string
		code  int
		want  string
	}{{nil, 0, "WARN"}, {[]string{"--strict"}, 1, "FAIL"}} {
		first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
		run := append([]string{"run", "--target", "mock:service", "--break", "metadata.location=none", "--check", "MD-01"}, tt.flags...)
		for _, args := range [][]string{run, {"rerun", filepath.Join(first, "report.json"), "MD-01"}} {
			code, got, stderr := judged(t, map[string]string{"run": first, "rerun": second}[args[0]], args...)
			if verdict, _, _ := strings.Cut(got["MD-01"], ":"); verdict != tt.want || code != tt.code {
				t.Errorf("%s %v: exit code %d, %v; want %d, %s\n%s", args[0], tt.flags, code, got, tt.code, tt.want, stderr)
			}
		}
	}
}

// TestRerunOnAServerOfOnesOwn finds its file again, whatever the report calls it.
func TestRerunOnAServerOfOnesOwn(t *testing.T) {
	s := newStranger(t, `{"break":["metadata.issuer=trailing_slash"]}`)
	code, statuses, _, said := s.verdicts(s.file(short, "name: Acme Ads\n"), "--check", "MD-02", "--check", "MD-04")
	if code != 1 || statuses["MD-02"] != "FAIL" {
		t.Fatalf("exit code %d, %v\n%s", code, statuses, said)
	}
	again := filepath.Join(s.dir, "again")
	code, _, stderr := invoke(t, s.env, "rerun", filepath.Join(s.dir, "out", "report.json"), "--out", again)
	saved, err := report.Open(filepath.Join(again, "report.json"))
	if err != nil {
		t.Fatalf("exit code %d, %v\n%s", code, err, stderr)
	}
	got := map[string]report.Status{}
	for _, sc := range saved.Scenarios {
		got[sc.Check] = sc.Status
	}
	want := map[string]report.Status{"MD-01": report.Pass, "MD-02": report.Fail}
	if diff := cmp.Diff(want, got); diff != "" || code != 1 || saved.Target != "Acme Ads" {
		t.Errorf("exit code %d, target %q (-want +got):\n%s", code, saved.Target, diff)
	}
}

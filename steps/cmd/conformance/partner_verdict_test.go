package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestExcusesOfAFile: a defect that the file waives is shown and does not fail
// the run; without a defect, or after its last day, the waiver does.
func TestExcusesOfAFile(t *testing.T) {
	const waiver = "waivers:\n  - {check: IN-02, reason: documented so, owner: ads team"
	const defect = `{"break":["introspection.exp=wrong"]}`
	tests := []struct {
		name, settings, more string
		code                 int
		status, reason       string
	}{
		{"a defect", defect, "", 1, "FAIL", "expected "},
		{"a waived defect", defect, waiver + "}\n", 0, "WAIVED", "documented so (waiver of ads team)"},
		{"a waiver that has ended", defect, waiver + ", until: 2020-01-01}\n", 1, "FAIL", "the waiver of ads team ended on 2020-01-01"},
		{"a waiver that nobody needs", `{}`, waiver + "}\n", 1, "FAIL", "the waiver is stale: the check passes; take IN-02 out of "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStranger(t, tt.settings)
			code, statuses, reasons, said := s.verdicts(s.file(short, tt.more), "--check", "IN-02")
			if code != tt.code || statuses["IN-02"] != tt.status || !strings.Contains(reasons["IN-02"], tt.reason) {
				t.Errorf("exit code %d, %s %q; want %d, %s %q\n%s", code, statuses["IN-02"], reasons["IN-02"], tt.code, tt.status, tt.reason, said)
			}
		})
	}
	s := newStranger(t, defect)
	baseline := s.write("known.yaml", "baseline:\n  - {check: IN-02, reason: ticket 12, owner: ads team, until: 2099-01-01}\n")
	code, statuses, reasons, _ := s.verdicts(s.file(short), "--check", "IN-02", "--baseline", baseline)
	if code != 0 || statuses["IN-02"] != "WAIVED" || !strings.HasPrefix(reasons["IN-02"], "ticket 12 (baseline entry of ads team until") {
		t.Errorf("with a baseline: exit code %d, %s %q", code, statuses["IN-02"], reasons["IN-02"])
	}
}

// TestWaitsForACodeToEnd really, within the budget, and is complete then.
func TestWaitsForACodeToEnd(t *testing.T) {
	s := newStranger(t, `{"code":{"lifetime":"5s"}}`)
	file := s.file(strings.Replace(full, "code: 60s", "code: 5s", 1))
	code, statuses, reasons, said := s.verdicts(file, "--check", "CG-04", "--check", "CG-02", "--wait-budget", "10s")
	if code != 0 || statuses["CG-04"] != "PASS" || statuses["CG-02"] != "PASS" {
		t.Errorf("exit code %d, %v %v\n%s", code, statuses, reasons, said)
	}
}

func TestWhatKeepsARunFromBeginning(t *testing.T) {
	s := newStranger(t, `{}`)
	gone := strings.NewReplacer("ISSUER", "https://127.0.0.1:1/strict", "API", "https://127.0.0.1:1/me").Replace(short)
	tests := []struct {
		name string
		file string
		args []string
		code int
		want string
	}{
		{"nobody listens", s.write("gone.yaml", gone), nil, 3, "conformance: nothing listens at 127.0.0.1:1; start the server, or correct the port in the file\n"},
		{"two faults in the file", s.write("bad.yaml", "issuer: https://a.example\nallow: [loud]\n"), nil, 2, "bad.yaml:1: clients.main: it is missing; name the application"},
		{"no such file", filepath.Join(s.dir, "none.yaml"), nil, 2, "no such file"},
		{"a name for a file", "mailup", nil, 2, `--target "mailup": there is no such file; write mock:`},
		{"a defect for a server in use", s.write("ok.yaml", gone), []string{"--break", "code.reuse=allow_after_1s"}, 2, "--break gives mock Platforms a defect"},
		{"a topology for a server in use", s.write("ok.yaml", gone), []string{"--topology", "containers"}, 2, "--topology says how mock Platforms run"},
		{"a negative budget", s.write("ok.yaml", gone), []string{"--wait-budget", "-1s"}, 2, "--wait-budget -1s is negative"},
		{"an unknown check", s.write("ok.yaml", gone), []string{"--check", "CG-99"}, 2, `no scenario is about "CG-99"`},
		{"no baseline", s.write("ok.yaml", gone), []string{"--baseline", "/nowhere/known.yaml"}, 2, "--baseline: open /nowhere/known.yaml"},
		{"a baseline of what is never waived", s.write("ok.yaml", gone), []string{"--baseline", s.write("b.yaml", "baseline:\n  - {check: CG-02, reason: a, owner: b, until: 2099-01-01}\n")}, 2, "b.yaml:2: baseline entry: CG-02 cannot be waived"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := append([]string{"run", "--target", tt.file, "--out", filepath.Join(s.dir, "out"), "--tags", "@check"}, tt.args...)
			if tt.name == "an unknown check" {
				args = append([]string{"run", "--target", tt.file, "--out", filepath.Join(s.dir, "out")}, tt.args...)
			}
			code, stdout, stderr := invoke(t, s.env, args...)
			if code != tt.code || !strings.Contains(stderr, tt.want) || strings.Contains(stdout+stderr, "goroutine") {
				t.Errorf("exit code %d, %q; want %d, %q\n%s", code, stderr, tt.code, tt.want, stdout)
			}
		})
	}
}

// TestScenariosThatNeedAMockDoNotApply to a server that is not ours, and a run
// of nothing else is not green.
func TestScenariosThatNeedAMockDoNotApply(t *testing.T) {
	s := newStranger(t, `{}`)
	code, _, _, said := s.verdicts(s.file(short), "--tags", "@journey and @mint")
	if code != 3 || !strings.Contains(said, "not applicable") || !strings.Contains(said, "INCOMPLETE") {
		t.Errorf("exit code %d\n%s", code, said)
	}
}

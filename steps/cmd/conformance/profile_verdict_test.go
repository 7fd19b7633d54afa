package main

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/steps/report"
)

// judged runs the program and reads status and reason of each check from the
// report that it wrote to dir.
func judged(t *testing.T, dir string, args ...string) (code int, verdicts map[string]string, stderr string) {
	t.Helper()
	code, _, stderr = invoke(t, nil, append([]string{args[0], "--out", dir, "--concurrency", "2"}, args[1:]...)...)
	saved, err := report.Open(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatalf("exit code %d: %v\n%s", code, err, stderr)
	}
	verdicts = map[string]string{}
	for _, s := range saved.Scenarios {
		verdicts[s.Check] = string(s.Status)
		if s.Reason != "" {
			verdicts[s.Check] += ": " + s.Reason
		}
	}
	return code, verdicts, stderr
}

// TestWaiversOfAProfile: what the profile of a mock documents is measured,
// shown and no failure there, and is one on any other profile.
func TestWaiversOfAProfile(t *testing.T) {
	const owner = " (waiver of the profile mindbaz)"
	waived := map[string]string{
		"PW-01": "PASS", "RR-01": "PASS", "RR-02": "PASS", "RF-01": "PASS",
		"PW-05": "WAIVED: the password grant is the only way in (S004-10)" + owner,
		"RR-03": "WAIVED: of a refresh token presented again the document says only that it has expired (S004-25)" + owner,
	}
	code, verdicts, stderr := judged(t, t.TempDir(), "run", "--target", "mock:mindbaz", "--strict", "--check", "PW-05", "--check", "RR-03")
	delete(verdicts, "CG-09") // gates of others that do not apply
	delete(verdicts, "CG-01")
	if diff := cmp.Diff(waived, verdicts); diff != "" || code != 0 {
		t.Errorf("exit code %d (-want +got):\n%s%s", code, diff, stderr)
	}
	code, verdicts, _ = judged(t, t.TempDir(), "run", "--target", "mock:strict", "--check", "RR-03", "--break", "rotation.family_revocation=off", "--strict")
	if got := verdicts["RR-03"]; code != 1 || len(got) < 4 || got[:4] != "FAIL" {
		t.Errorf("another profile: exit code %d, %q", code, got)
	}
}

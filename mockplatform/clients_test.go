package mockplatform_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform"
)

// The walk-throughs of other languages do what they tell: connect, outlive an
// access token, refresh. What they print is compared line by line.
func TestWalkThroughs(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	for _, one := range []struct{ interpreter, file string }{
		{"python3", "../fixtures/clients/python/connect.py"},
		{"node", "../fixtures/clients/javascript/connect.mjs"},
		{"php", "../fixtures/clients/php/connect.php"},
	} {
		for profile, want := range map[string]string{
			"mailup": "clock moved by 901s: 200", // rotates: the answer's refresh token is the one to keep
			"mint":   "clock moved by 1201s: 200",
		} {
			t.Run(one.interpreter+" "+profile, func(t *testing.T) {
				program, err := exec.LookPath(one.interpreter)
				if err != nil {
					t.Skipf("%s is not on the PATH: its walk-through is not run", one.interpreter)
				}
				out, err := exec.CommandContext(t.Context(), program, one.file, mock.ControlURL(), profile).CombinedOutput()
				lines := strings.Join([]string{
					"platform created: 201", "login page: 200", "logged in: 303", "consent page: 200", "allowed: 303",
					"code redeemed: 200", "API called: 200", want, "access token has expired: 401", "refreshed: 200",
					"API called again: 200", "platform deleted: 204", "",
				}, "\n")
				if got := strings.ReplaceAll(string(out), "\r\n", "\n"); err != nil || got != lines {
					t.Errorf("%v, printed:\n%s", err, got)
				}
			})
		}
		t.Run(one.interpreter+" fails", func(t *testing.T) {
			program, err := exec.LookPath(one.interpreter)
			if err != nil {
				t.Skipf("%s is not on the PATH", one.interpreter)
			}
			if out, err := exec.CommandContext(t.Context(), program, one.file, mock.ControlURL(), "nope").CombinedOutput(); err == nil || !strings.Contains(string(out), "platform created: status 422, expected 201") {
				t.Errorf("a profile that is none: %v\n%s", err, out)
			}
		})
	}
	if left := mock.Platforms(); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

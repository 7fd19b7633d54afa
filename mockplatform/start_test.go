package mockplatform_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// fakeTB is a test that is watched: it notes what Start tells it.
type fakeTB struct {
	failed  []string
	cleanup []func()
}

func (f *fakeTB) Helper()          {}
func (f *fakeTB) Cleanup(c func()) { f.cleanup = append(f.cleanup, c) }
func (f *fakeTB) Fatalf(format string, args ...any) {
	f.failed = append(f.failed, fmt.Sprintf(format, args...))
}

// A test whose fault did not happen proved nothing, and fails.
func TestStartFailsTheTestOfAMissedFault(t *testing.T) {
	never := control.Fault{
		Match: control.FaultMatch{Endpoint: "token", GrantType: "refresh_token"}, Action: control.FaultAction{Kind: "drop_after"}, Count: 2,
	}
	exempt := never
	exempt.MayNotFire = true
	for _, test := range []struct {
		name  string
		armed []control.Fault
		want  string
	}{
		{"none", nil, ""},
		{"one that may not fire", []control.Fault{exempt}, ""},
		{"one that must", []control.Fault{exempt, never}, `fault-2 (drop_after at token of "mindbaz") happened 0 of 2 times`},
	} {
		tb := &fakeTB{}
		mock := mockplatform.Start(tb, "mindbaz")
		if len(test.armed) > 0 {
			mock.Arm("mindbaz", test.armed...)
		}
		for _, c := range tb.cleanup {
			c()
		}
		got := strings.Join(tb.failed, "\n")
		if test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s: the test heard %q, want %q", test.name, got, test.want)
		}
	}
}

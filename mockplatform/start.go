package mockplatform

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// TB is what Start needs of a *testing.T, *testing.B or *testing.F. It is an
// interface of our own, so that programs which embed the mock do not link the
// testing package.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Mock is a server that lives as long as a test.
type Mock struct {
	*Server
	tb TB
}

// startTimeout bounds a control call of Mock; it is never reached on a healthy
// machine.
const startTimeout = 10 * time.Second

// Start serves the Platforms of the named profiles (without any: the four of
// the spec) on free loopback ports until the test ends. A dialect follows a
// profile after a plus sign; "mailup+github" is hosted as mailup-github. The
// test fails if at its end an armed fault happened less often than its Count
// says, since it then proved nothing; a fault that MayNotFire is exempt.
func Start(tb TB, profiles ...string) *Mock {
	tb.Helper()
	cfg := Default()
	cfg.Listen, cfg.Control = "127.0.0.1:0", "127.0.0.1:0"
	if len(profiles) > 0 {
		cfg.Platforms = nil
		for _, name := range profiles {
			cfg.Platforms = append(cfg.Platforms, Hosted{Profile: name})
		}
	}
	server, err := New(cfg)
	if err != nil {
		tb.Fatalf("starting the mock Platform: %v", err)
		return nil
	}
	mock := &Mock{Server: server, tb: tb}
	tb.Cleanup(func() {
		missed := mock.missedFaults()
		if err := server.Close(); err != nil {
			tb.Fatalf("ending the mock Platform: %v", err)
		}
		if len(missed) > 0 {
			tb.Fatalf("an armed fault did not happen, so that this test did not prove what it meant to: %s", strings.Join(missed, "; "))
		}
	})
	return mock
}

// missedFaults says which faults of the hosted Platforms happened less often
// than they were to; those of Platforms that are gone count no more.
func (m *Mock) missedFaults() []string {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	var missed []string
	for _, name := range m.Platforms() {
		faults, err := m.Control().Faults(ctx, name)
		if err != nil {
			missed = append(missed, fmt.Sprintf("the faults of %q could not be read: %v", name, err))
			continue
		}
		for _, f := range faults {
			if f.Missed() {
				missed = append(missed, fmt.Sprintf("%s (%s at %s of %q) happened %d of %d times", f.ID, f.Action.Kind, f.Match.Endpoint, name, f.Fired, f.Count))
			}
		}
	}
	return missed
}

// Arm arms faults of a hosted Platform, all or none; the test fails if it
// cannot, and also if at its end one of them happened less than Count times,
// unless the fault says MayNotFire.
func (m *Mock) Arm(name string, faults ...control.Fault) []control.Fault {
	m.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	armed, err := m.Control().ArmFaults(ctx, name, control.FaultPlan{Faults: faults})
	if err != nil {
		m.tb.Fatalf("arming faults of %q: %v", name, err)
	}
	return armed
}

// Platform describes a hosted Platform; the test fails without it.
func (m *Mock) Platform(name string) control.Platform {
	m.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	described, err := m.Control().Platform(ctx, name)
	if err != nil {
		m.tb.Fatalf("describing the Platform %q: %v", name, err)
	}
	return described
}

// Create hosts one more Platform of PROFILE or PROFILE+DIALECT; the test fails if it cannot be made.
// Settings is a partial profile document in JSON, or empty.
func (m *Mock) Create(profile, settings string) control.Platform {
	m.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	wanted := control.CreatePlatform{Profile: profile}
	if settings != "" {
		wanted.Settings = []byte(settings)
	}
	made, err := m.Control().CreatePlatform(ctx, wanted)
	if err != nil {
		m.tb.Fatalf("creating a Platform of profile %q: %v", profile, err)
	}
	return made
}

// Advance moves a Platform's clock forward; the test fails if it cannot.
func (m *Mock) Advance(name string, d time.Duration) {
	m.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	if _, err := m.Control().Advance(ctx, name, d); err != nil {
		m.tb.Fatalf("advancing the clock of %q by %s: %v", name, d, err)
	}
}

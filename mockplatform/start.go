package mockplatform

import (
	"context"
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
// the spec) on free loopback ports until the test ends.
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
	tb.Cleanup(func() {
		if err := server.Close(); err != nil {
			tb.Fatalf("ending the mock Platform: %v", err)
		}
	})
	return &Mock{Server: server, tb: tb}
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

// Create hosts one more Platform; the test fails if it cannot be made.
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

package checks

import (
	"context"
	"sync"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/target"
)

// Mocks is the Provider of mock Platforms, one for each check. The server that
// hosts them is started with the first. The zero value is ready for use.
type Mocks struct {
	// Profile is that of all Platforms; empty takes the base profile of each
	// check.
	Profile string
	// Break are deviations that all Platforms are given.
	Break []string

	mu     sync.Mutex
	server *target.Mocks
}

// Acquire implements Provider.
func (m *Mocks) Acquire(ctx context.Context, c *catalogue.Check) (*target.Target, error) {
	server, err := m.started()
	if err != nil {
		return nil, err
	}
	profile := m.Profile
	if profile == "" {
		profile = c.Base
	}
	settings := map[string]any{}
	if len(m.Break) > 0 {
		settings["break"] = m.Break
	}
	return server.Create(ctx, profile, settings)
}

func (m *Mocks) started() (_ *target.Mocks, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.server == nil {
		m.server, err = target.NewMocks()
	}
	return m.server, err
}

// Release implements Provider.
func (m *Mocks) Release(ctx context.Context, t *target.Target) error {
	return m.server.Release(ctx, t)
}

// Close implements Provider.
func (m *Mocks) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.server == nil {
		return nil
	}
	return m.server.Close()
}

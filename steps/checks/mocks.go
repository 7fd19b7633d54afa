package checks

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/target"
)

// Mocks is the Provider of mock Platforms, one for each check. The server that
// hosts them is started with the first. The zero value is ready for use.
type Mocks struct {
	// Profile is that of all Platforms; empty takes the base profile of each
	// check.
	Profile string
	// Settings are laid over the profile.
	Settings map[string]any
	// Break are deviations that all Platforms are given. One that belongs to the
	// whole server is given to the server that hosts them.
	Break []string
	// Wrap, if set, stands between checks in plain HTTP and the Platforms.
	Wrap func(http.RoundTripper) http.RoundTripper

	mu     sync.Mutex
	server *target.Mocks
	plain  *target.Mocks // without TLS
}

// Acquire implements Provider.
func (m *Mocks) Acquire(ctx context.Context, c *catalogue.Check) (*target.Target, error) {
	widget := slices.Contains(c.Features, "widget")
	server, err := m.started(widget)
	if err != nil {
		return nil, err
	}
	profile := m.Profile
	if profile == "" {
		profile = c.Base
	}
	settings := map[string]any{}
	maps.Copy(settings, m.Settings)
	if profile == "strict" && settings["access_token"] == nil && slices.Contains(c.Features, "jwt_access_token") {
		settings["access_token"] = map[string]any{"format": "jwt", "alg": "ES256", "profile": "rfc9068"}
	}
	_, own, err := m.faults()
	if err != nil {
		return nil, err
	}
	if len(own) > 0 {
		settings["break"] = own
	}
	if widget && settings["consent"] == nil { // a popup that answers without a question
		settings["consent"] = map[string]any{"kind": "popup", "remember": "never"}
		settings["resource_owner"] = "operator"
	}
	t, err := server.Create(ctx, profile, settings)
	if err == nil && m.Wrap != nil {
		wrapped := *t.HTTP
		wrapped.Transport = m.Wrap(wrapped.Transport)
		t.HTTP = &wrapped
	}
	return t, err
}

// started is the server for a check: the one without TLS if the check opens
// windows in a browser.
func (m *Mocks) started(plain bool) (_ *target.Mocks, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if plain {
		if m.plain == nil {
			m.plain, err = target.NewPlainMocks()
		}
		return m.plain, err
	}
	if m.server == nil {
		var fault string
		if fault, _, err = m.faults(); err == nil {
			m.server, err = target.NewFaultyMocks(fault)
		}
	}
	return m.server, err
}

// faults divides the deviations: the mockplatform.TLS.Fault of the server, and
// those that each Platform has.
func (m *Mocks) faults() (fault string, own []string, err error) {
	known := mockplatform.Deviations()
	for _, name := range m.Break {
		i := slices.IndexFunc(known, func(d mockplatform.Deviation) bool { return d.Name == name })
		switch {
		case i < 0 || known[i].TLSFault == "": // unknown ones are refused where profiles are read
			own = append(own, name)
		case fault != "" && fault != known[i].TLSFault:
			return "", nil, fmt.Errorf("break: %s cannot go with another deviation of the whole server: stage one after the other", name)
		default:
			fault = known[i].TLSFault
		}
	}
	return fault, own, nil
}

// Release implements Provider.
func (m *Mocks) Release(ctx context.Context, t *target.Target) error {
	return t.Mock.Control.DeletePlatform(ctx, t.Mock.Platform.Name)
}

// Close implements Provider.
func (m *Mocks) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var errs []error
	for _, server := range []*target.Mocks{m.server, m.plain} {
		if server != nil {
			errs = append(errs, server.Close())
		}
	}
	return errors.Join(errs...)
}

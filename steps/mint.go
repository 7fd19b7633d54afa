package steps

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/mint-conformance/mint/client"
	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/steps/topology"
)

// startMINT starts the scenario's MINT, unless it runs, with an integration
// for every Platform. MINT follows the first Platform's clock.
func (w *world) startMINT(ctx context.Context) error {
	if w.mintRuns {
		return nil
	}
	first, err := w.platform(ctx, "")
	if err != nil {
		return err
	}
	if _, err := w.redirectURI(ctx); err != nil { // reserves MINT also where no Platform redirects
		return err
	}
	start := topology.StartMINT{FollowClock: first.Name}
	for _, p := range w.platforms {
		i, err := p.integration()
		if err != nil {
			return err
		}
		start.Integrations = append(start.Integrations, i)
	}
	if err := w.mint.Start(ctx, start); err != nil {
		return fmt.Errorf("starting MINT: %w", err)
	}
	w.mintRuns = true
	return nil
}

// defaultIntegrations are MINT's own, whose addresses each scenario replaces.
var defaultIntegrations = sync.OnceValues(func() ([]client.Integration, error) {
	document, err := fixtures.FS.ReadFile("integrations/default.yaml")
	if err != nil {
		return nil, err
	}
	return client.LoadIntegrations("fixtures/integrations/default.yaml", document)
})

// integration is what MINT is told of this Platform: the integration that
// MINT ships with, at this Platform's addresses.
func (p *platform) integration() (client.Integration, error) {
	all, err := defaultIntegrations()
	if err != nil {
		return client.Integration{}, fmt.Errorf("reading MINT's default integrations: %w", err)
	}
	at := slices.IndexFunc(all, func(i client.Integration) bool { return i.ID == string(p.profile) })
	if at < 0 {
		return client.Integration{}, fmt.Errorf("MINT's default integrations have no %q", p.profile)
	}
	registered, err := p.registered(factsOf[p.profile].client)
	if err != nil {
		return client.Integration{}, err
	}
	i := all[at]
	i.Title, i.Issuer, i.APIBase = p.Title, p.Issuer, p.APIBase
	i.AuthorizationEndpoint = p.Endpoints.Authorize
	i.TokenEndpoint = p.Endpoints.Token
	i.RevocationEndpoint = p.Endpoints.Revoke
	i.ApplicationEndpoint = p.Endpoints.Application
	i.ClientID, i.ClientSecret = registered.ID, client.Secret(registered.Secret)
	if p.ear != nil {
		i.TokenEndpoint = p.ear.uri()
	}
	return i, nil
}

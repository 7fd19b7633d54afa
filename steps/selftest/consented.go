package selftest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/checks"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/target"
)

// prepared is a Provider of targets on which something has happened before.
type prepared struct {
	checks.Provider
	before func(ctx context.Context, t *target.Target, now func() time.Time) error
	now    func() time.Time
}

// Acquire implements checks.Provider.
func (p *prepared) Acquire(ctx context.Context, c *catalogue.Check) (*target.Target, error) {
	t, err := p.Provider.Acquire(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := p.before(ctx, t, p.now); err != nil {
		return nil, errors.Join(fmt.Errorf("before the check: %w", err), p.Release(ctx, t))
	}
	return t, nil
}

// consentToAll has both customers allow every scope to both confidential
// clients, as test accounts have that were used before.
func consentToAll(ctx context.Context, t *target.Target, now func() time.Time) error {
	if !t.Has("authorization_code") || t.Has("widget") { // whose consent page is never shown
		return nil
	}
	send := &exchange.Client{HTTP: t.HTTP, Agent: "MINT-Conformance (self-test)", Now: now}
	for _, client := range []*target.Client{t.Clients.Main, t.Clients.Second} {
		for _, customer := range []*target.Customer{t.Customers.First, t.Customers.Second} {
			if client == nil || customer == nil {
				continue
			}
			if err := consentTo(ctx, t, send, client, customer); err != nil {
				return err
			}
		}
	}
	return nil
}

func consentTo(ctx context.Context, t *target.Target, send *exchange.Client, client *target.Client, customer *target.Customer) error {
	person, err := pages.NewPlain(send)
	if err != nil {
		return err
	}
	asks := url.Values{"response_type": {"code"}, "client_id": {client.ID}, "redirect_uri": {client.Redirect()}, "scope": {strings.Join(t.Scopes, " ")}}
	way, err := person.Walk(ctx, pages.Walk{
		URL: t.Endpoints.Authorize + "?" + asks.Encode(), Username: customer.Username, Password: customer.Password,
		Decision: pages.Allow, Redirects: client.RedirectURIs,
	})
	if err != nil {
		return err
	}
	r := exchange.Request{About: "redeem the code", Method: "POST", URL: t.Endpoints.Token, Form: url.Values{
		"grant_type": {"authorization_code"}, "code": {way.Code()}, "redirect_uri": {client.Redirect()},
	}}
	if client.Method == "basic" {
		r.BasicID, r.BasicSecret = client.ID, client.Secret
	} else {
		r.Form.Set("client_id", client.ID)
		r.Form.Set("client_secret", client.Secret)
	}
	e, err := send.Do(ctx, r)
	if err == nil && !e.Tokens() {
		err = fmt.Errorf("%s of %s got no tokens: %s", customer.Username, client.ID, e)
	}
	return err
}

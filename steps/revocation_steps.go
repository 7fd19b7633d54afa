package steps

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

var revocationSteps = []definition{
	when(`the client revokes (its refresh token|an unknown token)`, (*world).revokes),
	when(`the second client revokes the refresh token`, (*world).secondRevokes),
	when(`the client introspects its access token`, (*world).introspects),
	when(`somebody introspects a token without credentials`, (*world).introspectsNameless),
}

// about sends a token to the revocation or introspection endpoint.
func (c *oauthClient) about(ctx context.Context, endpoint, token string, authenticated bool) error {
	if endpoint == "" {
		return fmt.Errorf("the %s platform has no such endpoint", c.platform.profile)
	}
	r, err := newRequest(ctx, http.MethodPost, endpoint, url.Values{"token": {token}})
	if err != nil {
		return err
	}
	if authenticated {
		r.SetBasicAuth(c.id, c.secret)
	}
	c.answer, err = send(c.http, r)
	return err
}

// what is the token that is revoked.
type what string

func (w *world) revokes(ctx context.Context, token what) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	value := "never-issued"
	if token == "its refresh token" {
		value = c.newest().refresh
	}
	return c.about(ctx, c.platform.Endpoints.Revoke, value, true)
}

func (w *world) secondRevokes(ctx context.Context) error {
	second, err := w.theSecond()
	if err != nil {
		return err
	}
	return second.about(ctx, second.platform.Endpoints.Revoke, w.client.newest().refresh, true)
}

func (w *world) introspects(ctx context.Context) error {
	return w.client.about(ctx, w.client.platform.Endpoints.Introspect, w.client.newest().access, true)
}

func (w *world) introspectsNameless(ctx context.Context) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	return c.about(ctx, c.platform.Endpoints.Introspect, "some-token", false)
}

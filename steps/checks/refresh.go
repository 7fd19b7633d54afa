package checks

import (
	"context"
	"fmt"
	"maps"
	"net/url"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/target"
)

// refreshForm is the good request to refresh with a token (RFC 6749 section 6).
// more adds parameters.
func refreshForm(refresh string, more url.Values) url.Values {
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}
	maps.Copy(form, more)
	return form
}

// tryRefresh presents a refresh token as a client.
func (t *trial) tryRefresh(ctx context.Context, about string, client *target.Client, refresh string) (exchange.Exchange, error) {
	return t.token(ctx, about, client, refreshForm(refresh, nil))
}

// refreshed refreshes the grant with its newest token and keeps the answer; a
// refusal is an error.
func (t *trial) refreshed(ctx context.Context, about string, g *grant) error {
	e, err := t.tryRefresh(ctx, about, g.client, g.refresh())
	if err != nil {
		return err
	}
	if !e.Tokens() {
		return fmt.Errorf("%s: %s", about, e)
	}
	g.keep(e)
	return nil
}

package checks

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/target"
)

// post sends a form to an endpoint that takes client authentication as the
// token endpoint does; a nil client sends the form as it is.
func (t *trial) post(ctx context.Context, about, address string, client *target.Client, form url.Values) (exchange.Exchange, error) {
	if client == nil {
		return t.send.Do(ctx, exchange.Request{About: about, URL: address, Form: form})
	}
	r := t.order(client, form).request(about)
	r.URL = address
	return t.send.Do(ctx, r)
}

// useRefresh uses the grant's refresh token once. If that gave tokens, they are
// the grant's from then on.
func (t *trial) useRefresh(ctx context.Context, about string, g *grant) (exchange.Exchange, error) {
	e, err := t.tryRefresh(ctx, about, g.client, g.refresh())
	if err == nil && e.Tokens() {
		g.keep(e)
	}
	return e, err
}

// impostor is the client with a secret that is not its own.
func impostor(client *target.Client) *target.Client {
	wrong := *client
	wrong.Secret = "not-" + strings.ToLower(wrong.ID) + "-secret"
	return &wrong
}

// life is how long the access token of an answer lives; 0 if it does not say.
func life(answer exchange.Exchange) time.Duration {
	seconds, _ := answer.JSON["expires_in"].(float64)
	return time.Duration(seconds) * time.Second
}

// selfContained says whether a token carries its own claims: three parts of a
// signed one, five of an encrypted one (RFC 7519 section 3).
func selfContained(token string) bool {
	n := strings.Count(token, ".")
	return n == 2 || n == 4
}

package checks

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

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

// scopeOf is what an answer of the token endpoint gives: its member scope, or
// what was asked for (RFC 6749 section 5.1).
func scopeOf(e exchange.Exchange, asked []string) []string {
	if said, there := e.JSON["scope"]; there {
		text, _ := said.(string)
		return strings.Fields(text)
	}
	return asked
}

// accessLife is how long the grant's newest access token lives, as announced.
func (t *trial) accessLife(g grant) (time.Duration, error) {
	if seconds, ok := g.answer.JSON["expires_in"].(float64); ok && seconds > 0 {
		return time.Duration(seconds) * time.Second, nil
	}
	if t.target.Lifetimes.Access > 0 {
		return t.target.Lifetimes.Access, nil
	}
	return 0, fmt.Errorf("the server does not say how long its access tokens live")
}

// idleLife is how long an unused refresh token lives, as documented.
func (t *trial) idleLife() (time.Duration, error) {
	r := t.target.Refresh
	switch {
	case r.Idle > 0 && (r.Absolute == 0 || r.Idle <= r.Absolute):
		return r.Idle, nil
	case r.Absolute > 0:
		return r.Absolute, nil
	}
	return 0, fmt.Errorf("%s does not document how long its refresh tokens live", t.target.Name)
}

// newest presents the grant's refresh token as it should be and keeps the
// answer: what a check has done meanwhile must not have spent it.
func (t *trial) newest(ctx context.Context, about string) (exchange.Exchange, error) {
	e, err := t.tryRefresh(ctx, about, t.grant.client, t.grant.refresh())
	if err == nil && e.Tokens() {
		t.grant.keep(e)
	}
	return e, err
}

// errOf is what came back as an error, for what a check needs beforehand.
func errOf(e exchange.Exchange) error { return errors.New(e.String()) }

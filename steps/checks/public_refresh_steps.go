package checks

import (
	"context"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
)

// publicRefreshSteps are the sentences about refresh tokens without a secret.
func (t *trial) publicRefreshSteps() []sentence {
	return []sentence{
		when(`the client refreshes, if it was given a refresh token`, t.refreshIfAny),
		then(`its refresh token is replaced, bound to its sender, or was never given`, t.replacedOrBound),
	}
}

func (t *trial) refreshIfAny(ctx context.Context) error {
	if t.grant.refresh() == "" {
		return nil
	}
	e, err := t.tryRefresh(ctx, "refresh as the public client", t.grant.client, t.grant.refresh())
	t.tried("the refresh", e)
	return err
}

// bound says whether an answer's tokens are bound to a key of the client
// (RFC 9449 section 5).
func bound(e exchange.Exchange) bool { return strings.EqualFold(e.Text("token_type"), "DPoP") }

func (t *trial) replacedOrBound(context.Context) error {
	if len(t.attempts) == 0 || bound(t.grant.answer) {
		return nil
	}
	e := t.attempts[0].got
	if is, _ := e.Refused(); is { // without the proof of possession that a bound token asks for, or not at all
		return nil
	}
	if !e.Tokens() {
		return unmet("refreshing as the public client", errOf(e))
	}
	if next := e.Text("refresh_token"); next == "" || next == t.grant.refresh() {
		return &report.Finding{
			Expected: "a public client's refresh token that changes with each use, or is bound to a key of the client",
			Got:      "a refresh token that stays as it was and needs nothing else",
		}
	}
	return nil
}

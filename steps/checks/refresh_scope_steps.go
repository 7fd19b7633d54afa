package checks

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
)

// refreshScopeSteps are the sentences about scopes at a refresh.
func (t *trial) refreshScopeSteps() []sentence {
	return []sentence{
		given(`the client has tokens for one scope`, t.hasNarrowTokens),
		when(`the client refreshes for all scopes`, t.refreshWider),
		when(`the client has tokens for all scopes, refreshes for one, and then for none in particular`, t.refreshNarrower),
		then(`the server gives no more than the customer allowed`, t.widensNothing),
		then(`the second refresh has all scopes again`, t.wholeAgain),
	}
}

// beyond lists those of the scopes that were not granted.
func beyond(scopes, granted []string) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return slices.Contains(granted, s) })
}

// narrowGrant is a grant of the target's first scope alone, with its tokens.
func (t *trial) narrowGrant(ctx context.Context) (grant, error) {
	g := t.newGrant(t.client)
	if len(t.target.Scopes) < 2 {
		return g, errors.New("the target names fewer than two scopes")
	}
	g.scope = t.target.Scopes[0]
	if err := t.consent(ctx, &g, nil); err != nil {
		return g, err
	}
	if err := t.redeem(ctx, &g); err != nil {
		return g, err
	}
	if len(beyond(t.target.Scopes, scopeOf(g.answer, t.target.Scopes[:1]))) == 0 {
		return g, errors.New("the server grants all scopes to a request for one")
	}
	return g, nil
}

func (t *trial) hasNarrowTokens(ctx context.Context) error {
	var err error
	if t.grant, err = t.narrowGrant(ctx); err != nil {
		return unmet("getting tokens for one scope", err)
	}
	t.controls++
	return nil
}

// refreshFor refreshes with a scope, "" for none in particular.
func (t *trial) refreshFor(ctx context.Context, about, scope string) (exchange.Exchange, error) {
	more := url.Values{}
	if scope != "" {
		more.Set("scope", scope)
	}
	e, err := t.token(ctx, about, t.grant.client, refreshForm(t.grant.refresh(), more))
	t.tried(about, e)
	return e, err
}

func (t *trial) refreshWider(ctx context.Context) error {
	_, err := t.refreshFor(ctx, "refresh for all scopes", strings.Join(t.target.Scopes, " "))
	return err
}

// widensNothing: a refusal is as good as an answer with the original scope. An
// answer that names no scope claims all that was asked; what counts then is
// what the API does, if it can be asked.
func (t *trial) widensNothing(ctx context.Context) error {
	e := t.attempts[0].got
	if !e.Tokens() {
		return t.judge()
	}
	said, allowed := scopeOf(e, t.target.Scopes), scopeOf(t.grant.answer, t.target.Scopes[:1])
	more := beyond(said, allowed)
	if t.target.Writable != nil {
		tried, err := t.change(ctx, "try a change with the refreshed token", e.Text("access_token"))
		if err != nil {
			return err
		}
		if served(tried) {
			return &report.Finding{Expected: "a token that changes nothing, as the customer has only allowed to read", Got: "a change with the refreshed token: " + tried.String()}
		}
		if e.JSON["scope"] == nil {
			return t.changeGuarded(ctx, tried)
		}
	}
	if len(more) > 0 {
		return &report.Finding{Expected: "a refusal, or the scope that the customer allowed", Got: "an access token with more: " + strings.Join(more, " ")}
	}
	return nil
}

// changeGuarded: that a change was not made shows nothing unless it was refused,
// and works with tokens for all scopes.
func (t *trial) changeGuarded(ctx context.Context, tried exchange.Exchange) error {
	if is, why := tried.Refused(); !is {
		return unmet("trying a change with the refreshed token", errors.New(why))
	}
	return t.changeWorks(ctx)
}

func (t *trial) refreshNarrower(ctx context.Context) error {
	t.attempts = nil
	var err error
	if t.grant, err = t.granted(ctx, t.client); err != nil {
		return unmet("getting tokens for all scopes", err)
	}
	e, err := t.refreshFor(ctx, "refresh for one scope", t.target.Scopes[0])
	if err != nil {
		return err
	}
	if e.Tokens() {
		t.grant.held, t.grant.answer = t.grant.refresh(), e
	}
	_, err = t.refreshFor(ctx, "refresh for none in particular", "")
	return err
}

// wholeAgain: a server may ignore that less was asked, or refuse it; it must
// not take it for good.
func (t *trial) wholeAgain(context.Context) error {
	narrow, whole := t.attempts[0].got, t.attempts[1].got
	if !narrow.Tokens() {
		t.warn("a refresh for fewer scopes than were granted is refused: %s", narrow)
	}
	if !whole.Tokens() {
		return &report.Finding{Expected: "an access token for a refresh that names no scope", Got: whole.String()}
	}
	if missing := beyond(t.target.Scopes, scopeOf(whole, t.target.Scopes)); len(missing) > 0 {
		return &report.Finding{Expected: "all scopes that were granted", Got: "an access token without " + strings.Join(missing, " ")}
	}
	return nil
}

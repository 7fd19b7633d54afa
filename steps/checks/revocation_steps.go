package checks

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// revocationSteps are the sentences about the revocation endpoint.
func (t *trial) revocationSteps() []sentence {
	return []sentence{
		given(`the client has a refresh token that works`, t.hasWorkingRefresh),
		given(`the API serves the client's access token`, t.apiServes),
		when(`the client revokes its refresh token`, t.revokeRefresh),
		when(`the client revokes its access token`, t.revokeAccess),
		when(`the client revokes refresh tokens under these hints and uses them again`, t.revokeUnderHints),
		when(`the client revokes a token that never was`, t.revokeUnknown),
		when(`the client revokes one access token twice`, t.revokeTwice),
		when(`the client uses the revoked refresh token`, t.useRevoked),
		when(`the client reads with its old access token`, t.readWithOld),
		when(`others try to revoke the client's refresh token`, t.othersRevoke),
		then(`the server confirms (?:the|each) revocation`, t.revocationConfirmed),
		then(`the access token is dead`, t.accessDead),
		then(`the access token is dead, unless the server said that it revokes none`, t.accessDeadOrSaid),
		then(`the refresh token survives and each of them is refused`, t.refreshSurvived),
	}
}

// hasWorkingRefresh: the client has been through the flow and has refreshed
// once, so that a later refusal has another cause.
func (t *trial) hasWorkingRefresh(ctx context.Context) (err error) {
	t.grant, err = t.workingRefresh(ctx)
	return err
}

func (t *trial) workingRefresh(ctx context.Context) (grant, error) {
	g, err := t.granted(ctx, t.client)
	if err != nil {
		return g, unmet("getting tokens", err)
	}
	if g.refresh() == "" {
		return g, unmet("getting tokens", errors.New("no refresh token came with them"))
	}
	e, err := t.useRefresh(ctx, "refresh once", &g)
	if err != nil {
		return g, err
	}
	return g, t.controlled("a first refresh", e.Tokens(), e)
}

func (t *trial) apiServes(ctx context.Context) error {
	e, err := t.call(ctx, "read before the revocation", t.grant.access())
	if err != nil {
		return err
	}
	return t.controlled("the access token before the revocation", served(e), e)
}

// revoke sends a revocation request; an empty hint sends none.
func (t *trial) revoke(ctx context.Context, about string, client *target.Client, token, hint string) (exchange.Exchange, error) {
	form := url.Values{"token": {token}}
	if hint != "" {
		form.Set("token_type_hint", hint)
	}
	return t.post(ctx, about, t.target.Endpoints.Revoke, client, form)
}

func (t *trial) revokeRefresh(ctx context.Context) error {
	e, err := t.revoke(ctx, "revoke the refresh token", t.grant.client, t.grant.refresh(), "refresh_token")
	t.answers = append(t.answers, e)
	return err
}

func (t *trial) revokeAccess(ctx context.Context) error {
	e, err := t.revoke(ctx, "revoke the access token", t.grant.client, t.grant.access(), "access_token")
	t.answers = append(t.answers, e)
	return err
}

func (t *trial) revokeUnknown(ctx context.Context) error {
	e, err := t.revoke(ctx, "revoke a token that never was", t.client, rand.Text()+rand.Text(), "")
	t.answers = append(t.answers, e)
	return err
}

func (t *trial) revokeTwice(ctx context.Context) error {
	g, err := t.granted(ctx, t.client)
	if err != nil {
		return unmet("getting tokens", err)
	}
	first, err := t.revoke(ctx, "revoke the access token", g.client, g.access(), "")
	if err != nil {
		return err
	}
	if first.Text("error") == "unsupported_token_type" {
		t.warn("access tokens cannot be revoked here, so that the second revocation of one was not tried")
		return nil
	}
	second, err := t.revoke(ctx, "revoke the same access token again", g.client, g.access(), "")
	t.answers = append(t.answers, first, second)
	return err
}

// revokeUnderHints takes a grant of its own for each hint.
func (t *trial) revokeUnderHints(ctx context.Context, hints *godog.Table) error {
	for _, row := range hints.Rows[1:] {
		hint := row.Cells[0].Value
		g, err := t.granted(ctx, t.client)
		if err != nil {
			return unmet("getting tokens", err)
		}
		e, err := t.revoke(ctx, "revoke a refresh token under the hint "+hint, g.client, g.refresh(), hint)
		if err != nil {
			return err
		}
		t.answers = append(t.answers, e)
		if e, err = t.useRefresh(ctx, "use it after the revocation", &g); err != nil {
			return err
		}
		t.tried("a refresh token revoked under the hint "+hint, e)
	}
	return nil
}

func (t *trial) useRevoked(ctx context.Context) error {
	e, err := t.useRefresh(ctx, "use the revoked refresh token", &t.grant)
	t.tried("the revoked refresh token", e)
	return err
}

func (t *trial) readWithOld(ctx context.Context) error {
	e, err := t.call(ctx, "read after the revocation", t.grant.access())
	t.tried("the access token after the revocation", e)
	return err
}

// revocationConfirmed judges the answers to revocations (RFC 7009 section
// 2.2): 200, whatever was to be revoked.
func (t *trial) revocationConfirmed(context.Context) error {
	for _, e := range t.answers {
		if e.Status != http.StatusOK {
			return &report.Finding{Expected: "200 when asked to " + e.About, Got: e.String()}
		}
	}
	return nil
}

// accessDead judges the API's answer to a token whose grant was revoked.
func (t *trial) accessDead(context.Context) error {
	t.judged = true
	e := t.attempts[len(t.attempts)-1].got
	switch {
	case turnedAway(e):
		return nil
	case served(e) && selfContained(t.grant.access()):
		t.warn("the access token carries its own claims and lives on for up to %s (RFC 7009 section 3)", life(t.grant.answer))
		return nil
	}
	return &report.Finding{Expected: "401 for an access token whose grant was revoked", Got: e.String()}
}

func (t *trial) accessDeadOrSaid(context.Context) error {
	t.judged = true
	said := t.answers[len(t.answers)-1]
	e := t.attempts[len(t.attempts)-1].got
	honest := said.Text("error") == "unsupported_token_type" && said.Status/100 == 4
	if honest || said.Status == http.StatusOK && turnedAway(e) {
		return nil
	}
	return &report.Finding{
		Expected: "200 for the revocation and 401 from the API, or the error unsupported_token_type",
		Got:      fmt.Sprintf("%s for the revocation, and %s from the API", said, e),
	}
}

// othersRevoke tries to revoke without authentication, with a wrong secret and
// as another client, and looks each time whether the token is still alive.
func (t *trial) othersRevoke(ctx context.Context) error {
	nameless := *t.client
	nameless.Secret, nameless.Method = "", "none"
	for _, who := range []struct {
		what   string
		client *target.Client
		secret bool // only a client that has a secret can be told apart by it
	}{
		{"without a secret", &nameless, true},
		{"with a wrong secret", impostor(t.client), true},
		{"by the second client", t.target.Clients.Second, false},
	} {
		if who.secret && t.client.Secret == "" {
			continue
		}
		e, err := t.revoke(ctx, "revoke it "+who.what, who.client, t.grant.refresh(), "refresh_token")
		if err != nil {
			return err
		}
		if !who.secret && e.Status == http.StatusOK {
			t.warn("the revocation of another client's token is answered with 200 and not done: the client should be told (RFC 7009 section 2.1)")
		} else {
			t.tried("revoked "+who.what, e)
		}
		after, err := t.useRefresh(ctx, "look whether the refresh token is alive", &t.grant)
		if err != nil {
			return err
		}
		t.survivals = append(t.survivals, attempt{what: "revoked " + who.what, got: after})
		if !after.Tokens() {
			return nil // what follows would prove nothing
		}
	}
	return nil
}

// refreshSurvived judges what became of a token that others wanted to revoke,
// and what they were answered.
func (t *trial) refreshSurvived(context.Context) error {
	t.judged = true
	for _, s := range t.survivals {
		if !s.got.Tokens() {
			return &report.Finding{Expected: "a refresh token that still works", Got: s.got.String() + " after it was " + s.what}
		}
	}
	for _, a := range t.attempts {
		if bad := a.accepted(); bad != "" {
			return &report.Finding{Expected: "a refusal", Got: a.what + ": " + bad}
		}
	}
	return nil
}

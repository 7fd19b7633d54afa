package issuer

import (
	"context"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// Revoked is the empty success answer of RFC 7009 section 2.2.
type Revoked struct{}

// Introspection is the answer of RFC 7662 section 2.2; an inactive token has
// nothing but Active.
type Introspection struct {
	Active    bool   `json:"active"`
	Scope     string `json:"scope,omitempty"`
	ClientID  string `json:"client_id,omitempty"`
	Username  string `json:"username,omitempty"`
	TokenType string `json:"token_type,omitempty"`
	ExpiresAt int64  `json:"exp,omitempty"`
	IssuedAt  int64  `json:"iat,omitempty"`
	Subject   string `json:"sub,omitempty"`
	Issuer    string `json:"iss,omitempty"`
	// Audience and ID are known of signed access tokens only.
	Audience []string `json:"aud,omitempty"`
	ID       string   `json:"jti,omitempty"`
}

// held is a token that a client presents at the revocation or introspection
// endpoint, whatever its kind.
type held struct {
	kind    string // "" for an unknown token
	grant   token.Grant
	access  token.Access
	refresh token.Refresh
}

// issuedAt is when the token was issued.
func (h held) issuedAt() time.Time {
	if h.kind == oauth.KindRefreshToken {
		return h.refresh.IssuedAt
	}
	return h.access.IssuedAt
}

// find looks a token up. The hint of RFC 7009 section 2.1 may be wrong, so it
// is not needed and not trusted.
func (i *Issuer) find(value string) held {
	if a, known := i.store.Access(value); known {
		return held{kind: oauth.KindAccessToken, grant: a.Grant, access: a}
	}
	if r, known := i.store.Refresh(value); known {
		return held{kind: oauth.KindRefreshToken, grant: r.Grant, refresh: r}
	}
	return held{}
}

// presented is the common beginning of both endpoints: form, client, token.
func (i *Issuer) presented(now time.Time, r Request, ex *control.Exchange) (application.Application, credentials, held, string, *oauth.Error) {
	params, shown, err := i.open(r)
	ex.Parameters = shown
	if err != nil {
		return application.Application{}, credentials{}, held{}, "", err
	}
	app, creds, err := i.authenticate(now, r, params)
	ex.ClientID, ex.AuthMethod = cut(creds.id), creds.method
	if err != nil {
		return app, creds, held{}, "", err
	}
	value := params.get("token")
	if value == "" {
		return app, creds, held{}, "", oauth.NewError(oauth.InvalidRequest, "token is missing")
	}
	h := i.find(value)
	if hint := params.get("token_type_hint"); hint != "" && hint != h.kind && i.profile.Breaks(deviation.RevocationHintTrusted) {
		h = held{}
	}
	kind := h.kind
	if kind == "" {
		kind = "token"
	}
	i.notePresented(ex, kind, value)
	ex.Family, ex.Customer = h.grant.ID, h.grant.Customer
	return app, creds, h, value, nil
}

// revocation is what the library's step does not carry.
type revocation struct {
	now  time.Time
	held held
}

type revocationKey struct{}

// end revokes a refresh token and what the profile says ends with it (RFC 7009
// section 2.1): its family, nothing else, or all that the customer granted to
// the client.
func (i *Issuer) end(now time.Time, g token.Grant, value string) {
	if i.profile.Breaks(deviation.RevocationRefreshNoop) {
		return
	}
	switch i.profile.RevocationReach {
	case "token":
		i.store.RevokeRefresh(value)
	case "customer":
		i.store.Revoke(now, token.Selector{Client: g.ClientID, Customer: g.Customer}, token.ReasonByClient)
	default:
		i.store.RevokeFamily(g.ID, token.ReasonByClient)
	}
}

// Revoke serves the revocation endpoint of RFC 7009: an access token ends
// alone, a refresh token with what revocation_reach says, an unknown one is no
// error. before may be nil.
func (i *Issuer) Revoke(now time.Time, r Request, before Before) Outcome[Revoked] {
	out := outcome[Revoked](r)
	app, _, h, value, err := i.presented(now, r, out.Exchange)
	switch {
	case err != nil:
		return out.refuse(err)
	case h.kind == "" && i.profile.Breaks(deviation.RevocationUnknownError):
		return out.refuse(oauth.NewError(oauth.InvalidRequest, "the token is unknown"))
	case h.kind != "" && h.grant.ClientID != app.ID && !i.profile.Breaks(deviation.RevocationClientOff):
		return out.refuse(oauth.NewError(oauth.UnauthorizedClient, "the token was issued to another client"))
	}
	if out.stopped(before, fault.Request{
		Endpoint: fault.EndpointRevoke, Client: app.ID, Customer: h.grant.Customer, Family: h.grant.ID, Method: r.Method,
		Aged: h.kind != "", Age: now.Sub(h.issuedAt()),
	}) {
		return out
	}
	remove := manager{i}.RemoveAccessToken
	if h.kind == oauth.KindRefreshToken {
		remove = manager{i}.RemoveRefreshToken
	}
	ctx := context.WithValue(context.Background(), revocationKey{}, &revocation{now, h})
	if err := remove(ctx, value); err != nil {
		return out.refuse(i.protocolError(err))
	}
	if h.kind == "" {
		out.Exchange.Reason = "the token is unknown, so there was nothing to revoke"
	}
	out.Answer = &Revoked{}
	return out
}

// Introspect serves the introspection endpoint of RFC 7662 for authenticated
// clients and their own tokens; any other token is inactive. before may be
// nil.
func (i *Issuer) Introspect(now time.Time, r Request, before Before) Outcome[Introspection] {
	out := outcome[Introspection](r)
	app, creds, h, _, err := i.presented(now, r, out.Exchange)
	switch {
	case err != nil && err.Code == oauth.InvalidClient && i.profile.Breaks(deviation.IntrospectionAuthOff):
		out.Answer = &Introspection{}
		return out
	case err != nil:
		return out.refuse(err)
	case creds.method == oauth.AuthNone:
		return out.refuse(i.invalidClient("introspection is for clients that authenticate with a secret"))
	}
	if out.stopped(before, fault.Request{
		Endpoint: fault.EndpointIntrospect, Client: app.ID, Customer: h.grant.Customer, Family: h.grant.ID, Method: r.Method,
		Aged: h.kind != "", Age: now.Sub(h.issuedAt()),
	}) {
		return out
	}
	out.Answer = &Introspection{}
	if h.kind == "" || h.grant.ClientID != app.ID && !i.profile.Breaks(deviation.IntrospectionCross) {
		return out
	}
	revoked := h.access.Revoked && !i.profile.Breaks(deviation.IntrospectionStale)
	if h.kind == oauth.KindAccessToken && !revoked && now.Before(h.access.ExpiresAt) {
		*out.Answer = i.describe(h.grant, h.access.Scope, h.access.IssuedAt, h.access.ExpiresAt)
		out.Answer.TokenType = i.profile.Token.TokenType
		i.inside(out.Answer, h.access.Value)
	}
	if h.kind == oauth.KindRefreshToken && i.livingRefresh(h.refresh, now) {
		*out.Answer = i.describe(h.grant, h.refresh.Scope, h.refresh.IssuedAt, h.refresh.ExpiresAt)
	}
	if !out.Answer.Active && i.profile.Breaks(deviation.IntrospectionExplains) {
		out.Answer.ClientID = h.grant.ClientID
	}
	return out
}

// livingRefresh reports whether a refresh token still earns something: unspent
// and not over, or spent and in its grace.
func (i *Issuer) livingRefresh(r token.Refresh, now time.Time) bool {
	if !r.State.SpentAt.IsZero() {
		return i.policy.Judge(r.State, now).Accepted()
	}
	return !r.State.Revoked && (r.ExpiresAt.IsZero() || now.Before(r.ExpiresAt))
}

// inside adds what only the token itself says.
func (i *Issuer) inside(answer *Introspection, value string) {
	if i.keys == nil {
		return
	}
	if claims, err := i.keys.Read(value); err == nil {
		answer.ID, answer.Audience = claims.ID, claims.Audience
	}
}

func (i *Issuer) describe(g token.Grant, scope oauth.Scope, issued, expires time.Time) Introspection {
	answer := Introspection{
		Active: true, Scope: scope.String(), ClientID: g.ClientID, Subject: g.ClientID,
		IssuedAt: issued.Unix(), Issuer: i.issuer,
	}
	if !expires.IsZero() {
		if i.profile.Breaks(deviation.IntrospectionExpWrong) {
			expires = expires.Add(time.Hour)
		}
		answer.ExpiresAt = expires.Unix()
	}
	if c, known := i.profile.Customer(g.Customer); known {
		answer.Username, answer.Subject = c.Username, c.Username
	}
	return answer
}

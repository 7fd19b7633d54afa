package issuer

import (
	"context"
	"errors"
	"net/http"

	"github.com/go-oauth2/oauth2/v4"
	"github.com/go-oauth2/oauth2/v4/models"
	"github.com/go-oauth2/oauth2/v4/server"
	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// manager is the state machine behind the library's server steps. It trusts
// that gate and validation came first, and turns each call into one atomic
// step of the store.
type manager struct{ *Issuer }

var _ oauth2.Manager = manager{}

var errOutside = errors.New("issuer: a step of the library ran outside a request")

// steps configures the library's server for single steps: everything that a
// profile may vary was judged before, so nothing here refuses anything else.
func (i *Issuer) steps() *server.Server {
	cfg := server.NewConfig()
	cfg.TokenType = i.profile.Token.TokenType
	cfg.AllowedResponseTypes = []oauth2.ResponseType{oauth2.Code}
	s := server.NewServer(cfg, manager{i})
	s.SetClientInfoHandler(func(r *http.Request) (string, string, error) {
		t, err := requestOf(r.Context())
		if err != nil {
			return "", "", err
		}
		return t.app.ID, "", nil // authenticated at the gate
	})
	s.SetPasswordAuthorizationHandler(func(ctx context.Context, _, username, password string) (string, error) {
		t, err := requestOf(ctx)
		if err != nil {
			return "", err
		}
		customer, failed := i.logIn(t.now, username, password)
		if failed != nil {
			return "", failed
		}
		t.customer = customer
		return customer.Key, nil
	})
	return s
}

func requestOf(ctx context.Context) (*tokenRequest, error) {
	t, ok := ctx.Value(tokenRequestKey{}).(*tokenRequest)
	if !ok {
		return nil, errOutside
	}
	return t, nil
}

// clientInfo shows an application as the library knows clients.
type clientInfo struct{ application.Application }

func (c clientInfo) GetID() string     { return c.ID }
func (c clientInfo) GetSecret() string { return "" } // compared at the gate, and nowhere else
func (c clientInfo) GetDomain() string { return "" } // redirect URIs are compared at the gate
func (c clientInfo) IsPublic() bool    { return c.Public }
func (c clientInfo) GetUserID() string { return "" }

// GetClient implements oauth2.Manager; an unknown client is nil.
func (m manager) GetClient(_ context.Context, id string) (oauth2.ClientInfo, error) {
	app, known := m.applications.Lookup(id)
	if !known {
		return nil, nil // what the library expects of an unknown client
	}
	return clientInfo{app}, nil
}

// GenerateAuthToken implements oauth2.Manager: it issues a code.
func (m manager) GenerateAuthToken(ctx context.Context, _ oauth2.ResponseType, _ *oauth2.TokenGenerateRequest) (oauth2.TokenInfo, error) {
	a, ok := ctx.Value(approvalKey{}).(*approval)
	if !ok {
		return nil, errOutside
	}
	value, err := m.codeValue()
	if err != nil {
		return nil, err
	}
	a.code = m.store.PutCode(token.Code{
		Value:       value,
		Grant:       a.grant(oauth.AuthorizationCode),
		RedirectURI: a.request.RedirectURI, RedirectURISent: a.request.RedirectURISent,
		Challenge: a.request.CodeChallenge, ExpiresAt: a.now.Add(m.profile.Code.Lifetime.Std()),
	})
	m.noteCareless(a, value)
	info := models.NewToken()
	info.SetCode(value)
	return info, nil
}

// GenerateAccessToken implements oauth2.Manager for every grant but refresh.
func (m manager) GenerateAccessToken(ctx context.Context, _ oauth2.GrantType, _ *oauth2.TokenGenerateRequest) (oauth2.TokenInfo, error) {
	t, err := requestOf(ctx)
	if err != nil {
		return nil, err
	}
	next, err := m.pair(t)
	if err != nil {
		return nil, err
	}
	if t.grant == oauth.AuthorizationCode {
		issued, verdict := m.store.RedeemCode(t.params.get("code"), t.now, m.policy, next)
		if verdict != token.CodeRedeemed {
			return nil, m.invalidGrant(verdict.String())
		}
		t.issued = issued
		return nil, nil // t has it: the library only hands on what is answered here
	}
	grant := token.Grant{
		ClientID: t.app.ID, Customer: t.customer.Key, GrantType: t.grant, Scope: t.scope, BornAt: t.now,
	}
	t.issued = m.store.PutGrant(grant, t.now, m.policy, next)
	return nil, nil // as above
}

// RefreshAccessToken implements oauth2.Manager.
func (m manager) RefreshAccessToken(ctx context.Context, tgr *oauth2.TokenGenerateRequest) (oauth2.TokenInfo, error) {
	t, err := requestOf(ctx)
	if err != nil {
		return nil, err
	}
	next, err := m.pair(t)
	if err != nil {
		return nil, err
	}
	issued, verdict := m.store.UseRefresh(tgr.Refresh, t.now, m.policyFor(t.app), next)
	t.exchange.Reason = verdict.String()
	if !verdict.Accepted() {
		return nil, m.refusedRefresh(verdict)
	}
	t.issued = issued
	return nil, nil // as above
}

// pair makes fresh values for a request's tokens.
func (m manager) pair(t *tokenRequest) (token.Pair, error) {
	next := token.Pair{Scope: t.scope}
	var err error
	if next.Access, next.AccessExpiresAt, err = m.accessValue(t); err != nil {
		return next, err
	}
	always := t.grant == oauth.ClientCredentials && m.profile.Breaks(deviation.MachineRefreshToken)
	if !always && (!m.policy.Issued || t.grant == oauth.ClientCredentials || t.grant == oauth.Implicit || !m.mayUse(t.app, oauth.RefreshToken)) {
		return next, nil // RFC 6749 section 4.4.3: none for client credentials, and 4.2.2: none for the implicit grant
	}
	if t.grant == oauth.RefreshToken && !m.policyFor(t.app).Rotates && !m.policy.Defects.AddsToken {
		return next, nil
	}
	if t.grant == oauth.AuthorizationCode && m.profile.Breaks(deviation.CodeWithoutRefresh) {
		return next, nil
	}
	if t.remembered && m.profile.RefreshToken.IssuedBy == "full_authorization" {
		return next, nil // S000-31
	}
	if m.profile.RefreshToken.Format == "hex32" {
		next.Refresh, err = token.Hex32(m.random)
	} else {
		next.Refresh, err = m.tokenValue()
	}
	return next, err
}

// RemoveAccessToken implements oauth2.Manager.
func (m manager) RemoveAccessToken(_ context.Context, value string) error {
	if m.profile.Breaks(deviation.RevocationAccessNoop) {
		return nil
	}
	m.store.RevokeAccess(value)
	return nil
}

// RemoveRefreshToken implements oauth2.Manager; what ends with the token is the
// profile's revocation_reach.
func (m manager) RemoveRefreshToken(ctx context.Context, value string) error {
	t, ok := ctx.Value(revocationKey{}).(*revocation)
	if !ok {
		return errOutside
	}
	m.end(t.now, t.held.grant, value)
	return nil
}

// LoadAccessToken implements oauth2.Manager; the API does not ask it.
func (m manager) LoadAccessToken(context.Context, string) (oauth2.TokenInfo, error) {
	return nil, errOutside
}

// LoadRefreshToken implements oauth2.Manager; validation looks in the store.
func (m manager) LoadRefreshToken(context.Context, string) (oauth2.TokenInfo, error) {
	return nil, errOutside
}

func scopesOf(p *profile.Profile) oauth.Scope {
	var out oauth.Scope
	for name := range p.Scopes {
		out = append(out, name)
	}
	return out.Sorted()
}

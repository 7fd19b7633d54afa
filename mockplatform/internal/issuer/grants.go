package issuer

import (
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// validate judges what a grant alone asks for, without changing state; only a
// valid replay ends its family right here.
func (i *Issuer) validate(t *tokenRequest) *oauth.Error {
	switch t.grant {
	case oauth.AuthorizationCode:
		return i.validateCode(t)
	case oauth.RefreshToken:
		return i.validateRefresh(t)
	case oauth.ClientCredentials:
		return i.validateClientCredentials(t)
	}
	return i.validatePassword(t)
}

// validateCode follows RFC 6749 section 4.1.3 and RFC 7636 section 4.6.
func (i *Issuer) validateCode(t *tokenRequest) *oauth.Error {
	value := t.params.get("code")
	i.notePresented(t.exchange, oauth.KindCode, value)
	c, known := i.store.Code(value)
	if !known {
		return i.invalidGrant("the code is unknown")
	}
	i.noteGrant(t, c.Grant)
	t.born = c.Grant.BornAt
	if c.Grant.ClientID != t.app.ID && !i.profile.Breaks(deviation.CodeForeignClient) {
		return i.invalidGrant("the code was issued to another client")
	}
	if err := i.checkRedirect(t, c); err != nil {
		return err
	}
	if err := i.checkVerifier(t, c); err != nil {
		i.punish(value)
		return err
	}
	switch {
	case !c.SpentAt.IsZero() && !i.policy.Defects.OverlooksCode(c.SpentAt, t.now):
		_, verdict := i.store.RedeemCode(value, t.now, i.policy, token.Pair{})
		return i.invalidGrant(verdict.String())
	case c.Revoked:
		return i.invalidGrant(token.CodeRevoked.String())
	case !t.now.Before(c.ExpiresAt):
		return i.invalidGrant(token.CodeExpired.String())
	}
	t.scope, t.remembered = c.Grant.Scope, c.Grant.Remembered
	if i.profile.Breaks(deviation.CodeGrantFails) {
		return oauth.NewError(oauth.ServerError, "the Platform could not work on the request")
	}
	return nil
}

func (i *Issuer) checkRedirect(t *tokenRequest, c token.Code) *oauth.Error {
	sent := t.params.get("redirect_uri")
	rule := i.profile.Code.RedirectURIAtToken
	switch {
	case rule == "ignored":
		return i.withdrawn(t.app, c.RedirectURI)
	case sent == "" && (rule == "required" || c.RedirectURISent):
		return oauth.NewError(oauth.InvalidRequest, "redirect_uri is missing: repeat the one of the authorization request")
	case sent != "" && sent != c.RedirectURI:
		return i.invalidGrant("redirect_uri is not the one of the authorization request")
	}
	return i.withdrawn(t.app, c.RedirectURI)
}

func (i *Issuer) checkVerifier(t *tokenRequest, c token.Code) *oauth.Error {
	verifier := t.params.get("code_verifier")
	switch {
	case c.Challenge == "" && verifier != "" && i.profile.Authorize.PKCE != "off" && !i.profile.Breaks(deviation.PKCEDowngrade):
		// RFC 9700 section 2.1.1 against PKCE downgrade.
		return i.invalidGrant("code_verifier came without a code_challenge in the authorization request")
	case c.Challenge == "":
		return nil
	case verifier == "" && i.profile.Breaks(deviation.PKCEMissingAccepted):
		return nil
	case verifier == "":
		return i.invalidGrant("code_verifier is missing")
	case !i.verifies(t.app.ID, c.Challenge, verifier):
		return i.invalidGrant("code_verifier does not fit the code_challenge")
	}
	return nil
}

// narrowed is the scope asked for within what was granted; nothing asked means
// all of it (RFC 6749 section 6).
func (i *Issuer) narrowed(t *tokenRequest, granted oauth.Scope) (oauth.Scope, *oauth.Error) {
	asked, err := i.askedScope(t.params.get("scope"))
	switch {
	case err != nil:
		return nil, err
	case len(asked) == 0:
		return granted, nil
	case !asked.Within(granted):
		return nil, oauth.NewError(oauth.InvalidScope, "scope goes beyond what was granted")
	}
	return asked, nil
}

// askedScope reads a scope parameter; a Platform without scopes ignores it.
func (i *Issuer) askedScope(raw string) (oauth.Scope, *oauth.Error) {
	if len(i.allScopes) == 0 {
		return nil, nil
	}
	asked, err := oauth.ParseScope(raw)
	if err != nil {
		return nil, oauth.NewError(oauth.InvalidScope, err.Error())
	}
	if unknown := asked.Without(i.allScopes); len(unknown) > 0 {
		return nil, oauth.NewError(oauth.InvalidScope, "scope holds a name that is unknown: this Platform has "+i.allScopes.String())
	}
	return asked, nil
}

// validateClientCredentials follows RFC 6749 section 4.4. Without a scope
// parameter the token carries none: the own account needs none (S003-22).
func (i *Issuer) validateClientCredentials(t *tokenRequest) *oauth.Error {
	if i.profile.Breaks(deviation.MachineAnyScope) {
		t.scope, _ = oauth.ParseScope(t.params.get("scope"))
		return nil
	}
	asked, err := i.askedScope(t.params.get("scope"))
	if err != nil {
		return err
	}
	if !asked.Within(t.app.Scope) {
		return oauth.NewError(oauth.InvalidScope, "scope goes beyond the client's registration")
	}
	t.scope = asked
	return nil
}

// validatePassword judges scope and permission of a customer whom the server
// step found by his password (RFC 6749 section 4.3, S000-24).
func (i *Issuer) validatePassword(t *tokenRequest) *oauth.Error {
	t.exchange.Customer = t.customer.Key
	if t.customer.Role == profile.RoleNone {
		return i.invalidGrant("this account has no permission on an advertising account")
	}
	may := t.app.Scope
	if len(i.allScopes) == 0 {
		may = nil
	}
	may, _ = i.grantable(may, t.customer)
	scope, err := i.narrowed(t, may)
	t.scope = scope
	return err
}

// noteGrant takes over whose grant was presented.
func (i *Issuer) noteGrant(t *tokenRequest, g token.Grant) {
	t.exchange.Family, t.exchange.Customer = g.ID, g.Customer
	if c, known := i.profile.Customer(g.Customer); known {
		t.customer = c
	}
}

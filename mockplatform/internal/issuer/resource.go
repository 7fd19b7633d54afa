package issuer

import (
	"net/http"
	"slices"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Access is what a good access token opens.
type Access struct {
	ClientID  string
	Customer  string // customer key, "" for a client's own account
	GrantType oauth.GrantType
	Scope     oauth.Scope
	Family    string
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// Bearer judges an access token at the API (RFC 6750): by what the
// authorization server knows of it or, where the profile says so, by the
// token's own words. The error is invalid_token with status 401 and a
// challenge.
func (i *Issuer) Bearer(now time.Time, value string) (Access, *oauth.Error) {
	if access, ok := i.gullible(now, value); ok {
		return access, nil
	}
	if i.profile.ResourceServer.Validation == "local" {
		return i.believe(now, value)
	}
	a, known := i.store.Access(value)
	access := Access{
		ClientID: a.Grant.ClientID, Customer: a.Grant.Customer, GrantType: a.Grant.GrantType,
		Scope: slices.Clone(a.Scope), Family: a.Grant.ID, IssuedAt: a.IssuedAt, ExpiresAt: a.ExpiresAt,
	}
	switch {
	case !known:
		return i.stranger(value)
	case i.profile.Breaks(deviation.AccessDiesEarly) && now.Sub(a.IssuedAt) > a.ExpiresAt.Sub(now):
		return access, i.invalidToken("the access token has expired", "")
	case a.Revoked:
		return access, i.invalidToken("the access token is revoked", "")
	case !now.Before(a.ExpiresAt) && !i.profile.Breaks(deviation.ExpiredTokenServed):
		return access, i.invalidToken("the access token has expired", "")
	}
	return access, nil
}

// stranger answers for a value that is no access token.
func (i *Issuer) stranger(value string) (Access, *oauth.Error) {
	if r, is := i.store.Refresh(value); is && i.profile.Breaks(deviation.RefreshTokenAtAPI) {
		return Access{ClientID: r.Grant.ClientID, Customer: r.Grant.Customer, Scope: r.Scope, Family: r.Grant.ID}, nil
	}
	err := i.invalidToken("the access token is unknown", i.unknownAccess(value))
	if i.keys == nil && i.profile.Breaks(deviation.UnknownToken403) {
		err = err.WithStatus(http.StatusForbidden)
	}
	return Access{}, err
}

// believe judges a signed token by its signature and its claims alone, as an
// API does that never asks (S004-20): a revocation is not seen until the token
// expires. The store tells the journal the family, and nothing else.
func (i *Issuer) believe(now time.Time, value string) (Access, *oauth.Error) {
	claims, err := i.keys.Read(value)
	if err != nil {
		return Access{}, i.invalidToken("the access token is not valid", i.unknownAccess(value))
	}
	scope, err := oauth.ParseScope(claims.Scope)
	if err != nil {
		return Access{}, i.invalidToken("the access token is not valid", "its scope is not well formed")
	}
	access := Access{ClientID: claims.ClientID, Scope: scope, ExpiresAt: claims.ExpiresAt}
	if issued, known := i.store.Access(value); known {
		access.GrantType, access.Family, access.IssuedAt = issued.Grant.GrantType, issued.Grant.ID, issued.IssuedAt
	}
	if claims.Subject != claims.ClientID {
		customer, known := i.profile.CustomerByUsername(claims.Subject)
		if !known {
			return access, i.invalidToken("the access token is not valid", "its sub is no customer")
		}
		access.Customer = customer.Key
	}
	if !now.Before(claims.ExpiresAt) {
		return access, i.invalidToken("the access token has expired", "")
	}
	return access, nil
}

// NotYetKnown is the answer to a good access token that the API has not heard
// of so far.
func (i *Issuer) NotYetKnown() *oauth.Error {
	return i.invalidToken("the access token is unknown", "a fault: the access token was issued, and the API does not know it yet")
}

// unknownAccess is what the journal hears about a token that is none.
func (i *Issuer) unknownAccess(value string) string {
	if _, is := i.store.Refresh(value); is {
		return "a refresh token was presented at the API (S000-30)"
	}
	if i.keys == nil {
		return ""
	}
	if _, err := i.keys.Read(value); err != nil {
		return err.Error()
	}
	return "the access token was forgotten long after its end"
}

// invalidToken is told apart for people in the challenge; the journal may know
// more.
func (i *Issuer) invalidToken(description, reason string) *oauth.Error {
	return oauth.NewError(oauth.InvalidToken, description).WithReason(reason).WithChallenge(oauth.BearerChallenge{
		Realm: i.profile.Title, Error: oauth.InvalidToken, Description: description,
	}.String())
}

// NoToken is the answer to an API request without a token: 401 with a bare
// challenge (RFC 6750 section 3.1). Its Code is empty.
func (i *Issuer) NoToken() *oauth.Error {
	e := oauth.NewError(oauth.InvalidToken, "").WithReason("the request carries no access token")
	e.Code = ""
	if i.profile.Breaks(deviation.NoChallenge) {
		return e
	}
	return e.WithChallenge(oauth.BearerChallenge{Realm: i.profile.Title}.String())
}

// InsufficientScope is the 403 answer that names the scope needed (RFC 6750
// section 3.1).
func (i *Issuer) InsufficientScope(needed string) *oauth.Error {
	description := "the access token lacks the scope " + needed
	return oauth.NewError(oauth.InsufficientScope, description).WithChallenge(oauth.BearerChallenge{
		Realm: i.profile.Title, Error: oauth.InsufficientScope, Description: description, Scope: needed,
	}.String())
}

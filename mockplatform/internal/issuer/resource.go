package issuer

import (
	"slices"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Access is what a good access token opens.
type Access struct {
	ClientID  string
	Customer  string // customer key, "" for a client's own account
	GrantType oauth.GrantType
	Scope     oauth.Scope
	Family    string
	ExpiresAt time.Time
}

// Bearer judges an access token at the API (RFC 6750). The error is
// invalid_token with status 401 and a challenge.
func (i *Issuer) Bearer(now time.Time, value string) (Access, *oauth.Error) {
	a, known := i.store.Access(value)
	access := Access{
		ClientID: a.Grant.ClientID, Customer: a.Grant.Customer, GrantType: a.Grant.GrantType,
		Scope: slices.Clone(a.Scope), Family: a.Grant.ID, ExpiresAt: a.ExpiresAt,
	}
	switch {
	case !known:
		return Access{}, i.invalidToken("the access token is unknown", i.unknownAccess(value))
	case a.Revoked:
		return access, i.invalidToken("the access token is revoked", "")
	case !now.Before(a.ExpiresAt):
		return access, i.invalidToken("the access token has expired", "")
	}
	if i.signer != nil {
		if err := i.signer.Verify(value, now); err != nil {
			return access, i.invalidToken("the access token is not valid", err.Error())
		}
	}
	return access, nil
}

func (i *Issuer) unknownAccess(value string) string {
	if _, is := i.store.Refresh(value); is {
		return "a refresh token was presented at the API (S000-30)"
	}
	if i.signer != nil {
		return "the access token was not issued here, or was forgotten long after its end"
	}
	return ""
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

package issuer

import (
	"encoding/json"
	"strconv"
	"time"
)

// TokenResponse is the success answer of RFC 6749 section 5.1, in the
// profile's dialect.
type TokenResponse struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	// Expiry is expires_in as it is sent: ExpiresIn in the profile's form, a
	// json.Number or a string; nil for none.
	Expiry       any    `json:"expires_in,omitempty"`
	ExpiresIn    int64  `json:"-"` // seconds; with float half a second more than is sent
	RefreshToken string `json:"refresh_token,omitempty"`
	Scope        string `json:"scope,omitempty"`
}

// response shapes what was issued; a repeated pair has what is left of its
// lifetime.
func (i *Issuer) response(t *tokenRequest) *TokenResponse {
	access := t.issued.Access
	lifetime := i.profile.AccessToken.Lifetime.Std()
	if !access.IssuedAt.Equal(t.now) {
		lifetime = max(access.ExpiresAt.Sub(t.now), 0)
	}
	seconds, expiry := expiresIn(i.profile.Token.ExpiresIn, int64(lifetime/time.Second))
	return &TokenResponse{
		AccessToken: access.Value, TokenType: i.profile.Token.TokenType, ExpiresIn: seconds, Expiry: expiry,
		RefreshToken: t.issued.Refresh, Scope: i.echoed(t, access.Scope.String()),
	}
}

// expiresIn answers how many seconds are told of a lifetime, and in which form
// (token.expires_in of a profile). No form but lying says more than is true.
func expiresIn(form string, seconds int64) (int64, any) {
	switch form {
	case "minus_one": // S004-15
		seconds = max(seconds-1, 0)
	case "lying":
		seconds *= 2
	case "absent":
		return seconds, nil
	case "float":
		if seconds == 0 {
			return 0, json.Number("0.0")
		}
		return seconds, json.Number(strconv.FormatInt(seconds-1, 10) + ".5")
	}
	whole := strconv.FormatInt(seconds, 10)
	if form == "string" {
		return seconds, whole
	}
	return seconds, json.Number(whole)
}

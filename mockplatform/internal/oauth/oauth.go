// Package oauth is the vocabulary of OAuth 2.0 as the mock Platform speaks it:
// grant types, error codes and the one error type, scope sets, PKCE arithmetic
// and the two challenges. It holds words and pure functions only, uses nothing
// but the standard library, and knows neither HTTP handlers nor state.
package oauth

// GrantType is a value of the token request's grant_type (RFC 6749 section 4).
type GrantType string

// The four grant types the Platform can offer.
const (
	AuthorizationCode GrantType = "authorization_code" // RFC 6749 section 4.1
	Password          GrantType = "password"           // RFC 6749 section 4.3
	ClientCredentials GrantType = "client_credentials" // RFC 6749 section 4.4
	RefreshToken      GrantType = "refresh_token"      // RFC 6749 section 6
)

// Implicit names the grant of RFC 6749 section 4.2 in lists of grants. It is no
// value of grant_type, since its tokens come from the authorization endpoint.
const Implicit GrantType = "implicit"

// Known reports whether g is one of the four grant types.
func (g GrantType) Known() bool {
	switch g {
	case AuthorizationCode, Password, ClientCredentials, RefreshToken:
		return true
	}
	return false
}

// How a client authenticates at the token endpoint.
const (
	AuthBasic = "basic" // RFC 6749 section 2.3.1, Authorization header
	AuthBody  = "body"  // RFC 6749 section 2.3.1, request body
	AuthQuery = "query" // forbidden by RFC 6749 section 2.3.1, documented by S003-27
	AuthNone  = "none"  // public client, client_id only
)

// AuthMethodName is the registered name of a client authentication method (RFC
// 7591 section 2). AuthQuery has none.
func AuthMethodName(method string) (name string, registered bool) {
	switch method {
	case AuthBasic:
		return "client_secret_basic", true
	case AuthBody:
		return "client_secret_post", true
	case AuthNone:
		return "none", true
	}
	return "", false
}

// Token kinds, as used in hints (RFC 7009 section 2.1), journal and grants.
const (
	KindCode         = "code"
	KindAccessToken  = "access_token"
	KindRefreshToken = "refresh_token"
)

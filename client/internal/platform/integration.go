package platform

import (
	"slices"
	"time"
)

// Grants that MINT speaks (RFC 6749 sections 4.1, 4.3 and 4.4).
const (
	GrantAuthorizationCode = "authorization_code"
	GrantPassword          = "password"
	GrantClientCredentials = "client_credentials"
	grantRefreshToken      = "refresh_token"
)

// Ways in which MINT authenticates at a token endpoint (RFC 6749 section
// 2.3.1). AuthQuery is for platforms whose documents show nothing else, AuthNone
// is a public client that only names itself.
const (
	AuthBasic = "basic"
	AuthBody  = "body"
	AuthQuery = "query"
	AuthNone  = "none"
)

// PKCE settings of an Integration (RFC 7636).
const (
	PKCES256 = "S256"
	PKCEOff  = "off"
)

// Scopes of the advertising API. An integration that lists neither is a
// platform without scopes, where a token opens everything.
const (
	ScopeRead   = "ads.read"
	ScopeChange = "ads.write"
)

// What a platform does with a refresh token that is presented again because
// its answer was lost (RFC 9700 section 4.14.2 leaves it to the server).
const (
	ReplayNone     = "none"      // refused; a spent token stays spent
	ReplaySamePair = "same_pair" // answered with the same successor within the window
	ReplayNewPair  = "new_pair"  // answered with another successor within the window
	ReplayUnknown  = "unknown"   // the documents are silent
)

// RefreshRule is what MINT may expect when it repeats a refresh request.
type RefreshRule struct {
	// Replay is one of the Replay constants; empty means unknown.
	Replay string
	// Window is how long after the first sending a repetition is answered;
	// needed with same_pair and new_pair.
	Window time.Duration
}

// Integration is one advertising platform that customers of MINT can connect,
// with MINT's registration at it. All of it is static configuration: MINT
// follows no metadata document (RFC 8414), so none can lead it astray.
type Integration struct {
	// ID names the integration in addresses and in the database: [a-z0-9-]+.
	ID string
	// Title is the platform's name for people.
	Title string
	// Issuer is the authorization server's identifier, compared with the iss
	// parameter of callbacks (RFC 9207).
	Issuer string
	// Grants holds authorization_code or password, for customers, and
	// client_credentials where MINT has an account of its own.
	Grants []string

	AuthorizationEndpoint string
	TokenEndpoint         string
	// RevocationEndpoint (RFC 7009) may be empty: then disconnecting erases
	// MINT's tokens without telling the platform.
	RevocationEndpoint string
	// APIBase is the base address of the resource server; the advertising API
	// lives below it at /api/….
	APIBase string
	// ApplicationEndpoint is MINT's own account at the platform; needed with
	// client_credentials.
	ApplicationEndpoint string

	ClientID     string
	ClientSecret Secret
	// ClientAuth is one of the Auth constants.
	ClientAuth string
	// Scopes is everything MINT may ask for here; empty where there are none.
	Scopes []string
	// PKCE is S256 or off.
	PKCE string
	// SendsIssuer says that callbacks carry iss; one without it, or with
	// another, is then refused.
	SendsIssuer bool
	Refresh     RefreshRule
}

// Has reports whether the integration uses grant.
func (i Integration) Has(grant string) bool { return slices.Contains(i.Grants, grant) }

// AllowsChanges reports whether a connection with the granted scopes may
// change campaigns. Without ads.write among Scopes the platform has no such
// scope, and only it can tell.
func (i Integration) AllowsChanges(granted []string) bool {
	return !slices.Contains(i.Scopes, ScopeChange) || slices.Contains(granted, ScopeChange)
}

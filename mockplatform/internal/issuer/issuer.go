// Package issuer is the authorization server of one Platform: it judges
// authorization and token requests, issues, refreshes, revokes and introspects
// tokens, and says what it found for the journal.
//
// It is the only importer of go-oauth2. That library's server steps carry the
// requests; the state machine behind them (oauth2.Manager) is our own, and a
// strict gate stands in front, since the stock one neither authenticates
// clients at a refresh nor keeps single use atomic. The package knows no
// http.ResponseWriter and no pages: the web layer writes what it answers. It
// reads no clock: every call takes the Platform's time.
package issuer

import (
	"errors"
	"net/url"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

// Issuer is one Platform's authorization server. It is safe for concurrent use.
type Issuer struct{}

// AuthorizeRequest is an authorization request that passed every check.
type AuthorizeRequest struct {
	Client          application.Application
	RedirectURI     string      // the one to answer at
	RedirectURISent bool        // it was in the request, not filled in
	State           string      // "" when not sent
	Scope           oauth.Scope // asked for, or the client's own when nothing was asked
	CodeChallenge   string      // S256, "" without PKCE
}

// ParseAuthorize judges the query (or form) of an authorization request. An
// error says its channel: ChannelPage must be shown on a page and never
// redirected, ChannelRedirect carries the complete Location.
func (i *Issuer) ParseAuthorize(now time.Time, q url.Values) (*AuthorizeRequest, *oauth.Error) {
	panic("not yet")
}

// ErrNoPermission answers a customer who has no right on an advertising
// account: no code may be issued (S000-24).
var ErrNoPermission = errors.New("this customer has no permission on an advertising account")

// ErrNothingGranted answers an approval without any scope on a Platform that
// has scopes.
var ErrNothingGranted = errors.New("no scope was granted")

// Grantable splits the requested scope into what the customer may grant and
// what he may not (a viewer cannot grant writing; S000-24).
func (i *Issuer) Grantable(req *AuthorizeRequest, c profile.Customer) (grantable, withheld oauth.Scope) {
	panic("not yet")
}

// Remembered reports whether consent may be skipped: the profile remembers the
// same scope, the client is confidential and a live grant covers the request.
func (i *Issuer) Remembered(now time.Time, req *AuthorizeRequest, c profile.Customer) bool {
	panic("not yet")
}

// Approve issues a code and answers the URL to send the browser to. Scopes
// that were not requested or that the customer may not grant are dropped;
// errors: ErrNoPermission, ErrNothingGranted. The exchange carries what the
// journal should know.
func (i *Issuer) Approve(now time.Time, req *AuthorizeRequest, c profile.Customer, granted oauth.Scope) (redirect string, ex control.Exchange, err error) {
	panic("not yet")
}

// Deny answers the access_denied error: on ChannelRedirect with its Location,
// or on ChannelPage when the profile's consent.deny is page.
func (i *Issuer) Deny(req *AuthorizeRequest, reason string) *oauth.Error { panic("not yet") }

// Redirect answers any other error of an accepted authorization request on
// ChannelRedirect, for faults and server trouble.
func (i *Issuer) Redirect(req *AuthorizeRequest, e *oauth.Error) *oauth.Error { panic("not yet") }

// MaxBody bounds the body of requests to the token, revocation and
// introspection endpoints, in bytes.
const MaxBody = 64 << 10

// Request is a request to the token, revocation or introspection endpoint as
// it came over the wire. Authorization holds all values of that header.
type Request struct {
	Method        string
	ContentType   string
	RawQuery      string
	Body          []byte
	Authorization []string
}

// Before is asked after a request proved valid and before any state changes;
// it answers the fault that fires, if any (fault.Plan.Fire fits). Any kind but
// drop_after stops the work.
type Before func(fault.Request) (control.Fault, bool)

// Outcome is what became of a request. Exactly one of Answer and Err is set,
// or neither when Fault stopped the work before any state changed. With a
// drop_after fault Answer is set too and must not be sent.
type Outcome[T any] struct {
	Answer *T
	Err    *oauth.Error
	Fault  *control.Fault
	// Exchange carries what the issuer knows for the journal: client,
	// customer, grant type, scope, authentication method, error, reason,
	// fault, family, parameters and fingerprints. The web layer adds the rest.
	Exchange control.Exchange
}

// TokenResponse is the success answer of RFC 6749 section 5.1.
type TokenResponse struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int64  `json:"expires_in"` // seconds
	RefreshToken string `json:"refresh_token,omitempty"`
	Scope        string `json:"scope,omitempty"`
}

// Token serves the token endpoint. before may be nil.
func (i *Issuer) Token(now time.Time, r Request, before Before) Outcome[TokenResponse] {
	panic("not yet")
}

// Revoked is the empty success answer of RFC 7009 section 2.2.
type Revoked struct{}

// Revoke serves the revocation endpoint of RFC 7009. before may be nil.
func (i *Issuer) Revoke(now time.Time, r Request, before Before) Outcome[Revoked] { panic("not yet") }

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
}

// Introspect serves the introspection endpoint of RFC 7662. before may be nil.
func (i *Issuer) Introspect(now time.Time, r Request, before Before) Outcome[Introspection] {
	panic("not yet")
}

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
func (i *Issuer) Bearer(now time.Time, token string) (Access, *oauth.Error) { panic("not yet") }

// NoToken is the answer to an API request without a token: 401 with a bare
// challenge (RFC 6750 section 3.1).
func (i *Issuer) NoToken() *oauth.Error { panic("not yet") }

// InsufficientScope is the 403 answer that names the scope needed.
func (i *Issuer) InsufficientScope(needed string) *oauth.Error { panic("not yet") }

// Metadata is the document of RFC 8414 section 2.
type Metadata struct {
	Issuer                                     string   `json:"issuer"`
	AuthorizationEndpoint                      string   `json:"authorization_endpoint,omitempty"`
	TokenEndpoint                              string   `json:"token_endpoint"`
	RevocationEndpoint                         string   `json:"revocation_endpoint,omitempty"`
	IntrospectionEndpoint                      string   `json:"introspection_endpoint,omitempty"`
	ScopesSupported                            []string `json:"scopes_supported,omitempty"`
	ResponseTypesSupported                     []string `json:"response_types_supported"`
	ResponseModesSupported                     []string `json:"response_modes_supported,omitempty"`
	GrantTypesSupported                        []string `json:"grant_types_supported"`
	TokenEndpointAuthMethods                   []string `json:"token_endpoint_auth_methods_supported"`
	RevocationEndpointAuthMethods              []string `json:"revocation_endpoint_auth_methods_supported,omitempty"`
	IntrospectionEndpointAuthMethods           []string `json:"introspection_endpoint_auth_methods_supported,omitempty"`
	CodeChallengeMethods                       []string `json:"code_challenge_methods_supported,omitempty"`
	AuthorizationResponseIssParameterSupported bool     `json:"authorization_response_iss_parameter_supported,omitempty"`
}

// Metadata answers the RFC 8414 document; ok is false when the profile
// publishes none.
func (i *Issuer) Metadata() (doc Metadata, ok bool) { panic("not yet") }

// Applications are the registered clients.
func (i *Issuer) Applications() *application.Registry { panic("not yet") }

// Connection is one application that a customer has connected, for the
// Platform's page of connected applications.
type Connection struct {
	Client application.Application
	Scope  oauth.Scope
	Since  time.Time
}

// Connections lists a customer's live grants, one entry per application,
// ordered by client name.
func (i *Issuer) Connections(now time.Time, customer string) []Connection { panic("not yet") }

// Withdraw ends all grants of a customer to a client and answers how many
// ended.
func (i *Issuer) Withdraw(now time.Time, customer, clientID string) int { panic("not yet") }

// Grants lists all token families in the order of their birth.
func (i *Issuer) Grants(now time.Time) []control.Family { panic("not yet") }

// Expire lets the selected live tokens expire now and answers how many. The
// selector must not be empty unless All is set.
func (i *Issuer) Expire(now time.Time, sel control.TokenSelector) (control.Affected, error) {
	panic("not yet")
}

// RevokeTokens revokes the selected live tokens; without a Kind their families
// end too.
func (i *Issuer) RevokeTokens(now time.Time, sel control.TokenSelector) (control.Affected, error) {
	panic("not yet")
}

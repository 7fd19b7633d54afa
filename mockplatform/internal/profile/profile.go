// Package profile holds what a Platform is configured with: one YAML document
// per Platform, read strictly, validated with every fault listed at once, and
// frozen afterwards.
//
// A profile says what a Platform does; it never says how. It knows no HTTP, no
// clock and no state. Defaults are as strict as the RFCs, with one exception:
// errors of the authorization endpoint are redirected at once, as RFC 6749 has it
// and most servers do, though RFC 9700 asks for a login first. What is looser is
// named by Leniencies, so that a report can say what a green run did not prove.
//
// A partial document (the "settings" of the control API) may be laid over a
// profile: mappings merge by key, everything else replaces, and null removes a
// client, customer or scope, or gives a single value back its default.
package profile

import (
	"slices"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Profile is one Platform's configuration. Treat it as frozen once Parse or
// With returned it: Platforms share its maps.
type Profile struct {
	Dialect string   `yaml:"-"` // name of the dialect laid over it, if any
	Name    string   `yaml:"name" doc:"the profile's name, lower case"`
	Title   string   `yaml:"title" doc:"what people read on the Platform's pages"`
	Summary string   `yaml:"summary" doc:"one sentence on what is special here"`
	Sources []string `yaml:"sources" doc:"requirement documents this profile follows"`
	// Topology combined serves authorization server and API below one base
	// URL, split below two (S003-07).
	Topology string `yaml:"topology" enum:"combined,split" doc:"one base address for authorization server and API, or two"`
	Paths    Paths  `yaml:"paths" doc:"paths below the issuer or the API base"`
	// Grants are those the Platform offers at all; a client may have fewer.
	Grants []string `yaml:"grants" enum:"authorization_code,password,client_credentials,refresh_token" doc:"grant types offered"`
	// Scopes by name; empty for a Platform without scopes (S004-14).
	Scopes    map[string]Scope    `yaml:"scopes" doc:"scopes by name; empty for a Platform without scopes"`
	Clients   map[string]Client   `yaml:"clients" doc:"registered clients by client_id"`
	Customers map[string]Customer `yaml:"customers" doc:"test customers by short name"`

	// ResourceOwner says whose consent counts: the customer's (RFC 6749) or that
	// of the Platform's operator, as one reading of S000-01 has it.
	ResourceOwner string `yaml:"resource_owner" enum:"customer,operator" doc:"who the resource owner is (S000-01); operator: every registered client is approved beforehand and no consent page is shown"`

	Authorize      Authorize      `yaml:"authorize" doc:"authorization endpoint"`
	SignIn         SignIn         `yaml:"sign_in" doc:"how a customer is recognised"`
	Code           Code           `yaml:"code" doc:"authorization codes"`
	Consent        Consent        `yaml:"consent" doc:"consent page"`
	Token          Token          `yaml:"token" doc:"token endpoint"`
	AccessToken    AccessToken    `yaml:"access_token" doc:"access tokens"`
	RefreshToken   RefreshToken   `yaml:"refresh_token" doc:"refresh tokens"`
	ResourceServer ResourceServer `yaml:"resource_server" doc:"advertising API"`
	Registration   Registration   `yaml:"registration" doc:"how an application gets its credentials"`

	Revocation bool `yaml:"revocation" doc:"offers the revocation endpoint of RFC 7009"`
	// RevocationReach is what ends with a revoked refresh token: the grant's
	// whole family (RFC 7009 section 2.1), the token alone, or all that the
	// customer gave this client.
	RevocationReach string `yaml:"revocation_reach" enum:"family,token,customer" doc:"what ends with a revoked refresh token: its family, it alone, or all of the customer and client"`

	Introspection bool `yaml:"introspection" doc:"offers the introspection endpoint of RFC 7662"`
	Metadata      bool `yaml:"metadata" doc:"publishes the document of RFC 8414"`
	AccountAPI    bool `yaml:"account_api" doc:"an application may read and update its own account (S003-22)"`

	// Break lists the defects that the Platform has on purpose, see package
	// deviation.
	Break []string `yaml:"break" doc:"defects to have on purpose, each named name=value, so that a conformance check fails; mockplatform profiles deviations lists them"`

	Waivers []Waiver `yaml:"waivers" doc:"rules that the Platform breaks as documented; conformance run --target mock:NAME measures them all the same and shows them as waived"`
}

// Breaks reports whether the Platform has the defect on purpose.
func (p *Profile) Breaks(d deviation.Deviation) bool {
	return len(p.Break) > 0 && slices.Contains(p.Break, string(d))
}

// Paths are the endpoints' paths. OAuth ones and pages stand below the issuer,
// API ones below the API base. Whether an endpoint exists at all is decided
// elsewhere in the profile.
type Paths struct {
	Authorize   string `yaml:"authorize" doc:"authorization endpoint"`
	Token       string `yaml:"token" doc:"token endpoint"`
	Revoke      string `yaml:"revoke" doc:"revocation endpoint (RFC 7009)"`
	Introspect  string `yaml:"introspect" doc:"introspection endpoint (RFC 7662)"`
	JWKS        string `yaml:"jwks" doc:"public keys of access tokens"`
	Register    string `yaml:"register" doc:"registration endpoint (RFC 7591)"`
	PAR         string `yaml:"par" doc:"pushed authorization requests (RFC 9126)"`
	Developers  string `yaml:"developers" doc:"registration form"`
	Connected   string `yaml:"connected" doc:"page of connected applications"`
	Me          string `yaml:"me" doc:"the customer's account"`
	Campaigns   string `yaml:"campaigns" doc:"campaigns, their changes and figures"`
	Application string `yaml:"application" doc:"the application's own account (S003-22)"`
}

// Scope describes one scope to the customer. Exactly one text is set; Changes
// makes it a writing scope, which a viewer cannot grant.
type Scope struct {
	Reads   string `yaml:"reads" doc:"what the application may read"`
	Changes string `yaml:"changes" doc:"what the application may change"`
}

// Writes reports whether the scope lets an application change something.
func (s Scope) Writes() bool { return s.Changes != "" }

// Text is what the consent page shows for the scope.
func (s Scope) Text() string {
	if s.Changes != "" {
		return s.Changes
	}
	return s.Reads
}

// Client is a client registered from the start.
type Client struct {
	Name         string   `yaml:"name" doc:"what people read on the consent page"`
	Website      string   `yaml:"website" doc:"shown on the consent page"`
	Description  string   `yaml:"description" doc:"shown on the consent page"`
	Secret       string   `yaml:"secret" doc:"test secret; empty for a public client"`
	Type         string   `yaml:"type" enum:"confidential,public" doc:"a public client has no secret (RFC 6749 section 2.1)"`
	RedirectURIs []string `yaml:"redirect_uris" doc:"compared character by character"`
	Grants       []string `yaml:"grants" enum:"authorization_code,password,client_credentials,refresh_token" doc:"grant types this client may use"`
	AuthMethods  []string `yaml:"auth_methods" enum:"basic,body,query,none" doc:"how this client may authenticate at the token endpoint"`
	Scopes       []string `yaml:"scopes" doc:"scopes this client may ask for; empty means all"`
}

// Customer is a test customer (resource owner).
type Customer struct {
	Key        string            `yaml:"-"` // the mapping's key
	Username   string            `yaml:"username" doc:"what he logs in with"`
	Password   string            `yaml:"password" doc:"test password"`
	Name       string            `yaml:"name" doc:"what pages greet him by"`
	Role       string            `yaml:"role" enum:"owner,viewer,none" doc:"right on the advertising account (S000-24)"`
	Account    string            `yaml:"account" doc:"campaign fixture of this customer; empty for none"`
	Attributes map[string]string `yaml:"attributes" doc:"further values for access_token.claims, as {customer.KEY}"`
}

// The roles of a Customer.
const (
	RoleOwner  = "owner"
	RoleViewer = "viewer"
	RoleNone   = "none"
)

// Authorize configures the authorization endpoint.
type Authorize struct {
	PKCE          string   `yaml:"pkce" enum:"required,optional,off" doc:"RFC 7636 with S256; public clients need it unless off, which ignores challenge and verifier as a server that knows no PKCE does"`
	Iss           bool     `yaml:"iss" doc:"authorization responses carry iss (RFC 9207)"`
	ResponseTypes []string `yaml:"response_types" enum:"code,token" doc:"token is the implicit grant (S003-21)"`
	ResponseModes []string `yaml:"response_modes" enum:"query,form_post,web_message,manual" doc:"ways to deliver the code, the first is the default (S000-17)"`
	// ClientIdentification is how a client names itself: by client_id alone, by
	// a pushed request only (RFC 9126), or with its secret in the query, as
	// S001-06 may be read.
	ClientIdentification string `yaml:"client_identification" enum:"client_id,par,secret_in_query" doc:"how a client names itself: by client_id alone, by a pushed request only, or with its secret in the query too (S001-06)"`
	// Errors says when an error goes back to the client: at once (RFC 6749
	// section 4.1.2.1), or once somebody has logged in (RFC 9700 section 4.11.2).
	Errors      string   `yaml:"errors" enum:"at_once,after_login" doc:"when an error is redirected to the client: at once (RFC 6749), or once somebody has logged in (RFC 9700 section 4.11.2)"`
	PAR         bool     `yaml:"par" doc:"offers pushed authorization requests (RFC 9126)"`
	PARLifetime Duration `yaml:"par_lifetime" doc:"how long a request_uri is good for"`
}

// SignIn configures how the Platform recognises a customer.
type SignIn struct {
	// Methods are tried in order: session is a login that is still alive,
	// password the form, one_click a button per customer, sso_stub a page of a
	// pretended identity provider (S000-16).
	Methods         []string `yaml:"methods" enum:"password,session,one_click,sso_stub" doc:"ways to log in, tried in order: a login still alive, the form, a button per customer, a page of a pretended identity provider (S000-16)"`
	SessionLifetime Duration `yaml:"session_lifetime" doc:"how long a login is remembered without being used"`
}

// Code configures authorization codes.
type Code struct {
	Lifetime           Duration `yaml:"lifetime" doc:"at most 10m (RFC 6749 section 4.1.2)"`
	RedirectURIAtToken string   `yaml:"redirect_uri_at_token" enum:"if_sent,required,ignored" doc:"must the token request repeat redirect_uri (S001-14)"`
}

// Consent configures the consent page.
type Consent struct {
	Kind             string `yaml:"kind" enum:"page,popup,iframe_widget" doc:"popup and iframe_widget deliver by web_message, to the registered origin only (S000-15)"`
	ScopesSelectable bool   `yaml:"scopes_selectable" doc:"the customer may untick scopes"`
	Deny             string `yaml:"deny" enum:"redirect,page" doc:"where Deny leads (S000-07, S003-20)"`
	DenyError        string `yaml:"deny_error" doc:"error code that Deny redirects with"`
	Remember         string `yaml:"remember" enum:"never,same_scope" doc:"when the page is skipped"`
	Prompt           string `yaml:"prompt" enum:"ignored,obeyed" doc:"obeyed shows the page to every request with prompt=consent (OpenID Connect Core section 3.1.2.1)"`
}

// Token configures the token endpoint.
type Token struct {
	ParamCase          string   `yaml:"param_case" enum:"exact,fold" doc:"fold also takes client_Id (S004-33)"`
	TokenType          string   `yaml:"token_type" doc:"spelling of token_type in answers"`
	ExpiresIn          string   `yaml:"expires_in" enum:"exact,minus_one,string,float,absent,lying" doc:"string quotes the number, float is half a second less, minus_one one second (S004-15), lying twice the truth"`
	InvalidGrantStatus int      `yaml:"invalid_grant_status" enum:"400,401" doc:"HTTP status of invalid_grant (S004-20)"`
	ClientIDRequired   bool     `yaml:"client_id_required" doc:"false takes a request without any client as the Platform's only public client (S004-33)"`
	CredentialsIn      []string `yaml:"credentials_in" enum:"basic,body,query,none" doc:"where client credentials are taken from"`
}

// AccessToken configures access tokens.
type AccessToken struct {
	Format   string            `yaml:"format" enum:"opaque,jwt,jwe" doc:"jwe is a signed jwt inside RSA-OAEP-256 and A256GCM"`
	Alg      string            `yaml:"alg" enum:"HS256,RS256,ES256,EdDSA" doc:"signature of a jwt"`
	Profile  string            `yaml:"profile" enum:"plain,rfc9068" doc:"rfc9068 sets typ at+jwt and the claims of RFC 9068 section 2.2; aud is that of claims, else the API base"`
	Key      string            `yaml:"key" doc:"HS256 test key of 32 bytes or more; keys of the other algorithms are always generated"`
	Lifetime Duration          `yaml:"lifetime" doc:"counted from its issue, 1s or more"`
	Claims   map[string]string `yaml:"claims" doc:"claims added to a jwt or jwe; {customer.name}, {customer.username}, {customer.ATTRIBUTE}, {client_id}, {scope} are filled in"`
}

// Signed reports whether access tokens carry claims and a signature.
func (a AccessToken) Signed() bool { return a.Format == "jwt" || a.Format == "jwe" }

// Published reports whether access tokens are checked with a public key, which
// the Platform publishes (RFC 7517).
func (a AccessToken) Published() bool { return a.Signed() && a.Alg != "HS256" }

// RefreshToken configures refresh tokens: two axes, value and expiry. rotates
// decides the value; idle_lifetime is counted from the last use, so that a
// token that does not rotate slides; absolute_lifetime is counted from the
// grant's birth.
type RefreshToken struct {
	Issued              bool     `yaml:"issued" doc:"code and password grants answer a refresh token"`
	Rotates             bool     `yaml:"rotates" doc:"each use answers a new one and spends the old"`
	Returned            bool     `yaml:"returned" doc:"a refresh answer carries a refresh token"`
	Format              string   `yaml:"format" enum:"opaque,hex32" doc:"opaque holds 256 random bits, hex32 128 as 32 hexadecimal digits (S004-06)"`
	IdleLifetime        Duration `yaml:"idle_lifetime" doc:"dies when unused for this long; 0 for no such end"`
	AbsoluteLifetime    Duration `yaml:"absolute_lifetime" doc:"dies this long after the grant began; 0 for no such end"`
	MaxUses             int      `yaml:"max_uses" doc:"refreshes per grant; 0 for no limit"`
	SlidingStep         Duration `yaml:"sliding_step" doc:"a use adds this to the end instead of starting the idle lifetime anew; 0 starts anew (S000-34)"`
	RotationLifetime    string   `yaml:"rotation_lifetime" enum:"fresh,inherited" doc:"whether a successor lives anew or ends with its predecessor (S004-05)"`
	OnReuse             string   `yaml:"on_reuse" enum:"reject,revoke_family,revoke_customer" doc:"what a spent token presented again causes; revoke_customer ends all that the customer gave this client"`
	Grace               Grace    `yaml:"grace" doc:"forgiveness for a lost answer"`
	Allowed             string   `yaml:"allowed" enum:"any,after_expiry" doc:"whether a refresh is refused while the access token lives (S004-07)"`
	EarliestRefresh     Duration `yaml:"earliest_refresh" doc:"refused until this long after the token was issued or last used"`
	MaxLive             int      `yaml:"max_live" doc:"live refresh tokens per customer and client, the oldest dies first; 0 for no limit"`
	IssuedBy            string   `yaml:"issued_by" enum:"any_code_grant,full_authorization" doc:"full_authorization gives none when consent was only remembered (S000-31)"`
	ScopeRule           string   `yaml:"scope_rule" enum:"narrow_access,narrow_grant,same_only" doc:"scope at a refresh: only that access token gets fewer (RFC 6749 section 6), all later ones too, or it must not differ"`
	ErrorStatus         int      `yaml:"error_status" enum:"0,200,400,401,403" doc:"HTTP status of a refused refresh; 0 takes token.invalid_grant_status"`
	ErrorExpired        string   `yaml:"error_expired" doc:"error code of an expired refresh token"`
	ErrorReused         string   `yaml:"error_reused" doc:"error code of a spent refresh token"`
	ErrorUnknown        string   `yaml:"error_unknown" doc:"error code of a refresh token that is unknown, revoked or displaced"`
	PreviousAccessToken string   `yaml:"previous_access_token" enum:"keep,kill" doc:"fate of earlier access tokens at a refresh"`
}

// Grace says what a just-spent refresh token still answers.
type Grace struct {
	Shape  string   `yaml:"shape" enum:"none,same_pair,new_sibling,until_successor_used" doc:"same_pair repeats the lost answer, new_sibling gives another pair, until_successor_used keeps the old one alive until its successor is used"`
	Window Duration `yaml:"window" doc:"counted from the first use; 0 is no limit for until_successor_used only"`
}

// ResourceServer configures the advertising API.
type ResourceServer struct {
	SuccessStatus string `yaml:"success_status" enum:"200,rest" doc:"rest answers 204 to a change (S004-42)"`
	Validation    string `yaml:"validation" enum:"introspection,local" doc:"local believes a jwt or jwe by its signature until it expires, revoked or not (S004-20)"`
	// MutatingOperations are the operations on a customer's data that need a
	// writing scope; all others need a reading scope. An application's own
	// account is not among them: no scope opens it.
	MutatingOperations []string `yaml:"mutating_operations" enum:"list_campaigns,read_campaign,update_campaign,read_metrics,query_metrics" doc:"operations that change something and need a writing scope, all others a reading scope (S000-12); query_metrics is the report asked for by POST"`
}

// The operations on a customer's data, as MutatingOperations and the journal
// name them.
const (
	ListCampaigns  = "list_campaigns"  // GET of the campaigns
	ReadCampaign   = "read_campaign"   // GET of one campaign
	UpdateCampaign = "update_campaign" // PATCH of one campaign
	ReadMetrics    = "read_metrics"    // GET of a campaign's figures
	QueryMetrics   = "query_metrics"   // POST of a query for a campaign's figures
)

// Mutates reports whether the Platform takes the operation for one that changes
// something.
func (r ResourceServer) Mutates(operation string) bool {
	return slices.Contains(r.MutatingOperations, operation)
}

// Registration configures how an application gets its credentials.
type Registration struct {
	Mode        string   `yaml:"mode" enum:"portal,dcr,manual,fixed" doc:"portal offers a form (S003-15), dcr the endpoint of RFC 7591 and 7592, manual credentials by hand, fixed one client for everybody (S004-13)"`
	Portal      string   `yaml:"portal" enum:"up,down" doc:"down shows whom to ask (S001-22)"`
	Support     string   `yaml:"support" doc:"whom to ask when the portal is down"`
	ExtraFields []string `yaml:"extra_fields" enum:"description,logo,contact" doc:"fields of the form beside name, website and redirect URI (S003-19)"`
	// InitialToken is the initial access token of RFC 7591 section 3; empty
	// lets anybody register.
	InitialToken   string `yaml:"initial_token" doc:"test token that a registration must carry"`
	RedirectChange string `yaml:"redirect_change" enum:"immediate,drain" doc:"drain lets authorizations that began within the last hour finish with the old redirect URI (S003-24)"`
}

// Offers reports whether the Platform offers the grant type at all.
func (p *Profile) Offers(g oauth.GrantType) bool {
	return slices.Contains(p.Grants, string(g))
}

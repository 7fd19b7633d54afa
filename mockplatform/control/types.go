// Package control is the control API of the mock Platform: its wire types and
// a typed Go client. Everything a test does to a Platform that is not part of
// OAuth 2.0 goes through here, whether the Platform runs in this process, in
// a container or on another machine.
package control

import (
	"encoding/json"
	"time"
)

// CreatePlatform is the body of POST /v1/platforms.
type CreatePlatform struct {
	// Profile names an embedded profile ("mint", "mailup", "service", "mindbaz"),
	// alone or with a dialect after a plus sign ("mailup+github").
	Profile string `json:"profile"`
	// Name is the path segment of the new Platform; generated when empty.
	Name string `json:"name,omitempty"`
	// Settings is a partial profile document laid over Profile: maps merge by
	// key, everything else replaces. Unknown keys are refused.
	Settings json.RawMessage `json:"settings,omitempty"`
	// JournalSize is how many exchanges the journal keeps, 1 to 100000; 0
	// takes the server's --journal-size.
	JournalSize int `json:"journal_size,omitempty"`
	// JournalBodies keeps the JSON bodies of requests and answers too, 4 KiB of
	// each and with secrets as fingerprints, for exports to a HAR viewer. It
	// costs time at every request.
	JournalBodies bool `json:"journal_bodies,omitempty"`
	// Hostile lets the Platform surprise its clients in ways the RFCs allow.
	Hostile *Hostile `json:"hostile,omitempty"`
}

// Platform is everything a test needs to know of one hosted Platform.
type Platform struct {
	Name    string `json:"name"`
	Profile string `json:"profile"`
	Title   string `json:"title"`
	Issuer  string `json:"issuer"`
	// APIBase is where the resource server lives; it differs from Issuer when
	// the profile's topology is "split" (S003-07).
	APIBase   string             `json:"api_base"`
	Endpoints Endpoints          `json:"endpoints"`
	Grants    []string           `json:"grants"`
	Scopes    []string           `json:"scopes"`
	PKCE      string             `json:"pkce"`
	Hostile   *Hostile           `json:"hostile,omitempty"` // with its seed
	Clients   []RegisteredClient `json:"clients"`
	Customers []Customer         `json:"customers"`
	// Leniencies names every switch of the effective profile that is weaker
	// than the RFCs ask, in the profile's own key notation.
	Leniencies []string `json:"leniencies"`
}

// Endpoints holds absolute URLs; an endpoint the profile lacks is empty.
type Endpoints struct {
	Authorize   string `json:"authorize,omitempty"`
	Token       string `json:"token"`
	Revoke      string `json:"revoke,omitempty"`
	Introspect  string `json:"introspect,omitempty"`
	Register    string `json:"register,omitempty"`
	PAR         string `json:"par,omitempty"`
	JWKS        string `json:"jwks,omitempty"`
	Metadata    string `json:"metadata,omitempty"`
	Developers  string `json:"developers,omitempty"`
	Connected   string `json:"connected,omitempty"`
	Me          string `json:"me"`
	Campaigns   string `json:"campaigns"`
	Application string `json:"application,omitempty"`
}

// RegisteredClient is a registered OAuth client, secret included. (Client is
// the Go client of the control API.)
type RegisteredClient struct {
	ID           string   `json:"client_id"`
	Secret       string   `json:"client_secret,omitempty"` // empty for a public client
	Name         string   `json:"name"`
	Website      string   `json:"website,omitempty"`
	Description  string   `json:"description,omitempty"`
	Logo         string   `json:"logo,omitempty"` // address of a picture
	Contacts     []string `json:"contacts,omitempty"`
	RedirectURIs []string `json:"redirect_uris,omitempty"`
	Grants       []string `json:"grants"`
	// AuthMethods holds what the token endpoint takes from this client:
	// "basic", "body", "query", "none".
	AuthMethods []string `json:"auth_methods"`
}

// Customer is a test customer (resource owner) of the Platform.
type Customer struct {
	Key      string `json:"key"` // the name features use: "maya"
	Username string `json:"username"`
	Password string `json:"password"`
	Name     string `json:"name"`
	Role     string `json:"role"` // owner, viewer, none
}

// Clock is the state of one Platform's clock (GET …/clock) and the answer of
// every change. Revision grows by one with each change.
type Clock struct {
	Now      time.Time     `json:"now"`
	Frozen   bool          `json:"frozen"`
	Offset   time.Duration `json:"offset"` // nanoseconds ahead of the machine's clock when running
	Revision int64         `json:"revision"`
}

// ChangeClock is the body of POST …/clock. Clocks only move forward.
type ChangeClock struct {
	// Advance is a Go duration ("20m", "168h") or empty.
	Advance string `json:"advance,omitempty"`
	// Freeze stops (true) or resumes (false) the clock; nil leaves it.
	Freeze *bool `json:"freeze,omitempty"`
}

// TokenSelector picks tokens for POST …/tokens/expire and …/tokens/revoke.
// An empty field matches everything; an entirely empty selector is refused
// unless All is true.
type TokenSelector struct {
	All      bool   `json:"all,omitempty"`
	Kind     string `json:"kind,omitempty"` // access_token, refresh_token; empty: both
	Client   string `json:"client,omitempty"`
	Customer string `json:"customer,omitempty"` // customer key
	Family   string `json:"family,omitempty"`
}

// Affected answers a selector call with the number of tokens it changed.
type Affected struct {
	Tokens int `json:"tokens"`
}

// SigningKey is the key that signs a Platform's access tokens.
type SigningKey struct {
	ID string `json:"kid"` // as the JWK Set and the tokens' headers name it
}

// Exchange is one journal entry: one request a Platform answered. Secrets
// appear only as keyed fingerprints, equal within one Platform.
type Exchange struct {
	Seq       int64     `json:"seq"`
	At        time.Time `json:"at"`       // Platform time
	RealAt    time.Time `json:"real_at"`  // machine time
	Endpoint  string    `json:"endpoint"` // authorize, login, consent, logout, token, revoke, introspect, register, par, api, metadata, jwks, developers, connected, landing, unknown
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	Status    int       `json:"status"` // 0 when the connection was dropped
	ClientID  string    `json:"client_id,omitempty"`
	Customer  string    `json:"customer,omitempty"` // customer key
	GrantType string    `json:"grant_type,omitempty"`
	Scope     string    `json:"scope,omitempty"`
	// AuthMethod is how the client authenticated: basic, body, query, none.
	AuthMethod string `json:"auth_method,omitempty"`
	// Operation is the API's operation: read_me, list_campaigns, read_campaign,
	// update_campaign, read_metrics, query_metrics, read_application,
	// update_application.
	Operation string `json:"operation,omitempty"`
	// Changed says that the API's work was done and changed something, or that
	// the profile lists the operation as one that does
	// (resource_server.mutating_operations). A repeated Idempotency-Key changes
	// nothing; a change whose answer was lost is one.
	Changed bool `json:"changed,omitempty"`
	// Verdict is accepted, refused or faulted.
	Verdict string `json:"verdict"`
	Error   string `json:"error,omitempty"`  // OAuth error code answered
	Reason  string `json:"reason,omitempty"` // why, for people; never a secret
	Fault   string `json:"fault,omitempty"`  // id of the fault that fired, Refusal, or Surprises and their names
	Family  string `json:"family,omitempty"`
	// Parameters are the request's query and form members by name. Those that
	// name things (grant_type, scope, client_id, …) are readable; all others
	// are fingerprints, prefixed "fp:".
	Parameters map[string]string `json:"parameters,omitempty"`
	// Query names the parameters that stood in the query of a request with a
	// body, sorted.
	Query []string `json:"query,omitempty"`
	// ContentType is the media type of the answer.
	ContentType string `json:"content_type,omitempty"`
	// Took is how many milliseconds of real time passed until the answer was
	// sent, what a fault held back included.
	Took float64 `json:"took_ms,omitempty"`
	// RequestSize and AnswerSize are bytes of body, 0 for none.
	RequestSize int `json:"request_bytes,omitempty"`
	AnswerSize  int `json:"answer_bytes,omitempty"`
	// RequestBody and AnswerBody are kept where the Platform was created with
	// journal_bodies, and are JSON; secrets in them are fingerprints.
	RequestBody string `json:"request_body,omitempty"`
	AnswerBody  string `json:"answer_body,omitempty"`
	// Presented and Issued map "code", "code_verifier", "access_token",
	// "refresh_token" and the like to fingerprints of what came in and what
	// went out.
	Presented map[string]string `json:"presented,omitempty"`
	Issued    map[string]string `json:"issued,omitempty"`
}

// Journal is the answer of GET …/journal?after=SEQ&wait=5s.
type Journal struct {
	Exchanges []Exchange `json:"exchanges"`
	Last      int64      `json:"last"`    // highest sequence number so far
	Next      int64      `json:"next"`    // what the next call gives as after
	Dropped   int64      `json:"dropped"` // oldest entries lost to the bound
}

// Family is one grant and every token descended from it (GET …/grants).
type Family struct {
	ID       string `json:"id"`
	ClientID string `json:"client_id"`
	// Customer is the customer's key, empty for a client's own grant.
	Customer  string    `json:"customer,omitempty"`
	GrantType string    `json:"grant_type"`
	Scope     string    `json:"scope,omitempty"`
	BornAt    time.Time `json:"born_at"`
	Revoked   bool      `json:"revoked"`
	// Reason says why the family ended: code_reused, refresh_token_reused,
	// revoked_by_client, withdrawn_by_customer, revoked_by_control,
	// client_unregistered.
	Reason string  `json:"reason,omitempty"`
	Tokens []Token `json:"tokens"`
}

// Token is one code, access token or refresh token of a family.
type Token struct {
	Kind        string `json:"kind"` // access_token, refresh_token
	Fingerprint string `json:"fingerprint"`
	Parent      string `json:"parent,omitempty"` // fingerprint of the refresh token it came from
	// Children are the fingerprints of the tokens that came from this one.
	Children  []string   `json:"children,omitempty"`
	IssuedAt  time.Time  `json:"issued_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	SpentAt   *time.Time `json:"spent_at,omitempty"`
	State     string     `json:"state"` // live, spent, expired, revoked
}

// Problem is the body of every control API error.
type Problem struct {
	Message string `json:"message"` // one sentence that names the field and the mend
}

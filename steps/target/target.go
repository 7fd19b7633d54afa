// Package target describes the server that conformance checks judge: where its
// endpoints are, which clients and customers stand ready there, what it offers
// and what may be done to it. A mock Platform and a partner's server look the
// same from here.
package target

import (
	"context"
	"crypto/x509"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/redirection"
)

// Target is one server under test. Whoever acquired it may read it from one
// goroutine; it is never changed.
type Target struct {
	Name      string // "mock:strict", or the name of a partner's file
	Issuer    string // empty if the server has none
	Endpoints Endpoints
	Clients   Clients
	Customers Customers
	Scopes    []string // the main client asks for, in order; the first alone is the narrow choice
	Redirect  string   // where authorization answers of the main client go
	Resource  *Resource
	Writable  *Resource
	Refresh   Refresh
	Lifetimes Lifetimes
	// Methods is how clients may authenticate at the token endpoint: basic,
	// body, query, none, private_key_jwt. Never empty: the first is used.
	Methods []string
	// Features are what the server has, by the catalogue's names, and Claims
	// where that is known from; a mock Platform is known through and through.
	Features map[string]bool
	JWT      JWT
	// PKCEDocumented says that the documentation promises PKCE with S256, should
	// the metadata be silent.
	PKCEDocumented bool
	Claims         map[string]Claim
	// InvalidGrantStatus is the documented status of invalid_grant: 400 or 401.
	InvalidGrantStatus int
	HTTP               *http.Client // follows no redirects, trusts the target's certificate
	Mock               *Mock        // nil on a server that is not ours

	// Roots are the authorities that its certificates have to be signed by; nil
	// for those that this machine knows.
	Roots *x509.CertPool
	// OwnAuthority says that the certificate is signed by an authority that
	// browsers do not know; HTTP trusts it.
	OwnAuthority bool

	// Scripted says that its pages are visited in a real browser; others are
	// read in plain HTTP.
	Scripted bool

	// Redirection serves redirect URIs; nil where the browser intercepts them all.
	Redirection *redirection.Site

	// Login is what a person does on login pages that cannot be guessed.
	Login []pages.Step
	// Manual has a person do what nobody can guess on its pages; nil for nobody.
	Manual *pages.Manual
	// Allow is what may be done to a server that is not ours.
	Allow Allow
	// Before, if set, waits until the next request may go out.
	Before func(ctx context.Context) error
}

// Allow is what the owner of a server in use permits.
type Allow struct {
	Noisy      bool // to leave traces and cause many errors
	EndsGrants bool // to end grants of the test customer
}

// Word is what one source says of a feature: Yes, No, or nothing.
type Word string

// The words.
const (
	Yes Word = "yes"
	No  Word = "no"
)

// Claim is what the sources say of a feature. They are kept apart so that what
// is claimed and broken fails, and what contradicts is told.
type Claim struct {
	Configured Word // by the target's file
	Announced  Word // by the server's metadata
	Probed     Word // by what the server did
}

// Holds says whether the feature is taken to be there: the file's word counts,
// and without it anything that speaks for the feature.
func (c Claim) Holds() bool {
	if c.Configured != "" {
		return c.Configured == Yes
	}
	return c.Announced == Yes || c.Probed == Yes
}

// Endpoints are absolute addresses; an endpoint that is not there is empty.
type Endpoints struct {
	Authorize, Token, Revoke, Introspect, Register, PAR, JWKS, Metadata string
	// Portal is the page on which developers register applications, Connected
	// the customer's list of applications, Application the application's own
	// account.
	Portal, Connected, Application string
}

// Client is a registered OAuth client.
type Client struct {
	ID, Secret   string // Secret is empty for a public client
	Method       string // of authentication at the token endpoint: basic, body, query, none
	RedirectURIs []string
	Name         string
	// Scopes are those it is registered for; empty if it may ask for all, or
	// if that is not known.
	Scopes []string
}

// Redirect is the client's first redirect URI.
func (c *Client) Redirect() string {
	if len(c.RedirectURIs) == 0 {
		return ""
	}
	return c.RedirectURIs[0]
}

// Clients stand ready for different kinds of checks; all but Main may be nil.
type Clients struct {
	Main    *Client // confidential where the server has such clients
	Second  *Client // another one with a secret of its own
	Public  *Client
	Native  *Client // with a loopback address
	Two     *Client // with two redirect URIs
	Query   *Client // its redirect URI has a query
	Special *Client // its secret has reserved characters: colon, percent, plus, slash, space
	Machine *Client // may use the client credentials grant; may be Main
}

// Customer is a test account (resource owner) on the server.
type Customer struct {
	Key                string // the mock's name for him; empty elsewhere
	Username, Password string
	Name               string
}

// Customers are the test accounts; all but First may be nil.
type Customers struct {
	First, Second *Customer
	WithoutRight  *Customer // may not grant access to an account
}

// Resource is something behind the API.
type Resource struct {
	Method string // GET unless written
	URL    string
	Body   string // JSON, for a write that does no harm
}

// Refresh is how the server documents its refresh tokens.
type Refresh struct {
	Mode     string        // "rotating", "sliding" or "" for not documented
	Idle     time.Duration // life without use; 0 for not documented
	Absolute time.Duration // 0 for none
	MaxUses  int           // 0 for no limit
	Grace    time.Duration // in which a spent token still answers; 0 for none
	// Renewed says whether a rotation starts the life anew ("fresh") or the
	// successor inherits its end ("inherited").
	Renewed string
	// Family says whether reuse ends the whole grant.
	Family bool
	// AfterExpiry says that a refresh is refused while the access token lives.
	AfterExpiry bool
	// Silent says that a consent which was only remembered brings a refresh
	// token too.
	Silent bool
}

// JWT is what the server documents of access tokens that are JWTs; empty for
// what it does not say.
type JWT struct {
	Algorithms []string // that sign them: HS256, RS256, …
	Claims     []string // that each of them has
	Audience   string   // which aud names
	Encrypted  bool     // nobody but the API is to read them
}

// Lifetimes are documented lives; 0 for not documented.
type Lifetimes struct{ Code, Access time.Duration }

// Has says whether the server has a feature of the catalogue.
func (t *Target) Has(feature string) bool { return t.Features[feature] }

// Secrets tells add of every secret that the target was described with.
func (t *Target) Secrets(add func(kind, value string)) {
	for _, c := range t.Clients.All() {
		add("client_secret", c.Secret)
	}
	for _, c := range []*Customer{t.Customers.First, t.Customers.Second, t.Customers.WithoutRight} {
		if c != nil {
			add("password", c.Password)
		}
	}
	for _, step := range t.Login {
		for _, value := range step.Fill {
			if !strings.Contains(value, "${") { // whoever writes it may mean a secret
				add("typed", value)
			}
		}
	}
}

// All lists the clients that there are.
func (c Clients) All() (all []*Client) {
	for _, one := range []*Client{c.Main, c.Second, c.Public, c.Native, c.Two, c.Query, c.Special, c.Machine} {
		if one != nil {
			all = append(all, one)
		}
	}
	return all
}

// Lacks says which of the catalogue's fixtures is missing, or "".
func (t *Target) Lacks(fixtures []string) string {
	i := slices.IndexFunc(fixtures, func(name string) bool { return !t.stands(name) })
	if i < 0 {
		return ""
	}
	return fixtures[i]
}

// stands says whether a fixture stands ready; every name of the catalogue has
// its case.
func (t *Target) stands(fixture string) bool {
	switch fixture {
	case "customer_without_right":
		return t.Customers.WithoutRight != nil
	case "native_client":
		return t.Clients.Native != nil
	case "public_client":
		return t.Clients.Public != nil
	case "redirect_uri_with_query":
		return t.Clients.Query != nil
	case "refresh_token":
		return t.Has("refresh")
	case "resource":
		return t.Resource != nil
	case "second_client":
		return t.Clients.Second != nil
	case "second_customer":
		return t.Customers.Second != nil
	case "two_redirect_uris":
		return t.Clients.Two != nil
	case "writable_resource":
		return t.Writable != nil
	}
	return false
}

// Mock is what only a mock Platform offers: its clock and its journal.
type Mock struct {
	Control  *control.Client
	Platform control.Platform
	Profile  string
}

// Package application keeps a Platform's registered applications, which are
// its OAuth clients: those of the profile and those that people register in
// the developer portal or that register themselves (RFC 7591, RFC 7592). It
// checks secrets, the rules for redirect URIs, the fields of the registration
// form and client metadata. Everything it answers is a copy.
//
// # Decisions
//
//   - A client that registers itself gets one authentication method, the one it
//     asked for; an application of the portal may use all that the Platform takes.
//   - Metadata that the Platform cannot honour are refused and never silently
//     replaced (RFC 7591 section 2 allows both), so that a test sees what it got.
//   - An update keeps client_secret and registration_access_token; only a change
//     between public and confidential ends or begins a secret (RFC 7592 section
//     2.2). A token that rotated at a lost answer would lock its owner out.
//   - Redirect URIs that an update took away are remembered as Former, so that
//     the issuer can tell a running authorization from a forged one (S003-24).
package application

import (
	"crypto/sha256"
	"crypto/subtle"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Application is one registered OAuth client.
type Application struct {
	ID           string
	Secret       string // empty for a public client
	Public       bool
	Name         string
	Website      string
	Description  string
	Logo         string   // address of a picture, empty for none
	Contacts     []string // ways to reach the people behind it
	RedirectURIs []string
	Grants       []string
	AuthMethods  []string    // basic, body, query, none
	Scope        oauth.Scope // scopes it may ask for

	// Former are redirect URIs that updates took away, newest last.
	Former []string
	// RegisteredAt and ManagementToken belong to a client that registered
	// itself (RFC 7591); zero for all others.
	RegisteredAt    time.Time
	ManagementToken string
}

// Form is the registration form of the developer portal. Contact is an e-mail
// address; Description, Logo and Contact are kept where the profile asks for
// them.
type Form struct{ Name, Website, RedirectURI, Description, Logo, Contact string }

// Change is an application's update of its own account; nil members stay.
type Change struct {
	Name         *string   `json:"name,omitempty"`
	Website      *string   `json:"website,omitempty"`
	Description  *string   `json:"description,omitempty"`
	Logo         *string   `json:"logo,omitempty"`
	Contacts     *[]string `json:"contacts,omitempty"`
	RedirectURIs *[]string `json:"redirect_uris,omitempty"`
}

// FieldErrors maps a field (name, website, redirect_uri, redirect_uris,
// description, logo, contact, contacts) to one sentence that says what is wrong and how to mend it.
type FieldErrors map[string]string

// Error lists the fields and their faults in one line.
func (e FieldErrors) Error() string {
	var parts []string
	for _, field := range slices.Sorted(maps.Keys(e)) {
		parts = append(parts, field+": "+e[field])
	}
	return strings.Join(parts, "; ")
}

// MayUse reports whether the application is registered for a grant type.
func (a Application) MayUse(g oauth.GrantType) bool { return slices.Contains(a.Grants, string(g)) }

// MayAsk reports whether the application may ask for a response type at the
// authorization endpoint. A client that registered itself has said so (RFC
// 7591 section 2); any other with the authorization code grant may ask for all
// that the Platform offers.
func (a Application) MayAsk(responseType string) bool {
	if responseType == oauth.ResponseTypeToken && a.Self() {
		return a.MayUse(oauth.Implicit)
	}
	return a.MayUse(oauth.AuthorizationCode)
}

// Authenticates reports whether the application may authenticate by a method.
func (a Application) Authenticates(method string) bool {
	return slices.Contains(a.AuthMethods, method)
}

// Self reports whether the client registered itself and may manage that
// (RFC 7592).
func (a Application) Self() bool { return a.ManagementToken != "" }

// Lost reports whether an update took the redirect URI away.
func (a Application) Lost(uri string) bool {
	return slices.Contains(a.Former, uri) && !slices.Contains(a.RedirectURIs, uri)
}

// SecretIs compares a presented secret in constant time. An empty one never
// fits, so that a public client cannot authenticate by sending nothing.
func (a Application) SecretIs(presented string) bool {
	return same(a.Secret, presented)
}

// same compares two secrets in constant time; empty ones are never the same.
func same(a, b string) bool {
	want, got := digest(a), digest(b)
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && a != "" && b != ""
}

func digest(s string) [sha256.Size]byte {
	var room [64]byte // most secrets fit, and then nothing is allocated
	return sha256.Sum256(append(room[:0], s...))
}

func (a Application) clone() Application {
	a.RedirectURIs = slices.Clone(a.RedirectURIs)
	a.Former = slices.Clone(a.Former)
	a.Contacts = slices.Clone(a.Contacts)
	a.Grants = slices.Clone(a.Grants)
	a.AuthMethods = slices.Clone(a.AuthMethods)
	a.Scope = slices.Clone(a.Scope)
	return a
}

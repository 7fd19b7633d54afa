// Package application keeps a Platform's registered applications, which are
// its OAuth clients: those of the profile and those that people register in
// the developer portal. It checks secrets, the rules for redirect URIs and the
// fields of the registration form. Everything it answers is a copy.
package application

import (
	"crypto/sha256"
	"crypto/subtle"
	"maps"
	"slices"
	"strings"

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
	RedirectURIs []string
	Grants       []string
	AuthMethods  []string    // basic, body, query, none
	Scope        oauth.Scope // scopes it may ask for
}

// Form is the registration form of the developer portal.
type Form struct{ Name, Website, RedirectURI, Description string }

// Change is an application's update of its own account; nil members stay.
type Change struct {
	Name         *string   `json:"name,omitempty"`
	Website      *string   `json:"website,omitempty"`
	Description  *string   `json:"description,omitempty"`
	RedirectURIs *[]string `json:"redirect_uris,omitempty"`
}

// FieldErrors maps a field (name, website, redirect_uri, redirect_uris,
// description) to one sentence that says what is wrong and how to mend it.
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

// Authenticates reports whether the application may authenticate by a method.
func (a Application) Authenticates(method string) bool {
	return slices.Contains(a.AuthMethods, method)
}

// SecretIs compares a presented secret in constant time. An empty one never
// fits, so that a public client cannot authenticate by sending nothing.
func (a Application) SecretIs(presented string) bool {
	want, got := sha256.Sum256([]byte(a.Secret)), sha256.Sum256([]byte(presented))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && presented != "" && a.Secret != ""
}

func (a Application) clone() Application {
	a.RedirectURIs = slices.Clone(a.RedirectURIs)
	a.Grants = slices.Clone(a.Grants)
	a.AuthMethods = slices.Clone(a.AuthMethods)
	a.Scope = slices.Clone(a.Scope)
	return a
}

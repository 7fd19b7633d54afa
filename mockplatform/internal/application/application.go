// Package application keeps a Platform's registered applications, which are
// its OAuth clients: those of the profile and those that people register in
// the developer portal. It checks secrets, the rules for redirect URIs and the
// fields of the registration form. Everything it answers is a copy.
package application

import (
	"io"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
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

// Registry holds one Platform's applications. It is safe for concurrent use.
type Registry struct{}

// NewRegistry starts with the clients of p; rand makes ids and secrets.
func NewRegistry(p *profile.Profile, rand io.Reader) *Registry { return &Registry{} }

// Lookup finds an application by client_id.
func (r *Registry) Lookup(id string) (Application, bool) { panic("not yet") }

// List answers all applications ordered by id.
func (r *Registry) List() []Application { panic("not yet") }

// Register makes a new confidential application with a fresh id and secret.
// The error is FieldErrors when the form has faults.
func (r *Registry) Register(f Form) (Application, error) { panic("not yet") }

// Update changes an application. The error is FieldErrors, or ErrUnknown.
func (r *Registry) Update(id string, ch Change) (Application, error) { panic("not yet") }

// Error lists the fields and their faults in one line.
func (e FieldErrors) Error() string { panic("not yet") }

package application

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

// MaxApplications bounds how many applications one Platform keeps.
const MaxApplications = 1000

// What Register and Update answer beside FieldErrors.
var (
	ErrUnknown = errors.New("no such application")
	ErrTooMany = errors.New("this Platform keeps no more applications")
)

// Registry holds one Platform's applications on a Shelf. It is safe for
// concurrent use.
type Registry struct {
	rand  io.Reader
	shelf Shelf
	// forNew is what a newly registered application may do.
	grants, authMethods []string
	offered             []string // client authentication methods, all of them
	// selfGrants and responseTypes are what a client may register itself for.
	selfGrants, responseTypes []string
	scope                     oauth.Scope
	extraFields               []string
	limit                     int
	portal                    portalDefects
}

// NewRegistry starts with the clients of p; random makes ids and secrets, nil
// means crypto/rand. A nil shelf means one in memory.
func NewRegistry(p *profile.Profile, random io.Reader, shelf Shelf) *Registry {
	if random == nil {
		random = rand.Reader
	}
	if shelf == nil {
		shelf = NewMemory()
	}
	r := &Registry{
		rand: random, shelf: shelf, grants: slices.Clone(p.Grants),
		scope: oauth.Scope(slices.Sorted(maps.Keys(p.Scopes))),
		authMethods: slices.DeleteFunc(slices.Clone(p.Token.CredentialsIn), func(m string) bool {
			return m == oauth.AuthNone
		}),
		offered:     slices.Clone(p.Token.CredentialsIn),
		extraFields: slices.Clone(p.Registration.ExtraFields),
		limit:       MaxApplications,
		selfGrants:  slices.Clone(p.Grants), responseTypes: slices.Clone(p.Authorize.ResponseTypes),
	}
	r.portal = defectsOf(p)
	if slices.Contains(r.responseTypes, oauth.ResponseTypeToken) {
		r.selfGrants = append(r.selfGrants, string(oauth.Implicit))
	}
	own := make([]Application, 0, len(p.Clients))
	for id, c := range p.Clients {
		scope := oauth.Scope(slices.Clone(c.Scopes))
		if len(scope) == 0 {
			scope = slices.Clone(r.scope)
		}
		own = append(own, Application{
			ID: id, Secret: c.Secret, Public: c.Type == "public",
			Name: c.Name, Website: c.Website, Description: c.Description,
			RedirectURIs: slices.Clone(c.RedirectURIs), Grants: slices.Clone(c.Grants),
			AuthMethods: slices.Clone(c.AuthMethods), Scope: scope,
		})
	}
	shelf.Seed(own)
	return r
}

// Lookup finds an application by client_id.
func (r *Registry) Lookup(id string) (Application, bool) { return r.shelf.Get(id) }

// List answers all applications ordered by id.
func (r *Registry) List() []Application {
	out := r.shelf.All()
	slices.SortFunc(out, func(a, b Application) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// Register makes a new confidential application with an id and a secret of its
// own, both unguessable and never chosen by the caller (RFC 6749 section 2.2,
// 2.3.1). The error is FieldErrors when the form has faults, or ErrTooMany.
func (r *Registry) Register(f Form) (Application, error) {
	f = f.trimmed()
	if faults := r.portal.excuse(f, f.check()); len(faults) > 0 {
		return Application{}, faults
	}
	var random [36]byte
	if _, err := io.ReadFull(r.rand, random[:]); err != nil {
		return Application{}, fmt.Errorf("no randomness for an application's secret: %w", err)
	}
	a := Application{
		ID: "app-" + hex.EncodeToString(random[:12]), Secret: base64.RawURLEncoding.EncodeToString(random[12:]),
		Name: f.Name, Website: f.Website, RedirectURIs: []string{f.RedirectURI},
		Grants: slices.Clone(r.grants), AuthMethods: slices.Clone(r.authMethods), Scope: slices.Clone(r.scope),
	}
	if r.portal.idFromName {
		a.ID = strings.ToLower(strings.ReplaceAll(f.Name, " ", "-"))
	}
	for _, field := range r.extraFields {
		switch {
		case field == "description":
			a.Description = f.Description
		case field == "logo":
			a.Logo = f.Logo
		case field == "contact" && f.Contact != "":
			a.Contacts = []string{f.Contact}
		}
	}
	return r.keep(a)
}

// keep takes in a new application, or answers ErrTooMany.
func (r *Registry) keep(a Application) (Application, error) {
	if !r.shelf.Add(a, r.limit) {
		return Application{}, ErrTooMany
	}
	return a.clone(), nil
}

// Check says what Update would answer, and changes nothing.
func (r *Registry) Check(id string, ch Change) error {
	if faults := ch.check(); len(faults) > 0 {
		return faults
	}
	if _, ok := r.Lookup(id); !ok {
		return ErrUnknown
	}
	return nil
}

// Update changes an application's own registration (S003-23, S003-24) by the
// rules of Register. The error is FieldErrors or ErrUnknown; then nothing
// changed.
func (r *Registry) Update(id string, ch Change) (Application, error) {
	if err := r.Check(id, ch); err != nil {
		return Application{}, err
	}
	changed, known := r.shelf.Change(id, ch.apply)
	if !known {
		return Application{}, ErrUnknown
	}
	return changed, nil
}

// apply puts what the change says in place.
func (ch Change) apply(a *Application) {
	if ch.Name != nil {
		a.Name = *ch.Name
	}
	if ch.Website != nil {
		a.Website = *ch.Website
	}
	if ch.Description != nil {
		a.Description = *ch.Description
	}
	if ch.Logo != nil {
		a.Logo = *ch.Logo
	}
	if ch.Contacts != nil {
		a.Contacts = slices.Clone(*ch.Contacts)
	}
	if ch.RedirectURIs != nil {
		a.redirect(*ch.RedirectURIs)
	}
}

// redirect replaces the redirect URIs and remembers those that go.
func (a *Application) redirect(uris []string) {
	former := slices.Clone(a.Former)
	for _, uri := range a.RedirectURIs {
		if !slices.Contains(uris, uri) && !slices.Contains(former, uri) {
			former = append(former, uri)
		}
	}
	a.Former = former[max(0, len(former)-maxFormer):]
	a.RedirectURIs = slices.Clone(uris)
}

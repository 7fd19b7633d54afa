package platform

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

// ErrUnknownDialect answers a name that no dialect has; the error's text lists
// those that exist.
var ErrUnknownDialect = errors.New("no such dialect")

// Dialect answers the embedded dialect of this name.
func Dialect(name string) (*profile.Dialect, error) {
	doc, err := fixtures.Dialect(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %q; there are %s", ErrUnknownDialect, name, strings.Join(fixtures.Dialects(), ", "))
	}
	d, err := profile.ParseDialect(name, doc)
	if err != nil {
		return nil, fmt.Errorf("embedded dialect %s: %w", name, err)
	}
	return d, nil
}

// embedded reads the embedded profiles and dialects.
func (r *Registry) embedded() error {
	r.profiles, r.dialects = map[string]*profile.Profile{}, map[string]*profile.Dialect{}
	for _, name := range fixtures.Profiles() {
		doc, err := fixtures.Profile(name)
		if err != nil {
			return err
		}
		if r.profiles[name], err = profile.Parse(doc); err != nil {
			return fmt.Errorf("embedded profile %s: %w", name, err)
		}
	}
	for _, name := range fixtures.Dialects() {
		d, err := Dialect(name)
		if err != nil {
			return err
		}
		r.dialects[name] = d
	}
	return nil
}

// profile answers the embedded profile of a label, PROFILE or PROFILE+DIALECT.
func (r *Registry) profile(label string) (*profile.Profile, error) {
	name, dialect, speaks := strings.Cut(label, "+")
	base, known := r.profiles[name]
	if !known {
		return nil, fmt.Errorf("%w: %q; there are %s", ErrUnknownProfile, name, strings.Join(r.Profiles(), ", "))
	}
	if !speaks {
		return base, nil
	}
	d, known := r.dialects[dialect]
	if !known {
		return nil, fmt.Errorf("%w: %q; there are %s", ErrUnknownDialect, dialect, strings.Join(fixtures.Dialects(), ", "))
	}
	return base.Speak(d, accountsIn(r.accounts))
}

// Read reads a complete profile document, and lays the embedded dialect over
// it if one is named.
func (r *Registry) Read(document []byte, dialect string) (*profile.Profile, error) {
	p, err := profile.Parse(document, accountsIn(r.accounts))
	if err != nil || dialect == "" {
		return p, err
	}
	d, err := Dialect(dialect)
	if err != nil {
		return nil, err
	}
	return p.Speak(d, accountsIn(r.accounts))
}

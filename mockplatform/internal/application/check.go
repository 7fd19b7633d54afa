package application

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Bounds of the registration form, in bytes, and of the list of redirect URIs.
const (
	maxName         = 100
	maxDescription  = 1000
	maxRedirectURIs = 20
)

func (f Form) trimmed() Form {
	return Form{
		Name: strings.TrimSpace(f.Name), Website: strings.TrimSpace(f.Website),
		RedirectURI: strings.TrimSpace(f.RedirectURI), Description: strings.TrimSpace(f.Description),
	}
}

func (f Form) check() FieldErrors {
	faults := FieldErrors{}
	faults.add("name", checkName(f.Name))
	faults.add("website", oauth.CheckWebsite(f.Website))
	faults.add("redirect_uri", oauth.CheckRedirectURI(f.RedirectURI))
	faults.add("description", checkDescription(f.Description))
	return faults
}

func (ch Change) check() FieldErrors {
	faults := FieldErrors{}
	if ch.Name == nil && ch.Website == nil && ch.Description == nil && ch.RedirectURIs == nil {
		faults.add("description", fmt.Errorf("nothing to change: send name, website, description or redirect_uris"))
	}
	if ch.Name != nil {
		faults.add("name", checkName(*ch.Name))
	}
	if ch.Website != nil {
		faults.add("website", oauth.CheckWebsite(*ch.Website))
	}
	if ch.Description != nil {
		faults.add("description", checkDescription(*ch.Description))
	}
	if ch.RedirectURIs != nil {
		faults.add("redirect_uris", checkRedirectURIs(*ch.RedirectURIs))
	}
	return faults
}

func (e FieldErrors) add(field string, err error) {
	if err != nil {
		e[field] = err.Error()
	}
}

func checkName(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return fmt.Errorf("give the name that customers read on the consent page")
	case len(name) > maxName:
		return fmt.Errorf("is too long: use at most %d characters", maxName)
	case strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Errorf("holds a control character: remove it")
	}
	return nil
}

func checkDescription(text string) error {
	if len(text) > maxDescription {
		return fmt.Errorf("is too long: use at most %d characters", maxDescription)
	}
	return nil
}

func checkRedirectURIs(uris []string) error {
	if len(uris) == 0 || len(uris) > maxRedirectURIs {
		return fmt.Errorf("give 1 to %d addresses", maxRedirectURIs)
	}
	for _, uri := range uris {
		if err := oauth.CheckRedirectURI(uri); err != nil {
			return fmt.Errorf("%q %w", oauth.Printable(uri), err)
		}
	}
	return nil
}

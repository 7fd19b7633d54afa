package application

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Bounds of what an application says of itself: texts in bytes, lists in
// members.
const (
	maxName         = 100
	maxDescription  = 1000
	maxContact      = 254 // of an e-mail address (RFC 5321 section 4.5.3.1.3, erratum 1690)
	maxContacts     = 10
	maxRedirectURIs = 20
	maxFormer       = 100
)

func (f Form) trimmed() Form {
	return Form{
		Name: strings.TrimSpace(f.Name), Website: strings.TrimSpace(f.Website),
		RedirectURI: strings.TrimSpace(f.RedirectURI), Description: strings.TrimSpace(f.Description),
		Logo: strings.TrimSpace(f.Logo), Contact: strings.TrimSpace(f.Contact),
	}
}

func (f Form) check() FieldErrors {
	faults := FieldErrors{}
	faults.add("name", checkName(f.Name))
	faults.add("website", oauth.CheckWebsite(f.Website))
	faults.add("redirect_uri", oauth.CheckRedirectURI(f.RedirectURI))
	faults.add("description", checkDescription(f.Description))
	faults.add("logo", checkLogo(f.Logo))
	if f.Contact != "" {
		faults.add("contact", checkEmail(f.Contact))
	}
	return faults
}

func (ch Change) check() FieldErrors {
	faults := FieldErrors{}
	if ch == (Change{}) {
		faults.add("description", fmt.Errorf("nothing to change: send name, website, description, logo, contacts or redirect_uris"))
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
	if ch.Logo != nil {
		faults.add("logo", checkLogo(*ch.Logo))
	}
	if ch.Contacts != nil {
		faults.add("contacts", checkContacts(*ch.Contacts, checkEmail))
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

// checkLogo takes an empty address for no logo.
func checkLogo(address string) error {
	if address == "" {
		return nil
	}
	if err := oauth.CheckWebsite(address); err != nil {
		return fmt.Errorf("must be the web address of a picture, such as https://app.example/logo.png")
	}
	return nil
}

// checkEmail takes an address alone, without a person's name.
func checkEmail(address string) error {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || len(address) > maxContact {
		return fmt.Errorf("must be an e-mail address such as support@app.example")
	}
	return nil
}

// checkContact takes any way to reach people (RFC 7591 section 2).
func checkContact(contact string) error {
	if strings.TrimSpace(contact) == "" || len(contact) > maxContact || strings.ContainsFunc(contact, unicode.IsControl) {
		return fmt.Errorf("must be 1 to %d characters without control characters", maxContact)
	}
	return nil
}

func checkContacts(contacts []string, check func(string) error) error {
	if len(contacts) > maxContacts {
		return fmt.Errorf("give at most %d", maxContacts)
	}
	for n, contact := range contacts {
		if err := check(contact); err != nil {
			return fmt.Errorf("number %d %w", n+1, err)
		}
	}
	return nil
}

// checkRedirectURIs names a faulty address by its place, since it may hold a
// password.
func checkRedirectURIs(uris []string) error {
	if len(uris) == 0 || len(uris) > maxRedirectURIs {
		return fmt.Errorf("give 1 to %d addresses", maxRedirectURIs)
	}
	for n, uri := range uris {
		if err := oauth.CheckRedirectURI(uri); err != nil {
			return fmt.Errorf("number %d %w", n+1, err)
		}
	}
	return nil
}

package profile

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// ResponseModes are the response modes that the Platform answers a code by, the
// default first. Pages in a window or frame of the application's answer by
// web_message, and by the listed modes when asked to (S000-15).
func (p *Profile) ResponseModes() []string {
	modes := slices.Clone(p.Authorize.ResponseModes)
	if p.Consent.Kind == "page" {
		return modes
	}
	modes = slices.DeleteFunc(modes, func(m string) bool { return m == oauth.ModeWebMessage })
	return append([]string{oauth.ModeWebMessage}, modes...)
}

// Remembers reports whether a login that is still alive spares another one.
func (s SignIn) Remembers() bool { return slices.Contains(s.Methods, "session") }

// Ways are the methods by which a customer can come in from nothing, in order.
func (s SignIn) Ways() []string {
	return slices.DeleteFunc(slices.Clone(s.Methods), func(m string) bool { return m == "session" })
}

func (c *checker) authorization() {
	a := c.p.Authorize
	if !c.offers(oauth.AuthorizationCode) {
		if a.PAR {
			c.fault("authorize.par", "needs the grant authorization_code: add it to grants, or set par to false")
		}
		return
	}
	if l := c.p.Code.Lifetime.Std(); l < time.Second || l > 10*time.Minute {
		c.fault("code.lifetime", "%s is out of range: use 1s to 10m (RFC 6749 section 4.1.2)", c.p.Code.Lifetime)
	}
	if !slices.Contains(a.ResponseTypes, oauth.ResponseTypeCode) {
		c.fault("authorize.response_types", "lacks code, which the authorization_code grant needs: add it")
	}
	if len(a.ResponseModes) == 0 {
		c.fault("authorize.response_modes", "is empty: say how the code is delivered, for example [query]")
	}
	c.once("authorize.response_types", a.ResponseTypes)
	c.once("authorize.response_modes", a.ResponseModes)
	c.identification()
	c.signIn()
	if c.p.ResourceOwner == "operator" && c.p.Consent.Remember != "never" {
		c.fault("consent.remember", "there is no consent page to skip where the operator consents: write never, or make resource_owner customer")
	}
}

// identification judges how clients name themselves (S001-06, RFC 9126).
func (c *checker) identification() {
	a := c.p.Authorize
	if l := a.PARLifetime.Std(); l < time.Second || l > 10*time.Minute {
		c.fault("authorize.par_lifetime", "%s is out of range: use 1s to 10m (RFC 9126 section 2.2)", a.PARLifetime)
	}
	switch a.ClientIdentification {
	case "par":
		if !a.PAR {
			c.fault("authorize.client_identification", "par needs the endpoint for pushed requests: set authorize.par to true")
		}
	case "secret_in_query":
		for _, id := range slices.Sorted(maps.Keys(c.p.Clients)) {
			if cl := c.p.Clients[id]; cl.Type == "public" && slices.Contains(cl.Grants, string(oauth.AuthorizationCode)) {
				c.fault("authorize.client_identification", "the public client %s has no secret to send: make it confidential, or use client_id", id)
			}
		}
	}
}

func (c *checker) signIn() {
	s := c.p.SignIn
	if len(s.Ways()) == 0 {
		c.fault("sign_in.methods", "nobody could log in a first time: add password, one_click or sso_stub")
	}
	if at := slices.Index(s.Methods, "session"); at > 0 {
		c.fault("sign_in.methods["+strconv.Itoa(at)+"]", "a session is looked at before anybody is asked: put it first")
	}
	c.once("sign_in.methods", s.Methods)
	if l := s.SessionLifetime.Std(); l < time.Second {
		c.fault("sign_in.session_lifetime", "%s is too short: use 1s or more", s.SessionLifetime)
	}
}

// once refuses a word that a list holds twice.
func (c *checker) once(at string, words []string) {
	for n, word := range words {
		if slices.Index(words, word) != n {
			c.fault(at+"["+strconv.Itoa(n)+"]", "%s is there twice: remove one", word)
		}
	}
}

// authorizeLeniencies are those of the authorization endpoint and the pages
// behind it.
func (p *Profile) authorizeLeniencies() []string {
	if !p.Offers(oauth.AuthorizationCode) {
		return nil
	}
	var out []string
	add := func(is bool, what string) {
		if is {
			out = append(out, what)
		}
	}
	a := p.Authorize
	add(a.PKCE != "required", "authorize.pkce="+a.PKCE)                                                 // RFC 9700 section 2.1.1
	add(!a.Iss, "authorize.iss=false")                                                                  // RFC 9700 section 4.4.2.1
	add(slices.Contains(a.ResponseTypes, oauth.ResponseTypeToken), "authorize.response_types=token")    // RFC 9700 section 2.1.2
	add(slices.Contains(a.ResponseModes, oauth.ModeManual), "authorize.response_modes=manual")          // RFC 6749 section 4.1.2 redirects
	add(a.ClientIdentification == "secret_in_query", "authorize.client_identification=secret_in_query") // RFC 6749 section 2.3.1
	add(a.Errors == "at_once", "authorize.errors=at_once")                                              // RFC 9700 section 4.11.2
	for _, method := range []string{"one_click", "sso_stub"} {                                          // RFC 6749 section 3.1: verify the resource owner's identity
		add(slices.Contains(p.SignIn.Methods, method), "sign_in.methods="+method)
	}
	add(p.Code.RedirectURIAtToken == "ignored", "code.redirect_uri_at_token=ignored")
	add(p.Consent.Deny == "page", "consent.deny=page")
	add(p.Consent.DenyError != oauth.AccessDenied, "consent.deny_error="+p.Consent.DenyError)
	add(p.Consent.Remember != "never", "consent.remember="+p.Consent.Remember)
	add(p.Consent.Kind == "iframe_widget", "consent.kind=iframe_widget") // RFC 9700 section 4.16
	add(p.ResourceOwner == "operator", "resource_owner=operator")        // RFC 6749 section 1.1
	return out
}

package profile

import (
	"regexp"
	"slices"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// bearerForm is what the Authorization header can carry (RFC 6750 section 2.1).
var bearerForm = regexp.MustCompile(`^[A-Za-z0-9._~+/-]+=*$`)

func (c *checker) registration() {
	c.accountAPI()
	r := c.p.Registration
	switch r.Mode {
	case "portal":
		if !c.offers(oauth.AuthorizationCode) {
			c.fault("registration.mode", "the portal registers redirect URIs, so it needs the grant authorization_code")
		}
	case "dcr":
		c.selfRegistration()
	case "fixed":
		if len(c.p.Clients) != 1 {
			c.fault("registration.mode", "fixed means one client for everybody, and there are %d: keep one, or write manual", len(c.p.Clients))
		}
	}
	if r.Mode != "portal" && len(r.ExtraFields) > 0 {
		c.fault("registration.extra_fields", "belongs to mode portal: remove it")
	}
	if r.Mode != "portal" && r.Portal == "down" {
		c.fault("registration.portal", "down belongs to mode portal: write up, or make the mode portal")
	}
	if r.Mode == "portal" && r.Portal == "down" && r.Support == "" {
		c.fault("registration.support", "is missing: say whom to ask while the portal is down")
	}
	if r.Mode != "dcr" && r.InitialToken != "" {
		c.fault("registration.initial_token", "belongs to mode dcr: remove it, or make the mode dcr")
	}
	if r.RedirectChange == "drain" && r.Mode != "dcr" && !c.p.AccountAPI {
		c.fault("registration.redirect_change", "drain has no effect, since no application can change its redirect URI here: write immediate, set account_api to true or make the mode dcr")
	}
}

// selfRegistration is the endpoint of RFC 7591.
func (c *checker) selfRegistration() {
	if t := c.p.Registration.InitialToken; t != "" && (len(t) < 8 || !bearerForm.MatchString(t)) {
		c.fault("registration.initial_token", "is no bearer token: use 8 or more letters, digits and - . _ ~ + /; use test tokens only")
	}
	if !slices.ContainsFunc(c.p.Token.CredentialsIn, func(m string) bool {
		_, registered := oauth.AuthMethodName(m)
		return registered
	}) {
		c.fault("token.credentials_in", "mode dcr needs a method that RFC 7591 has a name for: add basic, body or none")
	}
}

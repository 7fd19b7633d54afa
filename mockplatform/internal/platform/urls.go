package platform

import (
	"net/url"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

// wellKnown is where RFC 8414 section 3.1 puts the metadata document: between
// the issuer's host and its path.
const wellKnown = "/.well-known/oauth-authorization-server"

// urls are a Platform's base addresses.
type urls struct{ issuer, api string }

func urlsOf(cfg Config) urls {
	u := urls{issuer: strings.TrimRight(cfg.BaseURL, "/") + "/" + cfg.Name}
	u.api = u.issuer
	if cfg.Profile.Topology == "split" && cfg.APIBaseURL != "" {
		u.api = strings.TrimRight(cfg.APIBaseURL, "/") + "/" + cfg.Name
	}
	return u
}

// endpoints joins bases and paths; what the profile lacks stays empty.
func (u urls) endpoints(p *profile.Profile) control.Endpoints {
	e := control.Endpoints{
		Token: u.issuer + p.Paths.Token,
		Me:    u.api + p.Paths.Me, Campaigns: u.api + p.Paths.Campaigns,
	}
	if p.Offers(oauth.AuthorizationCode) {
		e.Authorize = u.issuer + p.Paths.Authorize
		e.Connected = u.issuer + p.Paths.Connected
	}
	if p.Authorize.PAR {
		e.PAR = u.issuer + p.Paths.PAR
	}
	if p.Revocation {
		e.Revoke = u.issuer + p.Paths.Revoke
	}
	if p.Introspection {
		e.Introspect = u.issuer + p.Paths.Introspect
	}
	if p.AccessToken.Published() {
		e.JWKS = u.issuer + p.Paths.JWKS
	}
	if p.Metadata {
		e.Metadata = u.metadata()
	}
	switch p.Registration.Mode {
	case "portal":
		e.Developers = u.issuer + p.Paths.Developers
	case "dcr":
		e.Register = u.issuer + p.Paths.Register
	}
	if p.AccountAPI {
		e.Application = u.api + p.Paths.Application
	}
	return e
}

func (u urls) metadata() string {
	parsed, err := url.Parse(u.issuer)
	if err != nil {
		return ""
	}
	parsed.Path = wellKnown + parsed.Path
	return parsed.String()
}

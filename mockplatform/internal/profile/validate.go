package profile

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

var nameForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// checker collects what is wrong between the lines: combinations that the
// kinds of single values cannot show.
type checker struct {
	p      *Profile
	line   func(path string) int
	faults Faults
}

func (p *Profile) validate(line func(string) int, checks []Check) Faults {
	c := checker{p: p, line: line}
	c.general()
	c.paths()
	c.scopes()
	for _, id := range slices.Sorted(maps.Keys(p.Clients)) {
		c.client("clients."+id, id, p.Clients[id])
	}
	c.customers()
	c.authorization()
	c.token()
	c.accessToken()
	c.refreshToken()
	c.registration()
	c.deviations()
	c.waivers()
	for _, check := range checks {
		check(p, c.fault)
	}
	return c.faults
}

func (c *checker) fault(path, format string, args ...any) {
	c.faults = append(c.faults, Fault{Path: path, Line: c.line(path), Message: fmt.Sprintf(format, args...)})
}

func (c *checker) offers(g oauth.GrantType) bool { return c.p.Offers(g) }

func (c *checker) general() {
	if !nameForm.MatchString(c.p.Name) {
		c.fault("name", "%s is no name: use lower case letters, digits and inner hyphens", quoted(c.p.Name))
	}
	if strings.TrimSpace(c.p.Title) == "" {
		c.fault("title", "is missing: give the name that people read")
	}
	if len(c.p.Grants) == 0 {
		c.fault("grants", "is empty: list the grant types that the Platform offers")
	}
	if c.p.RevocationReach != "family" && !c.p.Revocation {
		c.fault("revocation_reach", "belongs to revocation: set revocation to true, or remove it")
	}
}

func (c *checker) paths() {
	taken := map[string]string{}
	for _, p := range []struct{ key, path string }{
		{"authorize", c.p.Paths.Authorize}, {"token", c.p.Paths.Token}, {"revoke", c.p.Paths.Revoke},
		{"introspect", c.p.Paths.Introspect}, {"developers", c.p.Paths.Developers}, {"connected", c.p.Paths.Connected},
		{"jwks", c.p.Paths.JWKS}, {"register", c.p.Paths.Register}, {"par", c.p.Paths.PAR},
		{"me", c.p.Paths.Me}, {"campaigns", c.p.Paths.Campaigns}, {"application", c.p.Paths.Application},
	} {
		at := "paths." + p.key
		if !pathForm.MatchString(p.path) {
			c.fault(at, "%s is no path: begin with / and use letters, digits, - . _ and inner /", quoted(p.path))
		}
		if other, twice := taken[p.path]; twice {
			c.fault(at, "is the same as paths.%s: give each endpoint its own path", other)
		}
		taken[p.path] = p.key
	}
}

var pathForm = regexp.MustCompile(`^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$`)

func (c *checker) scopes() {
	for _, name := range slices.Sorted(maps.Keys(c.p.Scopes)) {
		s, at := c.p.Scopes[name], "scopes."+name
		if parsed, err := oauth.ParseScope(name); err != nil || len(parsed) != 1 || parsed[0] != name {
			c.fault(at, "%s is no scope name: use printable ASCII without space, quotation mark and backslash", quoted(name))
		}
		if (s.Reads == "") == (s.Changes == "") {
			c.fault(at, "set exactly one of reads and changes to the text that the customer reads")
		}
	}
}

func (c *checker) client(at, id string, cl Client) {
	if id == "" || oauth.Printable(id) != id || strings.ContainsAny(id, " ") {
		c.fault(at, "%s is no client_id: use printable ASCII without space, quotation mark and backslash", quoted(id))
	}
	if strings.TrimSpace(cl.Name) == "" {
		c.fault(at+".name", "is missing: the consent page shows it")
	}
	if cl.Website != "" {
		if err := oauth.CheckWebsite(cl.Website); err != nil {
			c.fault(at+".website", "%s", err)
		}
	}
	c.clientAuthentication(at, cl)
	for i, uri := range cl.RedirectURIs {
		if err := oauth.CheckRedirectURI(uri); err != nil {
			c.fault(at+".redirect_uris["+strconv.Itoa(i)+"]", "%s", err)
		}
	}
	for i, g := range cl.Grants {
		if !c.offers(oauth.GrantType(g)) {
			c.fault(at+".grants["+strconv.Itoa(i)+"]", "%s is not among the Platform's grants: add it there or remove it here", g)
		}
	}
	if len(cl.Grants) == 0 {
		c.fault(at+".grants", "is empty: list the grant types that this client may use")
	}
	if slices.Contains(cl.Grants, string(oauth.AuthorizationCode)) && len(cl.RedirectURIs) == 0 {
		c.fault(at+".redirect_uris", "is empty: the authorization_code grant needs at least one")
	}
	for i, s := range cl.Scopes {
		if _, known := c.p.Scopes[s]; !known {
			c.fault(at+".scopes["+strconv.Itoa(i)+"]", "%s is not among the Platform's scopes", quoted(s))
		}
	}
}

func (c *checker) clientAuthentication(at string, cl Client) {
	for i, m := range cl.AuthMethods {
		if !slices.Contains(c.p.Token.CredentialsIn, m) {
			c.fault(at+".auth_methods["+strconv.Itoa(i)+"]", "%s is not in token.credentials_in: add it there or remove it here", m)
		}
	}
	if len(cl.AuthMethods) == 0 {
		c.fault(at+".auth_methods", "is empty: say how the client authenticates")
	}
	if cl.Type == "public" {
		if cl.Secret != "" {
			c.fault(at+".secret", "a public client has no secret: remove it, or make the type confidential")
		}
		if len(cl.AuthMethods) > 0 && !slices.Equal(cl.AuthMethods, []string{oauth.AuthNone}) {
			c.fault(at+".auth_methods", "a public client authenticates with none: write [none]")
		}
		if slices.Contains(cl.Grants, string(oauth.ClientCredentials)) {
			c.fault(at+".grants", "client_credentials is for confidential clients only (RFC 6749 section 4.4)")
		}
		return
	}
	if len(cl.Secret) < 8 {
		c.fault(at+".secret", "a confidential client needs a secret of 8 characters or more; use test secrets only")
	}
	if slices.Contains(cl.AuthMethods, oauth.AuthNone) {
		c.fault(at+".auth_methods", "a confidential client always authenticates: remove none, or make the type public")
	}
}

func (c *checker) customers() {
	seen := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(c.p.Customers)) {
		cu, at := c.p.Customers[key], "customers."+key
		if !nameForm.MatchString(key) {
			c.fault(at, "%s is no short name: use lower case letters, digits and inner hyphens", quoted(key))
		}
		if cu.Username == "" {
			c.fault(at+".username", "is missing")
		} else if other, twice := seen[cu.Username]; twice {
			c.fault(at+".username", "is also that of customers.%s: user names are unique", other)
		}
		seen[cu.Username] = key
		if cu.Password == "" {
			c.fault(at+".password", "is missing: give a test password")
		}
		if cu.Name == "" {
			c.fault(at+".name", "is missing: pages greet the customer by it")
		}
		if cu.Role != RoleNone && cu.Account == "" {
			c.fault(at+".account", "is missing: name a campaign fixture, or make the role none")
		}
	}
}

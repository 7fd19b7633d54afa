package profile

import (
	"maps"
	"regexp"
	"slices"
	"time"
)

// minKey is the shortest HS256 key that RFC 7518 section 3.2 allows, in bytes.
const minKey = 32

func (c *checker) accessToken() {
	a := c.p.AccessToken
	if a.Lifetime.Std() < time.Second {
		c.fault("access_token.lifetime", "%s is too short: use 1s or more", a.Lifetime)
	}
	if !a.Signed() {
		c.opaque(a)
		return
	}
	if a.Lifetime.Std()%time.Second != 0 {
		c.fault("access_token.lifetime", "%s is no whole number of seconds, and the claims of a %s count in these: round it", a.Lifetime, a.Format)
	}
	switch {
	case a.Alg == "":
		c.fault("access_token.alg", "is missing: a %s is signed with HS256, RS256, ES256 or EdDSA", a.Format)
	case a.Key != "" && a.Alg != "HS256":
		c.fault("access_token.key", "belongs to HS256: remove it, since keys of %s are made by the Platform", a.Alg)
	case a.Key != "" && len(a.Key) < minKey:
		c.fault("access_token.key", "has %d bytes: HS256 needs 32 or more (RFC 7518 section 3.2); leave it out to have one made", len(a.Key))
	}
	for _, name := range slices.Sorted(maps.Keys(a.Claims)) {
		c.claim("access_token.claims."+name, name, a.Claims[name])
	}
	c.recognition(a)
}

// opaque refuses what only a signed token can have.
func (c *checker) opaque(a AccessToken) {
	for _, set := range []struct {
		key string
		has bool
	}{{"alg", a.Alg != ""}, {"key", a.Key != ""}, {"claims", len(a.Claims) > 0}, {"profile", a.Profile == "rfc9068"}} {
		if set.has {
			c.fault("access_token."+set.key, "belongs to the formats jwt and jwe: remove it, or choose one of these")
		}
	}
	if c.p.ResourceServer.Validation == "local" {
		c.fault("resource_server.validation", "local needs a token that can be read: make access_token.format jwt or jwe, or validation introspection")
	}
}

// recognition refuses claims by which the API could not recognise the caller,
// where it goes by them (RFC 9068 section 2.2).
func (c *checker) recognition(a AccessToken) {
	profiled, local := a.Profile == "rfc9068", c.p.ResourceServer.Validation == "local"
	if profiled && placeholder.MatchString(a.Claims["aud"]) {
		c.fault("access_token.claims.aud", "names the API under rfc9068, and is the same in every token: write it without { }")
	}
	if !profiled && !local {
		return
	}
	for _, own := range [][2]string{{"client_id", "{client_id}"}, {"scope", "{scope}"}, {"sub", "{customer.username}"}} {
		if template, set := a.Claims[own[0]]; set && template != own[1] {
			c.fault("access_token.claims."+own[0], "tells the API who calls under rfc9068 and local validation: write %s, or remove it", own[1])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.p.Customers)) {
		if _, both := c.p.Clients[c.p.Customers[key].Username]; both {
			c.fault("customers."+key+".username", "is also a client_id, so that the claim sub could mean either: change one (RFC 9068 section 5)")
		}
	}
}

// ownClaims are filled in by the issuer itself (RFC 7519 section 4.1).
var ownClaims = []string{"iss", "iat", "exp", "nbf", "jti"}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

func (c *checker) claim(at, name, template string) {
	if slices.Contains(ownClaims, name) {
		c.fault(at, "is filled in by the Platform: remove it")
	}
	for _, m := range placeholder.FindAllStringSubmatch(template, -1) {
		for _, key := range slices.Sorted(maps.Keys(c.p.Customers)) {
			if _, ok := expand(m[1], c.p.Customers[key], "", ""); !ok {
				c.fault(at, "{%s} is not known for customer %s: use customer.name, customer.username, customer.ATTRIBUTE, client_id or scope", m[1], key)
				break
			}
		}
	}
}

// ClaimsFor fills in the claim templates for a customer; a client's own token
// (no customer) gets those that name no customer.
func (a AccessToken) ClaimsFor(customer Customer, clientID, scope string) map[string]string {
	out := make(map[string]string, len(a.Claims))
	for name, template := range a.Claims {
		complete := true
		value := placeholder.ReplaceAllStringFunc(template, func(m string) string {
			v, ok := expand(m[1:len(m)-1], customer, clientID, scope)
			complete = complete && ok
			return v
		})
		if complete {
			out[name] = value
		}
	}
	return out
}

func expand(variable string, c Customer, clientID, scope string) (string, bool) {
	switch variable {
	case "client_id":
		return clientID, true
	case "scope":
		return scope, true
	case "customer.name":
		return c.Name, c.Username != ""
	case "customer.username":
		return c.Username, c.Username != ""
	}
	const prefix = "customer."
	if len(variable) > len(prefix) && variable[:len(prefix)] == prefix {
		v, ok := c.Attributes[variable[len(prefix):]]
		return v, ok
	}
	return "", false
}

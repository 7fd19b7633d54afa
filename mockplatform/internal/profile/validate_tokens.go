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
	if a.Format != "jwt" {
		for _, set := range []struct {
			key string
			has bool
		}{{"alg", a.Alg != ""}, {"key", a.Key != ""}, {"claims", len(a.Claims) > 0}} {
			if set.has {
				c.fault("access_token."+set.key, "belongs to format jwt: remove it, or make the format jwt")
			}
		}
		return
	}
	if a.Alg == "" {
		c.fault("access_token.alg", "is missing: a jwt needs HS256")
	}
	if a.Key != "" && len(a.Key) < minKey {
		c.fault("access_token.key", "has %d bytes: HS256 needs 32 or more (RFC 7518 section 3.2); leave it out to have one made", len(a.Key))
	}
	for _, name := range slices.Sorted(maps.Keys(a.Claims)) {
		c.claim("access_token.claims."+name, name, a.Claims[name])
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

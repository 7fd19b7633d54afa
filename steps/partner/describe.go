package partner

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/target"
)

// describe makes a target of what the file and the metadata say. The HTTP
// client is the contact's.
func (d *Document) describe(m *Metadata) *target.Target {
	t := &target.Target{
		Name: d.Title, Issuer: d.Issuer, Scopes: d.Scopes, Login: d.Login, Scripted: d.Pages != "plain",
		Endpoints: d.endpoints(m),
		Methods:   d.methods(m),
		Customers: target.Customers{
			First: d.Customers.First.describe(), Second: d.Customers.Second.describe(), WithoutRight: d.Customers.WithoutRight.describe(),
		},
		Refresh: target.Refresh{
			Mode: d.Refresh.Mode, Idle: time.Duration(d.Refresh.Idle), Absolute: time.Duration(d.Refresh.Absolute),
			MaxUses: d.Refresh.MaxUses, Grace: time.Duration(d.Refresh.Grace), Renewed: d.Refresh.Renewed, Family: d.Refresh.Family,
		},
		Lifetimes:          target.Lifetimes{Code: time.Duration(d.Lifetimes.Code), Access: time.Duration(d.Lifetimes.Access)},
		PKCEDocumented:     d.says("pkce", true),
		InvalidGrantStatus: cmp.Or(d.Expect.InvalidGrantStatus, 400),
		Allow:              target.Allow{Noisy: d.allows("noisy"), EndsGrants: d.allows("ends_grants")},
	}
	t.Clients = d.clients(t.Methods)
	t.Redirect = t.Clients.Main.Redirect()
	if d.Resource != "" {
		t.Resource = &target.Resource{Method: "GET", URL: d.Resource}
	}
	if w := d.Writable; w != nil {
		t.Writable = &target.Resource{Method: cmp.Or(w.Method, "PUT"), URL: w.URL, Body: w.Body}
	}
	return t
}

// endpoints are those of the file, and of the metadata where it has none.
func (d *Document) endpoints(m *Metadata) target.Endpoints {
	e := d.Endpoints
	all := target.Endpoints{
		Authorize: e.Authorize, Token: e.Token, Revoke: e.Revoke, Introspect: e.Introspect, Register: e.Register,
		PAR: e.PAR, JWKS: e.JWKS, Metadata: e.Metadata, Portal: e.Portal, Connected: e.Connected, Application: e.Application,
	}
	if m == nil {
		if all.Metadata == "" && d.Issuer != "" {
			all.Metadata = metadataURLs(d.Issuer)[0] // where it should be
		}
		return all
	}
	for _, one := range []struct {
		into *string
		from string
	}{
		{&all.Authorize, m.Authorize}, {&all.Token, m.Token}, {&all.Revoke, m.Revoke}, {&all.Introspect, m.Introspect},
		{&all.Register, m.Register}, {&all.PAR, m.PAR}, {&all.JWKS, m.JWKS}, {&all.Metadata, m.URL},
	} {
		*one.into = cmp.Or(*one.into, one.from)
	}
	return all
}

// methodNames are those of the registry (RFC 8414 section 2) in our words.
var methodNames = map[string]string{
	"client_secret_basic": "basic", "client_secret_post": "body", "none": "none", "private_key_jwt": "private_key_jwt",
}

// methods are the ways of client authentication that the metadata names, else
// those that the clients of the file use. Basic is the default of RFC 8414.
func (d *Document) methods(m *Metadata) (all []string) {
	if m != nil {
		for _, name := range m.Methods {
			if word, ok := methodNames[name]; ok {
				all = append(all, word)
			}
		}
	}
	for _, c := range d.Clients.named() {
		if c.Auth != "" && !slices.Contains(all, c.Auth) {
			all = append(all, c.Auth)
		}
	}
	if len(all) == 0 {
		return []string{"basic"}
	}
	return all
}

func (d *Document) clients(methods []string) target.Clients {
	preferred := "basic"
	if !slices.Contains(methods, "basic") && slices.Contains(methods, "body") {
		preferred = "body"
	}
	describe := func(c *Client) *target.Client {
		if c == nil {
			return nil
		}
		method := cmp.Or(c.Auth, preferred)
		if c.Secret == "" {
			method = "none"
		}
		return &target.Client{ID: c.ID, Secret: c.Secret, Method: method, RedirectURIs: c.RedirectURIs, Name: c.Name}
	}
	all := target.Clients{
		Main: describe(d.Clients.Main), Second: describe(d.Clients.Second), Public: describe(d.Clients.Public),
		Native: describe(d.Clients.Native), Two: describe(d.Clients.Two), Query: describe(d.Clients.Query),
		Machine: describe(d.Clients.Machine),
	}
	if all.Main == nil { // a server without customers
		all.Main = all.Machine
	}
	return all
}

func (c *Customer) describe() *target.Customer {
	if c == nil {
		return nil
	}
	return &target.Customer{Username: c.Username, Password: c.Password, Name: c.Name}
}

// claims gathers what the file, the metadata and the server's behaviour say of
// each feature.
func (d *Document) claims(m *Metadata, t *target.Target, probed map[string]bool) map[string]target.Claim {
	all := map[string]target.Claim{}
	configured, announced := d.configured(t), m.announced()
	for feature := range catalogue.Features() {
		var c target.Claim
		if said, ok := d.Features[feature]; ok {
			c.Configured = word(said)
		} else if said, ok := configured[feature]; ok {
			c.Configured = word(said)
		}
		if said, ok := announced[feature]; ok {
			c.Announced = word(said)
		}
		if said, ok := probed[feature]; ok {
			c.Probed = word(said)
		}
		all[feature] = c
	}
	return all
}

func word(said bool) target.Word {
	if said {
		return target.Yes
	}
	return target.No
}

// configured is what the file's other keys say of features.
func (d *Document) configured(t *target.Target) map[string]bool {
	e, says := d.Endpoints, map[string]bool{
		"confidential_client": t.Clients.Main.Secret != "",
		"protected_resource":  true,
		"scopes":              len(d.Scopes) > 1,
	}
	for feature, shown := range map[string]bool{
		"application_account":  e.Application != "",
		"application_list":     e.Connected != "",
		"dynamic_registration": e.Register != "",
		"introspection":        e.Introspect != "",
		"loopback_redirect":    d.Clients.Native != nil,
		"metadata":             d.Issuer != "" || e.Metadata != "",
		"pushed_authorization": e.PAR != "",
		"refresh":              d.Refresh.Mode != "",
		"refresh_rotating":     d.Refresh.Mode == "rotating",
		"refresh_sliding":      d.Refresh.Mode == "sliding",
		"registration_form":    e.Portal != "",
		"revocation":           e.Revoke != "",
		"client_credentials":   d.Clients.Machine != nil,
		"authorization_code":   e.Authorize != "" && d.Clients.Main != nil,
	} {
		if shown {
			says[feature] = true
		}
	}
	switch d.Refresh.Mode {
	case "rotating":
		says["refresh_sliding"] = false
	case "sliding":
		says["refresh_rotating"] = false
	}
	if d.Clients.Machine == nil {
		says["client_credentials"] = false // nobody to use it
	}
	if d.Clients.Main == nil || d.Customers.First == nil {
		says["authorization_code"], says["password"] = false, false
	}
	return says
}

// announced is what the metadata says of features.
func (m *Metadata) announced() map[string]bool {
	if m == nil {
		return nil
	}
	says := map[string]bool{
		"metadata":             true,
		"dynamic_registration": m.Register != "",
		"introspection":        m.Introspect != "",
		"iss_parameter":        m.Iss,
		"pkce":                 len(m.PKCE) > 0,
		"pushed_authorization": m.PAR != "",
		"revocation":           m.Revoke != "",
	}
	grants := m.Grants
	if grants == nil { // the default of RFC 8414 section 2; it says nothing of refresh tokens
		grants = []string{"authorization_code"}
	} else {
		says["refresh"] = slices.Contains(grants, "refresh_token")
	}
	says["authorization_code"] = m.Authorize != "" && slices.Contains(grants, "authorization_code")
	says["client_credentials"] = slices.Contains(grants, "client_credentials")
	says["password"] = slices.Contains(grants, "password")
	return says
}

// contradictions tells of features that the file says to be absent and the
// server has all the same.
func contradictions(claims map[string]target.Claim) (notes []string) {
	for _, feature := range slices.Sorted(maps.Keys(claims)) {
		c := claims[feature]
		if c.Configured != target.No || feature == "scopes" {
			continue
		}
		how := ""
		switch {
		case c.Announced == target.Yes:
			how = "the metadata announces it"
		case c.Probed == target.Yes:
			how = "the server did it"
		default:
			continue
		}
		notes = append(notes, fmt.Sprintf("%s (%s): by the file it is not there or cannot be used, yet %s; checks of it do not apply", feature, catalogue.Features()[feature], how))
	}
	return notes
}

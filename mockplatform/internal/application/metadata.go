package application

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Metadata is what a client says of itself when it registers (RFC 7591 section
// 2). Members that the mock does not understand are ignored, as that section
// demands.
type Metadata struct {
	RedirectURIs  []string `json:"redirect_uris,omitempty"`
	ClientName    string   `json:"client_name,omitempty"`
	ClientURI     string   `json:"client_uri,omitempty"`
	LogoURI       string   `json:"logo_uri,omitempty"`
	Contacts      []string `json:"contacts,omitempty"`
	Scope         string   `json:"scope,omitempty"`
	GrantTypes    []string `json:"grant_types"`
	ResponseTypes []string `json:"response_types"`
	AuthMethod    string   `json:"token_endpoint_auth_method"`
}

// Claim is what an update says of the registration that it means (RFC 7592
// section 2.2).
type Claim struct {
	ClientID, ClientSecret string
	// Forbidden is a member that an update must not carry, "" for none.
	Forbidden string
}

// forbidden in an update (RFC 7592 section 2.2).
var forbidden = []string{"registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"}

// ParseMetadata reads the JSON body of a registration or an update. Names are
// compared exactly; null counts as absent. The error is invalid_client_metadata.
func ParseMetadata(body []byte) (Metadata, Claim, *oauth.Error) {
	var m Metadata
	var c Claim
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil || members == nil {
		return m, c, badMetadata("send the client metadata as one JSON object")
	}
	for _, one := range []struct {
		name string
		into any
		kind string
	}{
		{"redirect_uris", &m.RedirectURIs, "an array of strings"},
		{"client_name", &m.ClientName, "a string"},
		{"client_uri", &m.ClientURI, "a string"},
		{"logo_uri", &m.LogoURI, "a string"},
		{"contacts", &m.Contacts, "an array of strings"},
		{"scope", &m.Scope, "a string of scopes with spaces between them"},
		{"grant_types", &m.GrantTypes, "an array of strings"},
		{"response_types", &m.ResponseTypes, "an array of strings"},
		{"token_endpoint_auth_method", &m.AuthMethod, "a string"},
		{"client_id", &c.ClientID, "a string"},
		{"client_secret", &c.ClientSecret, "a string"},
	} {
		if raw, sent := members[one.name]; sent && json.Unmarshal(raw, one.into) != nil {
			return m, c, badMetadata(one.name + " must be " + one.kind)
		}
	}
	for _, name := range forbidden {
		if _, sent := members[name]; sent {
			c.Forbidden = name
		}
	}
	return m, c, nil
}

func badMetadata(description string) *oauth.Error {
	return oauth.NewError(oauth.InvalidClientMetadata, description)
}

// MetadataOf is a registered client in the words of RFC 7591; what the Platform
// filled in is there too (section 3.2.1).
func MetadataOf(a Application) Metadata {
	m := Metadata{
		RedirectURIs: a.RedirectURIs, ClientName: a.Name, ClientURI: a.Website, LogoURI: a.Logo, Contacts: a.Contacts,
		Scope: a.Scope.String(), GrantTypes: a.Grants, ResponseTypes: []string{},
	}
	for _, one := range together {
		if a.MayUse(one.grant) {
			m.ResponseTypes = append(m.ResponseTypes, one.response)
		}
	}
	for _, method := range a.AuthMethods {
		m.AuthMethod, _ = oauth.AuthMethodName(method)
	}
	return m
}

// described makes an application of metadata, with the defaults of RFC 7591
// section 2: grant_types authorization_code, response_types those of the grants,
// client_secret_basic, all scopes. Id and secrets are the caller's.
func (r *Registry) described(m Metadata) (Application, *oauth.Error) {
	a := Application{
		Name: m.ClientName, Website: m.ClientURI, Logo: m.LogoURI, Contacts: m.Contacts, Grants: m.GrantTypes,
	}
	if len(a.Grants) == 0 {
		a.Grants = []string{string(oauth.AuthorizationCode)}
	}
	var err *oauth.Error
	if a.AuthMethods, err = r.method(m.AuthMethod); err != nil {
		return a, err
	}
	a.Public = a.Authenticates(oauth.AuthNone)
	if err = r.checkGrants(a, m.ResponseTypes); err != nil {
		return a, err
	}
	if len(m.RedirectURIs) > 0 || a.MayUse(oauth.AuthorizationCode) || a.MayUse(oauth.Implicit) {
		if err := checkRedirectURIs(m.RedirectURIs); err != nil {
			return a, oauth.NewError(oauth.InvalidRedirectURI, "redirect_uris: "+err.Error())
		}
		a.redirect(m.RedirectURIs)
	}
	if a.Scope, err = r.scopeOf(m.Scope); err != nil {
		return a, err
	}
	for _, one := range []struct {
		name  string
		fault error
	}{
		{"client_name", unlessEmpty(m.ClientName, checkName)},
		{"client_uri", unlessEmpty(m.ClientURI, oauth.CheckWebsite)},
		{"logo_uri", checkLogo(m.LogoURI)},
		{"contacts", checkContacts(m.Contacts, checkContact)},
	} {
		if one.fault != nil {
			return a, badMetadata(one.name + ": " + one.fault.Error())
		}
	}
	return a, nil
}

func unlessEmpty(text string, check func(string) error) error {
	if text == "" {
		return nil
	}
	return check(text)
}

// method is the one that the client asked for. Without one it is
// client_secret_basic, or on a Platform without that the first it has.
func (r *Registry) method(asked string) ([]string, *oauth.Error) {
	var offered []string
	for _, method := range r.offered {
		name, registered := oauth.AuthMethodName(method)
		if !registered {
			continue
		}
		if name == asked || asked == "" && method == oauth.AuthBasic {
			return []string{method}, nil
		}
		offered = append(offered, name)
	}
	if asked == "" && len(offered) > 0 {
		return r.method(offered[0])
	}
	return nil, badMetadata("token_endpoint_auth_method: this Platform offers " + strings.Join(offered, ", "))
}

// together are the response types and the grant type that each goes with (RFC
// 7591 section 2.1).
var together = []struct {
	response string
	grant    oauth.GrantType
}{
	{oauth.ResponseTypeCode, oauth.AuthorizationCode},
	{oauth.ResponseTypeToken, oauth.Implicit},
}

// checkGrants judges grant_types and response_types, which go together: one
// without the other would be a client that can never do what it registered for
// (RFC 7591 section 2.1). Without response_types they follow from grant_types.
func (r *Registry) checkGrants(a Application, responseTypes []string) *oauth.Error {
	for _, grant := range a.Grants {
		if !slices.Contains(r.selfGrants, grant) {
			return badMetadata("grant_types: this Platform offers " + strings.Join(r.selfGrants, ", "))
		}
	}
	if a.Public && a.MayUse(oauth.ClientCredentials) {
		return badMetadata("grant_types: client_credentials needs a client that authenticates (RFC 6749 section 4.4)")
	}
	for _, kind := range responseTypes {
		if !slices.Contains(r.responseTypes, kind) {
			return badMetadata("response_types: this Platform registers " + strings.Join(r.responseTypes, ", ") + " and nothing else")
		}
	}
	for _, one := range together {
		asked, may := slices.Contains(responseTypes, one.response), a.MayUse(one.grant)
		switch {
		case asked && !may:
			return badMetadata(fmt.Sprintf("response_types: %s goes with the grant type %s, which grant_types does not hold", one.response, one.grant))
		case may && !asked && len(responseTypes) > 0:
			return badMetadata(fmt.Sprintf("grant_types: %s goes with the response type %s, which response_types does not hold", one.grant, one.response))
		}
	}
	return nil
}

// scopeOf reads the scope that a client may ask for later; nothing means all.
// A Platform without scopes ignores it (S004-14).
func (r *Registry) scopeOf(raw string) (oauth.Scope, *oauth.Error) {
	if raw == "" || len(r.scope) == 0 {
		return slices.Clone(r.scope), nil
	}
	scope, err := oauth.ParseScope(raw)
	if err != nil || !scope.Within(r.scope) {
		return nil, badMetadata(fmt.Sprintf("scope: this Platform has %s", r.scope))
	}
	return scope, nil
}

package issuer

import (
	"slices"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Metadata is the document of RFC 8414 section 2.
type Metadata struct {
	Issuer                           string   `json:"issuer"`
	AuthorizationEndpoint            string   `json:"authorization_endpoint,omitempty"`
	TokenEndpoint                    string   `json:"token_endpoint"`
	RegistrationEndpoint             string   `json:"registration_endpoint,omitempty"` // RFC 7591
	JWKSURI                          string   `json:"jwks_uri,omitempty"`              // keys of signed access tokens
	RevocationEndpoint               string   `json:"revocation_endpoint,omitempty"`
	PushedEndpoint                   string   `json:"pushed_authorization_request_endpoint,omitempty"` // RFC 9126 section 5
	PushedRequired                   bool     `json:"require_pushed_authorization_requests,omitempty"`
	IntrospectionEndpoint            string   `json:"introspection_endpoint,omitempty"`
	ScopesSupported                  []string `json:"scopes_supported,omitempty"`
	ResponseTypesSupported           []string `json:"response_types_supported,omitzero"`
	ResponseModesSupported           []string `json:"response_modes_supported,omitempty"`
	GrantTypesSupported              []string `json:"grant_types_supported"`
	TokenEndpointAuthMethods         []string `json:"token_endpoint_auth_methods_supported"`
	RevocationEndpointAuthMethods    []string `json:"revocation_endpoint_auth_methods_supported,omitempty"`
	IntrospectionEndpointAuthMethods []string `json:"introspection_endpoint_auth_methods_supported,omitempty"`
	CodeChallengeMethods             []string `json:"code_challenge_methods_supported,omitempty"`
	// IssInResponses announces RFC 9207.
	IssInResponses bool `json:"authorization_response_iss_parameter_supported,omitempty"`
}

// Metadata answers the RFC 8414 document; ok is false when the profile
// publishes none.
func (i *Issuer) Metadata() (doc Metadata, ok bool) {
	p := i.profile
	if !p.Metadata {
		return Metadata{}, false
	}
	methods := []string{}
	for _, m := range p.Token.CredentialsIn {
		if name, registered := oauth.AuthMethodName(m); registered {
			methods = append(methods, name)
		}
	}
	doc = Metadata{
		Issuer: i.issuer, TokenEndpoint: i.endpoints.Token, RegistrationEndpoint: i.endpoints.Register, JWKSURI: i.endpoints.JWKS, ScopesSupported: i.allScopes,
		ResponseTypesSupported: []string{}, GrantTypesSupported: slices.Clone(p.Grants),
		TokenEndpointAuthMethods: methods,
		RevocationEndpoint:       i.endpoints.Revoke, IntrospectionEndpoint: i.endpoints.Introspect,
	}
	if p.Revocation {
		doc.RevocationEndpointAuthMethods = methods
	}
	if p.Introspection {
		doc.IntrospectionEndpointAuthMethods = slices.DeleteFunc(slices.Clone(methods), func(m string) bool { return m == "none" })
	}
	if p.Offers(oauth.AuthorizationCode) {
		doc.AuthorizationEndpoint = i.endpoints.Authorize
		doc.ResponseTypesSupported = slices.Clone(p.Authorize.ResponseTypes)
		doc.ResponseModesSupported = p.ResponseModes()
		if slices.Contains(p.Authorize.ResponseTypes, oauth.ResponseTypeToken) {
			doc.ResponseModesSupported = append(doc.ResponseModesSupported, oauth.ModeFragment)
			doc.GrantTypesSupported = append(doc.GrantTypesSupported, string(oauth.Implicit))
		}
		doc.PushedEndpoint, doc.PushedRequired = i.endpoints.PAR, p.Authorize.ClientIdentification == "par"
		doc.IssInResponses = p.Authorize.Iss && !p.Breaks(deviation.IssUnannounced)
		if p.Authorize.PKCE != "off" {
			doc.CodeChallengeMethods = []string{oauth.MethodS256}
		}
	}
	i.misstate(&doc)
	return doc, true
}

// misstate gives the document the defects that the profile has on purpose.
func (i *Issuer) misstate(doc *Metadata) {
	if i.profile.Breaks(deviation.MetadataSlash) {
		doc.Issuer += "/"
	}
	if i.profile.Breaks(deviation.MetadataDrop) {
		doc.ResponseTypesSupported = nil
	}
	if i.profile.Breaks(deviation.MetadataPKCEAbsent) {
		doc.CodeChallengeMethods = nil
	}
	if i.profile.Breaks(deviation.MetadataOverstate) {
		doc.TokenEndpointAuthMethods = append(doc.TokenEndpointAuthMethods, "client_secret_jwt")
	}
}

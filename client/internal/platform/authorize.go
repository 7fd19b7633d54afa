package platform

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
)

// AuthorizationRequest is the part of an authorization request that differs
// from one to the next.
type AuthorizationRequest struct {
	State    Secret
	Verifier Secret // PKCE code verifier (RFC 7636 section 4.1)
	Scopes   []string
}

// AuthorizationURL builds the address of an authorization request (RFC 6749
// section 4.1.1, RFC 7636 section 4.3). It carries no client secret.
func (c *Client) AuthorizationURL(request AuthorizationRequest) (string, error) {
	address, err := url.Parse(c.integration.AuthorizationEndpoint)
	if err != nil {
		return "", &Failure{Class: ClassConfiguration, Call: "authorize", cause: err}
	}
	query := address.Query()
	query.Set("response_type", "code")
	query.Set("client_id", c.integration.ClientID)
	query.Set("redirect_uri", c.redirectURI)
	query.Set("state", request.State.Reveal())
	if len(request.Scopes) > 0 {
		query.Set("scope", strings.Join(request.Scopes, " "))
	}
	if c.integration.PKCE == PKCES256 {
		query.Set("code_challenge", CodeChallenge(request.Verifier))
		query.Set("code_challenge_method", PKCES256)
	}
	address.RawQuery = query.Encode()
	return address.String(), nil
}

// CodeChallenge is BASE64URL(SHA256(verifier)), RFC 7636 section 4.2.
func CodeChallenge(verifier Secret) string {
	sum := sha256.Sum256([]byte(verifier.Reveal()))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

package platform

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

const formType = "application/x-www-form-urlencoded"

// Exchange presents an authorization code (RFC 6749 section 4.1.3) and returns
// the body of the success, unparsed, so that it can be kept before anything
// else happens; see ParseTokenAnswer. A code is never sent twice, whatever the
// error.
func (c *Client) Exchange(ctx context.Context, code, verifier Secret) ([]byte, error) {
	form := url.Values{
		"grant_type": {GrantAuthorizationCode}, "code": {code.Reveal()}, "redirect_uri": {c.redirectURI},
	}
	if c.integration.PKCE == PKCES256 {
		form.Set("code_verifier", verifier.Reveal())
	}
	return c.token(ctx, "exchange", form)
}

// Refresh presents a refresh token (RFC 6749 section 6) and returns the body
// of the success, unparsed. It asks for no scope, which means the granted one.
func (c *Client) Refresh(ctx context.Context, refreshToken Secret) ([]byte, error) {
	return c.token(ctx, "refresh", url.Values{
		"grant_type": {grantRefreshToken}, "refresh_token": {refreshToken.Reveal()},
	})
}

// Password presents an API account's credentials (RFC 6749 section 4.3).
func (c *Client) Password(ctx context.Context, username string, password Secret) ([]byte, error) {
	form := url.Values{"grant_type": {GrantPassword}, "username": {username}, "password": {password.Reveal()}}
	c.setScope(form)
	return c.token(ctx, "password", form)
}

// ClientCredentials asks for a token of MINT's own (RFC 6749 section 4.4). It
// asks for no scope: MINT's own account is not customer data.
func (c *Client) ClientCredentials(ctx context.Context) ([]byte, error) {
	return c.token(ctx, "client_credentials", url.Values{"grant_type": {GrantClientCredentials}})
}

// Revoke makes a token worthless (RFC 7009 section 2.1). hint is
// "refresh_token" or "access_token". Without a revocation endpoint it does
// nothing.
func (c *Client) Revoke(ctx context.Context, token Secret, hint string) error {
	if c.integration.RevocationEndpoint == "" {
		return nil
	}
	answer, err := c.send(ctx, c.formRequest("revoke", c.integration.RevocationEndpoint,
		url.Values{"token": {token.Reveal()}, "token_type_hint": {hint}}))
	if err != nil {
		return err
	}
	if answer.status == http.StatusOK || answer.status == http.StatusNoContent {
		return nil
	}
	return c.tokenFailure("revoke", answer)
}

func (c *Client) setScope(form url.Values) {
	if len(c.integration.Scopes) > 0 {
		form.Set("scope", strings.Join(c.integration.Scopes, " "))
	}
}

// token calls the token endpoint once.
func (c *Client) token(ctx context.Context, call string, form url.Values) ([]byte, error) {
	answer, err := c.send(ctx, c.formRequest(call, c.integration.TokenEndpoint, form))
	if err != nil {
		return nil, err
	}
	if answer.status < 200 || answer.status > 299 {
		return nil, c.tokenFailure(call, answer)
	}
	return answer.body, nil
}

// formRequest authenticates the client in exactly one way (RFC 6749 section
// 2.3.1) and puts the parameters into the body.
func (c *Client) formRequest(call, endpoint string, form url.Values) request {
	req := request{call: call, method: http.MethodPost, address: endpoint, contentType: formType, header: http.Header{}}
	switch c.integration.ClientAuth {
	case AuthBasic:
		// Appendix B: both are form-encoded before they are joined.
		basic := &http.Request{Header: http.Header{}}
		basic.SetBasicAuth(url.QueryEscape(c.integration.ClientID), url.QueryEscape(c.integration.ClientSecret.Reveal()))
		req.header.Set("Authorization", basic.Header.Get("Authorization"))
	case AuthBody:
		form.Set("client_id", c.integration.ClientID)
		form.Set("client_secret", c.integration.ClientSecret.Reveal())
	case AuthQuery:
		req.address = withQuery(endpoint, c.queryParameters(form))
	case AuthNone:
		form.Set("client_id", c.integration.ClientID)
	}
	req.body = []byte(form.Encode())
	return req
}

// queryParameters is what goes into the address with client_auth query: the
// client's credentials, and for its own grant the grant type as well (S003-27
// shows the whole request there). Codes and refresh tokens stay in the body.
func (c *Client) queryParameters(form url.Values) url.Values {
	query := url.Values{
		"client_id": {c.integration.ClientID}, "client_secret": {c.integration.ClientSecret.Reveal()},
	}
	if form.Get("grant_type") == GrantClientCredentials {
		for name, values := range form {
			query[name] = values
			delete(form, name)
		}
	}
	return query
}

func withQuery(endpoint string, parameters url.Values) string {
	separator := "?"
	if strings.Contains(endpoint, "?") {
		separator = "&"
	}
	return endpoint + separator + parameters.Encode()
}

package steps

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
)

// secondClient is another client that some Platforms are created with.
const (
	secondClient = "second-client"
	secondSecret = "second-secret-for-tests-only"
)

// oauthClient is an OAuth client in plain HTTP, so that a scenario can send
// what MINT never would. It keeps what it was given.
type oauthClient struct {
	http     *http.Client
	platform *platform
	id       string
	secret   string
	redirect string
	state    string
	scope    string
	verifier string // empty: no PKCE
	code     string
	tokens   []tokens // every pair earned, oldest first
	answer   answer   // to the last request
	// registration is the answer to the client's own registration, if it made one.
	registration answer
	// pushed is the request_uri of a pushed authorization request (RFC 9126);
	// empty sends requests through the browser.
	pushed string
}

// tokens are an access token and the refresh token that goes with it.
type tokens struct{ access, refresh string }

// newClient is the client with the id at a Platform.
func (w *world) newClient(p *platform, id string) (*oauthClient, error) {
	registered, err := p.registered(id)
	if err != nil {
		return nil, err
	}
	c := &oauthClient{
		http: w.env.Topology.HTTPClient(), platform: p, id: id, secret: registered.Secret,
		state: "state-" + rand.Text(), verifier: rand.Text() + rand.Text(),
	}
	if len(registered.RedirectURIs) > 0 {
		c.redirect = registered.RedirectURIs[0]
	}
	return c, nil
}

// theClient is the scenario's client, at the Platform of the profile.
func (w *world) theClient(ctx context.Context, of profile) (*oauthClient, error) {
	p, err := w.platform(ctx, of)
	if err != nil || w.client != nil && w.client.platform == p {
		return w.client, err
	}
	w.client, err = w.newClient(p, factsOf[p.profile].client)
	return w.client, err
}

// authorizationURL is a good authorization request, with some parameters
// replaced; an empty value leaves the parameter out.
func (c *oauthClient) authorizationURL(replace map[string]string) string {
	query := url.Values{"client_id": {c.id}, "request_uri": {c.pushed}}
	if c.pushed == "" {
		query = c.authorizationRequest()
	}
	for name, value := range replace {
		query.Del(name)
		if value != "" {
			query.Set(name, value)
		}
	}
	return c.platform.Endpoints.Authorize + "?" + query.Encode()
}

// authorizationRequest holds the parameters of a good authorization request.
func (c *oauthClient) authorizationRequest() url.Values {
	query := url.Values{
		"response_type": {"code"}, "client_id": {c.id}, "redirect_uri": {c.redirect}, "state": {c.state},
	}
	if c.scope != "" {
		query.Set("scope", c.scope)
	}
	if c.verifier != "" {
		sum := sha256.Sum256([]byte(c.verifier))
		query.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
		query.Set("code_challenge_method", "S256")
	}
	return query
}

// tokenRequest is a request to the token endpoint, still to be changed by a
// scenario.
type tokenRequest struct {
	method string
	form   url.Values
	query  url.Values
	// basicID and basicSecret go into the Authorization header, unless empty.
	basicID, basicSecret string
}

// request is a good request of a grant with this client's authentication: a
// secret by Basic, a public client by its id in the body.
func (c *oauthClient) request(grant string, parameters ...string) *tokenRequest {
	r := &tokenRequest{method: http.MethodPost, form: url.Values{"grant_type": {grant}}, query: url.Values{}}
	for i := 0; i+1 < len(parameters); i += 2 {
		r.form.Set(parameters[i], parameters[i+1])
	}
	if c.secret == "" {
		r.form.Set("client_id", c.id)
	} else {
		r.basicID, r.basicSecret = c.id, c.secret
	}
	return r
}

// exchange is a good exchange of the code.
func (c *oauthClient) exchange() *tokenRequest {
	r := c.request("authorization_code", "code", c.code, "redirect_uri", c.redirect)
	if c.verifier != "" {
		r.form.Set("code_verifier", c.verifier)
	}
	return r
}

func (c *oauthClient) refreshWith(token string) *tokenRequest {
	return c.request("refresh_token", "refresh_token", token)
}

func (c *oauthClient) ownToken() *tokenRequest { return c.request("client_credentials") }

func (c *oauthClient) password(username, password string) *tokenRequest {
	return c.request("password", "username", username, "password", password)
}

// inBody moves the client's authentication from the header into the body.
func (r *tokenRequest) inBody() {
	r.form.Set("client_id", r.basicID)
	r.form.Set("client_secret", r.basicSecret)
	r.basicID, r.basicSecret = "", ""
}

// secretInQuery moves the client's authentication into the query string and
// leaves the rest in the body.
func (r *tokenRequest) secretInQuery() {
	r.query = url.Values{"client_id": {r.basicID}, "client_secret": {r.basicSecret}}
	r.basicID, r.basicSecret = "", ""
}

// inQuery moves everything, authentication included, into the query string.
func (r *tokenRequest) inQuery() {
	if r.basicID != "" {
		r.inBody()
	}
	r.query, r.form = r.form, url.Values{}
}

// sent builds the HTTP request.
func (r *tokenRequest) sent(ctx context.Context, endpoint string) (*http.Request, error) {
	if len(r.query) > 0 {
		endpoint += "?" + r.query.Encode()
	}
	form := r.form
	if r.method == http.MethodGet {
		form = nil
	}
	request, err := newRequest(ctx, r.method, endpoint, form)
	if err == nil && r.basicID != "" {
		request.SetBasicAuth(url.QueryEscape(r.basicID), url.QueryEscape(r.basicSecret))
	}
	return request, err
}

// post sends a token request and keeps the answer, and the tokens in it.
func (c *oauthClient) post(ctx context.Context, r *tokenRequest) error {
	got, err := c.ask(ctx, r)
	if err != nil {
		return err
	}
	c.keep(got)
	return nil
}

func (c *oauthClient) ask(ctx context.Context, r *tokenRequest) (answer, error) {
	request, err := r.sent(ctx, c.platform.Endpoints.Token)
	if err != nil {
		return answer{}, err
	}
	return send(c.http, request)
}

// keep remembers an answer; a refresh token that did not come again stays.
func (c *oauthClient) keep(got answer) {
	c.answer = got
	if got.Status != http.StatusOK || got.text("access_token") == "" {
		return
	}
	earned := tokens{access: got.text("access_token"), refresh: got.text("refresh_token")}
	if earned.refresh == "" && len(c.tokens) > 0 {
		earned.refresh = c.newest().refresh
	}
	c.tokens = append(c.tokens, earned)
}

// newest is the pair earned last; empty before the first.
func (c *oauthClient) newest() tokens {
	if len(c.tokens) == 0 {
		return tokens{}
	}
	return c.tokens[len(c.tokens)-1]
}

// must fails unless the client has earned tokens.
func (c *oauthClient) must() error {
	if len(c.tokens) == 0 {
		return fmt.Errorf("expected the client to have tokens of the %s platform, the last answer was %s", c.platform.profile, c.answer)
	}
	return nil
}

// call sends a request to the API with a token in the header and keeps the
// answer; empty authorization sends none.
func (c *oauthClient) call(ctx context.Context, method, address, authorization string, form url.Values) error {
	r, err := newRequest(ctx, method, address, form)
	if err != nil {
		return err
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	c.answer, err = send(c.http, r)
	return err
}

// follow gets a page as a fresh browser would, cookies and redirects included.
func (c *oauthClient) follow(ctx context.Context, address string) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	browsing := &http.Client{Transport: c.http.Transport, Jar: jar}
	r, err := newRequest(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	c.answer, err = send(browsing, r)
	return err
}

// parallel sends the same token request n times at one instant.
func (c *oauthClient) parallel(ctx context.Context, n int, build func() *tokenRequest) ([]answer, error) {
	answers, errs := make([]answer, n), make(chan error, n)
	begin := make(chan struct{})
	for i := range n {
		go func() {
			<-begin
			got, err := c.ask(ctx, build())
			answers[i] = got
			errs <- err
		}()
	}
	close(begin)
	for range n {
		if err := <-errs; err != nil {
			return nil, err
		}
	}
	return answers, nil
}

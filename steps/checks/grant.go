package checks

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/target"
)

// grant is one authorization of a customer for a client, as far as it got.
type grant struct {
	client   *target.Client
	redirect string
	state    string
	scope    string
	verifier string // empty: no PKCE
	landing  pages.Landing
	code     string
	answer   exchange.Exchange // of the token endpoint, the newest
}

func (g grant) access() string  { return g.answer.Text("access_token") }
func (g grant) refresh() string { return g.answer.Text("refresh_token") }

// newGrant is a good authorization of a client, not begun yet: with state, all
// of the target's scopes, and PKCE where the target knows it.
func (t *trial) newGrant(client *target.Client) grant {
	g := grant{client: client, redirect: client.Redirect(), state: rand.Text(), scope: strings.Join(t.target.Scopes, " ")}
	if t.target.Has("pkce") {
		g.verifier = rand.Text() + rand.Text()
	}
	return g
}

// parameters are those of the authorization request.
func (g grant) parameters() url.Values {
	q := url.Values{"response_type": {"code"}, "client_id": {g.client.ID}}
	for name, value := range map[string]string{"redirect_uri": g.redirect, "state": g.state, "scope": g.scope} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if g.verifier != "" {
		q.Set("code_challenge", challenge(g.verifier))
		q.Set("code_challenge_method", "S256")
	}
	return q
}

// challenge is the S256 code challenge of a verifier (RFC 7636 section 4.2).
func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// authorizeURL is the address of an authorization request.
func (t *trial) authorizeURL(q url.Values) string {
	separator := "?"
	if strings.Contains(t.target.Endpoints.Authorize, "?") {
		separator = "&"
	}
	return t.target.Endpoints.Authorize + separator + q.Encode()
}

// visitor is the customer at a browser of his own, nil for the first customer.
func (t *trial) visitor(customer *target.Customer) (pages.Visitor, *target.Customer, error) {
	if customer == nil {
		customer = t.target.Customers.First
	}
	if v, ok := t.visitors[customer.Username]; ok {
		return v, customer, nil
	}
	v, err := pages.NewPlain(t.send)
	if err != nil {
		return nil, nil, err
	}
	t.visitors[customer.Username] = v
	return v, customer, nil
}

// walk goes through the pages of an authorization request with one decision.
func (t *trial) walk(ctx context.Context, address string, customer *target.Customer, decision pages.Decision) (pages.Landing, error) {
	v, customer, err := t.visitor(customer)
	if err != nil {
		return pages.Landing{}, err
	}
	return v.Walk(ctx, pages.Walk{
		URL: address, Username: customer.Username, Password: customer.Password, Decision: decision,
		Redirects: t.redirects(),
	})
}

// redirects are all addresses that a way through pages may end at.
func (t *trial) redirects() (all []string) {
	c := t.target.Clients
	for _, client := range []*target.Client{c.Main, c.Second, c.Public, c.Native, c.Two, c.Query, c.Machine} {
		if client != nil {
			all = append(all, client.RedirectURIs...)
		}
	}
	return all
}

// consent takes a grant through the customer's consent to a code. changes
// replace parameters of the request; an empty value leaves one out.
func (t *trial) consent(ctx context.Context, g *grant, changes map[string]string) error {
	q := g.parameters()
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		q.Del(name)
		if changes[name] != "" {
			q.Set(name, changes[name])
		}
	}
	landing, err := t.walk(ctx, t.authorizeURL(q), nil, pages.Allow)
	if err != nil {
		return err
	}
	g.landing, g.code = landing, landing.Code()
	if g.code == "" {
		return fmt.Errorf("the consent brought no code: %s", describe(landing))
	}
	return nil
}

// describe says where a way through pages ended, without secrets.
func describe(l pages.Landing) string {
	where, _, _ := strings.Cut(l.URL, "?")
	switch {
	case l.Redirected && l.Params.Get("error") != "":
		return "a redirect to the client with the error " + l.Params.Get("error")
	case l.Redirected:
		return "a redirect to the client with " + strings.Join(slices.Sorted(maps.Keys(l.Params)), ", ")
	case l.Refused:
		return "the login page again"
	case l.Page.Status == 0:
		return "no page"
	}
	return fmt.Sprintf("a page (%d, %s) at %s", l.Page.Status, l.Kind, where)
}

// exchange is the good token request for the grant's code.
func (g grant) exchange() url.Values {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {g.code}, "redirect_uri": {g.redirect}}
	if g.verifier != "" {
		form.Set("code_verifier", g.verifier)
	}
	return form
}

// token sends a token request with the client's own way of authentication.
func (t *trial) token(ctx context.Context, about string, client *target.Client, form url.Values) (exchange.Exchange, error) {
	return t.send.Do(ctx, authenticated(exchange.Request{About: about, URL: t.target.Endpoints.Token, Form: form}, client))
}

// authenticated adds the client's credentials to a request, by its method.
func authenticated(r exchange.Request, client *target.Client) exchange.Request {
	switch client.Method {
	case "basic":
		r.BasicID, r.BasicSecret = client.ID, client.Secret
	default:
		form := url.Values{}
		maps.Copy(form, r.Form)
		form.Set("client_id", client.ID)
		if client.Secret != "" {
			form.Set("client_secret", client.Secret)
		}
		r.Form = form
	}
	return r
}

// redeem exchanges the grant's code for tokens.
func (t *trial) redeem(ctx context.Context, g *grant) error {
	e, err := t.token(ctx, "redeem the code", g.client, g.exchange())
	if err != nil {
		return err
	}
	if !e.Tokens() {
		return fmt.Errorf("redeeming the code gave no tokens: %s", e)
	}
	g.answer = e
	return nil
}

// granted takes a new grant of the client all the way to tokens.
func (t *trial) granted(ctx context.Context, client *target.Client) (grant, error) {
	g := t.newGrant(client)
	if client == nil {
		return g, errors.New("the target has no such client")
	}
	if err := t.consent(ctx, &g, nil); err != nil {
		return g, err
	}
	return g, t.redeem(ctx, &g)
}

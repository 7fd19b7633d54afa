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
	customer *target.Customer // nil: the target's first
	redirect string
	state    string
	scope    string
	prompt   string // empty: the server decides whether it asks
	verifier string // empty: no PKCE
	landing  pages.Landing
	code     string
	answer   exchange.Exchange // of the token endpoint, the newest
	held     string            // refresh token of an earlier answer, where the newest has none
}

func (g grant) access() string { return g.answer.Text("access_token") }

// refresh is the newest refresh token of the grant.
func (g grant) refresh() string {
	if newest := g.answer.Text("refresh_token"); newest != "" {
		return newest
	}
	return g.held
}

// keep takes over the tokens of a newer answer.
func (g *grant) keep(e exchange.Exchange) { g.held, g.answer = g.refresh(), e }

// newGrant is a good authorization of a client, not begun yet: with state, all
// of the target's scopes, and PKCE where the target knows it.
func (t *trial) newGrant(client *target.Client) grant {
	g := grant{client: client, redirect: client.Redirect(), state: rand.Text(), scope: t.allScopes(), prompt: t.question.prompt}
	if t.target.Has("pkce") {
		g.verifier = rand.Text() + rand.Text()
	}
	return g
}

// allScopes is what the main client asks for.
func (t *trial) allScopes() string { return strings.Join(t.target.Scopes, " ") }

// parameters are those of the authorization request.
func (g grant) parameters() url.Values {
	q := url.Values{"response_type": {"code"}, "client_id": {g.client.ID}}
	for name, value := range map[string]string{"redirect_uri": g.redirect, "state": g.state, "scope": g.scope, "prompt": g.prompt} {
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

// seek takes the grant's authorization request to where it ends, the customer
// allowing what is asked. changes replace parameters of the request; an empty
// value leaves one out.
func (t *trial) seek(ctx context.Context, g *grant, changes map[string]string) error {
	q := g.parameters()
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		q.Del(name)
		if changes[name] != "" {
			q.Set(name, changes[name])
		}
	}
	landing, err := t.walk(ctx, t.authorizeURL(q), g.customer, pages.Allow)
	g.landing, g.code = landing, landing.Code()
	return err
}

// consent takes a grant through the customer's consent to a code; an error
// says where it ended instead.
func (t *trial) consent(ctx context.Context, g *grant, changes map[string]string) error {
	if err := t.seek(ctx, g, changes); err != nil {
		return err
	}
	if g.code == "" {
		return fmt.Errorf("the consent brought no code: %s", describe(g.landing))
	}
	return nil
}

// exchange is the good token request for the grant's code.
func (g grant) exchange() url.Values {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {g.code}, "redirect_uri": {g.redirect}}
	if g.verifier != "" {
		form.Set("code_verifier", g.verifier)
	}
	return form
}

// renewal is the good token request for the grant's newest refresh token.
func (g grant) renewal() url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {g.refresh()}}
}

// token sends a right token request with the client's own way of authentication.
func (t *trial) token(ctx context.Context, about string, client *target.Client, form url.Values) (exchange.Exchange, error) {
	return t.send.Do(ctx, t.order(client, form).request(about))
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

// coded takes a new grant of the client to its code.
func (t *trial) coded(ctx context.Context, client *target.Client) (grant, error) {
	if client == nil {
		return grant{}, errors.New("the target has no such client")
	}
	g := t.newGrant(client)
	return g, t.consent(ctx, &g, nil)
}

// granted takes a new grant of the client, by the target's first customer, all
// the way to tokens.
func (t *trial) granted(ctx context.Context, client *target.Client) (grant, error) {
	return t.grantedBy(ctx, client, nil)
}

// grantedBy is granted for any customer. On a server without authorization
// codes the customer's password is exchanged.
func (t *trial) grantedBy(ctx context.Context, client *target.Client, customer *target.Customer) (grant, error) {
	if client == nil {
		return grant{}, errors.New("the target has no such client")
	}
	g := t.newGrant(client)
	g.customer = customer
	if !t.target.Has("authorization_code") && t.target.Has("password") {
		return g, t.password(ctx, &g)
	}
	if err := t.consent(ctx, &g, nil); err != nil {
		return g, err
	}
	return g, t.redeem(ctx, &g)
}

// password exchanges the customer's password for tokens (RFC 6749 section 4.3).
func (t *trial) password(ctx context.Context, g *grant) error {
	e, err := t.token(ctx, "exchange the password", g.client, t.passwordForm(g.customer))
	if err != nil {
		return err
	}
	if !e.Tokens() {
		return fmt.Errorf("exchanging the password gave no tokens: %s", e)
	}
	g.keep(e)
	return nil
}

// passwordForm is the good token request for a customer's password, nil for the
// first customer.
func (t *trial) passwordForm(customer *target.Customer) url.Values {
	if customer == nil {
		customer = t.target.Customers.First
	}
	return url.Values{"grant_type": {"password"}, "username": {customer.Username}, "password": {customer.Password}}
}

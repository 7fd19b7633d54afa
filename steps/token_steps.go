package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

var tokenSteps = []definition{
	given(`the client holds tokens of {who}`, (*world).holdsTokens),
	given(`the client holds tokens of {who} for ads.read`, (*world).holdsReadTokens),
	given(`the client holds tokens of {who} at {the platform}`, (*world).holdsTokensAt),
	given(`the client has refreshed {number} times?`, (*world).hasRefreshed),
	given(`the client has refreshed every {duration} for {duration}`, (*world).hasRefreshedEvery),
	given(`the client's refresh has been refused`, (*world).refreshRefused),
	given(`the client's refresh with a wrong secret has been refused`, (*world).wrongRefreshRefused),
	when(`the client refreshes`, (*world).refreshes),
	when(`the client refreshes with (one character changed|its access token)`, (*world).refreshesWith),
	when(`the client refreshes in {number} parallel requests`, (*world).refreshesInParallel),
	when(`the client presents its first refresh token again`, (*world).presentsFirst),
	when(`the second client refreshes with them`, (*world).secondRefreshes),
	when(`the client asks for tokens with {who}'s password`, (*world).asksWithPassword),
	when(`the client asks for tokens with {who}'s password {number} times`, (*world).asksWithPasswordTimes),
	when(`the client asks for tokens with {who}'s password and (a wrong password|an unknown username|client_id=4711|client_Id=100|no client_id|no password)`, (*world).asksWithPasswordAnd),
	when(`the client asks for tokens with {who}'s password in the query`, (*world).asksWithPasswordInQuery),
	when(`the client sends (no grant_type|no code|grant_type=banana|an unknown code|a wrong secret|no secret|its secret in the query|its name in client_Id|the password grant|an unknown refresh token) to the token endpoint`, (*world).sends),
	when(`the client asks for tokens by GET`, (*world).asksByGET),
}

func (w *world) holdsTokens(ctx context.Context, who person) error {
	return w.earns(ctx, "", who, "")
}

func (w *world) holdsReadTokens(ctx context.Context, who person) error {
	return w.earns(ctx, "", who, "ads.read")
}

func (w *world) holdsTokensAt(ctx context.Context, who person, of profile) error {
	return w.earns(ctx, of, who, "")
}

// earns obtains tokens by the grant of the profile: consent and a code, or a
// password.
func (w *world) earns(ctx context.Context, of profile, who person, scope string) error {
	c, err := w.theClient(ctx, of)
	if err != nil {
		return err
	}
	c.scope = scope
	if c.platform.passwords() {
		err = w.grantPassword(ctx, who, 1)
	} else {
		err = w.earnsByCode(ctx, c, who)
	}
	if err != nil {
		return err
	}
	return c.must()
}

func (w *world) earnsByCode(ctx context.Context, c *oauthClient, who person) error {
	if err := w.walks(ctx, c, who, allowsAll); err != nil {
		return err
	}
	return c.post(ctx, c.exchange())
}

func (w *world) hasRefreshed(ctx context.Context, n int) error {
	for range n {
		if err := w.client.renew(ctx); err != nil {
			return err
		}
	}
	return nil
}

// refresh presents the newest refresh token.
func (c *oauthClient) refresh(ctx context.Context) error {
	if err := c.must(); err != nil {
		return err
	}
	return c.post(ctx, c.refreshWith(c.newest().refresh))
}

// renew refreshes and fails without new tokens.
func (c *oauthClient) renew(ctx context.Context) error {
	if err := c.refresh(ctx); err != nil {
		return err
	}
	return c.answer.expectTokens()
}

func (w *world) hasRefreshedEvery(ctx context.Context, step, total time.Duration) error {
	for gone := step; gone <= total; gone += step {
		if err := w.advance(ctx, step); err != nil {
			return err
		}
		if err := w.client.renew(ctx); err != nil {
			return fmt.Errorf("after %v: %w", gone, err)
		}
	}
	return nil
}

func (w *world) refreshRefused(ctx context.Context) error {
	if err := w.client.refresh(ctx); err != nil {
		return err
	}
	return w.client.answer.expectError("invalid_grant")
}

func (w *world) wrongRefreshRefused(ctx context.Context) error {
	r := w.client.refreshWith(w.client.newest().refresh)
	if err := w.client.post(ctx, deviation("a wrong secret").of(r)); err != nil {
		return err
	}
	return w.client.answer.expectError("invalid_client")
}

func (w *world) refreshes(ctx context.Context) error { return w.client.refresh(ctx) }

// stranger is a value that is presented in place of the refresh token.
type stranger string

func (w *world) refreshesWith(ctx context.Context, s stranger) error {
	value := w.client.newest().access
	if s == "one character changed" {
		value = changed(w.client.newest().refresh)
	}
	return w.client.post(ctx, w.client.refreshWith(value))
}

// changed replaces the last character of a token by another one.
func changed(token string) string {
	last := byte('0')
	if token[len(token)-1] == last {
		last = '1'
	}
	return token[:len(token)-1] + string(last)
}

func (w *world) refreshesInParallel(ctx context.Context, n int) error {
	token := w.client.newest().refresh
	var err error
	w.parallel, err = w.client.parallel(ctx, n, func() *tokenRequest { return w.client.refreshWith(token) })
	return err
}

func (w *world) presentsFirst(ctx context.Context) error {
	return w.client.post(ctx, w.client.refreshWith(w.client.tokens[0].refresh))
}

func (w *world) secondRefreshes(ctx context.Context) error {
	second, err := w.theSecond()
	if err != nil {
		return err
	}
	return w.client.post(ctx, second.refreshWith(w.client.newest().refresh))
}

// passwordRequest is a good request of the password grant.
func (w *world) passwordRequest(ctx context.Context, who person) (*tokenRequest, error) {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return nil, err
	}
	customer, err := c.platform.customer(who)
	if err != nil {
		return nil, err
	}
	return c.password(customer.Username, customer.Password), nil
}

func (w *world) asksWithPassword(ctx context.Context, who person) error {
	return w.grantPassword(ctx, who, 1)
}

func (w *world) asksWithPasswordTimes(ctx context.Context, who person, n int) error {
	return w.grantPassword(ctx, who, n)
}

// grantPassword sends n good requests of the password grant.
func (w *world) grantPassword(ctx context.Context, who person, n int) error {
	for range n {
		r, err := w.passwordRequest(ctx, who)
		if err != nil {
			return err
		}
		if err := w.client.post(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) asksWithPasswordAnd(ctx context.Context, who person, d deviation) error {
	r, err := w.passwordRequest(ctx, who)
	if err != nil {
		return err
	}
	switch d {
	case "a wrong password":
		r.form.Set("password", "not-hers")
	case "an unknown username":
		r.form.Set("username", "nobody@example.test")
	case "client_id=4711":
		r.form.Set("client_id", "4711")
	case "client_Id=100":
		r.form["client_Id"] = []string{"100"}
		r.form.Del("client_id")
	case "no client_id":
		r.form.Del("client_id")
	case "no password":
		r.form.Del("password")
	}
	return w.client.post(ctx, r)
}

func (w *world) asksWithPasswordInQuery(ctx context.Context, who person) error {
	r, err := w.passwordRequest(ctx, who)
	if err != nil {
		return err
	}
	r.inQuery()
	return w.client.post(ctx, r)
}

// mistake is a whole request that must fail.
type mistake string

func (w *world) sends(ctx context.Context, m mistake) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	unknownCode := c.unknownCode()
	switch m {
	case "no grant_type":
		return c.post(ctx, c.request("", "code", "never-issued"))
	case "no code":
		unknownCode.form.Del("code")
		return c.post(ctx, unknownCode)
	case "grant_type=banana":
		return c.post(ctx, c.request("banana"))
	case "an unknown code":
		return c.post(ctx, unknownCode)
	case "a wrong secret":
		return c.post(ctx, deviation("a wrong secret").of(unknownCode))
	case "no secret":
		unknownCode.inBody()
		unknownCode.form.Del("client_secret")
		return c.post(ctx, unknownCode)
	case "its secret in the query":
		unknownCode.secretInQuery()
		return c.post(ctx, unknownCode)
	case "its name in client_Id":
		unknownCode.inBody()
		unknownCode.form["client_Id"] = unknownCode.form["client_id"]
		unknownCode.form.Del("client_id")
		return c.post(ctx, unknownCode)
	case "the password grant":
		return c.post(ctx, c.password("maya@example.test", "maya-password-1"))
	case "an unknown refresh token":
		return c.post(ctx, c.refreshWith("never-issued"))
	}
	return errors.New("no such mistake")
}

func (w *world) asksByGET(ctx context.Context) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	r := c.unknownCode()
	r.method, r.query = http.MethodGet, r.form
	return c.post(ctx, r)
}

// unknownCode is an exchange with everything right but the code.
func (c *oauthClient) unknownCode() *tokenRequest {
	return c.request("authorization_code", "code", "never-issued", "redirect_uri", c.redirect, "code_verifier", c.verifier)
}

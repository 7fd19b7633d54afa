package checks

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"time"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// pushedSteps are the sentences about pushed authorization requests.
func (t *trial) pushedSteps() []sentence {
	return []sentence{
		given(`a pushed request has led to tokens`, t.pushedLedToTokens),
		when(`the client pushes an authorization request`, t.push),
		when(`the client pushes with a wrong secret`, t.pushWithWrongSecret),
		when(`the client pushes a request to an address that it has not registered`, t.pushBadRedirect),
		when(`the second client sends a customer to the first one's request URI`, t.secondOpensPushed),
		when(`a customer comes after the end of the request URI`, t.openPushedLate),
		then(`the server keeps it under a request URI for some seconds`, t.pushKept),
		then(`the customer's consent to the request URI leads to tokens`, t.pushedLeadsToTokens),
		then(`a request URI that was used is used up`, t.pushedUsedUp),
	}
}

// pushing sends the authorization request of a grant to the endpoint for
// pushed ones (RFC 9126 section 2.1).
func (t *trial) pushing(ctx context.Context, about string, client *target.Client, q url.Values) (exchange.Exchange, error) {
	return t.post(ctx, about, t.target.Endpoints.PAR, client, q)
}

// openPushed goes through the pages of a pushed request, which is named by
// client id and request URI alone.
func (t *trial) openPushed(ctx context.Context, client *target.Client, uri string) (pages.Landing, error) {
	q := url.Values{"client_id": {client.ID}, "request_uri": {uri}}
	return t.walk(ctx, t.authorizeURL(q), nil, pages.Allow)
}

func (t *trial) push(ctx context.Context) error {
	t.grant = t.newGrant(t.client)
	e, err := t.pushing(ctx, "push the authorization request", t.client, t.grant.parameters())
	t.answers = append(t.answers, e)
	return err
}

// pushKept judges the answer by RFC 9126 section 2.2.
func (t *trial) pushKept(context.Context) error {
	e := t.answers[0]
	seconds, _ := e.JSON["expires_in"].(float64)
	var bad string
	switch {
	case e.Status != http.StatusCreated:
		bad = e.String()
	case e.Text("request_uri") == "":
		bad = "no request_uri"
	case seconds <= 0 || seconds != math.Trunc(seconds):
		bad = fmt.Sprintf("expires_in %v", e.JSON["expires_in"])
	default:
		return nil
	}
	return &report.Finding{Expected: "201 with a request_uri and a whole number of seconds as expires_in", Got: bad}
}

func (t *trial) pushedLeadsToTokens(ctx context.Context) error {
	landing, err := t.openPushed(ctx, t.client, t.answers[0].Text("request_uri"))
	if err != nil {
		return err
	}
	if t.grant.code = landing.Code(); t.grant.code == "" || landing.Params.Get("state") != t.grant.state {
		return &report.Finding{Expected: "a code and the pushed state", Got: describe(landing)}
	}
	e, err := t.token(ctx, "redeem the code", t.client, t.grant.exchange())
	if err != nil {
		return err
	}
	if !e.Tokens() {
		return &report.Finding{Expected: "an access token for the code", Got: e.String()}
	}
	return nil
}

// pushedRequest pushes a good request for later use.
func (t *trial) pushedRequest(ctx context.Context) (g grant, uri string, err error) {
	g = t.newGrant(t.client)
	e, err := t.pushing(ctx, "push an authorization request", t.client, g.parameters())
	if err != nil {
		return g, "", err
	}
	if uri = e.Text("request_uri"); uri == "" {
		return g, "", unmet("pushing a request", fmt.Errorf("it was answered with %s", e))
	}
	t.answers = append(t.answers, e)
	return g, uri, nil
}

func (t *trial) pushedLedToTokens(ctx context.Context) error {
	g, uri, err := t.pushedRequest(ctx)
	if err != nil {
		return err
	}
	landing, err := t.openPushed(ctx, t.client, uri)
	if err != nil {
		return err
	}
	g.code = landing.Code()
	if err := t.redeem(ctx, &g); err != nil {
		return unmet("redeeming the code of a pushed request", err)
	}
	t.grant, t.usedURI = g, uri
	t.controls++
	return nil
}

func (t *trial) pushWithWrongSecret(ctx context.Context) error {
	if t.client.Secret == "" {
		return nil // a public client has nothing to prove
	}
	e, err := t.pushing(ctx, "push with a wrong secret", impostor(t.client), t.newGrant(t.client).parameters())
	t.tried("a push with a wrong secret", e)
	return err
}

func (t *trial) pushBadRedirect(ctx context.Context) error {
	q := t.newGrant(t.client).parameters()
	q.Set("redirect_uri", "https://stranger.example/callback")
	e, err := t.pushing(ctx, "push with a strange redirect URI", t.client, q)
	t.tried("a push with a redirect URI that is not registered", e)
	return err
}

func (t *trial) secondOpensPushed(ctx context.Context) error {
	_, uri, err := t.pushedRequest(ctx)
	if err != nil {
		return err
	}
	landing, err := t.openPushed(ctx, t.target.Clients.Second, uri)
	t.walked("the request URI of another client", landing)
	return err
}

func (t *trial) openPushedLate(ctx context.Context) error {
	_, uri, err := t.pushedRequest(ctx)
	if err != nil {
		return err
	}
	lives := life(t.answers[len(t.answers)-1])
	if err := t.pass(ctx, lives+2*time.Second); err != nil {
		return err
	}
	landing, err := t.openPushed(ctx, t.client, uri)
	t.walked("the request URI after its end", landing)
	return err
}

// pushedUsedUp: single use is recommended (RFC 9126 section 4), so that a
// second one is a warning.
func (t *trial) pushedUsedUp(ctx context.Context) error {
	landing, err := t.openPushed(ctx, t.client, t.usedURI)
	if err != nil {
		return err
	}
	if landing.Code() != "" {
		t.warn("a request URI can be used a second time (RFC 9126 section 4)")
	}
	return nil
}

package checks

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
)

// accountSteps are the sentences about an application's own account.
func (t *trial) accountSteps() []sentence {
	return []sentence{
		given(`the application has a token of its own`, t.ownToken),
		given(`its own account opens with it`, t.ownAccountOpens),
		when(`the application changes its description`, t.changeDescription),
		when(`the application replaces its redirect URI`, t.replaceRedirect),
		when(`a customer is sent to the old one, and the application asks for a bad one`, t.oldAndBadRedirect),
		then(`its account and the consent page show the new description`, t.descriptionShown),
		then(`a customer comes back to the new one`, t.newRedirectWorks),
		when(`the application asks for the account of the second client`, t.asksForSecond),
		then(`it does not open`, t.secondAccountClosed),
		then(`no account opens with a customer's token`, t.customerTokenRefused),
	}
}

// moved is the redirect URI that takes the place of the registered one.
const moved = "https://moved.example/callback"

func (t *trial) ownToken(ctx context.Context) error {
	t.client = t.target.Clients.Machine
	if t.client == nil {
		return report.DoesNotApply("the target names no client for the client credentials grant")
	}
	e, err := t.token(ctx, "get a token of the application", t.client, url.Values{"grant_type": {"client_credentials"}})
	if err != nil {
		return err
	}
	t.ownAccess = e.Text("access_token")
	return t.controlled("client credentials", e.Tokens(), e)
}

// account asks for an application's account, or changes it where there is a
// change.
func (t *trial) account(ctx context.Context, about, token string, query url.Values, change map[string]any) (exchange.Exchange, error) {
	r := exchange.Request{About: about, URL: t.target.Endpoints.Application, Query: query, Bearer: token}
	if change != nil {
		document, err := json.Marshal(change)
		if err != nil {
			return exchange.Exchange{}, err
		}
		r.Method, r.Body, r.ContentType = http.MethodPatch, string(document), "application/json"
	}
	return t.send.Do(ctx, r)
}

func (t *trial) ownAccountOpens(ctx context.Context) error {
	e, err := t.account(ctx, "read its own account", t.ownAccess, nil, nil)
	if err != nil {
		return err
	}
	t.ownAccount = e
	return t.controlled("an application's own account", served(e) && e.JSON != nil, e)
}

func (t *trial) changeDescription(ctx context.Context) error {
	t.newText = "Now described as " + strings.ToLower(rand.Text())
	e, err := t.account(ctx, "change the description", t.ownAccess, nil, map[string]any{"description": t.newText})
	if err == nil && !served(e) {
		return &report.Finding{Expected: "a new description taken over", Got: e.String()}
	}
	return err
}

func (t *trial) descriptionShown(ctx context.Context) error {
	e, err := t.account(ctx, "read the account", t.ownAccess, nil, nil)
	if err != nil {
		return err
	}
	if e.Text("description") != t.newText {
		return &report.Finding{Expected: "the new description in the account", Got: "another one"}
	}
	if t.client.Redirect() == "" || !t.target.Has("authorization_code") {
		return nil // no customer is ever asked about this client
	}
	if err := t.asked(ctx, t.allScopes()); err != nil {
		return err
	}
	landing, err := t.walk(ctx, t.authorizeURL(t.newGrant(t.client).parameters()), t.question.of, pages.Abandon)
	if err != nil {
		return err
	}
	if !landing.SawConsent {
		return unmet("looking at the consent page", errors.New(describe(landing)))
	}
	if !strings.Contains(landing.ConsentPage.Text, t.newText) {
		return &report.Finding{Expected: "the new description on the consent page", Got: "a page without it"}
	}
	return nil
}

func (t *trial) replaceRedirect(ctx context.Context) error {
	if t.client.Redirect() == "" {
		return report.DoesNotApply("the application has no redirect URI to replace")
	}
	return t.registerRedirect(ctx, moved)
}

func (t *trial) registerRedirect(ctx context.Context, uri string) error {
	e, err := t.account(ctx, "replace the redirect URI", t.ownAccess, nil, map[string]any{"redirect_uris": []string{uri}})
	if err == nil && !served(e) {
		return &report.Finding{Expected: "a redirect URI taken over", Got: e.String()}
	}
	return err
}

// comeBack goes through the pages with a redirect URI of the application.
func (t *trial) comeBack(ctx context.Context, uri string) (pages.Landing, error) {
	v, customer, err := t.visitor(ctx, nil)
	if err != nil {
		return pages.Landing{}, err
	}
	g := t.newGrant(t.client)
	g.redirect = uri
	return v.Walk(ctx, pages.Walk{
		URL: t.authorizeURL(g.parameters()), Username: customer.Username, Password: customer.Password,
		Decision: pages.Allow, Redirects: []string{uri},
	})
}

func (t *trial) newRedirectWorks(ctx context.Context) error {
	landing, err := t.comeBack(ctx, moved)
	if err != nil {
		return err
	}
	if landing.Code() == "" {
		return &report.Finding{Expected: "a code at the new redirect URI", Got: describe(landing)}
	}
	t.controls++
	return nil
}

// oldAndBadRedirect puts the old redirect URI back at its end, so that later
// checks find what they know.
func (t *trial) oldAndBadRedirect(ctx context.Context) error {
	landing, err := t.comeBack(ctx, t.client.Redirect())
	if err != nil {
		return err
	}
	t.walked("the old redirect URI", landing)
	for _, bad := range []string{"https://app.example/callback#part", "http://app.example/callback", "/callback"} {
		e, err := t.account(ctx, "replace the redirect URI by a bad one", t.ownAccess, nil, map[string]any{"redirect_uris": []string{bad}})
		if err != nil {
			return err
		}
		t.tried("the redirect URI "+bad, e)
	}
	return t.registerRedirect(ctx, t.client.Redirect())
}

func (t *trial) asksForSecond(ctx context.Context) error {
	query := url.Values{"client_id": {t.target.Clients.Second.ID}}
	e, err := t.account(ctx, "ask for the second client's account", t.ownAccess, query, nil)
	t.answers = append(t.answers, e)
	return err
}

func (t *trial) secondAccountClosed(context.Context) error {
	t.judged = true
	second, e := t.target.Clients.Second.ID, t.answers[0]
	if e.Text("client_id") == second {
		return &report.Finding{Expected: "the account of the token's own client, or a refusal", Got: "the account of the second client"}
	}
	refused, why := e.Refused()
	switch {
	case refused:
		return nil
	case !served(e) || e.JSON == nil:
		return &report.Finding{Expected: "the account of the token's own client, or a refusal", Got: why}
	case e.Text("client_id") == t.client.ID || reflect.DeepEqual(e.JSON, t.ownAccount.JSON):
		return nil
	}
	return unmet("telling whose account was answered", errors.New("it names no client_id, and is not the one that the client sees as its own"))
}

func (t *trial) customerTokenRefused(ctx context.Context) error {
	g, err := t.granted(ctx, t.target.Clients.Main)
	if err != nil {
		return unmet("getting a customer's token", err)
	}
	e, err := t.account(ctx, "ask for the account with a customer's token", g.access(), nil, nil)
	t.tried("a customer's token", e)
	if err != nil {
		return err
	}
	return t.judge()
}

package checks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/target"
)

// question is how the check's requests are made so that the customer is asked.
// Servers that remember a consent do not ask again, and what a check says of
// the consent page has to be seen on it.
type question struct {
	of     *target.Customer // who is asked; nil: the target's first customer
	prompt string           // of all requests; "" for none
}

// asked finds a question that t.client's requests for the scope are asked
// with: the request as it is; with prompt=consent, which is not repeated if the
// server does not heed it (OpenID Connect Core section 3.1.2.1); of the second
// customer; and of the first one when his grant has ended, where that is
// allowed. It leaves no decision behind.
func (t *trial) asked(ctx context.Context, scope string) error {
	return t.askedBy(ctx, scope, []question{
		{}, {prompt: "consent"}, {of: t.target.Customers.Second},
	})
}

// askedUnprompted is asked by requests that do not demand the page: what
// remembered consent covers shows only in them.
func (t *trial) askedUnprompted(ctx context.Context, scope string) error {
	return t.askedBy(ctx, scope, []question{{}, {of: t.target.Customers.Second}})
}

func (t *trial) askedBy(ctx context.Context, scope string, ways []question) error {
	for i, way := range ways {
		if i > 0 && way == (question{}) {
			continue // no second customer
		}
		t.question = way
		if shown, err := t.isAsked(ctx, scope); shown || err != nil {
			return err
		}
	}
	t.question = question{}
	if t.target.Mock == nil && !t.target.Allow.EndsGrants {
		return unmet("the consent page", errors.New("the server remembers the consent of the test customers, and does not ask again; "+
			"write allow: [ends_grants] into the target's file so that it can be withdrawn, have prompt=consent heeded, or name a second customer who has not consented"))
	}
	if err := t.withdrawConsent(ctx); err != nil {
		return unmet("withdrawing a remembered consent", err)
	}
	shown, err := t.isAsked(ctx, scope)
	if err == nil && !shown {
		mend := "let withdrawing a grant forget the consent"
		if !t.target.Has("application_list") {
			mend = "name the page on which customers end what they have granted (endpoints.connected)"
		}
		err = unmet("the consent page", fmt.Errorf("the server does not ask again although the tokens of this run are revoked; "+
			"have prompt=consent heeded, name a second customer, or %s", mend))
	}
	return err
}

// walkAsked is the first customer's walk. A denial needs the consent page: it is
// tried once more by each way in which a server that remembers a consent may be
// brought to ask, and which ends nothing.
func (t *trial) walkAsked(ctx context.Context, address string, decision pages.Decision) (pages.Landing, error) {
	l, err := t.walk(ctx, address, nil, decision)
	if decision != pages.Deny {
		return l, err
	}
	if err == nil && l.Remembered() {
		l, err = t.walk(ctx, address+"&prompt=consent", nil, decision)
	}
	if second := t.target.Customers.Second; err == nil && l.Remembered() && second != nil {
		l, err = t.walk(ctx, address, second, decision)
	}
	return l, err
}

// isAsked says whether the question shows the consent page, or is answered
// without. Any other end is an error: to ask otherwise would hide what is wrong.
func (t *trial) isAsked(ctx context.Context, scope string) (bool, error) {
	g := t.newGrant(t.client)
	g.scope = scope
	l, err := t.walk(ctx, t.authorizeURL(g.parameters()), t.question.of, pages.Abandon)
	switch {
	case err != nil:
		return false, unmet("the consent page", err)
	case l.SawConsent:
		return true, nil
	case l.Remembered(), t.question.prompt != "":
		return false, nil
	}
	return false, unmet("the consent page", fmt.Errorf("the way ended at %s", describe(l)))
}

// respondent is the customer who is asked.
func (t *trial) respondent() *target.Customer {
	if t.question.of != nil {
		return t.question.of
	}
	return t.target.Customers.First
}

// withdrawConsent ends what the first customer has granted to t.client: by him
// on the page of connected applications, or by the client, which revokes the
// tokens that it gets without a question and those that checks before it have
// left (RFC 7009).
func (t *trial) withdrawConsent(ctx context.Context) error {
	if t.target.Has("application_list") && t.target.Endpoints.Connected != "" {
		_, listed, ended, err := t.disconnect(ctx, t.client)
		if err == nil && (!listed || !ended) {
			err = errors.New("the page of connected applications has no button for it")
		}
		return err
	}
	if !t.target.Has("revocation") {
		return errors.New("the server has neither a page of connected applications nor a revocation endpoint; name one in the target's file")
	}
	g, err := t.granted(ctx, t.client)
	if err != nil {
		return err
	}
	token, hint := g.refresh(), "refresh_token"
	if token == "" {
		token, hint = g.access(), "access_token"
	}
	e, err := t.revoke(ctx, "revoke a grant that was remembered", t.client, token, hint)
	if err == nil && e.Status != http.StatusOK {
		err = fmt.Errorf("the revocation was answered with %s", e)
	}
	if err != nil {
		return err
	}
	for _, token := range t.suite.issued.take(t.client.ID) { // many have ended since, which is answered as it may be
		if _, err := t.revoke(ctx, "revoke a grant of an earlier check", t.client, token, ""); err != nil {
			return err
		}
	}
	return nil
}

// disconnect logs the first customer in at the page of connected applications
// and presses the client's button there, twice if the first asks for a
// confirmation. listed says whether the application stood there, by name.
func (t *trial) disconnect(ctx context.Context, client *target.Client) (page pages.Page, listed, ended bool, err error) {
	v, err := t.stranger()
	if err != nil {
		return page, false, false, err
	}
	_, page, err = v.Open(ctx, exchange.Request{About: "open the connected applications", URL: t.target.Endpoints.Connected})
	if err != nil {
		return page, false, false, err
	}
	if kind, form := pages.Recognise(page); kind == pages.Login {
		customer := t.target.Customers.First
		if _, page, err = v.Open(ctx, form.LogIn(customer.Username, customer.Password)); err != nil {
			return page, false, false, err
		}
	}
	if !strings.Contains(page.Text, client.Name) {
		return page, false, false, nil
	}
	for range 2 {
		r, ok := withdrawal(page, client)
		if !ok {
			break
		}
		if _, page, err = v.Open(ctx, r); err != nil {
			return page, true, ended, err
		}
		ended = true
	}
	return page, true, ended, nil
}

package checks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
)

// codeSteps are the sentences about authorization codes.
func (t *trial) codeSteps() []sentence {
	return []sentence{
		when(`a customer allows the client access`, t.allowAccess),
		then(`the client gets a code`, t.gotCode),
		then(`the code gives an access token`, t.codeGivesToken),
		then(`the code gives a refresh token too`, t.codeGivesRefresh),
		then(`the API answers with data`, t.apiAnswers),

		when(`the client redeems the same code again, two seconds later`, t.redeemAgain),
		when(`the client redeems a new code each time`, t.redeemEach),
		when(`the client redeems the code many times at the same instant`, t.redeemAtOnce),
		when(`the client keeps the code until its documented life is over`, t.redeemLate),
		then(`one exchange at most succeeds`, t.oneSucceeded),
		then(`it gives tokens for a code redeemed ([^:]+)`, t.redeemControl),
		then(`it refuses a code redeemed without redirect_uri, unless a code challenge takes its place`, t.redirectLeftOut),
	}
}

// allowAccess: trouble with the test account is none of the server's.
func (t *trial) allowAccess(ctx context.Context) error {
	t.grant = t.newGrant(t.client)
	if err := t.seek(ctx, &t.grant, nil); err != nil {
		return err
	}
	if t.grant.landing.Refused {
		return unmet("logging in", errors.New("the login page came again: the test customer's password is not accepted"))
	}
	return nil
}

func (t *trial) gotCode(context.Context) error {
	if t.grant.code == "" {
		return &report.Finding{Expected: "a redirect to the client with a code", Got: describe(t.grant.landing)}
	}
	return nil
}

func (t *trial) codeGivesToken(ctx context.Context) error {
	e, err := t.token(ctx, "redeem the code", t.grant.client, t.grant.exchange())
	if err != nil {
		return err
	}
	t.grant.answer = e
	if !e.Tokens() {
		return &report.Finding{Expected: "an access token", Got: e.String()}
	}
	t.controls++
	return nil
}

func (t *trial) codeGivesRefresh(ctx context.Context) error {
	if err := t.redeem(ctx, &t.grant); err != nil {
		return unmet("getting tokens", err)
	}
	if t.grant.refresh() == "" {
		return &report.Finding{Expected: "a refresh token beside the access token", Got: t.grant.answer.String()}
	}
	return nil
}

func (t *trial) apiAnswers(ctx context.Context) error {
	if t.target.Resource == nil {
		t.warn("the target names no protected resource, so that the access token was not used")
		return nil
	}
	return t.mustServe(ctx, "with the new access token", t.grant.access())
}

func (t *trial) redeemAgain(ctx context.Context) error {
	if err := t.pass(ctx, 2*time.Second); err != nil {
		return err
	}
	e, err := t.token(ctx, "redeem the same code again", t.grant.client, t.grant.exchange())
	t.tried("the code a second time", e)
	return err
}

// redeemEach sends one token request for each row, with a new code each time
// and the changes that the row tells.
func (t *trial) redeemEach(ctx context.Context, table *godog.Table) error {
	return eachRow(table, func(change string) error { return t.redeemChanged(ctx, change) })
}

func (t *trial) redeemChanged(ctx context.Context, change string) error {
	g, err := t.coded(ctx, t.client)
	if err != nil {
		return unmet("getting a code", err)
	}
	return t.try(ctx, t.order(g.client, g.exchange()), change)
}

// redeemControl: the same as redeemEach, made as it should be.
func (t *trial) redeemControl(ctx context.Context, change string) error {
	g, err := t.coded(ctx, t.client)
	if err != nil {
		return unmet("getting a code", err)
	}
	return t.control(ctx, t.order(g.client, g.exchange()), change)
}

// redeemAtOnce sends the right request for the code over as many connections.
func (t *trial) redeemAtOnce(ctx context.Context) error {
	requests := make([]exchange.Request, t.sample(20, 5))
	for i := range requests {
		requests[i] = t.order(t.grant.client, t.grant.exchange()).request("redeem the code, all at once")
	}
	answers, err := t.race(ctx, requests)
	for _, e := range answers {
		t.tried("one of them", e)
	}
	return err
}

// oneSucceeded: the winner of the race is the positive control of the others,
// all of which the server has to refuse by intent.
func (t *trial) oneSucceeded(context.Context) error {
	winners := 0
	t.attempts = slices.DeleteFunc(t.attempts, func(a attempt) bool {
		if a.got.Tokens() {
			winners++
			return true
		}
		return false
	})
	t.controls += winners
	switch {
	case winners == 0:
		return unmet("redeeming a code many times at once", errors.New("no exchange of the code succeeded"))
	case winners > 1:
		return &report.Finding{Expected: "one access token at most", Got: fmt.Sprintf("%d exchanges of the same code gave one", winners)}
	}
	return t.judge()
}

// longestCode is the longest life of a code that RFC 6749 section 4.1.2
// recommends; it is taken for one that is not documented.
const longestCode = 10 * time.Minute

func (t *trial) redeemLate(ctx context.Context) error {
	life := t.target.Lifetimes.Code
	switch {
	case life == 0:
		life = longestCode
	case life > longestCode:
		t.warn("codes live for %s by the documentation; RFC 6749 section 4.1.2 recommends ten minutes at most", life)
	}
	if err := t.pass(ctx, life+time.Second); err != nil {
		return err
	}
	e, err := t.token(ctx, "redeem the code after its life", t.grant.client, t.grant.exchange())
	t.tried("the code after "+life.String(), e)
	return err
}

// redirectLeftOut: servers of the OAuth 2.1 draft know no redirect_uri at the
// token endpoint; there the verifier shows whose code it is (section 10.2).
func (t *trial) redirectLeftOut(ctx context.Context) error {
	if err := t.redeemChanged(ctx, "without redirect_uri"); err != nil {
		return err
	}
	if last := t.attempts[len(t.attempts)-1]; last.got.Tokens() && t.target.Has("pkce") {
		t.warn("the exchange works without redirect_uri, as in the OAuth 2.1 draft; RFC 6749 section 4.1.3 asks for it")
		return nil
	}
	return t.judge()
}

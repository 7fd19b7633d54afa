package checks

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// errNoClient says what a partner has to name in his file.
var errNoClient = errors.New("the target names no such client")

// passwordSteps are the sentences about customers' passwords.
func (t *trial) passwordSteps() []sentence {
	return []sentence{
		given(`a password request made in the right way works`, t.passwordWorks),
		when(`the client exchanges the customer's password`, t.exchangePassword),
		when(`a password request is tried`, t.tryPassword),
		when(`user name and password are sent in the query`, t.passwordInQuery),
		when(`somebody guesses a customer's password 30 times`, t.guess),
		then(`the server gives all four members of a token answer`, t.fourMembers),
		then(`both refusals look the same`, t.lookSame),
		then(`the refusals point at the client id`, t.pointAtClient),
		then(`the server slows it down, and lets the right password in after a while`, t.slowed),
	}
}

func (t *trial) exchangePassword(ctx context.Context) error {
	e, err := t.token(ctx, "exchange the password", t.client, t.passwordForm(nil))
	t.grant.answer = e
	return err
}

func (t *trial) fourMembers(context.Context) error {
	e := t.grant.answer
	if !e.Tokens() {
		return &report.Finding{Expected: "an access token", Got: e.String()}
	}
	for _, member := range []string{"access_token", "token_type", "expires_in", "refresh_token"} {
		if e.JSON[member] == nil {
			return &report.Finding{Expected: "the member " + member, Got: "an answer without it"}
		}
	}
	return nil
}

func (t *trial) passwordWorks(ctx context.Context) error {
	return t.control(ctx, t.order(t.client, t.passwordForm(nil)), "in the right way")
}

func (t *trial) tryPassword(ctx context.Context, table *godog.Table) error {
	return eachRow(table, func(change string) error {
		return t.try(ctx, t.order(t.client, t.passwordForm(nil)), change)
	})
}

// lookSame: answers that differ tell which names exist.
func (t *trial) lookSame(context.Context) error {
	first, second := t.attempts[0].got, t.attempts[1].got
	if first.Status != second.Status || first.Text("error") != second.Text("error") ||
		first.Text("error_description") != second.Text("error_description") {
		t.warn("a wrong password and an unknown name are answered differently, which tells who has an account")
	}
	return nil
}

func (t *trial) pointAtClient(context.Context) error {
	for _, a := range t.attempts {
		if !strings.Contains(strings.ToLower(a.got.Text("error")+" "+a.got.Text("error_description")), "client") {
			t.warn("%s: the refusal does not say that the client id is wrong: %s", a.what, a.got)
		}
	}
	return nil
}

func (t *trial) passwordInQuery(ctx context.Context) error {
	o := t.order(t.client, t.passwordForm(nil))
	form := o.form
	o.form = map[string][]string{"grant_type": {"password"}}
	r := o.request("user name and password in the query")
	r.Query.Set("username", form.Get("username"))
	r.Query.Set("password", form.Get("password"))
	e, err := t.send.Do(ctx, r)
	t.tried("user name and password in the query", e)
	return err
}

// guesses is how often a wrong password is tried.
const guesses = 30

// guess tries wrong passwords, and then the right one at once: at the token
// endpoint, or on the login page of a server without the grant.
func (t *trial) guess(ctx context.Context) error {
	for n := range guesses {
		if err := t.guessOnce(ctx, "wrong-password-"+strconv.Itoa(n)); err != nil {
			return err
		}
	}
	return t.guessOnce(ctx, t.target.Customers.First.Password)
}

func (t *trial) guessOnce(ctx context.Context, password string) error {
	customer := *t.target.Customers.First
	customer.Password = password
	if t.target.Has("password") {
		e, err := t.token(ctx, "try a password", t.client, t.passwordForm(&customer))
		t.tried("a password", e)
		return err
	}
	return t.guessOnPage(ctx, &customer)
}

func (t *trial) guessOnPage(ctx context.Context, customer *target.Customer) error {
	g := t.newGrant(t.client)
	l, err := t.walk(ctx, t.authorizeURL(g.parameters()), customer, pages.Abandon)
	e := exchange.Exchange{Status: l.Page.Status}
	if l.SawConsent || l.Code() != "" { // in, asked or not
		e.JSON = map[string]any{"access_token": "-"}
	}
	t.tried("a password", e)
	return err
}

// in says whether an attempt of guessOnce got in.
func (a attempt) in() bool { return a.got.Text("access_token") != "" }

func (t *trial) slowed(ctx context.Context) error {
	held := false
	for n, a := range t.attempts {
		if n < guesses && a.in() {
			return unmet("having wrong passwords refused", fmt.Errorf("attempt %d got in", n+1))
		}
		held = held || a.got.Limited()
	}
	if last := t.attempts[guesses]; last.in() && !held {
		return &report.Finding{Expected: "a pause, a delay or a lock after some wrong passwords", Got: "30 answers at full speed, and the right password right after them"}
	}
	if err := t.pass(ctx, time.Hour); err != nil {
		return err
	}
	t.attempts = nil
	if err := t.guessOnce(ctx, t.target.Customers.First.Password); err != nil {
		return err
	}
	if !t.attempts[0].in() {
		return &report.Finding{Expected: "the right password to be let in after an hour", Got: t.attempts[0].got.String()}
	}
	return nil
}

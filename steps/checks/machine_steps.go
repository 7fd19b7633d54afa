package checks

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/report"
)

// machineSteps are the sentences about applications that act for themselves.
func (t *trial) machineSteps() []sentence {
	return []sentence{
		when(`the application asks for a token of its own`, t.askOwn),
		when(`a token of the application's own is asked for`, t.askOwnEach),
		when(`the application asks for a token of its own, with scopes it is not registered for`, t.askTooMuch),
		when(`the application reads customers' data, and its own account`, t.reachAround),
		then(`the application's own account opens for it, if there is one`, t.accountOpens),
		then(`no refresh token comes with it`, t.noRefreshBeside),
		then(`the answer must not be stored`, t.notStored),
		then(`customers' data stay closed, and the application's account opens`, t.reachesItself),
		then(`none of them is granted`, t.noneGranted),
	}
}

// machineForm is the client credentials request (RFC 6749 section 4.4.2).
func machineForm() url.Values { return url.Values{"grant_type": {"client_credentials"}} }

func (t *trial) askOwn(ctx context.Context) error {
	if t.target.Clients.Machine == nil {
		return unmet("acting as the application", errNoClient)
	}
	e, err := t.token(ctx, "ask for a token of the application's own", t.target.Clients.Machine, machineForm())
	t.tried("the request", e)
	t.grant.answer = e
	return err
}

func (t *trial) askOwnEach(ctx context.Context, table *godog.Table) error {
	if t.target.Clients.Machine == nil {
		return unmet("acting as the application", errNoClient)
	}
	return eachRow(table, func(change string) error {
		return t.try(ctx, t.order(t.target.Clients.Machine, machineForm()), change)
	})
}

func (t *trial) accountOpens(ctx context.Context) error {
	if t.target.Endpoints.Application == "" {
		return nil
	}
	e, err := t.account(ctx, "read the application's own account", t.grant.access(), nil, nil)
	if err == nil && !served(e) {
		return &report.Finding{Expected: "the application's own account", Got: e.String()}
	}
	return err
}

func (t *trial) noRefreshBeside(context.Context) error {
	if !t.grant.answer.Tokens() {
		return unmet("getting a token of the application's own", errOf(t.grant.answer))
	}
	if _, there := t.grant.answer.JSON["refresh_token"]; there {
		return &report.Finding{Expected: "no refresh token beside client credentials", Got: "an answer with one"}
	}
	return nil
}

func (t *trial) notStored(context.Context) error {
	for _, a := range t.attempts {
		if !strings.Contains(strings.ToLower(a.got.Header.Get("Cache-Control")), "no-store") {
			return &report.Finding{Expected: "Cache-Control with no-store", Got: a.what + " without it"}
		}
	}
	t.shared.Recorder.Note(t.scenario.Id, "the secret stands in the address, which logs and proxies keep: prefer HTTP Basic or the body (RFC 6749 section 2.3.1)")
	return nil
}

// askTooMuch asks for each scope that the registration lacks, as far as it is
// known, and for one that nobody has.
func (t *trial) askTooMuch(ctx context.Context) error {
	scopes := []string{"nobody-has-this"}
	if registered := t.target.Clients.Machine.Scopes; len(registered) > 0 {
		scopes = append(beyond(t.target.Scopes, registered), scopes...)
	}
	for _, scope := range scopes {
		form := machineForm()
		form.Set("scope", scope)
		e, err := t.token(ctx, "ask for the scope "+scope, t.target.Clients.Machine, form)
		if err != nil {
			return err
		}
		t.tried(scope, e)
	}
	return nil
}

// noneGranted: an answer that does not say its scope grants what was asked
// (RFC 6749 section 5.1).
func (t *trial) noneGranted(context.Context) error {
	t.attempts = slices.DeleteFunc(t.attempts, func(a attempt) bool {
		return a.got.Tokens() && !slices.Contains(scopeOf(a.got, []string{a.what}), a.what)
	})
	if len(t.attempts) == 0 {
		return nil
	}
	return t.judge()
}

// reachAround asks for all scopes that the application may have, so that
// nothing is refused for want of one.
func (t *trial) reachAround(ctx context.Context) error {
	token := t.ownAccess
	scopes := t.target.Clients.Machine.Scopes
	if len(scopes) == 0 {
		scopes = t.target.Scopes
	}
	if len(scopes) > 0 {
		form := machineForm()
		form.Set("scope", strings.Join(scopes, " "))
		e, err := t.token(ctx, "ask for a token with scopes", t.target.Clients.Machine, form)
		if err != nil {
			return err
		}
		if e.Tokens() {
			token = e.Text("access_token")
		}
	}
	e, err := t.call(ctx, "read a customer's data as the application", token)
	if err != nil {
		return err
	}
	t.tried("a customer's data", e)
	if e, err = t.account(ctx, "read the application's own account", token, nil, nil); err != nil {
		return err
	}
	t.tried("its own account", e)
	return t.whoIs(ctx, token)
}

// whoIs asks introspection, if there is one, for whom the token stands.
func (t *trial) whoIs(ctx context.Context, token string) error {
	if t.target.Endpoints.Introspect == "" {
		return nil
	}
	e, err := t.post(ctx, "introspect the application's token", t.target.Endpoints.Introspect, t.target.Clients.Machine, url.Values{"token": {token}})
	if err != nil {
		return err
	}
	for _, c := range []string{e.Text("sub"), e.Text("username")} {
		if c != "" && t.target.Customers.First != nil && c == t.target.Customers.First.Username {
			return &report.Finding{Expected: "a subject that is no customer", Got: "the name of the test customer"}
		}
	}
	return nil
}

func (t *trial) reachesItself(context.Context) error {
	customer, own := t.attempts[0], t.attempts[1]
	if !served(own.got) {
		return &report.Finding{Expected: "the application's own account", Got: own.got.String()}
	}
	t.controls++
	t.attempts = []attempt{customer}
	return t.judge()
}

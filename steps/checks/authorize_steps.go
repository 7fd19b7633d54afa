package checks

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
)

// authorizeSteps are the sentences about authorization requests.
func (t *trial) authorizeSteps() []sentence {
	return []sentence{
		given(`the server goes along with a good request of the (client|native client|public client|client with two redirect URIs|client with a query in its redirect URI)`, t.goodRequest),
		when(`the client asks for authorization with`, t.askWith),
		when(`a client that has registered one redirect URI leaves it out, and the customer allows`, t.leaveOnlyOut),
		then(`the code goes to that redirect URI, or the server refuses`, t.usedOrRefused),
		when(`the client asks for authorization, repeating`, t.askRepeating),
		when(`the client asks for authorization with things that the server need not know`, t.askWithUnknown),
		then(`the server goes along with (?:it|each)`, t.wentAlong),
		when(`the client asks for a token in the redirect, and the customer allows`, t.askImplicit),
		when(`the client asks for a scope that does not exist, and the customer allows`, t.askUnknownScope),
		then(`no token has the scope that does not exist`, t.noUnknownScope),
		when(`the client asks for no scope`, t.askNoScope),
		then(`the server takes a default or says that the scope is missing`, t.tookDefault),
		when(`somebody who is not logged in opens requests that cannot succeed`, t.openBroken),
		then(`the server shows a page before it sends anybody to the client`, t.shownBefore),
	}
}

// goodRequest is the positive control of requests that are to be refused: the
// same client's request as it should be comes as far as the consent page, which
// the customer leaves alone, or is answered by a remembered consent.
func (t *trial) goodRequest(ctx context.Context, whose string) error {
	if t.client = t.named(whose); t.client == nil {
		return unmet("a good request", fmt.Errorf("the target has no %s", whose))
	}
	l, err := t.walk(ctx, t.authorizeURL(t.newGrant(t.client).parameters()), nil, pages.Abandon)
	if err != nil {
		return unmet("a good request", err)
	}
	return t.controlled("a good authorization request", alongside(l), landed(l))
}

// alongside says whether a request was taken: the customer was asked, or the
// client was answered with a code.
func alongside(l pages.Landing) bool {
	return l.Code() != "" || l.Kind == pages.Consent && !l.Redirected
}

// ask sends one request with changed parameters, by a customer who goes as far
// as the consent page, and keeps it to judge.
func (t *trial) ask(ctx context.Context, what, answer string, change func(url.Values)) error {
	q := t.newGrant(t.client).parameters()
	change(q)
	l, err := t.walk(ctx, t.authorizeURL(q), nil, pages.Abandon, q["redirect_uri"]...)
	t.attempts = append(t.attempts, attempt{what: what, landing: &l, answer: answer})
	return err
}

// rows reads a table whose first line names its columns.
func rows(table *godog.Table) (all []map[string]string) {
	for i := 1; i < len(table.Rows); i++ {
		row := map[string]string{}
		for n, cell := range table.Rows[i].Cells {
			row[table.Rows[0].Cells[n].Value] = cell.Value
		}
		all = append(all, row)
	}
	return all
}

// askWith: columns request, parameter, value and answer; an empty value leaves
// the parameter out.
func (t *trial) askWith(ctx context.Context, table *godog.Table) error {
	for _, row := range rows(table) {
		err := t.ask(ctx, row["request"], row["answer"], func(q url.Values) {
			q.Del(row["parameter"])
			if row["value"] != "" {
				q.Set(row["parameter"], row["value"])
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// askRepeating: columns parameter, value and answer; the value comes second.
func (t *trial) askRepeating(ctx context.Context, table *godog.Table) error {
	for _, row := range rows(table) {
		if row["parameter"] == "scope" && len(t.target.Scopes) == 0 {
			continue
		}
		value := map[string]string{"scope": strings.Join(t.target.Scopes, " "), "client_id": t.client.ID, "redirect_uri": t.client.Redirect()}[row["parameter"]]
		if value == "" {
			value = row["value"]
		}
		err := t.ask(ctx, "two of "+row["parameter"], row["answer"], func(q url.Values) { q.Add(row["parameter"], value) })
		if err != nil {
			return err
		}
	}
	return nil
}

// leaveOnlyOut takes the main client, whose good request was seen before.
func (t *trial) leaveOnlyOut(ctx context.Context) error {
	t.client = t.target.Clients.Main
	if n := len(t.client.RedirectURIs); n != 1 {
		t.warn("the target's main client has registered %d redirect URIs, so that what happens to a client with one was not seen", n)
		return nil
	}
	t.grant = t.newGrant(t.client)
	return t.seek(ctx, &t.grant, map[string]string{"redirect_uri": ""})
}

// usedOrRefused: a client that has registered one address can mean no other
// (RFC 6749 section 3.1.2.3); a server may still want to be told.
func (t *trial) usedOrRefused(ctx context.Context) error {
	if t.grant.client == nil {
		return nil
	}
	l, want := t.grant.landing, t.client.Redirect()
	switch at, _, _ := strings.Cut(l.URL, "?"); {
	case l.Code() != "" && at == want:
		return nil
	case l.Code() != "" || l.SawConsent:
		return &report.Finding{Expected: "a code at " + want + ", or a refusal before anybody is asked", Got: describe(l)}
	}
	t.attempts = []attempt{{what: "no redirect URI of a client with one", landing: &l}}
	return t.refused(ctx)
}

func (t *trial) askWithUnknown(ctx context.Context) error {
	err := t.ask(ctx, "a parameter that nobody knows", "", func(q url.Values) { q.Set("mint_conformance", "1") })
	if err != nil {
		return err
	}
	err = t.ask(ctx, "parameters without a value", "", func(q url.Values) {
		q.Set("prompt", "")
		q.Set("mint_conformance", "")
	})
	if err != nil {
		return err
	}
	q := t.newGrant(t.client).parameters()
	q.Del("scope")
	if l, err := t.walk(ctx, t.authorizeURL(q), nil, pages.Abandon); err != nil || !alongside(l) {
		return err // it wants a scope, and an empty one is none
	}
	return t.ask(ctx, "a scope without a value", "", func(q url.Values) { q.Set("scope", "") })
}

// wentAlong judges every attempt: the request was taken.
func (t *trial) wentAlong(context.Context) error {
	var against []string
	for _, a := range t.attempts {
		if !alongside(*a.landing) {
			against = append(against, a.what+": "+describe(*a.landing))
		}
	}
	t.attempts = nil
	if len(against) > 0 {
		return &report.Finding{Expected: "the same as without", Got: strings.Join(against, "; ")}
	}
	return nil
}

func (t *trial) askImplicit(ctx context.Context) error {
	q := t.newGrant(t.client).parameters()
	q.Set("response_type", "token")
	l, err := t.walk(ctx, t.authorizeURL(q), nil, pages.Allow)
	t.walked("response_type=token", l)
	return err
}

// noScope is a scope that no server has.
const noScope = "mint.conformance.no-such-scope"

func (t *trial) askUnknownScope(ctx context.Context) error {
	t.grant = t.newGrant(t.client)
	t.grant.scope = t.target.Scopes[0] + " " + noScope
	l, err := t.walk(ctx, t.authorizeURL(t.grant.parameters()), nil, pages.Allow)
	t.grant.landing, t.grant.code = l, l.Code()
	return err
}

func (t *trial) noUnknownScope(ctx context.Context) error {
	if t.grant.code == "" {
		t.attempts = []attempt{{what: "a scope that does not exist", landing: &t.grant.landing, answer: "invalid_scope"}}
		return t.refused(ctx)
	}
	if err := t.redeem(ctx, &t.grant); err != nil {
		return unmet("redeeming the code", err)
	}
	said, told := t.grant.answer.JSON["scope"].(string)
	if !told {
		return &report.Finding{Expected: "invalid_scope, or less granted and said so", Got: "tokens without a word about the scope, which means all that was asked for"}
	}
	for _, name := range strings.Fields(said) {
		if name == noScope {
			return &report.Finding{Expected: "invalid_scope, or less granted and said so", Got: "tokens for the scope that does not exist"}
		}
	}
	return nil
}

func (t *trial) askNoScope(ctx context.Context) error {
	t.attempts = nil
	return t.ask(ctx, "no scope", "invalid_scope", func(q url.Values) { q.Del("scope") })
}

func (t *trial) tookDefault(context.Context) error {
	l := *t.attempts[0].landing
	code := l.Params.Get("error")
	if alongside(l) || code == "invalid_scope" || code == "invalid_request" || saidOnPage(l) {
		return nil
	}
	return &report.Finding{Expected: "a default scope or invalid_scope", Got: describe(l)}
}

func (t *trial) openBroken(ctx context.Context) error {
	t.attempts = nil
	stranger, err := t.target.Plain(t.send)
	if err != nil {
		return err
	}
	t.visitors["a stranger"] = stranger
	for _, broken := range [][2]string{{"response_type", "telepathy"}, {"scope", noScope}} {
		parameter := broken[0]
		q := t.newGrant(t.client).parameters()
		q.Set(parameter, broken[1])
		l, err := stranger.Walk(ctx, pages.Walk{URL: t.authorizeURL(q), Decision: pages.Abandon, Redirects: t.redirects()})
		if err != nil {
			return err
		}
		t.walked("an unknown "+parameter, l)
	}
	return nil
}

func (t *trial) shownBefore(context.Context) error {
	var against []string
	for _, a := range t.attempts {
		if a.limited() {
			return unmet(a.what, errLimit)
		}
		if l := *a.landing; l.Redirected || l.Away || l.Kind == pages.Blank || l.Page.Status >= 500 {
			against = append(against, a.what+": "+describe(l))
		}
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "a login or another page of the server first", Got: strings.Join(against, "; ")}
	}
	return nil
}

package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
)

// consentSteps are the sentences about the consent page, and about what was
// consented to.
func (t *trial) consentSteps() []sentence {
	return []sentence{
		when(`the customer reads the consent pages of a small and of a large request`, t.readConsent),
		then(`they say who asks and for what, and offer both decisions`, t.consentSays),
		when(`a foreign page sends the consent form without its token, and with another session's`, t.forgeConsent),
		then(`nothing is granted, while the customer's own form still works`, t.consentGuarded),
		when(`a foreign page sends the login form without its token, and with another session's`, t.forgeLogin),
		then(`the browser is not logged in by it`, t.nobodyPast),
		when(`the client asks for one scope, and then for all`, t.widen),
		when(`the public client asks for the same scope twice`, t.repeatPublic),
		then(`the customer is asked each time`, t.askedAgain),
	}
}

func (t *trial) readConsent(ctx context.Context) error {
	scopes := []string{""}
	if len(t.target.Scopes) > 0 {
		scopes = []string{t.target.Scopes[0], t.allScopes()}
	}
	for _, scope := range scopes {
		if err := t.asked(ctx, scope); err != nil {
			return err
		}
		g := t.newGrant(t.client)
		g.scope = scope
		l, err := t.walk(ctx, t.authorizeURL(g.parameters()), t.question.of, pages.Abandon)
		if err != nil {
			return err
		}
		if !l.SawConsent {
			return unmet("the consent page", fmt.Errorf("the way ended at %s", describe(l)))
		}
		t.walked("scope "+scope, l)
	}
	return nil
}

func (t *trial) consentSays(context.Context) error {
	small, large := t.attempts[0].landing.ConsentPage, t.attempts[len(t.attempts)-1].landing.ConsentPage
	var missing []string
	if name := t.client.Name; name != "" && !strings.Contains(strings.ToLower(large.Text), strings.ToLower(name)) {
		missing = append(missing, "the application's name")
	}
	if len(t.target.Scopes) > 1 && len(newWords(small.Text, large.Text)) == 0 {
		missing = append(missing, "what is asked for (the page is the same for one scope and for all)")
	}
	_, form := pages.Recognise(large)
	if allow, deny := form.Offers(); !allow || !deny {
		missing = append(missing, "a button to allow and one to deny")
	}
	if len(missing) > 0 {
		return &report.Finding{Expected: "who asks, for what, and both decisions", Got: "a consent page without " + strings.Join(missing, " and ")}
	}
	text := strings.ToLower(large.Text)
	if !slices.ContainsFunc([]string{"http://", "https://", "www.", "until ", " days", "withdraw", "revoke", "any time", "developer", "publisher"},
		func(word string) bool { return strings.Contains(text, word) }) {
		t.warn("the consent page tells neither the application's website nor its publisher nor for how long it is allowed")
	}
	return nil
}

// newWords are the words of the second text that the first does not have.
func newWords(first, second string) (words []string) {
	old := strings.Fields(first)
	for _, word := range strings.Fields(second) {
		if !slices.Contains(old, word) {
			words = append(words, word)
		}
	}
	return words
}

// foreign are the headers that a browser adds to what a foreign page sends.
func foreign() http.Header {
	return http.Header{"Origin": {originOf(attacker)}, "Referer": {attacker}}
}

// forged are versions of a form's request as a foreign page can send them:
// without the fields that look like tokens, and with those of another session.
func forged(genuine exchange.Request, tokens []string, others map[string]string) map[string]exchange.Request {
	without, with := url.Values{}, url.Values{}
	maps.Copy(without, genuine.Form)
	maps.Copy(with, genuine.Form)
	for _, name := range tokens {
		without.Del(name)
		if value, there := others[name]; there {
			with.Set(name, value)
		} else {
			with.Del(name)
		}
	}
	return map[string]exchange.Request{
		"without its token":            {About: "forge a form without its token", URL: genuine.URL, Form: without, Header: foreign()},
		"with another session's token": {About: "forge a form with another session's token", URL: genuine.URL, Form: with, Header: foreign()},
	}
}

// tokens are the hidden fields of a form that look like tokens by their names,
// or all of them if none does.
func tokens(f *pages.Form) []string {
	all := f.Hidden()
	named := slices.DeleteFunc(slices.Clone(all), func(name string) bool {
		name = strings.ToLower(name)
		return !strings.Contains(name, "csrf") && !strings.Contains(name, "xsrf") && !strings.Contains(name, "token") &&
			!strings.Contains(name, "nonce") && !strings.Contains(name, "authenticity")
	})
	if len(named) == 0 {
		return all
	}
	return named
}

// othersTokens are the hidden fields of the login page that another browser
// gets for the same request.
func (t *trial) othersTokens(ctx context.Context) (map[string]string, error) {
	v, err := t.stranger()
	if err != nil {
		return nil, err
	}
	l, err := v.Walk(ctx, t.goodWalk(pages.Abandon))
	values := map[string]string{}
	for i := range l.Page.Forms {
		for _, name := range l.Page.Forms[i].Hidden() {
			values[name] = l.Page.Forms[i].Value(name)
		}
	}
	return values, err
}

func (t *trial) forgeConsent(ctx context.Context) error {
	genuine, err := t.consentForm(pages.Allow)
	if err != nil {
		return err
	}
	others, err := t.othersTokens(ctx)
	if err != nil {
		return err
	}
	_, form := pages.Recognise(t.grant.landing.ConsentPage)
	forgeries := forged(genuine, tokens(form), others)
	for _, what := range slices.Sorted(maps.Keys(forgeries)) {
		begin := forgeries[what]
		w := t.goodWalk(pages.Abandon)
		w.Begin = &begin
		l, err := t.customer.Walk(ctx, w)
		if err != nil {
			return err
		}
		if l.Kind == pages.Consent && !l.Redirected {
			continue // asked again, which grants nothing
		}
		t.walked("the consent form "+what, l)
	}
	return nil
}

// consentGuarded judges the forged forms, and shows by the genuine one, with
// Deny, that they were refused for what was wrong with them.
func (t *trial) consentGuarded(ctx context.Context) error {
	if err := t.nobodyPast(ctx); err != nil {
		return err
	}
	genuine, err := t.consentForm(pages.Deny)
	if err != nil {
		return err
	}
	w := t.goodWalk(pages.Abandon)
	w.Begin = &genuine
	l, err := t.customer.Walk(ctx, w)
	if err != nil {
		return err
	}
	return t.controlled("the customer's own form", l.Redirected || saidOnPage(l), landed(l))
}

// forgeLogin sends the login form of a fresh browser as a foreign page could,
// and looks whether that browser is logged in afterwards.
func (t *trial) forgeLogin(ctx context.Context) error {
	t.attempts = nil
	others, err := t.othersTokens(ctx)
	if err != nil {
		return err
	}
	customer := t.respondent()
	for _, what := range []string{"without its token", "with another session's token"} {
		v, err := t.stranger()
		if err != nil {
			return err
		}
		l, err := v.Walk(ctx, t.goodWalk(pages.Abandon))
		if err != nil {
			return err
		}
		kind, form := pages.Recognise(l.Page)
		if kind != pages.Login {
			return unmet("the login form", fmt.Errorf("the way ended at %s", describe(l)))
		}
		if _, _, err := v.Open(ctx, forged(form.LogIn(customer.Username, customer.Password), tokens(form), others)[what]); err != nil {
			return err
		}
		after, err := v.Walk(ctx, t.goodWalk(pages.Abandon))
		if err != nil {
			return err
		}
		t.walked("the login form "+what, after)
	}
	return nil
}

// widen has a customer who has not allowed all scopes yet allow one of them, and
// asks for all of them next. That the one is remembered from before is no harm.
func (t *trial) widen(ctx context.Context) error {
	if err := t.askedUnprompted(ctx, t.allScopes()); err != nil {
		return err
	}
	g := t.newGrant(t.client)
	g.scope = t.target.Scopes[0]
	l, err := t.walk(ctx, t.authorizeURL(g.parameters()), t.question.of, pages.Allow)
	if err != nil {
		return err
	}
	if g.code = l.Code(); g.code == "" {
		return unmet("a first consent", fmt.Errorf("the way ended at %s", describe(l)))
	}
	if err := t.redeem(ctx, &g); err != nil {
		return unmet("a first grant", err)
	}
	l, err = t.walk(ctx, t.authorizeURL(t.newGrant(t.client).parameters()), t.question.of, pages.Abandon)
	t.walked("more scope than was allowed", l)
	return err
}

func (t *trial) repeatPublic(ctx context.Context) error {
	if t.target.Clients.Public == nil {
		return nil
	}
	g, err := t.granted(ctx, t.target.Clients.Public)
	if err != nil {
		return unmet("a first grant of the public client", err)
	}
	l, err := t.walk(ctx, t.authorizeURL(t.newGrant(g.client).parameters()), nil, pages.Abandon)
	t.walked("a public client again", l)
	return err
}

func (t *trial) askedAgain(context.Context) error {
	var against []string
	for _, a := range t.attempts {
		if !a.landing.SawConsent {
			against = append(against, a.what+": "+describe(*a.landing))
		}
	}
	t.attempts = nil
	if len(against) > 0 {
		return &report.Finding{Expected: "the consent page", Got: strings.Join(against, "; ")}
	}
	return nil
}

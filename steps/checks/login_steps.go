package checks

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// loginSteps are the sentences about the login page and the session behind it.
func (t *trial) loginSteps() []sentence {
	return []sentence{
		given(`the customer sees the consent page`, t.seesConsent),
		when(`somebody who is not logged in sends the decision from it`, t.decideUnknown),
		then(`nobody gets past the login`, t.nobodyPast),
		when(`somebody tries a wrong password and an unknown name`, t.logInWrongly),
		then(`the login is refused with the same words`, t.sameWords),
		when(`a customer without rights on an account logs in and allows`, t.allowsWithoutRight),
		then(`the customer is told why, or the client is told access_denied`, t.toldWhy),
		when(`the customer logs in, and somebody keeps the cookies from before`, t.logInWatched),
		then(`the session cookie is Secure, HttpOnly and SameSite`, t.cookiesProtected),
		then(`the cookies from before the login are worth nothing`, t.cookiesRenewed),
	}
}

// stranger is somebody with a browser of his own that knows no session.
func (t *trial) stranger() (*pages.Plain, error) {
	v, err := t.target.Plain(t.send)
	if err == nil {
		t.visitors[fmt.Sprintf("stranger %d", len(t.visitors))] = v
	}
	return v, err
}

// goodWalk is a walk for the client's good request, without a person's name.
func (t *trial) goodWalk(decision pages.Decision) pages.Walk {
	return pages.Walk{URL: t.authorizeURL(t.newGrant(t.client).parameters()), Decision: decision, Redirects: t.redirects()}
}

// by gives the walk a person.
func by(w pages.Walk, c *target.Customer) pages.Walk {
	w.Username, w.Password = c.Username, c.Password
	return w
}

// seesConsent: the customer has logged in and goes no further. It counts as a
// positive control of the login.
func (t *trial) seesConsent(ctx context.Context) error {
	if err := t.asked(ctx, t.allScopes()); err != nil {
		return err
	}
	v, err := t.stranger()
	if err != nil {
		return err
	}
	t.customer = v
	l, err := v.Walk(ctx, by(t.goodWalk(pages.Abandon), t.respondent()))
	if err != nil {
		return unmet("the consent page", err)
	}
	t.grant.landing = l
	return t.controlled("a good login", l.SawConsent, landed(l))
}

// decideUnknown sends the consent form of somebody else from a browser that has
// opened the same request and not logged in, with that browser's own tokens,
// and opens the form's address besides.
func (t *trial) decideUnknown(ctx context.Context) error {
	v, err := t.stranger()
	if err != nil {
		return err
	}
	before, err := v.Walk(ctx, t.goodWalk(pages.Abandon))
	if err != nil {
		return err
	}
	t.walked("the request itself", before)
	decision, err := t.consentForm(pages.Allow)
	if err != nil {
		return err
	}
	for i := range before.Page.Forms {
		for _, name := range before.Page.Forms[i].Hidden() {
			if decision.Form.Has(name) {
				decision.Form.Set(name, before.Page.Forms[i].Value(name))
			}
		}
	}
	for _, one := range []struct {
		what  string
		begin exchange.Request
	}{
		{"the decision without a login", decision},
		{"the address of the decision opened", exchange.Request{About: "open the address of the decision", URL: decision.URL}},
	} {
		w := t.goodWalk(pages.Abandon)
		w.Begin = &one.begin
		l, err := v.Walk(ctx, w)
		if err != nil {
			return err
		}
		t.walked(one.what, l)
	}
	return nil
}

// consentForm is a decision on the consent page that the customer saw.
func (t *trial) consentForm(d pages.Decision) (exchange.Request, error) {
	page := t.grant.landing.ConsentPage
	kind, form := pages.Recognise(page)
	if kind != pages.Consent {
		return exchange.Request{}, unmet("the consent form", fmt.Errorf("the page is %s", kind))
	}
	r, ok := form.Decide(d)
	if !ok {
		return r, unmet("the consent form", fmt.Errorf("it has no button for %s", d))
	}
	return r, nil
}

// nobodyPast judges every attempt: it ended at a login or a refusal.
func (t *trial) nobodyPast(context.Context) error {
	t.judged = true
	var against []string
	for _, a := range t.attempts {
		if a.limited() {
			return unmet(a.what, errLimit)
		}
		l := *a.landing
		if l.Code() != "" || l.Kind == pages.Consent && !l.Redirected || l.Params.Get("access_token") != "" || broken(l) {
			against = append(against, a.what+": "+describe(l))
		}
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "a login first, and nothing granted", Got: strings.Join(against, "; ")}
	}
	return nil
}

// broken says whether a way ended at a failure of the server, which refuses
// nothing.
func broken(l pages.Landing) bool {
	return !l.Redirected && !l.Away && (l.Page.Status == 0 || l.Page.Status >= 500)
}

func (t *trial) logInWrongly(ctx context.Context) error {
	first := t.target.Customers.First
	for _, one := range []struct {
		what string
		as   target.Customer
	}{
		{"a wrong password", target.Customer{Username: first.Username, Password: first.Password + "-not"}},
		{"an unknown name", target.Customer{Username: "nobody-" + first.Username, Password: first.Password}},
	} {
		v, err := t.stranger()
		if err != nil {
			return err
		}
		l, err := v.Walk(ctx, by(t.goodWalk(pages.Abandon), &one.as))
		if err != nil {
			return err
		}
		if !l.SawLogin {
			return unmet("the login page", fmt.Errorf("the way ended at %s", describe(l)))
		}
		t.walked(one.what, l)
	}
	return nil
}

func (t *trial) sameWords(ctx context.Context) error {
	if err := t.nobodyPast(ctx); err != nil {
		return err
	}
	if len(t.attempts) < 2 {
		return nil
	}
	first := t.target.Customers.First.Username
	known := t.attempts[0].landing.Page.Text
	unknown := strings.ReplaceAll(t.attempts[1].landing.Page.Text, "nobody-"+first, first)
	if known != unknown || t.attempts[0].landing.Page.Status != t.attempts[1].landing.Page.Status {
		t.warn("a wrong password and an unknown name are answered differently, which tells who is a customer")
	}
	return nil
}

func (t *trial) allowsWithoutRight(ctx context.Context) error {
	v, err := t.stranger()
	if err != nil {
		return err
	}
	l, err := v.Walk(ctx, by(t.goodWalk(pages.Allow), t.target.Customers.WithoutRight))
	if err == nil && l.Refused {
		return unmet("the login of the customer without rights", fmt.Errorf("it was refused"))
	}
	t.attempts = append(t.attempts, attempt{what: "a customer without rights", landing: &l, answer: "access_denied"})
	return err
}

func (t *trial) toldWhy(ctx context.Context) error {
	l := *t.attempts[0].landing
	if l.Redirected && l.Params.Get("error") != "" || l.Code() != "" {
		return t.refused(ctx)
	}
	t.judged = true
	if !saidOnPage(l) {
		return &report.Finding{Expected: "a page that tells why, or access_denied", Got: describe(l)}
	}
	return nil
}

// logInWatched logs a customer in and keeps the cookies that an attacker could
// have planted before, and those of the answers.
func (t *trial) logInWatched(ctx context.Context) error {
	v, err := t.stranger()
	if err != nil {
		return err
	}
	w := t.goodWalk(pages.Abandon)
	if _, err := v.Walk(ctx, w); err != nil { // as far as the login page
		return err
	}
	at, err := url.Parse(t.target.Endpoints.Authorize)
	if err != nil {
		return err
	}
	t.planted = v.Cookies(at)
	l, err := v.Walk(ctx, by(w, t.target.Customers.First))
	if err != nil {
		return err
	}
	t.customer = v
	return t.controlled("a good login", l.SawConsent || l.Code() != "", landed(l))
}

func (t *trial) cookiesProtected(ctx context.Context) error {
	sessions, err := t.sessionCookies(ctx)
	if err != nil {
		return err
	}
	set := map[string]*http.Cookie{} // as the server set them last
	for _, e := range t.send.All() {
		for _, c := range (&http.Response{Header: e.Header}).Cookies() {
			set[c.Name] = c
		}
	}
	var against []string
	for _, name := range sessions {
		c := set[name]
		if c == nil {
			return unmet("the session cookie", fmt.Errorf("no answer was seen that sets %s", name))
		}
		for flag, there := range map[string]bool{
			"Secure":   c.Secure || !strings.HasPrefix(t.target.Endpoints.Authorize, "https:"),
			"HttpOnly": c.HttpOnly,
			"SameSite": c.SameSite != 0 && c.SameSite != http.SameSiteDefaultMode && (c.SameSite != http.SameSiteNoneMode || t.target.Has("widget")),
		} {
			if !there {
				against = append(against, flag)
			}
		}
	}
	if slices.Sort(against); len(against) > 0 {
		return &report.Finding{Expected: "a session cookie that is Secure, HttpOnly and SameSite", Got: "one without " + strings.Join(slices.Compact(against), ", ")}
	}
	return nil
}

// sessionCookies are the names of the cookies without which the login is gone.
func (t *trial) sessionCookies(ctx context.Context) (names []string, err error) {
	at, err := url.Parse(t.target.Endpoints.Authorize)
	if err != nil {
		return nil, err
	}
	all := t.customer.Cookies(at)
	if len(all) < 2 {
		for _, c := range all {
			names = append(names, c.Name)
		}
	}
	for i := 0; i < len(all) && len(all) > 1; i++ {
		out, err := t.loggedOut(ctx, slices.Delete(slices.Clone(all), i, i+1))
		if err != nil {
			return nil, err
		}
		if out {
			names = append(names, all[i].Name)
		}
	}
	if len(names) == 0 {
		return nil, unmet("the session cookie", fmt.Errorf("the login does not hang on any one cookie"))
	}
	return names, nil
}

// loggedOut says whether a browser with the cookies is asked to log in.
func (t *trial) loggedOut(ctx context.Context, cookies []*http.Cookie) (bool, error) {
	at, err := url.Parse(t.target.Endpoints.Authorize)
	if err != nil {
		return false, err
	}
	v, err := t.stranger()
	if err != nil {
		return false, err
	}
	v.SetCookies(at, cookies)
	l, err := v.Walk(ctx, t.goodWalk(pages.Abandon))
	return l.SawLogin, err
}

func (t *trial) cookiesRenewed(ctx context.Context) error {
	out, err := t.loggedOut(ctx, t.planted)
	if err != nil {
		return err
	}
	if !out {
		return &report.Finding{Expected: "a new session id at the login", Got: "the cookies from before the login are logged in with it, so that whoever planted them is, too"}
	}
	return nil
}

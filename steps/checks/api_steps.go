package checks

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
)

// apiSteps are the sentences about bearer tokens at the API.
func (t *trial) apiSteps() []sentence {
	return []sentence{
		when(`the client calls the API with the scheme spelt`, t.callSpelt),
		when(`somebody calls the API without a token`, t.callBare),
		when(`the client calls the API with a token that is random, cut short, or empty`, t.callUnknown),
		when(`the client calls the API a minute after the end of its access token`, t.callLate),
		when(`the client calls the API with its token in the query alone`, t.callQuery),
		when(`the client calls the API with its token in the header and in the query`, t.callDouble),
		when(`the client asks for a token for another resource, and calls the API with it`, t.callForeign),
		then(`the API serves each`, t.servedEach),
		then(`the API asks for a bearer token`, t.challenged),
		then(`the API answers 401, and that the token is invalid`, t.toldInvalid),
		then(`the API refuses it with 401`, t.toldLate),
		then(`the API does not serve it`, t.notServed),
		then(`either the token or the call is refused`, t.notServed),
	}
}

// callAs reads the resource with an Authorization header as it stands, "" for
// none.
func (t *trial) callAs(ctx context.Context, about, authorization string, query url.Values) error {
	r := exchange.Request{About: about, Method: t.target.Resource.Method, URL: t.target.Resource.URL, Query: query}
	if authorization != "" {
		r.Header = http.Header{"Authorization": {authorization}}
	}
	e, err := t.send.Do(ctx, r)
	t.tried(about, e)
	return err
}

func (t *trial) callSpelt(ctx context.Context, table *godog.Table) error {
	return eachRow(table, func(scheme string) error {
		return t.callAs(ctx, "the scheme "+scheme, scheme+" "+t.grant.access(), nil)
	})
}

func (t *trial) servedEach(context.Context) error {
	for _, a := range t.attempts {
		if !served(a.got) {
			return &report.Finding{Expected: "the resource, however the scheme is spelt", Got: a.what + ": " + a.got.String()}
		}
	}
	return nil
}

func (t *trial) callBare(ctx context.Context) error { return t.callAs(ctx, "no token", "", nil) }

// bearerChallenge finds a challenge of the scheme Bearer.
var bearerChallenge = regexp.MustCompile(`(?i)(^|,)\s*bearer(\s|,|$)`)

// challengeError is the error code of a bearer challenge, "" without one.
var challengeError = regexp.MustCompile(`(?i)\berror="?([A-Za-z_]+)"?`)

func challenges(e exchange.Exchange) string {
	return strings.Join(e.Header.Values("WWW-Authenticate"), ", ")
}

func errorIn(e exchange.Exchange) string {
	if found := challengeError.FindStringSubmatch(challenges(e)); found != nil {
		return found[1]
	}
	return ""
}

func (t *trial) challenged(context.Context) error {
	e := t.attempts[0].got
	t.judged = true
	switch {
	case e.Status != http.StatusUnauthorized:
		return &report.Finding{Expected: "401 with a Bearer challenge", Got: e.String()}
	case !bearerChallenge.MatchString(challenges(e)):
		return &report.Finding{Expected: "a Bearer challenge in WWW-Authenticate", Got: e.String() + " without one"}
	case errorIn(e) != "":
		t.warn("the challenge names the error %s although the request carried no token", errorIn(e))
	}
	return nil
}

func (t *trial) callUnknown(ctx context.Context) error {
	token := t.grant.access()
	for _, one := range [][2]string{
		{"a random token", random(len(token))}, {"a token cut short", token[:len(token)*3/4]}, {"an empty token", ""},
	} {
		if err := t.callAs(ctx, one[0], "Bearer "+one[1], nil); err != nil {
			return err
		}
	}
	return nil
}

// toldInvalid: an empty token is a malformed request as well, for which 400 is
// right (RFC 6750 section 3.1).
func (t *trial) toldInvalid(context.Context) error {
	t.judged = true
	for i, a := range t.attempts {
		malformed := i == 2 && a.got.Status == http.StatusBadRequest
		if a.got.Status != http.StatusUnauthorized && !malformed {
			return &report.Finding{Expected: "401 for a token that is none", Got: a.what + ": " + a.got.String()}
		}
		if i < 2 && errorIn(a.got) != "invalid_token" {
			t.warn("%s: the challenge does not name the error invalid_token", a.what)
		}
	}
	return nil
}

func (t *trial) callLate(ctx context.Context) error {
	left, err := t.accessLife(t.grant)
	if err != nil {
		return report.Unable(err)
	}
	if err := t.pass(ctx, left+61*time.Second); err != nil {
		return err
	}
	return t.callAs(ctx, "a token a minute past its end", "Bearer "+t.grant.access(), nil)
}

func (t *trial) toldLate(ctx context.Context) error {
	e := t.attempts[0].got
	if err := t.notServed(ctx); err != nil {
		return err
	}
	if e.Status != http.StatusUnauthorized {
		t.warn("an expired token is answered with %s instead of 401, so that clients do not know to refresh", e)
	}
	return nil
}

func (t *trial) callQuery(ctx context.Context) error {
	return t.callAs(ctx, "the token in the query alone", "", url.Values{"access_token": {t.grant.access()}})
}

func (t *trial) callDouble(ctx context.Context) error {
	token := t.grant.access()
	return t.callAs(ctx, "the token twice", "Bearer "+token, url.Values{"access_token": {token}})
}

// notServed judges the last attempt: the API, or whoever came before it, has
// refused by intent.
func (t *trial) notServed(context.Context) error {
	t.attempts = t.attempts[len(t.attempts)-1:]
	return t.judge()
}

// callForeign asks for a token that names another resource (RFC 8707 section
// 2): it must not be given, or not be good for this API.
func (t *trial) callForeign(ctx context.Context) error {
	form := refreshForm(t.grant.refresh(), nil)
	if t.grant.refresh() == "" {
		g, err := t.coded(ctx, t.client)
		if err != nil {
			return unmet("getting a code", err)
		}
		form = g.exchange()
	}
	form.Set("resource", "https://another-api.example/")
	e, err := t.token(ctx, "ask for a token for another resource", t.client, form)
	if err != nil {
		return err
	}
	t.tried("a token for another resource", e)
	if !e.Tokens() {
		return nil
	}
	return t.callAs(ctx, "a token for another resource at this API", "Bearer "+e.Text("access_token"), nil)
}

package checks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
)

// transportSteps are the sentences about headers.
func (t *trial) transportSteps() []sentence {
	return []sentence{
		when(`the client gets tokens and refreshes them`, t.hasWorkingRefresh),
		when(`a customer goes through login and consent, and once meets an error page`, t.meetsPages),
		when(`a script of a foreign site asks for the authorization endpoint`, t.foreignScript),
		then(`no cache may keep any answer that carried a token`, t.tokensUncached),
		then(`no page and no redirect tells its address to another host`, t.addressesKept),
		then(`the server gives that site no permission`, t.noPermission),
	}
}

// directives are the words of a header whose parts are separated by commas.
func directives(h http.Header, name string) []string {
	words := strings.Split(strings.ToLower(strings.Join(h.Values(name), ",")), ",")
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	return words
}

func uncached(e exchange.Exchange) bool {
	return slices.Contains(directives(e.Header, "Cache-Control"), "no-store")
}

// tokensUncached: RFC 6749 section 5.1. Pragma is asked for there and dropped
// by the OAuth 2.1 draft.
func (t *trial) tokensUncached(context.Context) error {
	without := false
	for _, e := range t.send.All() {
		if !e.Tokens() {
			continue
		}
		if !uncached(e) {
			return &report.Finding{
				Expected: "Cache-Control: no-store on the answer to “" + e.About + "”",
				Got:      fmt.Sprintf("%q", e.Header.Get("Cache-Control")),
			}
		}
		without = without || !slices.Contains(directives(e.Header, "Pragma"), "no-cache")
	}
	if without {
		t.warn("token answers have no Pragma: no-cache, for which RFC 6749 asks and OAuth 2.1 does not")
	}
	return nil
}

func (t *trial) meetsPages(ctx context.Context) error {
	q := t.newGrant(t.client).parameters()
	landing, err := t.walk(ctx, t.authorizeURL(q), nil, pages.Allow)
	if err != nil {
		return err
	}
	if !landing.SawLogin && !landing.SawConsent || landing.Code() == "" {
		return unmet("going through login and consent", errors.New(describe(landing)))
	}
	q.Set("redirect_uri", "https://stranger.example/callback")
	_, err = t.walk(ctx, t.authorizeURL(q), nil, pages.Abandon)
	return err
}

// referrer is a policy in a page itself.
var referrer = regexp.MustCompile(`(?i)<meta[^>]+name=["']?referrer["']?[^>]+content=["']?([a-z-]+)`)

// discreet are the policies that keep the query from other origins.
var discreet = []string{
	"no-referrer", "origin", "origin-when-cross-origin", "same-origin", "strict-origin", "strict-origin-when-cross-origin",
}

// addressesKept judges every page and every redirect on the way, by the policy
// that a browser would go by: the last that it knows.
func (t *trial) addressesKept(context.Context) error {
	cached, before := 0, ""
	for _, e := range t.send.All() {
		leaves := e.Status/100 == 3 && t.leaves(e)
		if !leaves && !e.HTML() {
			continue
		}
		policy := ""
		for _, word := range directives(e.Header, "Referrer-Policy") {
			if slices.Contains(discreet, word) || word == "unsafe-url" || word == "no-referrer-when-downgrade" {
				policy = word
			}
		}
		if found := referrer.FindStringSubmatch(e.Body); found != nil {
			policy = strings.ToLower(found[1])
		}
		if leaves && policy == "" {
			policy = before // a redirect that says nothing keeps the policy of the page that led to it
		}
		before = policy
		if !slices.Contains(discreet, policy) {
			return &report.Finding{
				Expected: "a referrer policy that keeps the query from other hosts on the answer to “" + e.About + "”",
				Got:      orNothing(policy),
			}
		}
		if e.HTML() && !uncached(e) {
			cached++
		}
	}
	if cached > 0 {
		t.warn("caches may keep %d of the pages: they lack Cache-Control: no-store", cached)
	}
	return nil
}

// leaves says whether a redirect goes to another host.
func (t *trial) leaves(e exchange.Exchange) bool {
	from, err := url.Parse(e.URL)
	if err != nil {
		return false
	}
	to, err := from.Parse(e.Header.Get("Location"))
	return err == nil && to.Host != from.Host
}

func orNothing(policy string) string {
	if policy == "" {
		return "none"
	}
	return policy
}

const foreignSite = "https://foreign.example"

func (t *trial) foreignScript(ctx context.Context) error {
	address := t.authorizeURL(t.newGrant(t.client).parameters())
	preflight := http.Header{"Origin": {foreignSite}, "Access-Control-Request-Method": {"GET"}}
	for _, r := range []exchange.Request{
		{About: "send a preflight from a foreign site", Method: http.MethodOptions, URL: address, Header: preflight},
		{About: "send a request from a foreign site", Method: http.MethodGet, URL: address, Header: http.Header{"Origin": {foreignSite}}},
	} {
		e, err := t.send.Do(ctx, r)
		if err != nil {
			return err
		}
		t.answers = append(t.answers, e)
	}
	return nil
}

// noPermission: no CORS header for the site; an endpoint that does not work
// proves nothing.
func (t *trial) noPermission(context.Context) error {
	for _, e := range t.answers {
		if allowed := e.Header.Get("Access-Control-Allow-Origin"); allowed == "*" || allowed == foreignSite {
			return &report.Finding{Expected: "no Access-Control-Allow-Origin", Got: fmt.Sprintf("%q when asked to %s", allowed, e.About)}
		}
	}
	if e := t.answers[0]; e.Err != "" || e.Limited() {
		return unmet("a preflight", errOf(e))
	}
	if e := t.answers[1]; e.Status < 200 || e.Status >= 400 {
		return &report.Finding{Expected: "an authorization endpoint that answers", Got: e.String()}
	} else if e.Status == http.StatusOK && !e.HTML() {
		return &report.Finding{Expected: "a page of the authorization endpoint", Got: e.String()}
	}
	return nil
}

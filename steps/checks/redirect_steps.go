package checks

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
)

// attacker is an address that no client has registered.
const attacker = "https://attacker.example/callback"

// redirectSteps are the sentences about redirect URIs and the way back to them.
func (t *trial) redirectSteps() []sentence {
	return []sentence{
		when(`the client asks with a redirect URI of an attacker`, t.askAttacker),
		when(`the client asks with redirect URIs that nearly equal the registered one`, t.askNearly),
		when(`the native client asks with another port in its redirect URI`, t.askOtherPort),
		when(`the native client asks with another path, and with another host`, t.askOtherPlace),
		when(`the customer logs in and allows`, t.allows),
		then(`the query of the redirect URI is still there, beside the code`, t.queryKept),
		then(`nothing that was typed travels on to the client`, t.nothingTravels),
		when(`the links and forms of the login name another place to go on to`, t.loginContinues),
		then(`the customer stays with the server until the client is answered`, t.stayed),
	}
}

func (t *trial) askAttacker(ctx context.Context) error {
	return t.ask(ctx, "a redirect URI on an unrelated host", ownPage, func(q url.Values) { q.Set("redirect_uri", attacker) })
}

// miss is a redirect URI that is not the registered one.
type miss struct{ what, uri string }

// nearMisses are addresses that a comparison by anything but characters takes
// for the registered one.
func nearMisses(registered string) (all []miss) {
	u, err := url.Parse(registered)
	if err != nil {
		return nil
	}
	with := func(what string, change func(*url.URL)) {
		c := *u
		change(&c)
		if uri := c.String(); uri != registered {
			all = append(all, miss{what, uri})
		}
	}
	with("a longer path", func(c *url.URL) { c.Path += "/more" })
	with("a longer last segment", func(c *url.URL) { c.Path += "more" })
	with("an added query", func(c *url.URL) { c.RawQuery = strings.TrimPrefix(c.RawQuery+"&added=1", "&") })
	with("another path", func(c *url.URL) { c.Path = "/mint-conformance" })
	with("another port", func(c *url.URL) { c.Host = c.Hostname() + ":8443" })
	with("another case", func(c *url.URL) { c.Path = swapCase(c.Path) })
	with("a trailing slash", func(c *url.URL) { c.Path += "/" })
	with("dots in the path", func(c *url.URL) { c.Path = "/elsewhere/.." + c.Path })
	with("an encoded slash", func(c *url.URL) { c.Opaque = "//" + c.Host + strings.Replace(c.EscapedPath(), "/", "/%2F", 1) })
	with("an encoded letter", func(c *url.URL) { c.Opaque = "//" + c.Host + encodedLast(c.EscapedPath()) })
	with("user info", func(c *url.URL) { c.User = url.User("attacker.example") })
	with("a host below", func(c *url.URL) { c.Host = "attacker." + c.Host })
	with("the host as the beginning of another", func(c *url.URL) { c.Host += ".attacker.example" })
	with("a fragment", func(c *url.URL) { c.Fragment = "fragment" })
	if u.Scheme == "https" {
		with("plain http", func(c *url.URL) { c.Scheme = "http" })
	}
	return all
}

func swapCase(path string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, path)
}

// encodedLast percent-encodes the last character of a path, which changes
// nothing but the spelling.
func encodedLast(path string) string {
	if path == "" || path == "/" {
		return path + "%2e"
	}
	const hex = "0123456789ABCDEF"
	last := path[len(path)-1]
	return path[:len(path)-1] + "%" + string(hex[last>>4]) + string(hex[last&15])
}

func (t *trial) askNearly(ctx context.Context) error {
	for _, near := range nearMisses(t.client.Redirect()) {
		err := t.ask(ctx, near.what, ownPage, func(q url.Values) { q.Set("redirect_uri", near.uri) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *trial) askOtherPort(ctx context.Context) error {
	u, err := url.Parse(t.client.Redirect())
	if err != nil {
		return err
	}
	u.Host = strings.TrimSuffix(u.Host, ":"+u.Port()) + ":51823"
	return t.ask(ctx, "another port of the loopback address", "", func(q url.Values) { q.Set("redirect_uri", u.String()) })
}

func (t *trial) askOtherPlace(ctx context.Context) error {
	u, err := url.Parse(t.client.Redirect())
	if err != nil {
		return err
	}
	path, host := *u, *u
	path.Path += "/other"
	host.Host = "attacker.example"
	for _, m := range []miss{{"another path", path.String()}, {"another host", host.String()}} {
		err := t.ask(ctx, m.what, ownPage, func(q url.Values) { q.Set("redirect_uri", m.uri) })
		if err != nil {
			return err
		}
	}
	return nil
}

// allows goes all the way of the client's good request, as a customer who has
// not logged in yet.
func (t *trial) allows(ctx context.Context) error {
	if t.client == nil {
		t.client = t.target.Clients.Main
	}
	t.grant = t.newGrant(t.client)
	customer := t.target.Customers.First
	v, err := t.target.Plain(t.send)
	if err != nil {
		return err
	}
	t.visitors["the customer, logged out"] = v
	t.grant.landing, err = v.Walk(ctx, pages.Walk{
		URL: t.authorizeURL(t.grant.parameters()), Username: customer.Username, Password: customer.Password,
		Decision: pages.Allow, Redirects: t.redirects(),
	})
	if err == nil && !t.grant.landing.Redirected {
		return unmet("the way to the client", fmt.Errorf("it ended at %s", describe(t.grant.landing)))
	}
	return err
}

func (t *trial) queryKept(context.Context) error {
	registered, err := url.Parse(t.client.Redirect())
	if err != nil {
		return err
	}
	arrived := t.grant.landing
	_, query, _ := strings.Cut(arrived.URL, "?")
	for name, values := range registered.Query() {
		if got := arrived.Params[name]; len(got) != len(values) || got[0] != values[0] {
			return &report.Finding{Expected: "the query of the registered redirect URI, and the answer appended", Got: "the parameter " + name + " is lost or changed"}
		}
	}
	if strings.Contains(query, "?") {
		return &report.Finding{Expected: "one question mark", Got: "a second one inside the query"}
	}
	if arrived.Code() == "" {
		return &report.Finding{Expected: "a code beside the query", Got: describe(arrived)}
	}
	return nil
}

// nothingTravels follows the redirects as a browser would: after 307 and 308 it
// repeats a posted form at the next address, after any other status it does not.
func (t *trial) nothingTravels(context.Context) error {
	secret := t.target.Customers.First.Password
	posted, last := false, exchange.Exchange{}
	for _, e := range t.send.All() {
		at, err := url.Parse(e.URL)
		if err != nil || e.Status < 300 || e.Status > 399 {
			posted = false
			continue
		}
		posted = (posted || e.Method == "POST") && (e.Status == 307 || e.Status == 308)
		to := at.Query()
		if next, err := at.Parse(e.Header.Get("Location")); err == nil {
			to = next.Query()
			if next.Host != at.Host || landsAt(next, t.redirects()) {
				last = e
			}
		}
		for _, values := range to {
			if strings.Contains(strings.Join(values, " "), secret) {
				return &report.Finding{Expected: "nothing of the forms in any address", Got: "the password stands in the address of a redirect"}
			}
		}
	}
	switch {
	case last.Status == 0:
		return unmet("the redirect to the client", fmt.Errorf("it was not seen"))
	case posted:
		return &report.Finding{Expected: "303 See Other", Got: last.String() + ": the browser posts the form on to the client"}
	case last.Method == "POST" && last.Status != 303:
		t.warn("the redirect to the client has the status %d; 303 says for certain that the form is not posted again", last.Status)
	}
	return nil
}

func landsAt(address *url.URL, redirects []string) bool {
	for _, one := range redirects {
		if bare, _, _ := strings.Cut(one, "?"); strings.HasPrefix(address.String(), bare) {
			return true
		}
	}
	return false
}

// continuations are the names by which servers carry where a login leads.
var continuations = []string{
	"continue", "next", "return", "return_to", "returnTo", "return_url", "returnUrl", "ReturnUrl", "redirect", "redirect_to",
	"redirectUrl", "goto", "target", "dest", "destination", "url", "forward", "callback", "back", "RelayState", "from", "service",
}

// loginContinues points everything that could be a place to go on to at an
// attacker's page: parameters of those names in every address, and hidden
// fields and parameters that hold an address.
func (t *trial) loginContinues(ctx context.Context) error {
	customer := t.target.Customers.First
	v, err := t.target.Plain(t.send)
	if err != nil {
		return err
	}
	t.visitors["the customer, lured"] = v
	l, err := v.Walk(ctx, pages.Walk{
		URL: t.authorizeURL(t.newGrant(t.client).parameters()), Username: customer.Username, Password: customer.Password,
		Decision: pages.Abandon, Redirects: t.redirects(), Change: lured,
	})
	t.walked("the login with another place to go on to", l)
	return err
}

func lured(r exchange.Request) exchange.Request {
	at, err := url.Parse(r.URL)
	if err != nil {
		return r
	}
	q := at.Query()
	for _, name := range continuations {
		if name != "callback" || q.Has(name) {
			q.Set(name, attacker)
		}
	}
	for name, values := range q {
		if name != "redirect_uri" && leads(values[0]) {
			q.Set(name, attacker)
		}
	}
	at.RawQuery = q.Encode()
	r.URL = at.String()
	for name, values := range r.Form {
		if leads(values[0]) {
			r.Form.Set(name, attacker)
		}
	}
	return r
}

// leads says whether a value is an address or a path of one.
func leads(value string) bool {
	return strings.HasPrefix(value, "/") || strings.HasPrefix(value, "http://") || strings.HasPrefix(value, "https://")
}

func (t *trial) stayed(context.Context) error {
	t.judged = true
	l := *t.attempts[0].landing
	if l.Away && originOf(l.URL) == originOf(attacker) {
		return &report.Finding{Expected: "a page of the server, or its client", Got: describe(l)}
	}
	if !l.Redirected && (l.Kind == pages.Blank || l.Page.Status >= 500) {
		return unmet("the login", fmt.Errorf("it ended at %s", describe(l)))
	}
	return nil
}

package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

var clientSteps = []definition{
	given(`the client's state is {text}`, (*world).stateIs),
	when(`a client asks for authorization with client_id=nobody`, (*world).asksAsNobody),
	when(`the client asks for authorization with its redirect URI (on another host|with a longer path|with a query|with a trailing slash|in another case|with a dot segment)`, (*world).asksWithRedirect),
	when(`the client asks for authorization with (no (?:PKCE|[a-z_]+)|(?:[a-z_]+)=(?:[a-z.]+))`, (*world).asksWithParameter),
	when(`{who} (allows|denies) the client's authorization request`, (*world).decides),
	when(`a client fetches the (login|error|portal) page`, (*world).fetchesPage),

	then(`the platform answers {number} with a page of its own`, (*world).answersWithPage),
	then(`the redirection endpoint has received nothing`, (*world).nothingArrived),
	then(`the redirection endpoint receives the error ([a-z_]+)`, (*world).errorArrived),
	then(`the redirection endpoint receives a code of at least {number} characters`, (*world).codeArrived),
	then(`it receives state and iss as sent and configured`, (*world).stateArrived),
	then(`every redirect of {her} way has the status 302 or 303`, (*world).redirectsAre),
	then(`the redirection endpoint has never received {her} password`, (*world).noPasswordArrived),
	then(`the answer forbids framing`, (*world).forbidsFraming),
	then(`the answer forbids caching and referrers`, (*world).forbidsKeeping),
	then(`the answer gives no other origin a right to read it`, (*world).forbidsOrigins),
}

func (w *world) stateIs(ctx context.Context, state string) error {
	c, err := w.theClient(ctx, "")
	if err == nil {
		c.state = state
	}
	return err
}

// fetch gets a page as a client without cookies would, and keeps the answer.
func (w *world) fetch(ctx context.Context, c *oauthClient, address string) error {
	return c.call(ctx, http.MethodGet, address, "", nil)
}

func (w *world) asksAsNobody(ctx context.Context) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	return w.fetch(ctx, c, c.authorizationURL(map[string]string{"client_id": "nobody"}))
}

// nearMiss is how a redirect URI differs from the registered one.
type nearMiss string

func (n nearMiss) of(uri string) string {
	switch n {
	case "on another host":
		return "https://elsewhere.example/callback"
	case "with a longer path":
		return uri + "/more"
	case "with a query":
		return uri + "?more=1"
	case "with a trailing slash":
		return uri + "/"
	case "in another case":
		return strings.Replace(uri, "/callback", "/Callback", 1)
	default:
		return strings.Replace(uri, "/callback", "/./callback", 1)
	}
}

func (w *world) asksWithRedirect(ctx context.Context, n nearMiss) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	return w.fetch(ctx, c, c.authorizationURL(map[string]string{"redirect_uri": n.of(c.redirect)}))
}

// parameter is "name=value", or "no name".
type parameter string

func (p parameter) replacement() map[string]string {
	if p == "no PKCE" {
		return map[string]string{"code_challenge": "", "code_challenge_method": ""}
	}
	if name, left := strings.CutPrefix(string(p), "no "); left {
		return map[string]string{name: ""}
	}
	name, value, _ := strings.Cut(string(p), "=")
	return map[string]string{name: value}
}

// asksWithParameter sends a faulty request. Maya goes the way only where the
// Platform wants a login before it answers.
func (w *world) asksWithParameter(ctx context.Context, p parameter) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	if err := c.follow(ctx, c.authorizationURL(p.replacement())); err != nil || len(w.catcher.all()) > 0 {
		return err
	}
	v, err := w.arrives(ctx, c, "Maya", p.replacement())
	if err != nil {
		return err
	}
	return v.session.WaitForURL(ctx, w.catcher.uri())
}

// arrives opens the authorization request in a person's browser and logs in if
// the Platform asks.
func (w *world) arrives(ctx context.Context, c *oauthClient, who person, replace map[string]string) (*visitor, error) {
	v, err := w.visitor(ctx, who)
	if err != nil {
		return nil, err
	}
	if err := v.session.Goto(ctx, c.authorizationURL(replace)); err != nil {
		return nil, err
	}
	return v, v.at(c.platform).logInIfAsked(ctx)
}

// verdict is what a person decides about a client's request.
type verdict string

func (w *world) decides(ctx context.Context, who person, what verdict) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	if what == "denies" {
		return w.walks(ctx, c, who, denies)
	}
	return w.walks(ctx, c, who, allowsAll)
}

// walks takes a person from the client's authorization request to its
// redirection endpoint.
func (w *world) walks(ctx context.Context, c *oauthClient, who person, answer choice) error {
	v, err := w.arrives(ctx, c, who, nil)
	if err != nil {
		return err
	}
	if err := v.at(c.platform).decide(ctx, answer); err != nil {
		return err
	}
	if err := v.session.WaitFor(ctx, "#received"); err != nil {
		return err
	}
	arrived, err := w.catcher.last()
	c.code = arrived.query.Get("code")
	return err
}

// pageKind is a page that a client can ask for without a person.
type pageKind string

func (w *world) fetchesPage(ctx context.Context, k pageKind) error {
	c, err := w.theClient(ctx, "")
	if err != nil {
		return err
	}
	switch k {
	case "portal":
		return w.fetch(ctx, c, c.platform.Endpoints.Developers)
	case "error":
		return w.fetch(ctx, c, c.authorizationURL(map[string]string{"client_id": "nobody"}))
	default:
		return c.follow(ctx, c.authorizationURL(nil))
	}
}

func (w *world) answersWithPage(_ context.Context, status int) error {
	a := w.client.answer
	if err := a.expectStatus(status); err != nil {
		return err
	}
	if kind := a.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
		return fmt.Errorf("expected a page, got %s", a)
	}
	return expectEqual("the Location header", a.Header.Get("Location"), "")
}

func (w *world) nothingArrived(context.Context) error {
	return expectEqual("the number of requests at the redirection endpoint", len(w.catcher.all()), 0)
}

func (w *world) errorArrived(_ context.Context, code string) error {
	arrived, err := w.catcher.last()
	if err != nil {
		return err
	}
	if err := expectEqual("the error", arrived.query.Get("error"), code); err != nil {
		return err
	}
	return expectEqual("the code beside it", arrived.query.Get("code"), "")
}

func (w *world) codeArrived(_ context.Context, length int) error {
	arrived, err := w.catcher.last()
	if err != nil {
		return err
	}
	if code := arrived.query["code"]; len(code) != 1 || len(code[0]) < length {
		return fmt.Errorf("expected one code of at least %d characters, got %d codes", length, len(code))
	}
	return nil
}

func (w *world) stateArrived(context.Context) error {
	arrived, err := w.catcher.last()
	if err != nil {
		return err
	}
	if err := expectEqual("the state", arrived.query.Get("state"), w.client.state); err != nil {
		return err
	}
	return expectEqual("the iss", arrived.query.Get("iss"), w.client.platform.Issuer)
}

func (w *world) redirectsAre(context.Context) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	n := 0
	for _, r := range v.session.Requests() {
		if r.Status < 300 || r.Status > 399 || r.Status == http.StatusNotModified {
			continue
		}
		n++
		if !slices.Contains([]int{http.StatusFound, http.StatusSeeOther}, r.Status) {
			return fmt.Errorf("expected redirects by 302 or 303, got %d from %s", r.Status, r.URL)
		}
	}
	if n == 0 {
		return errors.New("expected redirects, there were none")
	}
	return nil
}

func (w *world) noPasswordArrived(context.Context) error {
	customer, err := w.client.platform.customer(w.acting.who)
	if err != nil {
		return err
	}
	for _, a := range w.catcher.all() {
		if strings.Contains(a.whole, customer.Password) || strings.Contains(a.whole, url.QueryEscape(customer.Password)) {
			return errors.New("expected the password to stay with the Platform, it arrived at the redirection endpoint")
		}
		if err := expectEqual("the method at the redirection endpoint", a.method, http.MethodGet); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) forbidsFraming(context.Context) error {
	h := w.client.answer.Header
	if err := expectWords("Content-Security-Policy", h.Get("Content-Security-Policy"), nil, "frame-ancestors 'none'"); err != nil {
		return err
	}
	return expectEqual("X-Frame-Options", h.Get("X-Frame-Options"), "DENY")
}

func (w *world) forbidsKeeping(context.Context) error {
	h := w.client.answer.Header
	if err := expectWords("Cache-Control", h.Get("Cache-Control"), nil, "no-store"); err != nil {
		return err
	}
	return expectEqual("Referrer-Policy", h.Get("Referrer-Policy"), "no-referrer")
}

func (w *world) forbidsOrigins(context.Context) error {
	return expectEqual("Access-Control-Allow-Origin", w.client.answer.Header.Get("Access-Control-Allow-Origin"), "")
}

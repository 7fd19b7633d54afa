package checks

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// browserSteps are the sentences about what only a real browser shows.
func (t *trial) browserSteps() []sentence {
	return []sentence{
		when(`a foreign site frames the login page and an error page`, t.frame),
		then(`the browser shows neither inside the foreign site`, t.unframed),
		then(`every page says in its headers that it must not be framed`, t.forbidsFrames),
		when(`a browser shows the login page and the consent page`, t.browse),
		then(`it asks nobody but the server`, t.askedNobody),
		then(`every field and button of the login page is reached by the keyboard`, t.reachedByKeyboard),
		then(`nothing of it runs in a browser`, t.nothingRan),
		given(`a client whose window gets its answer in a message`, t.hasWidget),
		when(`a foreign site opens the authorization, naming itself as the target`, t.opensWidget),
		then(`the message reaches the registered origin only`, t.messageKept),
	}
}

func (t *trial) frame(ctx context.Context) error {
	bad := t.newGrant(t.client).parameters()
	bad.Set("redirect_uri", attacker)
	page := "<!doctype html><title>Foreign</title>"
	for _, address := range []string{t.authorizeURL(t.newGrant(t.client).parameters()), t.authorizeURL(bad)} {
		page += `<iframe src="` + html.EscapeString(address) + `"></iframe>`
	}
	origin, err := t.host(page)
	if err != nil {
		return err
	}
	if t.browser, err = t.window(ctx); err != nil {
		return err
	}
	return show(ctx, t.browser, origin+"/")
}

// unframed judges every document of the server that the browser asked for: it
// was answered, and then blocked for what the answer said.
func (t *trial) unframed(context.Context) error {
	seen := 0
	for _, r := range t.browser.Requests() {
		if r.Type != "Document" || originOf(r.URL) != originOf(t.target.Endpoints.Authorize) || r.Status >= 300 && r.Status < 400 {
			continue
		}
		seen++
		switch r.Failed {
		case "net::ERR_BLOCKED_BY_RESPONSE", "net::ERR_BLOCKED_BY_CSP":
		case "":
			return &report.Finding{Expected: "a page that stays out of foreign frames", Got: fmt.Sprintf("the browser shows it there (%d)", r.Status)}
		default:
			return unmet("a frame", fmt.Errorf("the browser says %s", r.Failed))
		}
	}
	if seen < 2 {
		return unmet("the frames", fmt.Errorf("the browser asked for %d pages of the server", seen))
	}
	return nil
}

func (t *trial) forbidsFrames(context.Context) error {
	var against []string
	for _, e := range t.shown {
		byPolicy := slices.ContainsFunc(e.Header.Values("Content-Security-Policy"), keepsFramesOut)
		option := strings.ToUpper(strings.TrimSpace(e.Header.Get("X-Frame-Options")))
		byOption := option == "DENY" || option == "SAMEORIGIN"
		switch {
		case !byPolicy && !byOption:
			against = append(against, e.About)
		case !byPolicy:
			t.warn("%s: X-Frame-Options alone, without frame-ancestors", e.About)
		case !byOption && !t.target.Has("widget"):
			t.warn("%s: frame-ancestors alone, without X-Frame-Options for old browsers", e.About)
		}
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "frame-ancestors or X-Frame-Options", Got: "neither, after: " + strings.Join(against, ", ")}
	}
	return nil
}

// keepsFramesOut says whether a policy has frame-ancestors that do not let
// everybody in.
func keepsFramesOut(policy string) bool {
	for _, directive := range strings.Split(policy, ";") {
		words := strings.Fields(strings.ToLower(directive))
		if len(words) > 1 && words[0] == "frame-ancestors" {
			return !slices.ContainsFunc(words[1:], func(w string) bool { return w == "*" || w == "https:" || w == "http:" })
		}
	}
	return false
}

// browse shows the login page, and the consent page with the cookies of the
// customer who has seen it before.
func (t *trial) browse(ctx context.Context) error {
	address := t.authorizeURL(t.newGrant(t.target.Clients.Main).parameters())
	at, err := url.Parse(address)
	if err != nil {
		return err
	}
	for _, cookies := range [][]*http.Cookie{nil, t.customer.Cookies(at)} {
		if t.browser, err = t.window(ctx); err != nil {
			return err
		}
		if err := t.browser.SetCookies(ctx, address, cookies); err != nil {
			return err
		}
		if err := show(ctx, t.browser, address); err != nil {
			return err
		}
		t.requests = append(t.requests, t.browser.Requests()...)
	}
	document, err := t.browser.HTML(ctx)
	if err != nil {
		return err
	}
	page, err := pages.Read(at, http.StatusOK, document)
	if err != nil {
		return err
	}
	if kind, _ := pages.Recognise(page); kind != pages.Consent {
		return unmet("the consent page in the browser", fmt.Errorf("the page is %s", kind))
	}
	return nil
}

func (t *trial) askedNobody(context.Context) error {
	var others []string
	for _, r := range t.requests {
		if strings.HasPrefix(r.URL, "http") && originOf(r.URL) != originOf(t.target.Endpoints.Authorize) {
			others = append(others, originOf(r.URL))
		}
	}
	if slices.Sort(others); len(others) > 0 {
		return &report.Finding{Expected: "requests to the server alone", Got: "requests to " + strings.Join(slices.Compact(others), ", ")}
	}
	return nil
}

// reachedByKeyboard presses Tab once for each thing on the login page that can
// be reached, and looks which fields and buttons it passed.
func (t *trial) reachedByKeyboard(ctx context.Context) error {
	s, err := t.window(ctx)
	if err != nil {
		return err
	}
	if err := show(ctx, s, t.authorizeURL(t.newGrant(t.client).parameters())); err != nil {
		return err
	}
	if err := s.Show(ctx); err != nil {
		return err
	}
	var reachable int
	const mark = `() => {
		if (document.activeElement) document.activeElement.setAttribute('data-mint-reached', '');
		return document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, [tabindex]').length;
	}`
	if err := s.Eval(ctx, &reachable, mark); err != nil {
		return err
	}
	for range min(reachable+2, 40) {
		if err := s.Tab(ctx); err != nil {
			return err
		}
		if err := s.Eval(ctx, nil, mark); err != nil {
			return err
		}
	}
	var missed []string
	err = s.Eval(ctx, &missed, `() => [...document.querySelectorAll('form input:not([type=hidden]), form select, form textarea, form button')]
		.filter((e) => !e.disabled && e.getClientRects().length > 0 && !e.hasAttribute('data-mint-reached'))
		.map((e) => e.name || e.textContent.trim() || e.type)`)
	if err != nil {
		return err
	}
	if len(missed) > 0 {
		return &report.Finding{Expected: "every field and button in reach of the keyboard", Got: "the keyboard does not reach " + strings.Join(missed, ", ")}
	}
	return nil
}

// nothingRan opens a request with markup in its state in a real browser: pages
// that scripts make show there only what they made of it.
func (t *trial) nothingRan(ctx context.Context) error {
	s, err := t.window(ctx)
	if err != nil {
		return err
	}
	q := t.newGrant(t.client).parameters()
	q.Set("state", markup)
	if err := show(ctx, s, t.authorizeURL(q)); err != nil {
		return err
	}
	ran := false
	if err := s.Eval(ctx, &ran, `() => window.mintProbe !== undefined || document.querySelector('mint-probe') !== null`); err != nil {
		return err
	}
	if ran {
		return &report.Finding{Expected: "markup shown as text", Got: "a page on which the browser took it for markup"}
	}
	return nil
}

// hasWidget: an application on an origin that the check serves, which the
// Platform's operator has allowed, and a customer who has logged in, so that a
// request is answered without a question.
func (t *trial) hasWidget(ctx context.Context) error {
	if t.target.Endpoints.Register == "" {
		return unmet("a client", fmt.Errorf("its registered origin has to be one that this run can serve, and nobody can register one here"))
	}
	var err error
	if t.registered, err = t.host("<!doctype html><title>Registered</title>"); err != nil {
		return err
	}
	document, err := json.Marshal(map[string]any{
		"client_name": "Window", "client_uri": "https://window.example", "grant_types": []string{"authorization_code"},
		"redirect_uris": []string{t.registered + "/callback"},
	})
	if err != nil {
		return err
	}
	e, err := t.send.Do(ctx, exchange.Request{
		About: "register an application of the check", URL: t.target.Endpoints.Register, Body: string(document), ContentType: "application/json",
	})
	if err != nil {
		return err
	}
	if e.Text("client_id") == "" {
		return unmet("registering an application", fmt.Errorf("%s", e))
	}
	t.client = &target.Client{ID: e.Text("client_id"), Secret: e.Text("client_secret"), Name: "Window", RedirectURIs: []string{t.registered + "/callback"}}
	if t.customer, err = t.stranger(); err != nil {
		return err
	}
	l, err := t.customer.Walk(ctx, by(t.goodWalk(pages.Allow), t.target.Customers.First))
	if err == nil && (!l.SawLogin || l.Refused) {
		return unmet("a login", fmt.Errorf("the way ended at %s", describe(l)))
	}
	return err
}

// opener opens an address in another window and answers the message that comes
// from there, "" if the window was closed without one.
const opener = `(address) => new Promise((done) => {
	addEventListener('message', (e) => { if (e.source === other) done(JSON.stringify(e.data)); });
	const other = open(address);
	const watch = setInterval(() => {
		if (other && !other.closed) return;
		clearInterval(watch);
		setTimeout(() => done(''), 50);
	}, 20);
	setTimeout(() => done('nothing'), 4000);
})`

// opensWidget opens the authorization from the registered origin, which is the
// positive control, and from a foreign one.
func (t *trial) opensWidget(ctx context.Context) error {
	foreignOrigin, err := t.host("<!doctype html><title>Foreign</title>")
	if err != nil {
		return err
	}
	good := t.newGrant(t.client).parameters()
	bad := t.newGrant(t.client).parameters()
	for _, name := range []string{"origin", "target_origin", "web_message_uri", "web_message_target", "opener"} {
		bad.Set(name, foreignOrigin)
	}
	if t.browser, err = t.window(ctx); err != nil {
		return err
	}
	at, err := url.Parse(t.target.Endpoints.Authorize)
	if err != nil {
		return err
	}
	if err := t.browser.SetCookies(ctx, at.String(), t.customer.Cookies(at)); err != nil {
		return err
	}
	told, err := t.message(ctx, t.registered, t.authorizeURL(good))
	if err != nil {
		return err
	}
	if err := t.controlled("the registered origin's own window", strings.Contains(told, `"code"`), bare(len(told))); err != nil {
		return err
	}
	t.overheard, err = t.message(ctx, foreignOrigin, t.authorizeURL(bad))
	return err
}

// bare says how much of a message came, which may hold a code.
type bare int

// String implements fmt.Stringer.
func (n bare) String() string { return fmt.Sprintf("a message of %d characters", int(n)) }

func (t *trial) message(ctx context.Context, from, address string) (said string, err error) {
	if err := show(ctx, t.browser, from+"/"); err != nil {
		return "", err
	}
	return said, t.browser.Eval(ctx, &said, opener, address)
}

func (t *trial) messageKept(context.Context) error {
	t.judged = true
	if strings.Contains(t.overheard, `"`) {
		return &report.Finding{Expected: "no message to a foreign origin", Got: fmt.Sprintf("the foreign site was told %d characters, with the answer in them", len(t.overheard))}
	}
	return nil
}

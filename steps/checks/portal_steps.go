package checks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
)

// portalSteps are the sentences about the form on which developers register
// applications. They run on mock Platforms only.
func (t *trial) portalSteps() []sentence {
	return []sentence{
		given(`the registration form takes a complete application`, t.portalTakes),
		when(`a developer leaves out the name, the website or the redirect URI`, t.portalIncomplete),
		when(`a developer registers two applications of one name, the second under a customer's login`, t.portalTwice),
		when(`a developer registers these redirect URIs`, t.portalRedirects),
		then(`each form comes back with a message beside the field, and nothing is registered`, t.portalRefusedFields),
		then(`a form that is out of service says whom to ask`, t.portalDown),
		then(`the ids differ, neither is the login, and the secrets are long`, t.portalCredentials),
		then(`none of them is registered`, t.portalRefusedRedirects),
		then(`the form takes "([^"]*)"`, t.portalTakesRedirect),
	}
}

// registering is what a trial keeps of registrations.
type registering struct {
	registrations []registered // by the portal's form
	ownAccess     string       // an application's own access token
	ownAccount    exchange.Exchange
	newText       string // that the application described itself by
}

// registered is what came of one registration by form.
type registered struct {
	what, field string
	page        exchange.Exchange // the last one
	id, secret  string
}

// complete is a good application by the names of the form's fields.
func complete() url.Values {
	return url.Values{
		"name": {"Check Application"}, "website": {"https://app.example"}, "redirect_uri": {"https://app.example/callback"},
	}
}

// fields finds a form's field by what people call it.
var fields = map[string]*regexp.Regexp{
	"name":         regexp.MustCompile(`(?i)^(application |app |client )?name`),
	"website":      regexp.MustCompile(`(?i)web ?site|home ?page`),
	"redirect_uri": regexp.MustCompile(`(?i)redirect|callback`),
}

// credential finds id and secret on the page that shows them.
var credential = regexp.MustCompile(`id="(client_id|client_secret)"[^>]*>([^<]+)<`)

// register fills the portal's form and sends it.
func (t *trial) register(ctx context.Context, what string, values url.Values) (r registered, err error) {
	r.what = what
	jar, err := cookiejar.New(nil)
	if err != nil {
		return r, err
	}
	first, err := t.surf(ctx, jar, exchange.Request{About: "open the registration form", URL: t.target.Endpoints.Portal})
	if err != nil {
		return r, err
	}
	at, err := url.Parse(first.URL)
	if err != nil {
		return r, err
	}
	page, err := pages.Read(at, first.Status, first.Body)
	if err != nil {
		return r, err
	}
	form, filled := fill(page, values)
	if form == nil {
		return r, unmet("finding the registration form", errors.New(first.String()))
	}
	r.page, err = t.surf(ctx, jar, exchange.Request{About: "register " + what, URL: form.Action, Form: filled})
	for _, found := range credential.FindAllStringSubmatch(r.page.Body, -1) {
		if found[1] == "client_id" {
			r.id = found[2]
		} else {
			r.secret = found[2]
		}
	}
	return r, err
}

// fill puts values into the form that asks for a redirect URI; what has no
// field is sent all the same.
func fill(page pages.Page, values url.Values) (*pages.Form, url.Values) {
	for i := range page.Forms {
		form, filled, found := &page.Forms[i], url.Values{}, false
		for _, field := range form.Fields {
			filled.Set(field.Name, field.Value)
			for name, pattern := range fields {
				if pattern.MatchString(field.Name) || pattern.MatchString(field.Label) {
					filled.Set(field.Name, values.Get(name))
					found = found || name == "redirect_uri"
				}
			}
		}
		if found {
			for name := range values {
				if fields[name] == nil {
					filled.Set(name, values.Get(name))
				}
			}
			return form, filled
		}
	}
	return nil, nil
}

// surf sends a request with cookies and follows redirects on the same host.
func (t *trial) surf(ctx context.Context, jar http.CookieJar, r exchange.Request) (exchange.Exchange, error) {
	for range 5 {
		at, err := url.Parse(r.URL)
		if err != nil {
			return exchange.Exchange{}, err
		}
		r.Header = http.Header{}
		for _, c := range jar.Cookies(at) {
			r.Header.Add("Cookie", c.Name+"="+c.Value)
		}
		e, err := t.send.Do(ctx, r)
		if err != nil {
			return e, err
		}
		jar.SetCookies(at, (&http.Response{Header: e.Header}).Cookies())
		to, err := at.Parse(e.Header.Get("Location"))
		if e.Status/100 != 3 || err != nil || to.Host != at.Host {
			return e, nil
		}
		r = exchange.Request{About: "follow the redirect", URL: to.String()}
	}
	return exchange.Exchange{}, errors.New("the pages redirect without an end")
}

func (t *trial) portalTakes(ctx context.Context) error {
	r, err := t.register(ctx, "a complete application", complete())
	if err != nil {
		return err
	}
	return t.controlled("a complete application", r.id != "", r.page)
}

func (t *trial) portalIncomplete(ctx context.Context) error {
	for _, field := range []string{"name", "website", "redirect_uri"} {
		values := complete()
		values.Set(field, "")
		r, err := t.register(ctx, "an application without "+field, values)
		if err != nil {
			return err
		}
		r.field = field
		t.registrations = append(t.registrations, r)
	}
	return nil
}

func (t *trial) portalRefusedFields(context.Context) error {
	t.judged = true
	for _, r := range t.registrations {
		beside := regexp.MustCompile(`<(?:input|textarea)[^>]*name="` + r.field + `"[^>]*aria-invalid="true"`)
		switch {
		case r.id != "":
			return &report.Finding{Expected: "a refusal of " + r.what, Got: "a client id"}
		case r.page.Status >= 500 || r.page.Status == 0:
			return &report.Finding{Expected: "the form again, for " + r.what, Got: r.page.String()}
		case !beside.MatchString(r.page.Body):
			return &report.Finding{Expected: "a message beside the field " + r.field, Got: "none there"}
		}
	}
	return nil
}

// portalDown stages a Platform whose portal is out of service.
func (t *trial) portalDown(ctx context.Context) error {
	const support = "partners@check.example"
	mock := t.target.Mock
	down, err := mock.Control.CreatePlatform(ctx, control.CreatePlatform{
		Profile: mock.Profile, Settings: []byte(`{"registration":{"portal":"down","support":"` + support + `"}}`),
	})
	if err != nil {
		return unmet("staging a portal that is down", err)
	}
	e, err := t.send.Do(ctx, exchange.Request{About: "open a registration form that is out of service", URL: down.Endpoints.Developers})
	if err = errors.Join(err, mock.Control.DeletePlatform(ctx, down.Name)); err != nil {
		return err
	}
	if !strings.Contains(e.Body, support) {
		return &report.Finding{Expected: "a page that says whom to ask", Got: e.String()}
	}
	return nil
}

func (t *trial) portalTwice(ctx context.Context) error {
	for _, asked := range []string{"", t.target.Customers.First.Username} {
		values := complete()
		if asked != "" {
			values.Set("client_id", asked)
		}
		r, err := t.register(ctx, "an application", values)
		if err != nil {
			return err
		}
		if r.id == "" {
			return unmet("registering an application", errors.New(r.page.String()))
		}
		again, err := t.send.Do(ctx, exchange.Request{About: "look at the credentials again", URL: r.page.URL, Header: http.Header{"Cookie": r.page.RequestHeader["Cookie"]}})
		if err != nil {
			return err
		}
		if strings.Contains(again.Body, r.secret) {
			t.warn("the client secret is shown again later")
		}
		t.registrations = append(t.registrations, r)
	}
	return nil
}

func (t *trial) portalCredentials(context.Context) error {
	one, two := t.registrations[0], t.registrations[1]
	switch login := t.target.Customers.First.Username; {
	case one.id == two.id:
		return &report.Finding{Expected: "a client id of its own for each application", Got: "the same one for two of the same name"}
	case one.id == login || two.id == login:
		return &report.Finding{Expected: "a client id chosen by the server", Got: "the one that was asked for, a customer's login"}
	case one.secret == two.secret:
		return &report.Finding{Expected: "a secret of its own for each application", Got: "the same one twice"}
	}
	for _, r := range t.registrations {
		if n := bits(r.secret); n < 128 {
			return &report.Finding{Expected: "a secret of at least 128 random bits", Got: fmt.Sprintf("%d characters, which hold %d at most", len(r.secret), n)}
		}
	}
	return nil
}

var hexadecimal = regexp.MustCompile(`^([0-9a-f]+|[0-9A-F]+)$`)

// bits is how many random bits a text can hold at most.
func bits(text string) int {
	if hexadecimal.MatchString(text) {
		return 4 * len(text)
	}
	return 6 * len(text)
}

func (t *trial) portalRedirects(ctx context.Context, table *godog.Table) error {
	return eachRow(table, func(uri string) error {
		values := complete()
		values.Set("redirect_uri", uri)
		r, err := t.register(ctx, uri, values)
		t.registrations = append(t.registrations, r)
		return err
	})
}

func (t *trial) portalRefusedRedirects(context.Context) error {
	t.judged = true
	for _, r := range t.registrations {
		if r.id != "" || r.page.Status < 400 || r.page.Status >= 500 {
			return &report.Finding{Expected: "a refusal of " + r.what, Got: r.page.String()}
		}
	}
	return nil
}

func (t *trial) portalTakesRedirect(ctx context.Context, uri string) error {
	values := complete()
	values.Set("redirect_uri", uri)
	r, err := t.register(ctx, uri, values)
	if err != nil {
		return err
	}
	if r.id == "" {
		return &report.Finding{Expected: "a registration of " + uri, Got: r.page.String()}
	}
	return nil
}

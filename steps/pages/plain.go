package pages

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
)

// maxSteps bounds a walk: a server may send people round in circles.
const maxSteps = 20

// Plain is a Visitor that reads pages without a browser: enough for servers
// whose pages work without scripts.
type Plain struct {
	// Login is what she does on login pages that cannot be guessed.
	Login   []Step
	send    *exchange.Client
	cookies *cookiejar.Jar
}

// NewPlain returns a visitor in plain HTTP, whose requests are kept by send.
func NewPlain(send *exchange.Client) (*Plain, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &Plain{send: send, cookies: jar}, nil
}

// Cookies implements Visitor.
func (p *Plain) Cookies(address *url.URL) []*http.Cookie { return p.cookies.Cookies(address) }

// Close implements Visitor.
func (p *Plain) Close() error { return nil }

// Walk implements Visitor.
func (p *Plain) Walk(ctx context.Context, w Walk) (Landing, error) {
	way, done := Landing{}, Progress{}
	w.login = p.Login
	next := exchange.Request{About: "open the authorization request", URL: w.URL}
	if w.Begin != nil {
		next = *w.Begin
	}
	for way.Steps < maxSteps {
		way.Steps++
		if w.Change != nil {
			next = w.Change(next)
		}
		e, at, err := p.fetch(ctx, next)
		if err != nil {
			return way, err
		}
		if to := redirect(at, e); to != nil {
			if arrived(to, w.Redirects) {
				return way.redirected(landed(to)), nil
			}
			if to.Host != at.Host { // to somebody else: the walk shows where, and goes no further
				way.URL, way.Kind, way.Away = to.String(), Other, true
				return way, nil
			}
			next = exchange.Request{About: "follow the redirect", URL: to.String()}
			continue
		}
		page, err := Read(at, e.Status, e.Body)
		if err != nil {
			return way, fmt.Errorf("reading the page: %w", err)
		}
		if end, ok := postedTo(page, w.Redirects); ok {
			return way.redirected(end), nil
		}
		var plan Plan
		plan, done = Decide(page, w, done)
		way.follow(plan, page)
		if plan.Err != nil {
			return way, report.Unable(plan.Err)
		}
		request, possible := plan.request()
		if plan.step > 0 && !plan.Done && !possible {
			return way, report.Unable(&StepError{plan.step - 1, "it takes a page with scripts, and so a real browser, which pages: plain keeps away"})
		}
		if plan.Done || !possible {
			return way, nil
		}
		next = request
	}
	way.Kind = Other
	return way, nil
}

// fetch sends one request with the visitor's cookies.
func (p *Plain) fetch(ctx context.Context, r exchange.Request) (exchange.Exchange, *url.URL, error) {
	at, err := url.Parse(r.URL)
	if err != nil {
		return exchange.Exchange{}, nil, err
	}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	r.Header.Set("Accept", "text/html,application/xhtml+xml")
	r.Browser = true
	for _, c := range p.cookies.Cookies(at) {
		r.Header.Add("Cookie", c.Name+"="+c.Value)
	}
	e, err := p.send.Do(ctx, r)
	if err != nil {
		return e, at, err
	}
	p.cookies.SetCookies(at, (&http.Response{Header: e.Header}).Cookies())
	if parsed, err := url.Parse(e.URL); err == nil {
		at = parsed
	}
	return e, at, nil
}

// redirect is where an answer sends the visitor, nil if nowhere.
func redirect(at *url.URL, e exchange.Exchange) *url.URL {
	if e.Status < 300 || e.Status > 399 {
		return nil
	}
	to, err := at.Parse(e.Header.Get("Location"))
	if err != nil || e.Header.Get("Location") == "" {
		return nil
	}
	return to
}

// request is what a browser sends when the plan is carried out; ok is false if
// that takes a script.
func (plan Plan) request() (r exchange.Request, ok bool) {
	f, press := plan.Form, plan.Press
	switch {
	case press != nil && press.Href != "":
		return exchange.Request{About: plan.About, URL: press.Href}, true
	case f == nil || f.Loose || press != nil && press.Script:
		return r, false
	}
	values := url.Values{}
	for i := range f.Fields {
		one := &f.Fields[i]
		box := one.Type == "checkbox" || one.Type == "radio"
		filled := slices.IndexFunc(plan.Fill, func(given Filling) bool { return given.Field == one })
		switch {
		case one.Name == "" || one.Disabled || slices.Contains(plan.Untick, one):
		case filled >= 0:
			values.Add(one.Name, plan.Fill[filled].Value)
		case !box || one.Checked || slices.Contains(plan.Tick, one):
			values.Add(one.Name, one.Value)
		}
	}
	return f.request(plan.About, values, press), true
}

func (f *Form) request(about string, values url.Values, pressed *Button) exchange.Request {
	if pressed != nil && pressed.Name != "" {
		values.Set(pressed.Name, pressed.Value)
	}
	if f.Method == "GET" {
		action, _, _ := strings.Cut(f.Action, "?") // a GET form replaces the query
		return exchange.Request{About: about, URL: action, Query: values}
	}
	return exchange.Request{About: about, URL: f.Action, Form: values}
}

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
)

// maxSteps bounds a walk: a server may send people round in circles.
const maxSteps = 20

// Plain is a Visitor that reads pages without a browser: enough for servers
// whose pages work without scripts.
type Plain struct {
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
	way := Landing{}
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
				end := landed(to)
				end.SawLogin, end.SawConsent, end.ConsentPage, end.Steps = way.SawLogin, way.SawConsent, way.ConsentPage, way.Steps
				end.Page = way.Page
				return end, nil
			}
			if to.Host != at.Host { // to somebody else: the walk shows where, and goes no further
				way.URL, way.Kind, way.Away = to.String(), Other, true
				return way, nil
			}
			next = exchange.Request{About: "follow the redirect", URL: to.String()}
			continue
		}
		if way.Page, err = Read(at, e.Status, e.Body); err != nil {
			return way, fmt.Errorf("reading the page: %w", err)
		}
		way.URL = at.String()
		request, done := way.act(w)
		if done {
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

// act decides what the person does with the page of the way.
func (way *Landing) act(w Walk) (next exchange.Request, done bool) {
	kind, form := Recognise(way.Page)
	way.Kind = kind
	switch kind {
	case Login:
		if way.SawLogin {
			way.Refused = true
			return next, true
		}
		way.SawLogin = true
		return form.logIn(w), w.Username == ""
	case Consent:
		if !way.SawConsent {
			way.ConsentPage = way.Page
		}
		again := way.SawConsent
		way.SawConsent = true
		if w.Decision == Abandon || again {
			return next, true
		}
		return form.decide(w)
	}
	return next, true
}

// logIn fills the form with the person's credentials.
func (f *Form) logIn(w Walk) exchange.Request {
	values := url.Values{}
	named := false
	for _, one := range f.Fields {
		switch {
		case one.Type == "password":
			values.Set(one.Name, w.Password)
		case !named && slices.Contains([]string{"text", "email", "tel"}, one.Type):
			values.Set(one.Name, w.Username)
			named = true
		case one.Type != "checkbox" && one.Type != "radio" || one.Checked:
			values.Set(one.Name, one.Value)
		}
	}
	return f.request("log in", values, first(f.Buttons))
}

// decide presses Allow or Deny; done if there is no such button.
func (f *Form) decide(w Walk) (r exchange.Request, done bool) {
	words, about := allowWords, "allow"
	if w.Decision == Deny {
		words, about = denyWords, "deny"
	}
	button := f.button(words)
	if button == nil {
		return r, true
	}
	values := url.Values{}
	for _, one := range f.Fields {
		switch {
		case (one.Type == "checkbox" || one.Type == "radio") && !one.Checked:
		case one.Type == "checkbox" && mentions(one.Label+" "+one.Value, w.Untick):
		default:
			values.Add(one.Name, one.Value)
		}
	}
	return f.request(about, values, button), false
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

func first(buttons []Button) *Button {
	if len(buttons) == 0 {
		return nil
	}
	return &buttons[0]
}

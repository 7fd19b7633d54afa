package pages

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/mint-conformance/mint/steps/exchange"
)

// withdrawWords begin the buttons by which a customer ends an application's
// access.
var withdrawWords = []string{"withdraw", "revoke", "remove", "disconnect", "end access", "delete", "révoquer", "widerrufen", "entfernen", "revocar", "revoca"}

// LogIn is the request by which the form is sent with a name and a password.
func (f *Form) LogIn(username, password string) exchange.Request {
	plan, _ := Plan{Kind: Login, Form: f}.logIn(Page{}, Walk{Username: username, Password: password}, Progress{})
	r, _ := plan.request()
	return r
}

// Decide is the request by which Allow or Deny is pressed; ok is false if the
// form has no such button.
func (f *Form) Decide(d Decision) (r exchange.Request, ok bool) {
	plan, _ := Plan{Kind: Consent, Form: f}.consent(Page{}, Walk{Decision: d}, Progress{})
	if plan.Done {
		return r, false
	}
	return plan.request()
}

// Offers says which decisions the form lets somebody take.
func (f *Form) Offers() (allow, deny bool) { return f.consenting() != nil, f.denial() != nil }

// Withdraw is the request by which an application's access is ended; ok is
// false if the form has no such button.
func (f *Form) Withdraw() (r exchange.Request, ok bool) {
	button := f.best(withdrawWords)
	if button == nil {
		return r, false
	}
	return Plan{About: "withdraw access", Form: f, Press: button}.request()
}

// Hidden are the names of the hidden fields.
func (f *Form) Hidden() (names []string) {
	for _, one := range f.Fields {
		if one.Type == "hidden" && one.Name != "" {
			names = append(names, one.Name)
		}
	}
	return names
}

// Value is the value of a field, "" if there is none.
func (f *Form) Value(name string) string {
	i := slices.IndexFunc(f.Fields, func(one Field) bool { return one.Name == name })
	if i < 0 {
		return ""
	}
	return f.Fields[i].Value
}

// SetCookies gives the visitor cookies that somebody else has.
func (p *Plain) SetCookies(address *url.URL, cookies []*http.Cookie) {
	p.cookies.SetCookies(address, cookies)
}

// Open sends one request, follows redirects to the same host and reads the page
// at their end. The exchange is the last one.
func (p *Plain) Open(ctx context.Context, r exchange.Request) (exchange.Exchange, Page, error) {
	for range maxSteps {
		e, at, err := p.fetch(ctx, r)
		if err != nil {
			return e, Page{}, err
		}
		if to := redirect(at, e); to != nil && to.Host == at.Host {
			r = exchange.Request{About: "follow the redirect", URL: to.String()}
			continue
		}
		page, err := Read(at, e.Status, e.Body)
		return e, page, err
	}
	return exchange.Exchange{Err: "it went round in circles"}, Page{}, nil
}

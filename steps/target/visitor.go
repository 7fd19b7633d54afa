package target

import (
	"context"
	"fmt"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
)

// Visitor is a person who goes through the target's pages: at a window of her
// own in the browser that use launches where the target's pages are Scripted, else
// in plain HTTP. send keeps what is requested. The error of a browser that is not
// there wraps browser.ErrNotFound.
func (t *Target) Visitor(ctx context.Context, send *exchange.Client, use func(context.Context) (*browser.Browser, error)) (pages.Visitor, error) {
	if !t.Scripted {
		return t.Plain(send)
	}
	b, err := use(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w; where the server's pages work without scripts, write pages: plain into the file", err)
	}
	s, err := b.NewSession(ctx)
	if err != nil {
		return nil, err
	}
	v := pages.NewBrowser(s, send)
	v.Login, v.Redirection, v.Manual = t.Login, t.Redirection, t.Manual
	if t.OwnAuthority {
		if err := s.AcceptCertificates(ctx); err != nil {
			_ = v.Close() // the window is of no use
			return nil, err
		}
	}
	return v, nil
}

// Who says in words as whom somebody logs in with a name and a password, without
// telling the password; wrong is true if no customer has the two.
func (t *Target) Who(username, password string) (who string, wrong bool) {
	for _, one := range []struct {
		key      string
		customer *Customer
	}{{"first", t.Customers.First}, {"second", t.Customers.Second}, {"without_right", t.Customers.WithoutRight}} {
		switch c := one.customer; {
		case c == nil || c.Username != username:
		case c.Password == password:
			return fmt.Sprintf("%s with the password of customers.%s", username, one.key), false
		default:
			return username + " with a wrong password", true
		}
	}
	return username + ", whom the server does not know, with any password", true
}

// Plain is a person who goes through the target's pages in plain HTTP.
func (t *Target) Plain(send *exchange.Client) (*pages.Plain, error) {
	v, err := pages.NewPlain(send)
	if err == nil {
		v.Login = t.Login
	}
	return v, err
}

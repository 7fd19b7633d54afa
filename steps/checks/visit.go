package checks

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/target"
)

// authorizeURL is the address of an authorization request.
func (t *trial) authorizeURL(q url.Values) string {
	separator := "?"
	if strings.Contains(t.target.Endpoints.Authorize, "?") {
		separator = "&"
	}
	return t.target.Endpoints.Authorize + separator + q.Encode()
}

// visitor is the customer at a browser of his own, nil for the first customer.
func (t *trial) visitor(ctx context.Context, customer *target.Customer) (pages.Visitor, *target.Customer, error) {
	if customer == nil {
		customer = t.target.Customers.First
	}
	if v, ok := t.visitors[customer.Username]; ok {
		return v, customer, nil
	}
	v, err := t.target.Visitor(ctx, t.send, t.shared.Browser)
	if err != nil {
		return nil, nil, unmet("a browser for the server's pages", err)
	}
	t.visitors[customer.Username] = v
	return v, customer, nil
}

// walk goes through the pages of an authorization request with one decision.
// alsoTo are further addresses at which it may end.
func (t *trial) walk(ctx context.Context, address string, customer *target.Customer, decision pages.Decision, alsoTo ...string) (pages.Landing, error) {
	v, customer, err := t.visitor(ctx, customer)
	if err != nil {
		return pages.Landing{}, err
	}
	return v.Walk(ctx, pages.Walk{
		URL: address, Username: customer.Username, Password: customer.Password, Decision: decision,
		Redirects: append(t.redirects(), alsoTo...),
	})
}

// redirects are all addresses that a way through pages may end at.
func (t *trial) redirects() (all []string) {
	c := t.target.Clients
	for _, client := range []*target.Client{c.Main, c.Second, c.Public, c.Native, c.Two, c.Query, c.Special, c.Machine} {
		if client != nil {
			all = append(all, client.RedirectURIs...)
		}
	}
	return all
}

// describe says where a way through pages ended, without secrets.
func describe(l pages.Landing) string {
	where, _, _ := strings.Cut(l.URL, "?")
	switch {
	case l.Redirected && l.Params.Get("error") != "":
		return "a redirect to the client with the error " + l.Params.Get("error")
	case l.Redirected:
		return "a redirect to the client with " + strings.Join(slices.Sorted(maps.Keys(l.Params)), ", ")
	case l.Away:
		return "a redirect to " + originOf(l.URL)
	case l.Refused:
		return "the login page again"
	case l.Page.Status == 0:
		return "no page"
	}
	return fmt.Sprintf("a page (%d, %s) at %s", l.Page.Status, l.Kind, where)
}

package partner

import (
	"iter"
	"net"
	"net/url"
	"slices"

	"github.com/mint-conformance/mint/steps/verdict"
)

// named goes through the clients that are written, in the order of the format.
func (c Clients) named() iter.Seq2[string, *Client] {
	return func(yield func(string, *Client) bool) {
		for _, one := range []struct {
			name   string
			client *Client
		}{
			{"main", c.Main}, {"second", c.Second}, {"public", c.Public}, {"native", c.Native},
			{"two", c.Two}, {"query", c.Query}, {"machine", c.Machine},
		} {
			if one.client != nil && !yield(one.name, one.client) {
				return
			}
		}
	}
}

// named goes through the customers that are written.
func (c Customers) named() iter.Seq2[string, *Customer] {
	return func(yield func(string, *Customer) bool) {
		for _, one := range []struct {
			name     string
			customer *Customer
		}{{"first", c.First}, {"second", c.Second}, {"without_right", c.WithoutRight}} {
			if one.customer != nil && !yield(one.name, one.customer) {
				return
			}
		}
	}
}

// public says whether the client has no secret.
func (c *Client) public() bool { return c.Secret == "" && c.SecretEnv == "" }

// says whether the document itself says a feature to be there, or not.
func (d *Document) says(feature string, there bool) bool {
	said, ok := d.Features[feature]
	return ok && said == there
}

// allows says whether the document permits a kind of check.
func (d *Document) allows(what string) bool {
	if d.Allow == nil {
		return what == "ends_grants"
	}
	return slices.Contains(d.Allow, what)
}

// addresses are those that the document itself names.
func (d *Document) addresses() []string {
	e := d.Endpoints
	all := []string{d.Issuer, e.Authorize, e.Token, e.Revoke, e.Introspect, e.Register, e.PAR, e.JWKS, e.Metadata, d.Resource}
	return slices.DeleteFunc(all, func(a string) bool { return a == "" })
}

// Loopback says whether all addresses of the document are on this machine.
func (d *Document) Loopback() bool {
	all := d.addresses()
	return len(all) > 0 && !slices.ContainsFunc(all, func(a string) bool { return !loopback(a) })
}

func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// Verdict is what decides which checks may be waived.
func (d *Document) Verdict() verdict.Server {
	return verdict.Server{Loopback: d.Loopback(), Public: d.Clients.Main != nil && d.Clients.Main.public()}
}

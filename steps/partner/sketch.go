package partner

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// Sketch asks an issuer for its metadata and answers the text of a file that
// describes the server, with comments on what is to be filled in.
func Sketch(ctx context.Context, issuer, caFile string, o Options) (string, error) {
	if u, err := url.Parse(issuer); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", &Trouble{fmt.Sprintf("--issuer %q is no address", issuer), "write one that begins with https://", Configuration}
	}
	d := &Document{Issuer: issuer, CAFile: caFile}
	c, err := d.contact(o.Now)
	if err != nil {
		return "", err
	}
	if o.Tell == nil {
		o.Tell = func(string) {}
	}
	if err := (&Partner{Document: d, contact: c}).reach(ctx, origin(issuer), o); err != nil {
		return "", err
	}
	m, err := c.metadata(ctx, metadataURLs(issuer))
	if err != nil {
		return "", err
	}
	return sketch(d, m), nil
}

func sketch(d *Document, m *Metadata) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# A server for conformance checks; `conformance init --schema` describes every key.")
	line("issuer: %s", d.Issuer)
	if d.CAFile != "" {
		line("ca_file: %s", d.CAFile)
	}
	if m == nil {
		line("endpoints: # no metadata document was found at %s", strings.Join(metadataURLs(d.Issuer), ", "))
		line("  authorize: %s/authorize # correct both", strings.TrimSuffix(d.Issuer, "/"))
		line("  token: %s/token", strings.TrimSuffix(d.Issuer, "/"))
	} else {
		line("# endpoints and features come from %s", m.URL)
		if m.Issuer != d.Issuer {
			line("# the metadata names another issuer: %s", m.Issuer)
		}
	}
	line("clients:")
	line("  # register the redirect URI exactly so; the server never has to reach it")
	line("  main: {id: CLIENT_ID, secret_env: MINT_CLIENT_SECRET, redirect_uris: [\"http://127.0.0.1:9600/callback\"]}")
	line("  # second: {id: …, secret_env: …, redirect_uris: […]} # another client shows that codes and tokens are bound")
	line("customers:")
	line("  first: {username: TEST_ACCOUNT, password_env: MINT_CUSTOMER_PASSWORD}")
	if m != nil && len(m.Scopes) > 0 {
		line("scopes: [%s] # leave those that the client may ask for", strings.Join(m.Scopes, ", "))
	} else {
		line("# scopes: [ads.read] # what the client asks for")
	}
	line("# redirect: {mode: loopback} # serve the redirect URI here; left out, the browser is kept from going there")
	line("# redirect: {mode: public, listen: \"127.0.0.1:9600\"} # for a public redirect URI that a tunnel leads there")
	line("# login: [] # for login pages that cannot be guessed; `conformance doctor --learn` prints the steps")
	line("# pages: plain # login and consent work without scripts: no browser is needed")
	line("# resource: https://api.example/v1/me # something that the customer's token may GET")
	if m.announced()["client_credentials"] {
		line("# clients.machine is needed for the client credentials grant, which the metadata announces")
	}
	line("# refresh: {mode: rotating, idle: 30d} # as documented")
	line("# lifetimes: {code: 60s, access: 20m} # as documented")
	line("# allow: [ends_grants, noisy] # noisy leaves traces and causes many errors; ends_grants alone is the default")
	line("# waivers: [{check: TK-12, reason: \"documented so\", owner: \"team\", until: 2027-01-31}]")
	return b.String()
}

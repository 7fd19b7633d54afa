package partner

import (
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/document"
	"github.com/mint-conformance/mint/steps/verdict"
)

// validation gathers what is wrong with a document beyond its form.
type validation struct {
	document *Document
	tree     *document.Tree
	getenv   func(string) string
	faults   []document.Fault
}

// bad adds a fault at the path; the sentence begins with the path.
func (v *validation) bad(path []any, format string, args ...any) {
	var words []string
	for _, part := range path {
		words = append(words, fmt.Sprint(part))
	}
	text := fmt.Sprintf(format, args...)
	if len(words) > 0 {
		text = strings.Join(words, ".") + ": " + text
	}
	v.faults = append(v.faults, document.Fault{Line: v.tree.Line(path...), Text: text})
}

func at(path ...any) []any { return path }

func (v *validation) all(known *catalogue.Catalogue) {
	d := v.document
	v.addresses()
	v.clients()
	v.redirect()
	v.customers()
	for i, scope := range d.Scopes {
		if scope == "" || strings.ContainsAny(scope, " \"\\") {
			v.bad(at("scopes", i), "%q is no scope; write one name without spaces in each entry", scope)
		}
	}
	if w := d.Writable; w != nil {
		v.word(at("writable", "method"), w.Method, "POST", "PUT", "PATCH")
		v.address(at("writable", "url"), w.URL, true)
	}
	v.word(at("refresh", "mode"), d.Refresh.Mode, "rotating", "sliding")
	v.word(at("refresh", "renewed"), d.Refresh.Renewed, "fresh", "inherited")
	if d.Refresh.MaxUses < 0 {
		v.bad(at("refresh", "max_uses"), "%d is negative; write how often a refresh token may be used, or leave it out", d.Refresh.MaxUses)
	}
	if !slices.Contains([]int{0, 400, 401}, d.Expect.InvalidGrantStatus) {
		v.bad(at("expect", "invalid_grant_status"), "%d; write 400 or 401", d.Expect.InvalidGrantStatus)
	}
	for _, name := range slices.Sorted(maps.Keys(d.Features)) {
		if _, ok := catalogue.Features()[name]; !ok {
			v.bad(at("features", name), "it is no feature; use %s", strings.Join(slices.Sorted(maps.Keys(catalogue.Features())), ", "))
		}
	}
	for i, step := range d.Login {
		if key, fault := step.Fault(); fault != "" {
			v.bad(at("login", i, key), "%s", fault)
		}
		variables := step.Variables()
		for _, field := range slices.Sorted(maps.Keys(variables)) {
			if step.Fill[field] = v.getenv(variables[field]); step.Fill[field] == "" {
				v.bad(at("login", i, "fill"), "the environment variable %s is not set; set it to what is typed into %s before the run", variables[field], field)
			}
		}
	}
	v.word(at("pages"), d.Pages, "browser", "plain")
	for i, allowed := range d.Allow {
		v.word(at("allow", i), allowed, "noisy", "ends_grants")
	}
	if d.Rate != nil && (*d.Rate <= 0 || *d.Rate > 1000) {
		v.bad(at("rate"), "%g; write requests per second, above 0 and at most 1000", *d.Rate)
	}
	v.faults = append(v.faults, verdict.Check(verdict.Waiver, d.Waivers, known, d.Verdict())...)
}

// word refuses what is none of known; nothing at all is fine.
func (v *validation) word(path []any, word string, known ...string) {
	if word != "" && !slices.Contains(known, word) {
		v.bad(path, "%q is not known; use %s", word, strings.Join(known, " or "))
	}
}

func (v *validation) addresses() {
	d := v.document
	if d.Issuer == "" && d.Endpoints.Metadata == "" && d.Endpoints.Token == "" {
		v.bad(at("issuer"), "it is missing; write the issuer, or the endpoints if the server has none")
	}
	v.address(at("issuer"), d.Issuer, false)
	if strings.ContainsAny(d.Issuer, "?#") {
		v.bad(at("issuer"), "%q has a query or a fragment, which no issuer has (RFC 8414 section 2)", d.Issuer)
	}
	endpoints := reflect.ValueOf(d.Endpoints)
	for _, f := range reflect.VisibleFields(endpoints.Type()) {
		v.address(at("endpoints", f.Tag.Get("yaml")), endpoints.FieldByIndex(f.Index).String(), false)
	}
	v.address(at("resource"), d.Resource, false)
}

func (v *validation) address(path []any, address string, needed bool) {
	if address == "" {
		if needed {
			v.bad(path, "it is missing; write an address that begins with https://")
		}
		return
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		v.bad(path, "%q is no address; write one that begins with https://", address)
	}
}

func (v *validation) clients() {
	d := v.document
	switch {
	case d.Clients.Main == nil && d.Clients.Machine == nil:
		v.bad(at("clients", "main"), "it is missing; name the application that customers connect, with id, secret_env and redirect_uris")
	case d.Clients.Main != nil && d.Customers.First != nil && len(d.Clients.Main.RedirectURIs) == 0 && !d.says("authorization_code", false):
		v.bad(at("clients", "main", "redirect_uris"), "it is missing; list the redirect URIs exactly as they are registered")
	}
	for name, c := range d.Clients.named() {
		path := at("clients", name)
		if c.ID == "" {
			v.bad(append(path, "id"), "it is missing; write the client_id")
		}
		v.secret(path, "secret", &c.Secret, c.SecretEnv)
		v.word(append(path, "auth"), c.Auth, "basic", "body", "query", "none")
		switch {
		case c.Auth == "none" && c.Secret != "":
			v.bad(append(path, "auth"), "none does not go with a secret; leave one of them out")
		case c.Auth != "none" && c.Auth != "" && c.Secret == "" && c.SecretEnv == "":
			v.bad(append(path, "auth"), "%s needs a secret; write secret_env", c.Auth)
		case name == "public" && (c.Secret != "" || c.SecretEnv != ""):
			v.bad(path, "a public client has no secret; leave it out, or name the client second")
		case name == "second" && c.public():
			v.bad(path, "it needs a secret of its own; write secret_env, or name the client public")
		}
		for i, uri := range c.RedirectURIs {
			if u, err := url.Parse(uri); err != nil || u.Scheme == "" || u.Fragment != "" {
				v.bad(append(path, "redirect_uris", i), "%q is no redirect URI; write it exactly as registered, absolute and without a fragment", uri)
			}
		}
	}
	if c := d.Clients.Two; c != nil && len(c.RedirectURIs) != 2 {
		v.bad(at("clients", "two", "redirect_uris"), "there are %d; this client is about having two", len(c.RedirectURIs))
	}
	if c := d.Clients.Query; c != nil && (len(c.RedirectURIs) == 0 || !strings.Contains(c.RedirectURIs[0], "?")) {
		v.bad(at("clients", "query", "redirect_uris"), "the first has no query; this client is about a registered URI that has one")
	}
	if d.Clients.Machine == nil && d.says("client_credentials", true) {
		v.bad(at("features", "client_credentials"), "it needs a client that may use the grant; name clients.machine")
	}
}

func (v *validation) customers() {
	d := v.document
	if d.Customers.First == nil && d.Clients.Main != nil {
		v.bad(at("customers", "first"), "it is missing; name a test account with username and password_env")
	}
	for name, c := range d.Customers.named() {
		path := at("customers", name)
		if c.Username == "" {
			v.bad(append(path, "username"), "it is missing; write what is typed into the login form")
		}
		v.secret(path, "password", &c.Password, c.PasswordEnv)
	}
}

// secret takes a value from the environment if the document says so.
func (v *validation) secret(path []any, key string, value *string, variable string) {
	if variable == "" {
		return
	}
	if *value != "" {
		v.bad(append(path, key), "%s_env names another place for it; leave one of them out", key)
		return
	}
	if *value = v.getenv(variable); *value == "" {
		v.bad(append(path, key+"_env"), "the environment variable %s is not set; set it to the %s before the run", variable, key)
	}
}

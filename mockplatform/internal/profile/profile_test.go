package profile

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mint-conformance/mint/fixtures"
)

func embedded(t testing.TB, name string) *Profile {
	t.Helper()
	doc, err := fixtures.Profile(name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Parse(doc)
	if err != nil {
		t.Fatalf("%s:\n%v", name, err)
	}
	return p
}

func TestEmbeddedProfilesSayWhatTheirDocumentsSay(t *testing.T) {
	type facts struct {
		Grants                        []string
		Format, Type                  string
		Access, Idle, Absolute, Code  string
		Rotates, Returned, Selectable bool
		OnReuse, Grace                string
		Leniencies, Waived            []string
	}
	want := map[string]facts{
		"mint": {
			Grants: []string{"authorization_code", "refresh_token"}, Format: "opaque", Type: "Bearer",
			Access: "20m", Idle: "30d", Absolute: "180d", Code: "1m", Selectable: true, OnReuse: "revoke_family", Grace: "none",
			Leniencies: []string{"authorize.errors=at_once"},
			Waived:     []string{"AZ-18"},
		},
		"mailup": {
			Grants: []string{"authorization_code", "refresh_token"}, Format: "opaque", Type: "Bearer",
			Access: "15m", Idle: "14d", Absolute: "0s", Code: "30s", Rotates: true, Returned: true, OnReuse: "revoke_family", Grace: "none",
			Leniencies: []string{"authorize.errors=at_once", "authorize.pkce=optional"},
			Waived:     []string{"AZ-18"},
		},
		"strict": {
			Grants: []string{"authorization_code", "refresh_token", "client_credentials"}, Format: "opaque", Type: "Bearer",
			Access: "20m", Idle: "30d", Absolute: "0s", Code: "1m", Rotates: true, Returned: true, Selectable: true,
			OnReuse: "revoke_family", Grace: "none",
			Leniencies: []string{"authorize.pkce=optional", "consent.remember=same_scope"},
		},
		"service": {
			Grants: []string{"authorization_code", "refresh_token", "client_credentials"}, Format: "opaque", Type: "Bearer",
			Access: "1h", Idle: "30d", Absolute: "0s", Code: "1m", Rotates: true, Returned: true, Selectable: true,
			OnReuse: "revoke_family", Grace: "same_pair",
			Leniencies: []string{"authorize.errors=at_once", "authorize.pkce=optional", "refresh_token.grace.shape=same_pair", "token.credentials_in=query"},
			Waived:     []string{"AZ-18", "TK-12"},
		},
		"mindbaz": {
			Grants: []string{"password", "refresh_token"}, Format: "jwt", Type: "bearer",
			Access: "20m", Idle: "7d", Absolute: "0s", Code: "1m", Rotates: true, Returned: true, OnReuse: "reject", Grace: "none",
			Leniencies: []string{
				"grants=password", "metadata=false", "refresh_token.format=hex32", "refresh_token.on_reuse=reject",
				"token.invalid_grant_status=401", "token.param_case=fold",
			},
			Waived: []string{"PW-05", "RR-03", "JT-05"},
		},
	}
	for _, name := range fixtures.Profiles() {
		p := embedded(t, name)
		got := facts{
			Grants: p.Grants, Format: p.AccessToken.Format, Type: p.Token.TokenType,
			Access: p.AccessToken.Lifetime.String(), Idle: p.RefreshToken.IdleLifetime.String(),
			Absolute: p.RefreshToken.AbsoluteLifetime.String(), Code: p.Code.Lifetime.String(),
			Rotates: p.RefreshToken.Rotates, Returned: p.RefreshToken.Returned, Selectable: p.Consent.ScopesSelectable,
			OnReuse: p.RefreshToken.OnReuse, Grace: p.RefreshToken.Grace.Shape, Leniencies: p.Leniencies(),
		}
		for _, w := range p.Waivers {
			got.Waived = append(got.Waived, w.Check)
		}
		if diff := cmp.Diff(want[name], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(p.Customers) != 4 || p.Customers["maya"].Role != RoleOwner || p.Customers["victor"].Role != RoleViewer ||
			p.Customers["nora"].Role != RoleNone || p.Customers["oskar"].Account != "oskar-ads" {
			t.Errorf("%s: customers %+v", name, p.Customers)
		}
	}
}

const small = `
name: small
title: Small Ads
grants: [authorization_code, refresh_token]
scopes:
  ads.read: {reads: figures}
clients:
  app: {name: App, secret: a-secret-of-its-own, redirect_uris: ["https://app.example/cb"], grants: [authorization_code, refresh_token]}
customers:
  maya: {username: maya@example.test, password: p, name: Maya, account: maya-ads}
refresh_token: {issued: true, rotates: true, returned: true, idle_lifetime: 30d}
`

func TestEveryFaultIsListedWithLinePathAndMend(t *testing.T) {
	doc := `name: Bad Name
titel: Bad
grants: [authorization_code, pasword]
scopes:
  ads.read: {reads: a, changes: b}
  "two words": {reads: x}
clients:
  app:
    name: App
    secret: short
    typ: public
    redirect_uris: ["http://app.example/cb", "/cb"]
    grants: [authorization_code, client_credentials]
access_token: {lifetime: 20}
code: {lifetime: 3 weeks}
refresh_token: {issued: 1}
name: again
authorize: [pkce]
`
	_, err := Parse([]byte(doc))
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("error %v", err)
	}
	for _, want := range []string{
		`line 2: titel: unknown key "titel": did you mean title?`,
		`line 3: grants[1]: "pasword" is unknown: did you mean password?`,
		`line 5: scopes.ads.read: set exactly one of reads and changes to the text that the customer reads`,
		`line 6: scopes.two words: "two words" is no scope name: use printable ASCII without space, quotation mark and backslash`,
		`line 12: clients.app.redirect_uris[0]: must use https: plain http is for loopback addresses only`,
		`line 12: clients.app.redirect_uris[1]: must be absolute: begin with https:// and a host`,
		`line 11: clients.app.typ: unknown key "typ": did you mean type?`,
		`line 14: access_token.lifetime: must be a duration with a unit, for example 90s, 20m, 168h or 30d, not "20"`,
		`line 15: code.lifetime: "3 weeks" is not a duration: write for example 90s, 20m, 168h or 30d`,
		`line 16: refresh_token.issued: must be true or false, not "1"`,
		`line 17: name: is given twice, first in line 1: remove one`,
		`line 18: authorize: must be a mapping of keys to values, not a list`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing: %s\nin:\n%v", want, err)
		}
	}
	if len(faults) != 12 {
		t.Errorf("%d faults, want 12:\n%v", len(faults), err)
	}
}

func TestImpossibleCombinationsAreRefused(t *testing.T) {
	base, err := Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ settings, path string }{
		{`{"name":"UPPER"}`, "name"},
		{`{"title":" "}`, "title"},
		{`{"grants":[]}`, "grants"},
		{`{"account_api":true}`, "account_api"},
		{`{"paths":{"token":"oauth2/token"}}`, "paths.token"},
		{`{"paths":{"token":"/oauth2/authorize"}}`, "paths.token"},
		{`{"paths":{"token":"/a/../b"}}`, "paths.token"},
		{`{"scopes":{"ads.read":{"changes":"too"}}}`, "scopes.ads.read"},
		{`{"scopes":{"a b":{"reads":"x"}}}`, "scopes.a b"},
		{`{"clients":{"app":{"name":""}}}`, "clients.app.name"},
		{`{"clients":{"app":{"website":"ftp://x"}}}`, "clients.app.website"},
		{`{"clients":{"app":{"redirect_uris":[]}}}`, "clients.app.redirect_uris"},
		{`{"clients":{"app":{"redirect_uris":["https://a/#x"]}}}`, "clients.app.redirect_uris[0]"},
		{`{"clients":{"app":{"auth_methods":["query"]}}}`, "clients.app.auth_methods[0]"},
		{`{"clients":{"app":{"auth_methods":[]}}}`, "clients.app.auth_methods"},
		{`{"clients":{"app":{"grants":["password"]}}}`, "clients.app.grants[0]"},
		{`{"clients":{"app":{"grants":[]}}}`, "clients.app.grants"},
		{`{"clients":{"app":{"scopes":["ads.write"]}}}`, "clients.app.scopes[0]"},
		{`{"clients":{"app":{"secret":""}}}`, "clients.app.secret"},
		{`{"clients":{"app":{"type":"public"}}}`, "clients.app.secret"},
		{`{"clients":{"app":{"type":"public","secret":""}}}`, "clients.app.auth_methods"},
		{`{"clients":{"app":{"auth_methods":["none"]}},"token":{"credentials_in":["none"]}}`, "clients.app.auth_methods"},
		{`{"clients":{"a b":{"name":"x","secret":"12345678","grants":["refresh_token"]}}}`, "clients.a b"},
		{`{"customers":{"oskar":{"username":"maya@example.test","password":"p","name":"O","account":"a"}}}`, "customers.oskar.username"},
		{`{"customers":{"maya":{"account":""}}}`, "customers.maya.account"},
		{`{"customers":{"maya":{"password":""}}}`, "customers.maya.password"},
		{`{"customers":{"Maya!":{"username":"x","password":"p","name":"O","role":"none"}}}`, "customers.Maya!"},
		{`{"code":{"lifetime":"11m"}}`, "code.lifetime"},
		{`{"authorize":{"response_types":[]}}`, "authorize.response_types"},
		{`{"token":{"credentials_in":[]}}`, "token.credentials_in"},
		{`{"token":{"token_type":""}}`, "token.token_type"},
		{`{"access_token":{"lifetime":"0s"}}`, "access_token.lifetime"},
		{`{"access_token":{"alg":"HS256"}}`, "access_token.alg"},
		{`{"access_token":{"format":"jwt"}}`, "access_token.alg"},
		{`{"access_token":{"format":"jwt","alg":"HS256","key":"short"}}`, "access_token.key"},
		{`{"access_token":{"format":"jwt","alg":"HS256","claims":{"exp":"x"}}}`, "access_token.claims.exp"},
		{`{"access_token":{"format":"jwt","alg":"HS256","claims":{"c":"{customer.cookey}"}}}`, "access_token.claims.c"},
		{`{"access_token":{"profile":"rfc9068"}}`, "access_token.profile"},
		{`{"access_token":{"claims":{"a":"b"}}}`, "access_token.claims"},
		{`{"access_token":{"format":"jwe","alg":"ES256","lifetime":"1500ms"}}`, "access_token.lifetime"},
		{`{"access_token":{"format":"jwt","alg":"ES256","key":"0123456789abcdef0123456789abcdef"}}`, "access_token.key"},
		{`{"access_token":{"format":"jwe"}}`, "access_token.alg"},
		{`{"access_token":{"format":"jwt","alg":"ES256","profile":"rfc9068","claims":{"aud":"{client_id}"}}}`, "access_token.claims.aud"},
		{`{"access_token":{"format":"jwt","alg":"ES256","profile":"rfc9068","claims":{"sub":"{customer.name}"}}}`, "access_token.claims.sub"},
		{`{"access_token":{"format":"jwt","alg":"ES256","claims":{"client_id":"x"}},"resource_server":{"validation":"local"}}`, "access_token.claims.client_id"},
		{`{"access_token":{"format":"jwt","alg":"ES256"},"resource_server":{"validation":"local"},"customers":{"maya":{"username":"app"}}}`, "customers.maya.username"},
		{`{"resource_server":{"validation":"local"}}`, "resource_server.validation"},
		{`{"resource_server":{"mutating_operations":["update_campaign","delete_campaign"]}}`, "resource_server.mutating_operations[1]"},
		{`{"resource_server":{"mutating_operations":["update_campaign","update_campaign"]}}`, "resource_server.mutating_operations[1]"},
		{`{"revocation_reach":"customer"}`, "revocation_reach"},
		{`{"refresh_token":{"issued":false}}`, "refresh_token.rotates"},
		{`{"refresh_token":{"returned":false}}`, "refresh_token.rotates"},
		{`{"refresh_token":{"rotates":false,"issued":false}}`, "refresh_token.returned"},
		{`{"grants":["authorization_code"]}`, "refresh_token.issued"},
		{`{"refresh_token":{"max_uses":-1}}`, "refresh_token.max_uses"},
		{`{"refresh_token":{"rotates":false,"grace":{"shape":"same_pair","window":"30s"}}}`, "refresh_token.grace.shape"},
		{`{"refresh_token":{"grace":{"shape":"same_pair"}}}`, "refresh_token.grace.window"},
		{`{"refresh_token":{"grace":{"window":"30s"}}}`, "refresh_token.grace.window"},
		{`{"registration":{"extra_fields":["description"]}}`, "registration.extra_fields"},
		{`{"registration":{"mode":"portal","portal":"down"}}`, "registration.support"},
	} {
		refusedAt(t, base, tc.settings, tc.path)
	}
}

// refusedAt fails the test unless the settings have a fault at the path.
func refusedAt(t *testing.T, base *Profile, settings, path string) {
	t.Helper()
	_, err := base.With([]byte(settings))
	var faults Faults
	if !errors.As(err, &faults) {
		t.Errorf("%s: error %v, want faults", settings, err)
		return
	}
	if !slices.ContainsFunc(faults, func(f Fault) bool { return f.Path == path }) {
		t.Errorf("%s: no fault at %s:\n%v", settings, path, err)
	}
}

func TestBadDocumentsAreOneSentence(t *testing.T) {
	base := embedded(t, "mint")
	for doc, want := range map[string]string{
		"[1]":             "the document must be a mapping of keys to values",
		"{":               "not readable as YAML",
		"a: 1\n---\nb: 2": "there is more than one document",
		"{}\n# " + strings.Repeat("x", MaxDocument): "the document is longer than",
	} {
		if _, err := base.With([]byte(doc)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: error %v, want %q", doc, err, want)
		}
	}
	if _, err := Parse(nil); err == nil || !strings.Contains(err.Error(), "empty") {
		t.Errorf("empty document: %v", err)
	}
}

func TestAliasBombsEndEarly(t *testing.T) {
	var b strings.Builder
	b.WriteString("sources: &a0 [x]\n")
	for i := range 20 {
		n := string(rune('a' + i))
		b.WriteString("k" + n + ": &" + n + "1 [*a0, *a0, *a0]\n")
	}
	if _, err := Parse([]byte(b.String())); err == nil {
		t.Error("accepted")
	}
	deep := "sources: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	if _, err := Parse([]byte(deep)); err == nil {
		t.Error("accepted")
	}
}

func TestDurations(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"0s": 0, "90s": 90 * time.Second, "20m": 20 * time.Minute, "168h": 168 * time.Hour, "30d": 720 * time.Hour,
		"1d12h": 36 * time.Hour, "1.5d": 36 * time.Hour, "1h30m": 90 * time.Minute,
	} {
		got, err := ParseDuration(in)
		if err != nil || got.Std() != want {
			t.Errorf("%s: %s, %v", in, got, err)
		}
		if back, err := ParseDuration(got.String()); err != nil || back != got {
			t.Errorf("%s is written %s and read back as %s, %v", in, got, back, err)
		}
	}
	for _, bad := range []string{"", "d", "5", "-1h", "-1d", "NaNd", "1d-1h", "99999999d", "infd", "1e9d", "10 m", "1w", "12hd", "1d1d"} {
		if got, err := ParseDuration(bad); err == nil {
			t.Errorf("%q was read as %s", bad, got)
		}
	}
}

func TestLogin(t *testing.T) {
	p := embedded(t, "mint")
	if c, ok := p.Login("maya@example.test", "maya-password-1"); !ok || c.Key != "maya" {
		t.Errorf("maya: %+v %t", c, ok)
	}
	for _, bad := range [][2]string{
		{"maya@example.test", "victor-password-1"}, {"maya@example.test", ""}, {"", ""}, {"nobody", "maya-password-1"},
		{"Maya@example.test", "maya-password-1"}, {"nobody", ""},
	} {
		if c, ok := p.Login(bad[0], bad[1]); ok {
			t.Errorf("%v logged in as %s", bad, c.Key)
		}
	}
}

func TestSchemaKnowsEveryKey(t *testing.T) {
	var s struct {
		Properties map[string]struct {
			Enum       []string
			Properties map[string]struct{ Enum []any }
		}
		AdditionalProperties bool
	}
	if err := json.Unmarshal(Schema(), &s); err != nil {
		t.Fatal(err)
	}
	if s.AdditionalProperties || len(s.Properties) != 27 {
		t.Errorf("%d keys, additional %t", len(s.Properties), s.AdditionalProperties)
	}
	if got := s.Properties["token"].Properties["invalid_grant_status"].Enum; len(got) != 2 || got[0] != 400.0 {
		t.Errorf("invalid_grant_status: %v", got)
	}
	if got := s.Properties["topology"].Enum; !slices.Equal(got, []string{"combined", "split"}) {
		t.Errorf("topology: %v", got)
	}
}

func TestSchemaDescribesEveryKey(t *testing.T) {
	type node struct {
		Description          string
		Properties           map[string]json.RawMessage
		AdditionalProperties json.RawMessage
	}
	var walk func(path string, raw []byte)
	walk = func(path string, raw []byte) {
		var n node
		if err := json.Unmarshal(raw, &n); err != nil {
			return // additionalProperties: false
		}
		for name, property := range n.Properties {
			var p node
			if err := json.Unmarshal(property, &p); err != nil || p.Description == "" {
				t.Errorf("%s%s has no description", path, name)
			}
			walk(path+name+".", property)
		}
		if len(n.AdditionalProperties) > 0 {
			walk(path+"*.", n.AdditionalProperties)
		}
	}
	walk("", Schema())
}

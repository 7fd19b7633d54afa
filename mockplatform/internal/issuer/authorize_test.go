package issuer

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

func TestAuthorizationErrorsTakeTheRightChannel(t *testing.T) {
	page, redirect := oauth.ChannelPage, oauth.ChannelRedirect
	twice := func(d *desk, name, second string) url.Values {
		q := d.query()
		q.Add(name, second)
		return q
	}
	for _, tc := range []struct {
		name    string
		query   func(d *desk) url.Values
		channel oauth.Channel
		code    string
	}{
		{"client_id missing", func(d *desk) url.Values { return d.query("client_id", "") }, page, "invalid_request"},
		{"client_id unknown", func(d *desk) url.Values { return d.query("client_id", "nobody") }, page, "invalid_client"},
		{"client_id twice", func(d *desk) url.Values { return twice(d, "client_id", "x") }, page, "invalid_request"},
		{"redirect_uri twice", func(d *desk) url.Values { return twice(d, "redirect_uri", callback) }, page, "invalid_request"},
		{"other host", func(d *desk) url.Values { return d.query("redirect_uri", "http://evil.example/oauth/callback") }, page, "invalid_request"},
		{"longer path", func(d *desk) url.Values { return d.query("redirect_uri", callback+"/x") }, page, "invalid_request"},
		{"added query", func(d *desk) url.Values { return d.query("redirect_uri", callback+"?x=1") }, page, "invalid_request"},
		{"other port", func(d *desk) url.Values { return d.query("redirect_uri", "http://127.0.0.1:9501/oauth/callback") }, page, "invalid_request"},
		{"other case", func(d *desk) url.Values { return d.query("redirect_uri", "http://127.0.0.1:9500/OAuth/callback") }, page, "invalid_request"},
		{"trailing slash", func(d *desk) url.Values { return d.query("redirect_uri", callback+"/") }, page, "invalid_request"},
		{"dot segments", func(d *desk) url.Values { return d.query("redirect_uri", "http://127.0.0.1:9500/x/../oauth/callback") }, page, "invalid_request"},
		{"user info", func(d *desk) url.Values { return d.query("redirect_uri", "http://u@127.0.0.1:9500/oauth/callback") }, page, "invalid_request"},
		{"fragment", func(d *desk) url.Values { return d.query("redirect_uri", callback+"#x") }, page, "invalid_request"},

		{"response_type missing", func(d *desk) url.Values { return d.query("response_type", "") }, redirect, "invalid_request"},
		{"response_type token", func(d *desk) url.Values { return d.query("response_type", "token") }, redirect, "unsupported_response_type"},
		{"response_type twice", func(d *desk) url.Values { return twice(d, "response_type", "code") }, redirect, "invalid_request"},
		{"scope unknown", func(d *desk) url.Values { return d.query("scope", "ads.read admin") }, redirect, "invalid_scope"},
		{"scope malformed", func(d *desk) url.Values { return d.query("scope", "a\"b") }, redirect, "invalid_scope"},
		{"scope twice", func(d *desk) url.Values { q := d.query("scope", "ads.read"); q.Add("scope", "ads.read"); return q }, redirect, "invalid_request"},
		{"no PKCE", func(d *desk) url.Values { return d.query("code_challenge", "", "code_challenge_method", "") }, redirect, "invalid_request"},
		{"plain PKCE", func(d *desk) url.Values { return d.query("code_challenge_method", "plain") }, redirect, "invalid_request"},
		{"PKCE without method", func(d *desk) url.Values { return d.query("code_challenge_method", "") }, redirect, "invalid_request"},
		{"method without challenge", func(d *desk) url.Values { return d.query("code_challenge", "") }, redirect, "invalid_request"},
		{"padded challenge", func(d *desk) url.Values { return d.query("code_challenge", oauth.S256(verifier)+"=") }, redirect, "invalid_request"},
		{"short challenge", func(d *desk) url.Values { return d.query("code_challenge", "short") }, redirect, "invalid_request"},
	} {
		d := open(t, "mint", "")
		req, err := d.ParseAuthorize(d.now, tc.query(d))
		if err == nil || req != nil || err.Channel != tc.channel || err.Code != tc.code {
			t.Errorf("%s: %v, want %s on channel %s", tc.name, err, tc.code, tc.channel)
			continue
		}
		if tc.channel == page {
			if err.Location() != "" || err.Status != 400 {
				t.Errorf("%s: status %d, location %q", tc.name, err.Status, err.Location())
			}
			continue
		}
		if err.Status != 303 || !strings.HasPrefix(err.Location(), callback+"?error="+tc.code+"&") ||
			member(t, err.Location(), "state") != "s1" || member(t, err.Location(), "iss") != issuerURL || strings.Contains(err.Location(), "code=") {
			t.Errorf("%s: %d %s", tc.name, err.Status, err.Location())
		}
	}
}

func TestRepeatedStateIsNotEchoed(t *testing.T) {
	d := open(t, "mint", "")
	q := d.query()
	q.Add("state", "s2")
	_, err := d.ParseAuthorize(d.now, q)
	if err == nil || err.Channel != oauth.ChannelRedirect || strings.Contains(err.Location(), "state=") {
		t.Errorf("%v", err)
	}
}

func TestUnknownAndEmptyParametersAreIgnored(t *testing.T) {
	d := open(t, "mint", "")
	q := d.query("prompt", "login", "foo", "bar")
	q["scope"], q["nonce"] = []string{""}, []string{"", ""}
	req, err := d.ParseAuthorize(d.now, q)
	if err != nil || req.Scope.String() != "ads.read ads.write" {
		t.Errorf("%+v, %v", req, err)
	}
}

func TestMissingRedirectURI(t *testing.T) {
	d := open(t, "mint", "")
	req, err := d.ParseAuthorize(d.now, d.query("redirect_uri", ""))
	if err != nil || req.RedirectURI != callback || req.RedirectURISent {
		t.Errorf("one registered: %+v, %v", req, err)
	}
	d = open(t, "mint", `{"clients":{"mint-web":{"redirect_uris":["https://a.example/cb","https://b.example/cb"]}}}`)
	if _, err := d.ParseAuthorize(d.now, d.query("redirect_uri", "")); err == nil || err.Channel != oauth.ChannelPage {
		t.Errorf("two registered: %v", err)
	}
}

func TestPlatformWithoutAuthorizationEndpoint(t *testing.T) {
	d := open(t, "mindbaz", "")
	if _, err := d.ParseAuthorize(d.now, d.query()); err == nil || err.Channel != oauth.ChannelPage {
		t.Errorf("%v", err)
	}
}

func TestPKCEPolicies(t *testing.T) {
	public := `"clients":{"app":{"name":"App","type":"public","redirect_uris":["` + callback + `"],"grants":["authorization_code"],"auth_methods":["none"]}},"token":{"credentials_in":["basic","body","none"]}`
	without := []string{"code_challenge", "", "code_challenge_method", ""}
	for _, tc := range []struct {
		name, settings string
		query          []string
		want           bool
	}{
		{"required", `{}`, without, false},
		{"optional, confidential", `{"authorize":{"pkce":"optional"}}`, without, true},
		{"optional, public", `{"authorize":{"pkce":"optional"},` + public + `}`, append([]string{"client_id", "app"}, without...), false},
		{"off", `{"authorize":{"pkce":"off"}}`, without, true},
		{"off ignores plain", `{"authorize":{"pkce":"off"}}`, []string{"code_challenge_method", "plain"}, true},
		{"optional refuses plain", `{"authorize":{"pkce":"optional"}}`, []string{"code_challenge_method", "plain"}, false},
	} {
		d := open(t, "mint", tc.settings)
		if _, err := d.ParseAuthorize(d.now, d.query(tc.query...)); (err == nil) != tc.want {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

func TestStateAndRegisteredQuerySurvive(t *testing.T) {
	for _, state := range []string{"", "a b+c%2F&d=e#f", "100%", "ümläut", strings.Repeat("x", 1024), `"\<>`} {
		d := open(t, "mint", `{"clients":{"mint-web":{"redirect_uris":["https://a.example/cb?tenant=7&x="]}}}`)
		q := d.query("redirect_uri", "https://a.example/cb?tenant=7&x=")
		q.Set("state", state)
		req, err := d.ParseAuthorize(d.now, q)
		if err != nil {
			t.Fatalf("%q: %v", state, err)
		}
		location, ex, approveErr := d.Approve(d.now, req, d.customer("maya"), req.Scope)
		if approveErr != nil {
			t.Fatal(approveErr)
		}
		for what, l := range map[string]string{"approval": location.Location(), "denial": d.Deny(start, req, "pressed Deny").Location()} {
			u, err := url.Parse(l)
			if err != nil || !strings.HasPrefix(l, "https://a.example/cb?tenant=7&x=&") {
				t.Fatalf("%s: %s", what, l)
			}
			if got := u.Query().Get("state"); got != state || u.Query().Has("state") != (state != "") || u.Query().Get("iss") != issuerURL {
				t.Errorf("%s: state %q came back as %q", what, state, got)
			}
		}
		if len(ex.Issued["code"]) != 16 || ex.Family == "" || ex.Customer != "maya" {
			t.Errorf("journal: %+v", ex)
		}
	}
}

func TestDeny(t *testing.T) {
	d := open(t, "mint", "")
	req, _ := d.ParseAuthorize(d.now, d.query())
	if e := d.Deny(start, req, "r"); e.Channel != oauth.ChannelRedirect || member(t, e.Location(), "error") != "access_denied" || e.Why() != "r" {
		t.Errorf("%+v", e)
	}
	d = open(t, "mint", `{"consent":{"deny":"page"}}`)
	if e := d.Deny(start, req, "r"); e.Channel != oauth.ChannelPage || e.Location() != "" {
		t.Errorf("%+v", e)
	}
	if n := len(d.Grants(d.now)); n != 0 {
		t.Errorf("a denial left %d grants", n)
	}
}

func TestOnlyWhatTheCustomerMayGrantIsGranted(t *testing.T) {
	for _, tc := range []struct {
		customer, asked string
		ticked          oauth.Scope
		want            string
		err             error
	}{
		{"maya", "", oauth.Scope{"ads.read", "ads.write"}, "ads.read ads.write", nil},
		{"maya", "", oauth.Scope{"ads.read"}, "ads.read", nil},
		{"maya", "ads.read", oauth.Scope{"ads.read", "ads.write"}, "ads.read", nil},
		{"maya", "", oauth.Scope{"admin"}, "", ErrNothingGranted},
		{"maya", "", nil, "", ErrNothingGranted},
		{"victor", "", oauth.Scope{"ads.read", "ads.write"}, "ads.read", nil},
		{"victor", "ads.write", oauth.Scope{"ads.write"}, "", ErrNothingGranted},
		{"nora", "", oauth.Scope{"ads.read"}, "", ErrNoPermission},
	} {
		d := open(t, "mint", "")
		req, err := d.ParseAuthorize(d.now, d.query("scope", tc.asked))
		if err != nil {
			t.Fatal(err)
		}
		_, ex, approveErr := d.Approve(d.now, req, d.customer(tc.customer), tc.ticked)
		if !errors.Is(approveErr, tc.err) || ex.Scope != tc.want {
			t.Errorf("%s, asked %q, ticked %v: %q, %v", tc.customer, tc.asked, tc.ticked, ex.Scope, approveErr)
		}
		if tc.err != nil && len(d.Grants(d.now)) != 0 {
			t.Errorf("%s: a refused approval left a grant", tc.customer)
		}
	}
	d := open(t, "mint", "")
	req, _ := d.ParseAuthorize(d.now, d.query())
	if may, not := d.Grantable(req, d.customer("victor")); may.String() != "ads.read" || not.String() != "ads.write" {
		t.Errorf("victor may %v, not %v", may, not)
	}
}

func TestConsentIsRememberedOnlyWhereTheProfileSaysSo(t *testing.T) {
	for _, tc := range []struct {
		name, settings, asked, prompt string
		want                          bool
	}{
		{"never", `{}`, "ads.read", "", false},
		{"same scope", `{"consent":{"remember":"same_scope"}}`, "ads.read", "", true},
		{"wider scope", `{"consent":{"remember":"same_scope"}}`, "ads.read ads.write", "", false},
		{"prompt ignored", `{"consent":{"remember":"same_scope"}}`, "ads.read", "consent", true},
		{"prompt obeyed", `{"consent":{"remember":"same_scope","prompt":"obeyed"}}`, "ads.read", "login consent", false},
		{"another prompt", `{"consent":{"remember":"same_scope","prompt":"obeyed"}}`, "ads.read", "login", true},
		{"no prompt", `{"consent":{"remember":"same_scope","prompt":"obeyed"}}`, "ads.read", "", true},
	} {
		d := open(t, "mint", tc.settings)
		d.exchange(d.code("maya", "scope", "ads.read"))
		req, _ := d.ParseAuthorize(d.now, d.query("scope", tc.asked, "prompt", tc.prompt))
		if got := d.Remembered(d.now, req, d.customer("maya")); got != tc.want {
			t.Errorf("%s: %t", tc.name, got)
		}
		if d.Remembered(d.now, req, d.customer("oskar")) {
			t.Errorf("%s: somebody else's consent counts", tc.name)
		}
		d.Withdraw(d.now, "maya", d.client)
		if d.Remembered(d.now, req, d.customer("maya")) {
			t.Errorf("%s: a withdrawn consent counts", tc.name)
		}
	}
}

func TestConnectionsAndWithdrawal(t *testing.T) {
	d := open(t, "mint", "")
	tokens := d.connect("maya")
	d.now = d.now.Add(day)
	other := d.connect("oskar")
	unused := d.code("maya")
	got := d.Connections(d.now, "maya")
	if len(got) != 1 || got[0].Client.Name != "MINT" || got[0].Scope.String() != "ads.read ads.write" || !got[0].Since.Equal(start) {
		t.Errorf("%+v", got)
	}
	if n := d.Withdraw(d.now, "maya", d.client); n != 2 {
		t.Errorf("%d grants ended", n)
	}
	d.now = d.now.Add(-day)
	d.dead("after withdrawal", tokens.AccessToken)
	refused(t, "refresh after withdrawal", d.refresh(tokens.RefreshToken), "invalid_grant", 400)
	refused(t, "code after withdrawal", d.exchange(unused), "invalid_grant", 400)
	d.alive("somebody else's", other.AccessToken)
	if got := d.Connections(d.now, "maya"); len(got) != 0 {
		t.Errorf("still listed: %+v", got)
	}
	if got := d.Connections(d.now, ""); len(got) != 0 {
		t.Errorf("nobody has connections: %+v", got)
	}
}

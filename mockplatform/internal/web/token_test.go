package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

var tokenValue = regexp.MustCompile(`"(access_token|refresh_token)":"([^"]+)"`)

// shape is a token answer with its secrets replaced by their names.
func shape(body string) string { return tokenValue.ReplaceAllString(body, `"$1":"<$1>"`) }

// What each profile answers, byte for byte but for the secrets.
func TestTokenAnswers(t *testing.T) {
	server := startAt(t, noon, "mint", "mailup", "service", "mindbaz")
	c := newWireClient(t)
	mint, mailup := described(t, server, "mint"), described(t, server, "mailup")
	service, mindbaz := described(t, server, "service"), described(t, server, "mindbaz")
	sliding := tokens(t, c, mint, "maya", nil)
	rotating := tokens(t, c, mailup, "maya", nil)
	password := url.Values{"grant_type": {"password"}, "username": {"maya@example.test"}, "password": {"maya-password-1"}, "client_Id": {"100"}}
	refresh := func(p control.Platform, earlier reply) url.Values {
		return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {earlier.member("refresh_token")}, "client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret}}
	}
	own := url.Values{"grant_type": {"client_credentials"}, "client_id": {service.Clients[0].ID}, "client_secret": {service.Clients[0].Secret}}
	tests := []struct {
		name string
		got  reply
		want string
	}{
		{"mint, code", sliding, `{"access_token":"<access_token>","token_type":"Bearer","expires_in":1200,"refresh_token":"<refresh_token>","scope":"ads.read ads.write"}`},
		{"mint, refresh", c.form(mint.Endpoints.Token, refresh(mint, sliding)), `{"access_token":"<access_token>","token_type":"Bearer","expires_in":1200,"scope":"ads.read ads.write"}`},
		{"mailup, code", rotating, `{"access_token":"<access_token>","token_type":"Bearer","expires_in":900,"refresh_token":"<refresh_token>","scope":"ads.read ads.write"}`},
		{"mailup, refresh", c.form(mailup.Endpoints.Token, refresh(mailup, rotating)), `{"access_token":"<access_token>","token_type":"Bearer","expires_in":900,"refresh_token":"<refresh_token>","scope":"ads.read ads.write"}`},
		{"service, client credentials in the query", c.form(service.Endpoints.Token+"?"+own.Encode(), nil), `{"access_token":"<access_token>","token_type":"Bearer","expires_in":3600}`},
		{"mindbaz, password", c.form(mindbaz.Endpoints.Token, password), `{"access_token":"<access_token>","token_type":"bearer","expires_in":1199,"refresh_token":"<refresh_token>"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := shape(test.got.body); test.got.status != http.StatusOK || got != test.want+"\n" {
				t.Errorf("answered %d\ngot  %swant %s", test.got.status, got, test.want)
			}
			want := map[string]string{"Content-Type": "application/json", "Cache-Control": "no-store", "Pragma": "no-cache"}
			for name, value := range want {
				if got := test.got.header.Get(name); got != value {
					t.Errorf("%s: %q, want %q", name, got, value)
				}
			}
		})
	}
}

// RFC 6749 section 5.2, status and code.
func TestTokenErrors(t *testing.T) {
	mock := mockplatform.Start(t, "mint", "mindbaz")
	c := newWireClient(t)
	p, mindbaz := mock.Platform("mint"), mock.Platform("mindbaz")
	good := exchange(p, "unknown")
	with := func(change map[string]string) url.Values {
		values := url.Values{}
		for name, all := range good {
			values[name] = all
		}
		for name, value := range change {
			values.Del(name)
			if value != "" {
				values.Set(name, value)
			}
		}
		return values
	}
	tests := []struct {
		name   string
		got    reply
		status int
		code   string
	}{
		{"unknown code", c.form(p.Endpoints.Token, good), 400, "invalid_grant"},
		{"no grant type", c.form(p.Endpoints.Token, with(map[string]string{"grant_type": ""})), 400, "invalid_request"},
		{"unknown grant type", c.form(p.Endpoints.Token, with(map[string]string{"grant_type": "magic"})), 400, "unsupported_grant_type"},
		{"grant not offered", c.form(p.Endpoints.Token, with(map[string]string{"grant_type": "password", "username": "a", "password": "b"})), 400, "unsupported_grant_type"},
		{"wrong secret", c.form(p.Endpoints.Token, with(map[string]string{"client_secret": "wrong"})), 401, "invalid_client"},
		{"unknown client", c.form(p.Endpoints.Token, with(map[string]string{"client_id": "nobody"})), 401, "invalid_client"},
		{"wrong Basic", c.form(p.Endpoints.Token, with(map[string]string{"client_id": "", "client_secret": ""}), "Authorization", "Basic bWludC13ZWI6d3Jvbmc="), 401, "invalid_client"},
		{"JSON body", c.send(http.MethodPost, p.Endpoints.Token, `{"grant_type":"authorization_code"}`, "Content-Type", "application/json"), 400, "invalid_request"},
		{"GET", c.send(http.MethodGet, p.Endpoints.Token, ""), 405, "invalid_request"},
		{"huge body", c.form(p.Endpoints.Token, with(map[string]string{"x": strings.Repeat("x", 70_000)})), 413, "invalid_request"},
		{"mindbaz, wrong password", c.form(mindbaz.Endpoints.Token, url.Values{"grant_type": {"password"}, "username": {"maya@example.test"}, "password": {"wrong"}, "client_id": {"100"}}), 401, "invalid_grant"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.got.status != test.status || test.got.member("error") != test.code {
				t.Errorf("answered %d %s, want %d %s", test.got.status, test.got.body, test.status, test.code)
			}
			if got := test.got.header.Get("Content-Type"); got != "application/json" {
				t.Errorf("Content-Type %q", got)
			}
			if got := test.got.header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control %q", got)
			}
			if challenge := test.got.header.Get("WWW-Authenticate"); (test.code == "invalid_client") != strings.HasPrefix(challenge, "Basic ") {
				t.Errorf("WWW-Authenticate %q", challenge)
			}
			if allow := test.got.header.Get("Allow"); (test.status == 405) != (allow == "POST") {
				t.Errorf("Allow %q", allow)
			}
		})
	}
}

// The metadata document, byte for byte (RFC 8414).
func TestMetadata(t *testing.T) {
	mock := mockplatform.Start(t, "service", "mindbaz")
	c := newWireClient(t)
	p := mock.Platform("service")
	got := c.send(http.MethodGet, mock.URL()+"/.well-known/oauth-authorization-server/service", "")
	want := strings.ReplaceAll(`{"issuer":"ISS","authorization_endpoint":"ISS/oauth2/authorize","token_endpoint":"ISS/oauth2/token",`+
		`"revocation_endpoint":"ISS/oauth2/revoke","introspection_endpoint":"ISS/oauth2/introspect","scopes_supported":["ads.read","ads.write"],`+
		`"response_types_supported":["code"],"response_modes_supported":["query"],"grant_types_supported":["authorization_code","refresh_token","client_credentials"],`+
		`"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],`+
		`"revocation_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],`+
		`"introspection_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],`+
		`"code_challenge_methods_supported":["S256"],"authorization_response_iss_parameter_supported":true}`+"\n", "ISS", p.Issuer)
	if diff := cmp.Diff(want, got.body); diff != "" || got.status != 200 || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("answered %d %s (-want +got):\n%s", got.status, got.header.Get("Content-Type"), diff)
	}
	if p.Endpoints.Metadata != mock.URL()+"/.well-known/oauth-authorization-server/service" {
		t.Errorf("the control API tells %q", p.Endpoints.Metadata)
	}
	if got := c.send(http.MethodGet, mock.URL()+"/.well-known/oauth-authorization-server/mindbaz", ""); got.status != 404 {
		t.Errorf("mindbaz, which publishes none, answered %d", got.status)
	}
}

// Revocation and introspection over the wire (RFC 7009, RFC 7662).
func TestRevokeAndIntrospect(t *testing.T) {
	server := startAt(t, noon, "mint")
	c := newWireClient(t)
	p := described(t, server, "mint")
	access := tokens(t, c, p, "maya", nil).member("access_token")
	ask := url.Values{"token": {access}, "client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret}}
	want := `{"active":true,"scope":"ads.read ads.write","client_id":"mint-web","username":"maya@example.test","token_type":"Bearer","exp":1794658800,"iat":1794657600,"sub":"maya@example.test","iss":"` + p.Issuer + `"}` + "\n"
	if got := c.form(p.Endpoints.Introspect, ask); got.status != 200 || got.body != want {
		t.Errorf("introspection answered %d\ngot  %swant %s", got.status, got.body, want)
	}
	if got := c.form(p.Endpoints.Revoke, ask); got.status != 200 || got.body != "" {
		t.Errorf("revocation answered %d %s", got.status, got.body)
	}
	if got := c.form(p.Endpoints.Introspect, ask); got.body != `{"active":false}`+"\n" {
		t.Errorf("after the revocation introspection answered %s", got.body)
	}
	if got := c.form(p.Endpoints.Revoke, url.Values{"token": {access}}); got.status != 401 || got.member("error") != "invalid_client" {
		t.Errorf("without client authentication revocation answered %d %s", got.status, got.body)
	}
}

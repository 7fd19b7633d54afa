package web_test

import (
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// canary stands where a careless client would put a secret.
const canary = "canaryZq9secret"

// planted are the parameters of all endpoints, and one that has no meaning.
var planted = []string{
	"grant_type", "code", "redirect_uri", "code_verifier", "refresh_token", "username", "password", "scope",
	"client_id", "client_secret", "client_assertion", "client_assertion_type", "token", "token_type_hint",
	"response_type", "response_mode", "state", "code_challenge", "code_challenge_method", "request", "request_uri", "x_unknown",
}

// No error answer and no log line repeats what a client sent in a parameter.
// state is left out where an answer goes back to the client, which asked for it
// (RFC 6749 section 4.1.2.1).
func TestErrorsEchoNoSecret(t *testing.T) {
	var log lockedBuffer
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control, cfg.Platforms = "127.0.0.1:0", "127.0.0.1:0", nil
	cfg.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	server, err := mockplatform.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	p, err := server.Control().CreatePlatform(t.Context(), control.CreatePlatform{Profile: "service", Settings: json.RawMessage(`{
		"grants":["authorization_code","refresh_token","client_credentials","password"],"registration":{"mode":"dcr","extra_fields":[]},
		"clients":{"service-mint":{"grants":["authorization_code","refresh_token","client_credentials","password"]}}}`)})
	if err != nil {
		t.Fatal(err)
	}
	silent := func(what string, got reply) {
		t.Helper()
		if got.status < 300 {
			t.Errorf("%s: answered %d, so that nothing is shown", what, got.status)
		}
		if strings.Contains(got.body, canary) {
			t.Errorf("%s: %d %s", what, got.status, got.body)
		}
		for name, values := range got.header {
			if strings.Contains(strings.Join(values, " "), canary) {
				t.Errorf("%s: %s: %v", what, name, values)
			}
		}
	}
	c := newWireClient(t)
	plantInForms(t, c, p, silent)
	plantInAuthorization(t, c, p, silent)
	plantInRegistration(t, c, p, silent)
	if text := log.String(); !strings.Contains(text, "/oauth2/token") || strings.Contains(text, canary) {
		t.Errorf("the log, of %d bytes, is empty or holds the secret", len(text))
	}
}

// plantInForms plants in body, query and headers of the endpoints for clients.
func plantInForms(t *testing.T, c wireClient, p control.Platform, silent func(string, reply)) {
	t.Helper()
	good := basicAuth(p.Clients[0].ID, p.Clients[0].Secret)
	grants := []string{"", "authorization_code", "refresh_token", "password"}
	for _, target := range []string{p.Endpoints.Token, p.Endpoints.Revoke, p.Endpoints.Introspect} {
		for _, name := range planted {
			if name == "token" && target != p.Endpoints.Token {
				continue // an unknown token is no error there
			}
			for _, grant := range grants {
				values := url.Values{name: {canary}}
				if grant != "" && name != "grant_type" {
					values.Set("grant_type", grant)
				}
				silent(target+" body "+name, c.form(target, values, "Authorization", good))
				silent(target+" query "+name, c.form(target+"?"+values.Encode(), url.Values{}, "Authorization", good))
			}
			silent(target+" twice "+name, c.form(target, url.Values{name: {canary, canary + "2"}}, "Authorization", good))
		}
		silent(target+" name", c.form(target, url.Values{canary: {"a", "b"}}, "Authorization", good))
		silent(target+" JSON", c.send("POST", target, `{"client_secret":"`+canary+`"}`, "Content-Type", asJSON))
		silent(target+" encoding", c.send("POST", target, "client_secret="+canary+"%zz", "Content-Type", "application/x-www-form-urlencoded"))
		silent(target+" type", c.send("POST", target, "a=b", "Content-Type", canary))
		for _, header := range []string{
			"Bearer " + canary, canary, "Basic " + canary, basicAuth(canary, canary), basicAuth(p.Clients[0].ID, canary),
			"Basic " + base64.StdEncoding.EncodeToString([]byte(canary)),
		} {
			silent(target+" header", c.form(target, url.Values{"grant_type": {"client_credentials"}}, "Authorization", header))
		}
		silent(target+" method", c.send("GET", target+"?code="+canary, ""))
	}
}

func plantInAuthorization(t *testing.T, c wireClient, p control.Platform, silent func(string, reply)) {
	t.Helper()
	good := url.Values{
		"response_type": {"code"}, "client_id": {p.Clients[0].ID}, "redirect_uri": {callback},
		"code_challenge": {strings.Repeat("x", 43)}, "code_challenge_method": {"S256"},
	}
	for _, name := range planted {
		alone := c.send("GET", p.Endpoints.Authorize+"?"+url.Values{name: {canary}}.Encode(), "")
		silent("authorize alone "+name, alone)
		silent("authorize page "+name, c.send("GET", p.Endpoints.Authorize+"?"+url.Values{name: {canary}}.Encode(), "", "Accept", "text/html"))
		q := url.Values{}
		for key, values := range good {
			q[key] = values
		}
		q.Set(name, canary)
		q.Set("response_type", "nothing") // an error in every case
		if name == "state" {
			continue
		}
		silent("authorize redirect "+name, c.send("GET", p.Endpoints.Authorize+"?"+q.Encode(), ""))
		q.Set("response_type", "code")
		q[name] = []string{canary, canary + "2"}
		if got := c.send("GET", p.Endpoints.Authorize+"?"+q.Encode(), ""); got.status >= 300 {
			silent("authorize twice "+name, got)
		}
	}
	silent("login", c.form(p.Issuer+"/login", url.Values{"username": {canary}, "password": {canary}, "csrf": {canary}}))
	silent("consent", c.form(p.Issuer+"/consent", url.Values{"decision": {canary}, "csrf": {canary}}))
}

func plantInRegistration(t *testing.T, c wireClient, p control.Platform, silent func(string, reply)) {
	t.Helper()
	for _, member := range []string{
		"redirect_uris", "client_name", "client_uri", "logo_uri", "contacts", "scope", "grant_types", "response_types",
		"token_endpoint_auth_method", "client_id", "client_secret", "x_unknown",
	} {
		for _, value := range []string{`"` + canary + `"`, `["` + canary + `"]`, `["https://maya:` + canary + `@a.example/"]`, `{"` + canary + `":1}`} {
			body := `{"` + member + `":` + value + `,"token_endpoint_auth_method":"nothing"}`
			silent("register "+value, c.send("POST", p.Endpoints.Register, body, "Content-Type", asJSON))
		}
		if bad := `{"redirect_uris":["` + reports + `"],"` + member + `":"` + canary + `\u0007"}`; !strings.Contains("client_name x_unknown client_id client_secret", member) {
			silent("register "+member, c.send("POST", p.Endpoints.Register, bad, "Content-Type", asJSON))
		}
	}
	silent("register garbage", c.send("POST", p.Endpoints.Register, canary, "Content-Type", asJSON))
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		silent("manage "+method, c.send(method, p.Endpoints.Register+"/app-x", `{"client_secret":"`+canary+`"}`, "Authorization", "Bearer "+canary, "Content-Type", asJSON))
	}
	got := enroll(t, c, p, `{"redirect_uris":["`+reports+`"]}`)
	uri, bearer := got.member("registration_client_uri"), "Bearer "+got.member("registration_access_token")
	for _, body := range []string{`{"client_secret":"` + canary + `","client_id":"` + got.member("client_id") + `"}`, `{"client_id":"` + canary + `"}`, `{"registration_access_token":"` + canary + `"}`} {
		silent("update "+body, c.send(http.MethodPut, uri, body, "Authorization", bearer, "Content-Type", asJSON))
	}
}

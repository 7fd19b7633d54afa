package partner

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const good = `issuer: https://auth.example
clients:
  main: {id: mint, secret_env: SECRET, redirect_uris: ["https://mint.example/callback"]}
customers:
  first: {username: maya, password: maya-password}
`

func environment(name string) string { return map[string]string{"SECRET": "s3cret"}[name] }

func TestParse(t *testing.T) {
	d, err := Parse("/etc/acme.yaml", []byte(good+"ca_file: ca.pem\nrefresh: {mode: rotating, idle: 30d, absolute: 1d12h}\nlifetimes: {access: 90s}\n"), environment)
	if err != nil {
		t.Fatal(err)
	}
	if d.Clients.Main.Secret != "s3cret" || d.Title != "acme" || d.CAFile != "/etc/ca.pem" {
		t.Errorf("read %+v", d)
	}
	if time.Duration(d.Refresh.Idle) != 720*time.Hour || time.Duration(d.Refresh.Absolute) != 36*time.Hour || time.Duration(d.Lifetimes.Access) != 90*time.Second {
		t.Errorf("time spans %+v %+v", d.Refresh, d.Lifetimes)
	}
	if !d.allows("ends_grants") || d.allows("noisy") {
		t.Error("a file that says nothing allows to end grants, and no noise")
	}
}

func TestParseListsEveryFault(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", "", "p.yaml:1: the file is empty"},
		{"an unknown key", good + "isuer: x\n", "p.yaml:6: the key \"isuer\" is not known; use name, issuer, endpoints"},
		{"an unknown key of a client", strings.Replace(good, "id: mint", "client_id: mint", 1), `p.yaml:3: the key "client_id" is not known; use id, secret, secret_env, auth, redirect_uris, name`},
		{"no server", strings.TrimPrefix(good, "issuer: https://auth.example\n"), "p.yaml:1: issuer: it is missing; write the issuer, or the endpoints if the server has none"},
		{"no address", strings.Replace(good, "https://auth", "auth", 1), `p.yaml:1: issuer: "auth.example" is no address; write one that begins with https://`},
		{"an issuer with a query", strings.Replace(good, "auth.example", "auth.example?a=b", 1), "has a query or a fragment"},
		{"an endpoint without a host", good + "endpoints: {token: /token}\n", `p.yaml:6: endpoints.token: "/token" is no address`},
		{
			"no client and no customer", "issuer: https://auth.example\n",
			"p.yaml:1: clients.main: it is missing; name the application that customers connect, with id, secret_env and redirect_uris",
		},
		{"no redirect URI", strings.Replace(good, `, redirect_uris: ["https://mint.example/callback"]`, "", 1), "p.yaml:3: clients.main.redirect_uris: it is missing"},
		{"a relative redirect URI", strings.Replace(good, "https://mint.example", "", 1), `p.yaml:3: clients.main.redirect_uris.0: "/callback" is no redirect URI`},
		{"a variable that is not set", strings.Replace(good, "SECRET", "OTHER", 1), "p.yaml:3: clients.main.secret_env: the environment variable OTHER is not set; set it to the secret before the run"},
		{"a secret twice", strings.Replace(good, "id: mint", "id: mint, secret: a", 1), "clients.main.secret: secret_env names another place for it"},
		{"a method without a secret", strings.Replace(good, "secret_env: SECRET", "auth: basic", 1), "p.yaml:3: clients.main.auth: basic needs a secret; write secret_env"},
		{"no secret with a secret", strings.Replace(good, "id: mint", "id: mint, auth: none", 1), "p.yaml:3: clients.main.auth: none does not go with a secret"},
		{"a method that is not known", strings.Replace(good, "id: mint", "id: mint, auth: post", 1), `clients.main.auth: "post" is not known; use basic or body or query or none`},
		{"a public client with a secret", strings.Replace(good, "customers", "  public: {id: a, secret: b}\ncustomers", 1), "p.yaml:4: clients.public: a public client has no secret"},
		{"a second client without one", strings.Replace(good, "customers", "  second: {id: a}\ncustomers", 1), "p.yaml:4: clients.second: it needs a secret of its own"},
		{"one address for two", strings.Replace(good, "customers", "  two: {id: a, redirect_uris: [\"https://a.example/\"]}\ncustomers", 1), "p.yaml:4: clients.two.redirect_uris: there are 1"},
		{"no query", strings.Replace(good, "customers", "  query: {id: a, redirect_uris: [\"https://a.example/\"]}\ncustomers", 1), "p.yaml:4: clients.query.redirect_uris: the first has no query"},
		{"a customer without a name", strings.Replace(good, "username: maya, ", "", 1), "p.yaml:5: customers.first.username: it is missing"},
		{"two scopes in one", good + "scopes: [\"a b\"]\n", `p.yaml:6: scopes.0: "a b" is no scope`},
		{"no time span", good + "lifetimes:\n  access: 20\n", `p.yaml:7: "20" is no time span; write a number and s, m, h or d, such as 20m or 30d`},
		{"a negative time span", good + "lifetimes: {access: -20m}\n", `"-20m" is no time span`},
		{"a mode that is not known", good + "refresh: {mode: rolling}\n", `p.yaml:6: refresh.mode: "rolling" is not known; use rotating or sliding`},
		{"a status that is none", good + "expect: {invalid_grant_status: 403}\n", "p.yaml:6: expect.invalid_grant_status: 403; write 400 or 401"},
		{"a feature that is none", good + "features: {pkse: true}\n", "p.yaml:6: features.pkse: it is no feature; use application_account"},
		{"client credentials for nobody", good + "features: {client_credentials: true}\n", "p.yaml:6: features.client_credentials: it needs a client"},
		{"a permission that is none", good + "allow: [loud]\n", `p.yaml:6: allow.0: "loud" is not known; use noisy or ends_grants`},
		{"a login step that does nothing", good + "login:\n  - url: /login\n", "p.yaml:7: login.0.click: the step does nothing; write fill, click or both"},
		{"a selector that is none", good + "login:\n  - click: css=.next\n", `p.yaml:7: login.0.click: "css=.next" names no element; write #id, [name=…], or the label or text that a person reads`},
		{"a field by a path", good + "login:\n  - fill: {\"#a > b\": x}\n", `p.yaml:7: login.0.fill: "#a > b" names no element`},
		{"a placeholder that is none", good + "login:\n  - fill: {\"#a\": \"${user}\"}\n", "p.yaml:7: login.0.fill: what is typed into #a holds a name that is not known; use ${username} or ${password}, or ${env.NAME} for all of it"},
		{"a placeholder among text", good + "login:\n  - fill: {\"#a\": \"x${env.SECRET}\"}\n", "p.yaml:7: login.0.fill: what is typed into #a holds a name that is not known"},
		{"a variable of a step that is not set", good + "login:\n  - fill: {\"#a\": \"${env.PLACE}\"}\n", "p.yaml:7: login.0.fill: the environment variable PLACE is not set; set it to what is typed into #a before the run"},
		{"pages that are visited otherwise", good + "pages: curl\n", `p.yaml:6: pages: "curl" is not known; use browser or plain`},
		{"a way of answers that is none", good + "redirect: {mode: tunnel}\n", `p.yaml:6: redirect.mode: "tunnel" is not known; use intercept or loopback or public`},
		{"a tunnel to nowhere", good + "redirect: {mode: public}\n", "p.yaml:6: redirect.listen: it is missing; write the host:port of this machine to which the tunnel leads, such as 127.0.0.1:9600"},
		{"a tunnel to no port", good + "redirect: {mode: public, listen: localhost}\n", `p.yaml:6: redirect.listen: "localhost" is no host:port; write one such as 127.0.0.1:9600`},
		{"a port that nobody listens at", good + "redirect: {listen: \"127.0.0.1:9600\"}\n", "p.yaml:6: redirect.listen: it goes with mode: public only"},
		{"loopback elsewhere", good + "redirect: {mode: loopback}\n", "p.yaml:6: redirect.mode: loopback cannot serve https://mint.example/callback; register one such as http://127.0.0.1:9600/callback for clients.main, or leave redirect out"},
		{"loopback without a port", strings.Replace(good, "https://mint.example/callback", "http://127.0.0.1/callback", 1) + "redirect: {mode: loopback}\n", "redirect.mode: loopback cannot serve http://127.0.0.1/callback"},
		{"answers that nobody goes to", strings.Replace(good, "https://mint.example", "http://127.0.0.1:9600", 1) + "pages: plain\nredirect: {mode: loopback}\n", "p.yaml:7: redirect.mode: loopback is for a browser that goes to redirect URIs, and pages: plain reads them only; leave one of them out"},
		{"no requests at all", good + "rate: 0\n", "p.yaml:6: rate: 0; write requests per second"},
		{"an unknown key of a login step", good + "login:\n  - press: Next\n", `p.yaml:7: the key "press" is not known; use url, fill, click, wait, optional`},
		{"a waiver without owner", good + "waivers:\n  - check: TK-12\n    reason: documented\n", "p.yaml:7: waiver: TK-12 has no owner"},
		{"a waiver of what is never waived", good + "waivers:\n  - {check: CG-02, reason: a, owner: b}\n", "p.yaml:7: waiver: CG-02 cannot be waived: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("p.yaml", []byte(tt.text), environment)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got\n%v\nwant\n%s", err, tt.want)
			}
			if n := strings.Count(err.Error(), "\n"); n != 0 {
				t.Errorf("%d faults for one:\n%v", n+1, err)
			}
			if strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "maya-password") {
				t.Errorf("a secret in %v", err)
			}
		})
	}
}

func TestParseListsAllFaultsAtOnce(t *testing.T) {
	_, err := Parse("p.yaml", []byte(good+"rate: 2000\nscopes: ['']\nallow: [loud]\n"), environment)
	want := "p.yaml:6: rate: 2000; write requests per second, above 0 and at most 1000\n" +
		"p.yaml:7: scopes.0: \"\" is no scope; write one name without spaces in each entry\n" +
		"p.yaml:8: allow.0: \"loud\" is not known; use noisy or ends_grants"
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "acme.yaml")
	if _, err := Read(path, environment); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("error %v", err)
	}
	if err := os.WriteFile(path, []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	if d, err := Read(path, environment); err != nil || d.Issuer != "https://auth.example" {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestSchemaKnowsEveryKey(t *testing.T) {
	var schema struct {
		Properties map[string]struct{ Description string }
	}
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	if len(schema.Properties) != 19 || schema.Properties["issuer"].Description == "" {
		t.Errorf("%d properties", len(schema.Properties))
	}
}

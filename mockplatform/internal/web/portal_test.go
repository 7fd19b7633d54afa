package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/mint-conformance/mint/mockplatform"
)

// A developer registers an application and uses it at once.
func TestRegisterApplication(t *testing.T) {
	mock := mockplatform.Start(t, "service")
	p := mock.Platform("service")
	v := newVisitor(t)
	v.open(p.Endpoints.Developers)
	v.says("h1", "Register an application")
	v.press("Register application", map[string]string{
		"name": "Demo Reports", "website": "https://reports.example", "redirect_uri": "https://reports.example/callback", "description": "Weekly figures.",
	})
	v.says("h1", "Demo Reports is registered")
	id, secret := text(v.by("id", "client_id")), text(v.by("id", "client_secret"))
	if len(id) < 8 || len(secret) < 26 {
		t.Fatalf("id %q, secret %q", id, secret)
	}
	t.Run("the secret is shown once", func(t *testing.T) {
		v.open(v.url.String())
		if v.status != http.StatusGone || strings.Contains(v.source, secret) {
			t.Errorf("status %d: %s", v.status, v.words())
		}
	})
	t.Run("client credentials", func(t *testing.T) {
		got := newWireClient(t).form(p.Endpoints.Token, url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}})
		if got.status != 200 {
			t.Errorf("answered %d %s", got.status, got.body)
		}
	})
	t.Run("consent", func(t *testing.T) {
		v := newVisitor(t)
		v.open(authorization(p, map[string]string{"client_id": id, "redirect_uri": "https://reports.example/callback"}))
		v.logIn("maya")
		v.says("h1", "Demo Reports asks for access to your Service Ads account")
		if policy := v.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' https://reports.example") {
			t.Errorf("policy %q", policy)
		}
	})
	t.Run("the control API knows it", func(t *testing.T) {
		for _, client := range mock.Platform("service").Clients {
			if client.ID == id && client.Secret == secret && client.Name == "Demo Reports" {
				return
			}
		}
		t.Error("it does not")
	})
}

func TestRegistrationMistakes(t *testing.T) {
	mock := mockplatform.Start(t, "service")
	p := mock.Platform("service")
	good := map[string]string{"name": "Demo", "website": "https://demo.example", "redirect_uri": "https://demo.example/cb", "description": "x"}
	for _, test := range []struct{ field, value string }{
		{"name", ""},
		{"website", ""},
		{"website", "nowhere"},
		{"redirect_uri", ""},
		{"redirect_uri", "/relative"},
		{"redirect_uri", "https://demo.example/cb#fragment"},
		{"redirect_uri", "http://demo.example/cb"},
		{"redirect_uri", "javascript:alert(1)"},
		{"redirect_uri", "https://*.example/cb"},
	} {
		t.Run(test.field+"="+test.value, func(t *testing.T) {
			fill := map[string]string{}
			for name, value := range good {
				fill[name] = value
			}
			fill[test.field] = test.value
			v := newVisitor(t)
			v.open(p.Endpoints.Developers)
			v.press("Register application", fill)
			if v.status != http.StatusUnprocessableEntity {
				t.Errorf("status %d", v.status)
			}
			said := v.by("data-error-for", test.field)
			if said == nil || text(said) == "" {
				t.Fatalf("nothing is said about %s: %s", test.field, v.words())
			}
			if field := v.by("name", test.field); attr(field, "aria-invalid") != "true" || attr(field, "aria-describedby") != attr(said, "id") || attr(field, "value") != test.value {
				t.Errorf("the field is not tied to its error, or lost its value %q", attr(field, "value"))
			}
		})
	}
	if n := len(mock.Platform("service").Clients); n != 1 {
		t.Errorf("mistakes registered %d applications", n-1)
	}
}

func TestPortalDown(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mailup", `{"registration":{"portal":"down"}}`)
	v := newVisitor(t)
	v.open(p.Endpoints.Developers)
	v.says("h1", "The developer portal is not available")
	if v.status != http.StatusServiceUnavailable || !strings.Contains(v.words(), "support@mailup.example") {
		t.Errorf("status %d: %s", v.status, v.words())
	}
	v.open(mock.Platform("mint").Issuer + "/developers") // registration by hand: there is no portal at all
	if v.status != http.StatusNotFound {
		t.Errorf("status %d where there is no portal", v.status)
	}
}

// A customer withdraws; from then on nothing works (S000-02).
func TestWithdraw(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Platform("mint")
	c := newWireClient(t)
	got := tokens(t, c, p, "maya", nil)
	v := newVisitor(t)
	v.open(p.Endpoints.Connected)
	v.says("h1", "Log in to Mint Ads")
	v.press("Log in", map[string]string{"username": "maya@example.test", "password": "wrong"})
	v.says("alert", "The username or password is not right.")
	v.logIn("maya")
	v.says("h1", "Connected applications")
	entry := v.by("data-client", "mint-web")
	if entry == nil || !strings.HasPrefix(text(entry), "M MINT Connected since ") || !strings.Contains(text(entry), "change campaign budgets and status") {
		t.Fatalf("the entry says %q", text(entry))
	}
	isStatus := func(n *html.Node) bool { return attr(n, "role") == "status" }
	v.open(p.Endpoints.Connected + "?withdrawn=mint-web")
	if v.find(isStatus) != nil {
		t.Error("the page tells of a withdrawal that has not happened")
	}
	v.press("Withdraw access", nil)
	v.says("status", "MINT may no longer use your Mint Ads account.")
	if v.by("data-client", "mint-web") != nil {
		t.Error("the application is still listed")
	}
	if answer := c.send(http.MethodGet, p.Endpoints.Me, "", "Authorization", "Bearer "+got.member("access_token")); answer.status != 401 {
		t.Errorf("the access token still works: %d", answer.status)
	}
	refresh := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {got.member("refresh_token")}, "client_id": {"mint-web"}, "client_secret": {p.Clients[0].Secret}}
	if answer := c.form(p.Endpoints.Token, refresh); answer.status != 400 || answer.member("error") != "invalid_grant" {
		t.Errorf("the refresh token still works: %d %s", answer.status, answer.body)
	}
	v.open(p.Endpoints.Connected + "?withdrawn=nobody")
	if v.find(isStatus) != nil {
		t.Error("the page claims a withdrawal that never was")
	}
	v.press("Log out", nil)
	v.says("h1", "Mint Ads")
	v.open(p.Endpoints.Connected)
	v.says("h1", "Log in to Mint Ads")
}

func TestLandingPages(t *testing.T) {
	mock := mockplatform.Start(t)
	v := newVisitor(t)
	v.open(mock.URL() + "/")
	for _, want := range []string{"Mint Ads", "MailUp", "Service Ads", "Mindbaz"} {
		if !strings.Contains(v.words(), want) {
			t.Errorf("the first page lacks %s", want)
		}
	}
	v.open(mock.Platform("mindbaz").Issuer)
	v.says("h1", "Mindbaz")
	if !strings.Contains(v.words(), "maya@example.test maya-password-1 read and change") {
		t.Errorf("nobody to log in as: %s", v.words())
	}
	v.open(mock.URL() + "/nobody/oauth2/authorize")
	v.says("alert", "There is no Platform at this address.")
	if v.status != http.StatusNotFound {
		t.Errorf("status %d", v.status)
	}
}

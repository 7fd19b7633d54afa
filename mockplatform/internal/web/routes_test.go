package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform"
)

// With topology split the API lives on another address, and only there
// (S003-07).
func TestSplitTopology(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("service", `{"topology":"split"}`)
	c := newWireClient(t)
	if p.APIBase != mock.APIURL()+"/"+p.Name || !strings.HasPrefix(p.Endpoints.Me, p.APIBase+"/") || !strings.HasPrefix(p.Endpoints.Token, p.Issuer+"/") {
		t.Fatalf("API base %s, endpoints %+v", p.APIBase, p.Endpoints)
	}
	bearer := "Bearer " + tokens(t, c, p, "maya", nil).member("access_token")
	if got := c.send("GET", p.Endpoints.Me, "", "Authorization", bearer); got.status != 200 {
		t.Errorf("the API answered %d %s", got.status, got.body)
	}
	for _, wrong := range []string{p.Issuer + "/api/me", p.APIBase + "/oauth2/token", mock.APIURL() + "/mint/api/me"} {
		if got := c.send("GET", wrong, "", "Authorization", bearer); got.status != 404 {
			t.Errorf("%s answered %d, want 404", wrong, got.status)
		}
	}
	combined := mock.Platform("mint")
	if combined.APIBase != combined.Issuer {
		t.Errorf("a combined Platform has its API at %s", combined.APIBase)
	}
}

// A profile may give its endpoints other paths.
func TestRenamedPaths(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("service", `{"paths":{"authorize":"/login","token":"/sso/token","campaigns":"/v2/ads","connected":"/apps"}}`)
	c := newWireClient(t)
	if p.Endpoints.Token != p.Issuer+"/sso/token" {
		t.Errorf("the token endpoint is %s", p.Endpoints.Token)
	}
	bearer := "Bearer " + tokens(t, c, p, "maya", nil).member("access_token")
	if got := c.send("GET", p.Issuer+"/v2/ads/c-101/metrics", "", "Authorization", bearer); got.status != 200 {
		t.Errorf("metrics answered %d %s", got.status, got.body)
	}
	if got := c.send("GET", p.Issuer+"/api/campaigns", "", "Authorization", bearer); got.status != 404 {
		t.Errorf("the old path answered %d", got.status)
	}
	v := newVisitor(t)
	v.open(p.Endpoints.Connected)
	v.logIn("maya")
	v.says("h1", "Connected applications")
}

// Programs get JSON, people get pages; nothing is redirected to a similar path.
func TestStrayRequests(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Platform("mint")
	c := newWireClient(t)
	for _, test := range []struct {
		name, method, target string
		status               int
		allow                string
	}{
		{"slash at the end", "POST", p.Endpoints.Token + "/", 404, ""},
		{"other case", "GET", strings.Replace(p.Endpoints.Authorize, "authorize", "Authorize", 1), 404, ""},
		{"wrong method for a page", "POST", p.Endpoints.Authorize, 405, "GET, HEAD"},
		{"wrong method for a form", "GET", p.Issuer + "/consent", 405, "POST"},
		{"wrong method for metadata", "POST", p.Endpoints.Metadata, 405, "GET, HEAD"},
		{"behind metadata", "GET", p.Endpoints.Metadata + "/x", 404, ""},
		{"well known to others", "GET", mock.URL() + "/.well-known/x", 404, ""},
		{"no Platform", "GET", mock.URL() + "/nobody/oauth2/token", 404, ""},
		{"favicon", "GET", mock.URL() + "/favicon.ico", 404, ""},
	} {
		got := c.send(test.method, test.target, "")
		if got.status != test.status || got.header.Get("Allow") != test.allow || got.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d, Allow %q, %s", test.name, got.status, got.header.Get("Allow"), got.body)
		}
	}
	if got := c.send("BREW", p.Endpoints.Token, ""); got.status != 405 || got.member("error") != "invalid_request" {
		t.Errorf("BREW: %d %s", got.status, got.body)
	}
	if got := c.send("HEAD", p.Endpoints.Metadata, ""); got.status != 200 || got.body != "" {
		t.Errorf("HEAD: %d %s", got.status, got.body)
	}
	v := newVisitor(t)
	v.open(p.Issuer + "/consent")
	v.says("alert", "This address takes POST, not GET.")
}

// The page's form carries a request of any shape back unharmed: state with
// reserved characters survives login and consent.
func TestStateSurvives(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Platform("mint")
	for _, state := range []string{`a b+c%20d`, `"><script>`, `ä€😀`, `x&code=evil#y`, strings.Repeat("s", 1000), `'"\{}|^~`} {
		v := newVisitor(t)
		v.open(authorization(p, map[string]string{"state": state}))
		v.logIn("maya")
		away := v.press("Allow", nil)
		if away == nil {
			t.Fatalf("state %q: stuck at %s", state, v.words())
		}
		if got := away.Query(); got.Get("state") != state || len(got["code"]) != 1 {
			t.Errorf("state %q came back as %q", state, got.Get("state"))
		}
	}
}

// An armed error at the authorization endpoint goes back to the client.
func TestAuthorizeFault(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Platform("mint")
	c := newWireClient(t)
	arm := func(body string) {
		t.Helper()
		if got := c.send(http.MethodPost, mock.ControlURL()+"/v1/platforms/mint/faults", body, "Content-Type", "application/json"); got.status != 201 {
			t.Fatalf("arming answered %d %s", got.status, got.body)
		}
	}
	arm(`{"match":{"endpoint":"authorize"},"action":{"kind":"error","status":303,"error":"server_error"},"count":1}`)
	got := c.send(http.MethodGet, authorization(p, nil), "")
	away, err := url.Parse(got.header.Get("Location"))
	if err != nil || got.status != 303 || away.Query().Get("error") != "server_error" || away.Query().Get("state") != "st ate&1" {
		t.Errorf("answered %d %s", got.status, away)
	}
	arm(`{"match":{"endpoint":"authorize"},"action":{"kind":"error","status":503,"error":"temporarily_unavailable","headers":{"Retry-After":"9"}},"count":1}`)
	if got := c.send(http.MethodGet, authorization(p, nil), ""); got.status != 503 || got.header.Get("Retry-After") != "9" {
		t.Errorf("answered %d %s", got.status, got.body)
	}
	if got := c.send(http.MethodGet, authorization(p, nil), ""); got.status != 200 {
		t.Errorf("after the faults: %d", got.status)
	}
}

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

// Documents of the API with all their values.
func TestAPIDocuments(t *testing.T) {
	server := startAt(t, noon, "service")
	c := newWireClient(t)
	p := described(t, server, "service")
	bearer := "Bearer " + tokens(t, c, p, "maya", nil).member("access_token")
	tests := []struct{ name, target, want string }{
		{"me", p.Endpoints.Me, `{"username":"maya@example.test","name":"Maya Okafor","role":"owner","account":"maya-ads"}`},
		{
			"a page of campaigns", p.Endpoints.Campaigns + "?per_page=1&page=2&status=active",
			`{"campaigns":[{"id":"c-102","name":"Brand video","status":"active","daily_budget_cents":20000,"currency":"EUR","updated_at":"<time>"}],"page":2,"per_page":1,"total":4,"next":"` + p.Endpoints.Campaigns + `?page=3\u0026per_page=1\u0026status=active"}`,
		},
		{"the last page", p.Endpoints.Campaigns + "?per_page=5&page=2", `{"campaigns":[{"id":"c-106","name":"Clearance outlet","status":"paused","daily_budget_cents":5000,"currency":"EUR","updated_at":"<time>"}],"page":2,"per_page":5,"total":6}`},
		{"one campaign", p.Endpoints.Campaigns + "/c-101", `{"id":"c-101","name":"Spring sale","status":"active","daily_budget_cents":12000,"currency":"EUR","updated_at":"<time>"}`},
	}
	stamp := regexp.MustCompile(`"updated_at":"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"`)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := c.send(http.MethodGet, test.target, "", "Authorization", bearer)
			body := stamp.ReplaceAllString(got.body, `"updated_at":"<time>"`)
			if diff := cmp.Diff(test.want+"\n", body); diff != "" || got.status != http.StatusOK || got.header.Get("Content-Type") != "application/json" {
				t.Errorf("answered %d (-want +got):\n%s", got.status, diff)
			}
		})
	}
	t.Run("metrics", func(t *testing.T) {
		got := c.send(http.MethodGet, p.Endpoints.Campaigns+"/c-101/metrics", "", "Authorization", bearer)
		if n := strings.Count(got.body, `"date"`); n != 14 || !strings.HasPrefix(got.body, `{"campaign_id":"c-101","currency":"EUR","days":[{"date":"2026-11-01","impressions":`) || !strings.Contains(got.body, `{"date":"2026-11-14",`) {
			t.Errorf("%d days: %s", n, got.body)
		}
	})
}

// Who is refused, and with which challenge (RFC 6750 section 3).
func TestAPIRefusals(t *testing.T) {
	mock := mockplatform.Start(t, "service")
	c := newWireClient(t)
	p := mock.Platform("service")
	full := "Bearer " + tokens(t, c, p, "maya", nil).member("access_token")
	reading := "Bearer " + tokens(t, c, p, "maya", map[string]string{"ads.write": "off"}).member("access_token")
	own := "Bearer " + c.form(p.Endpoints.Token, url.Values{"grant_type": {"client_credentials"}, "client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret}}).member("access_token")
	campaign := p.Endpoints.Campaigns + "/c-101"
	tests := []struct {
		name, method, target, body string
		headers                    []string
		status                     int
		code, challenge            string
	}{
		{"no token", "GET", p.Endpoints.Me, "", nil, 401, "", `Bearer realm="Service Ads"`},
		{"another scheme", "GET", p.Endpoints.Me, "", []string{"Authorization", "Basic eDp5"}, 401, "", `Bearer realm="Service Ads"`},
		{"token in the query", "GET", p.Endpoints.Me + "?access_token=" + strings.TrimPrefix(full, "Bearer "), "", nil, 401, "", `Bearer realm="Service Ads"`},
		{"unknown token", "GET", p.Endpoints.Me, "", []string{"Authorization", "Bearer nonsense"}, 401, "invalid_token", `Bearer realm="Service Ads", error="invalid_token"`},
		{"empty token", "GET", p.Endpoints.Me, "", []string{"Authorization", "Bearer "}, 401, "invalid_token", `Bearer realm="Service Ads", error="invalid_token"`},
		{"two headers", "GET", p.Endpoints.Me, "", []string{"Authorization", full, "Authorization", full}, 400, "invalid_request", `Bearer realm="Service Ads", error="invalid_request"`},
		{"scope lacks", "PATCH", campaign, `{"status":"paused"}`, []string{"Authorization", reading, "Content-Type", "application/json"}, 403, "insufficient_scope", `scope="ads.write"`},
		{"an application's token on customer data", "GET", p.Endpoints.Campaigns, "", []string{"Authorization", own}, 403, "access_denied", ""},
		{"a customer's token on the application", "GET", p.Endpoints.Application, "", []string{"Authorization", full}, 403, "access_denied", ""},
		{"another customer's campaign", "GET", p.Endpoints.Campaigns + "/c-301", "", []string{"Authorization", full}, 404, "not_found", ""},
		{"unknown filter", "GET", p.Endpoints.Campaigns + "?stauts=active", "", []string{"Authorization", full}, 400, "invalid_request", ""},
		{"bad page", "GET", p.Endpoints.Campaigns + "?page=0", "", []string{"Authorization", full}, 400, "invalid_request", ""},
		{"bad day", "GET", campaign + "/metrics?from=yesterday", "", []string{"Authorization", full}, 400, "invalid_request", ""},
		{"bad status", "PATCH", campaign, `{"status":"gone"}`, []string{"Authorization", full, "Content-Type", "application/json"}, 400, "invalid_request", ""},
		{"unknown member", "PATCH", campaign, `{"budget":1}`, []string{"Authorization", full, "Content-Type", "application/json"}, 400, "invalid_request", ""},
		{"form instead of JSON", "PATCH", campaign, `status=paused`, []string{"Authorization", full, "Content-Type", "application/x-www-form-urlencoded"}, 415, "invalid_request", ""},
		{"wrong method", "DELETE", campaign, "", []string{"Authorization", full}, 405, "invalid_request", ""},
		{"slash at the end", "GET", p.Endpoints.Me + "/", "", []string{"Authorization", full}, 404, "not_found", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := c.send(test.method, test.target, test.body, test.headers...)
			if got.status != test.status || got.member("error") != test.code {
				t.Errorf("answered %d %s, want %d %s", got.status, got.body, test.status, test.code)
			}
			challenge := got.header.Get("WWW-Authenticate")
			if test.code == "" && challenge != test.challenge { // no error code without a token (section 3.1)
				t.Errorf("challenge %q, want %q", challenge, test.challenge)
			}
			if !strings.Contains(challenge, test.challenge) || (test.challenge == "" && challenge != "") {
				t.Errorf("challenge %q, want %q", challenge, test.challenge)
			}
		})
	}
}

func TestCampaignIsChangedOnce(t *testing.T) {
	mock := mockplatform.Start(t, "service")
	c := newWireClient(t)
	p := mock.Platform("service")
	bearer := "Bearer " + tokens(t, c, p, "maya", nil).member("access_token")
	change := func(body, key string) reply {
		return c.send(http.MethodPatch, p.Endpoints.Campaigns+"/c-103", body, "Authorization", bearer, "Content-Type", "application/json", "Idempotency-Key", key)
	}
	first := change(`{"daily_budget_cents":9600}`, "k-1")
	if first.status != 200 || !strings.Contains(first.body, `"daily_budget_cents":9600`) || first.header.Get("Idempotent-Replayed") != "" {
		t.Errorf("first: %d %s", first.status, first.body)
	}
	again := change(`{"daily_budget_cents":9600}`, "k-1")
	if again.status != 200 || again.body != first.body || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("repeated: %d %s %v", again.status, again.body, again.header)
	}
	if other := change(`{"daily_budget_cents":1}`, "k-1"); other.status != http.StatusConflict {
		t.Errorf("same key for another change: %d %s", other.status, other.body)
	}
	// What is refused fires no fault.
	longest := strings.Repeat("k", 255)
	mock.Arm("service", control.Fault{Match: control.FaultMatch{Endpoint: "api"}, Action: control.FaultAction{Kind: "error", Status: 503}, Count: 1})
	if other := change(`{"daily_budget_cents":1}`, "k-1"); other.status != http.StatusConflict {
		t.Errorf("same key for another change under a fault: %d %s", other.status, other.body)
	}
	if long := change(`{"daily_budget_cents":1}`, longest+"k"); long.status != http.StatusBadRequest || !strings.Contains(long.member("error_description"), "Idempotency-Key") {
		t.Errorf("a key of 256 characters: %d %s", long.status, long.body)
	}
	if got := change(`{"daily_budget_cents":1}`, longest); got.status != http.StatusServiceUnavailable {
		t.Errorf("the fault of a good request: %d %s", got.status, got.body)
	}
	if got := change(`{"daily_budget_cents":1}`, longest); got.status != http.StatusOK {
		t.Errorf("a key of 255 characters: %d %s", got.status, got.body)
	}
	rest := mock.Create("service", `{"resource_server":{"success_status":"rest"}}`)
	bearer = "Bearer " + tokens(t, c, rest, "maya", nil).member("access_token")
	if got := c.send(http.MethodPatch, rest.Endpoints.Campaigns+"/c-103", `{"status":"paused"}`, "Authorization", bearer, "Content-Type", "application/json"); got.status != 204 || got.body != "" {
		t.Errorf("with success_status rest: %d %s", got.status, got.body)
	}
}

// An application reads and changes its own account; the change counts at the
// authorization endpoint at once (S003-23, S003-24).
func TestOwnApplication(t *testing.T) {
	mock := mockplatform.Start(t, "service")
	c := newWireClient(t)
	p := mock.Platform("service")
	bearer := "Bearer " + c.form(p.Endpoints.Token, url.Values{"grant_type": {"client_credentials"}, "client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret}}).member("access_token")
	want := `{"client_id":"service-mint","name":"MINT","website":"https://mint.example","description":"Shows advertising data of all your platforms in one place and suggests changes.","redirect_uris":["` + callback + `"]}` + "\n"
	if got := c.send(http.MethodGet, p.Endpoints.Application, "", "Authorization", bearer); got.status != 200 || got.body != want {
		t.Errorf("read: %d\ngot  %swant %s", got.status, got.body, want)
	}
	bad := c.send(http.MethodPatch, p.Endpoints.Application, `{"redirect_uris":["http://evil.example/*"]}`, "Authorization", bearer, "Content-Type", "application/json")
	if bad.status != 400 || !strings.Contains(bad.body, "redirect_uris") {
		t.Errorf("bad redirect URI: %d %s", bad.status, bad.body)
	}
	good := c.send(http.MethodPatch, p.Endpoints.Application, `{"description":"A better text.","redirect_uris":["https://mint.example/cb"]}`, "Authorization", bearer, "Content-Type", "application/json")
	if good.status != 200 || !strings.Contains(good.body, `"description":"A better text.","redirect_uris":["https://mint.example/cb"]`) {
		t.Errorf("change: %d %s", good.status, good.body)
	}
	v := newVisitor(t)
	v.open(authorization(p, nil))
	v.says("h1", "This request cannot be answered")
	v.open(authorization(p, map[string]string{"redirect_uri": "https://mint.example/cb"}))
	v.logIn("maya")
	if !strings.Contains(v.words(), "A better text.") {
		t.Errorf("the consent page lacks the new description: %s", v.words())
	}
}

// Faults at the API fire for good requests only, as often as armed.
func TestAPIFaults(t *testing.T) {
	mock := mockplatform.Start(t, "service")
	c := newWireClient(t)
	p := mock.Platform("service")
	bearer := "Bearer " + tokens(t, c, p, "maya", nil).member("access_token")
	get := func(target string) reply { return c.send(http.MethodGet, target, "", "Authorization", bearer) }
	patch := func(body string) (*http.Response, error) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, p.Endpoints.Campaigns+"/c-101", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", bearer)
		request.Header.Set("Content-Type", "application/json")
		return c.http.Do(request)
	}
	armed, err := mock.Control().ArmFault(t.Context(), "service", control.Fault{Match: control.FaultMatch{Endpoint: "api", Customer: "maya"}, Action: control.FaultAction{Kind: "unauthorized"}, Count: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got := get(p.Endpoints.Campaigns + "/none"); got.status != 404 {
		t.Errorf("a bad request was answered %d by a fault", got.status)
	}
	if got := get(p.Endpoints.Me); got.status != 401 || !strings.Contains(got.header.Get("WWW-Authenticate"), `error="invalid_token"`) {
		t.Errorf("armed 401: %d %s", got.status, got.header.Get("WWW-Authenticate"))
	}
	if got := get(p.Endpoints.Me); got.status != 200 {
		t.Errorf("after the fault: %d %s", got.status, got.body)
	}
	drop := func(kind string) {
		t.Helper()
		if _, err := mock.Control().ArmFault(t.Context(), "service", control.Fault{Match: control.FaultMatch{Endpoint: "api", Method: "PATCH"}, Action: control.FaultAction{Kind: kind}, Count: 1}); err != nil {
			t.Fatal(err)
		}
		if answer, err := patch(`{"status":"paused"}`); err == nil {
			defer answer.Body.Close()
			t.Errorf("%s: answered %d", kind, answer.StatusCode)
		}
	}
	drop("drop_before")
	if got := get(p.Endpoints.Campaigns + "/c-101"); !strings.Contains(got.body, `"status":"active"`) {
		t.Errorf("drop_before changed something: %s", got.body)
	}
	drop("drop_after")
	if got := get(p.Endpoints.Campaigns + "/c-101"); !strings.Contains(got.body, `"status":"paused"`) {
		t.Errorf("drop_after changed nothing: %s", got.body)
	}
	journal, err := mock.Control().Journal(t.Context(), "service", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var dropped, faulted int
	for _, one := range journal.Exchanges {
		if one.Status == 0 {
			dropped++
		}
		if one.Fault == armed.ID && one.Status == 401 && one.Endpoint == "api" && one.Customer == "maya" {
			faulted++
		}
	}
	if dropped != 2 || faulted != 1 {
		t.Errorf("the journal tells of %d drops and %d armed 401s, want 2 and 1", dropped, faulted)
	}
}

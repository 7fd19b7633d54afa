package client_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client"
)

// fakePlatform is an authorization server and advertising API written for
// these tests alone: MINT's tests share nothing with the mock Platform.
type fakePlatform struct {
	*httptest.Server
	mu       sync.Mutex
	calls    []string // "METHOD /path grant_type"
	tokens   int      // access tokens issued
	refuse   bool     // the token endpoint says invalid_grant, the API 401
	scope    string
	status   string // of campaign c-1
	campaign bool   // a change arrived
}

// issued is the prefix of every secret that the fake platform hands out.
const issued = "sEcReT-token-"

func newPlatform(t *testing.T) *fakePlatform {
	t.Helper()
	p := &fakePlatform{scope: "ads.read ads.write", status: "active"}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("POST /revoke", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /api/me", p.api(func(http.ResponseWriter, *http.Request) string {
		return `{"username":"maya@example.test","name":"Maya Okafor","role":"owner","account":"maya-ads"}`
	}))
	mux.HandleFunc("GET /api/campaigns", p.api(func(http.ResponseWriter, *http.Request) string {
		return `{"campaigns":[` + p.document() + `],"page":1,"per_page":50,"total":1}`
	}))
	mux.HandleFunc("GET /api/campaigns/c-1", p.api(func(http.ResponseWriter, *http.Request) string { return p.document() }))
	mux.HandleFunc("GET /api/campaigns/c-1/metrics", p.api(func(http.ResponseWriter, *http.Request) string {
		days := make([]string, 14)
		for i := range days {
			days[i] = fmt.Sprintf(`{"date":"2026-11-%02d","impressions":9000,"clicks":1,"spend_cents":12000}`, i+1)
		}
		return `{"campaign_id":"c-1","currency":"EUR","days":[` + strings.Join(days, ",") + `]}`
	}))
	mux.HandleFunc("PATCH /api/campaigns/c-1", p.api(func(_ http.ResponseWriter, r *http.Request) string {
		var change struct{ Status string }
		if err := json.NewDecoder(r.Body).Decode(&change); err == nil && change.Status != "" {
			p.status, p.campaign = change.Status, true
		}
		return p.document()
	}))
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *fakePlatform) document() string {
	return `{"id":"c-1","name":"Spring sale","status":"` + p.status + `","daily_budget_cents":12000,"currency":"EUR","updated_at":"2026-11-01T00:00:00Z"}`
}

func (p *fakePlatform) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	grant := r.FormValue("grant_type")
	p.calls = append(p.calls, "POST /token "+grant)
	w.Header().Set("Content-Type", "application/json")
	if p.refuse || (grant == "authorization_code" && r.FormValue("code") != "good-code") {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"invalid_grant"}`)
		return
	}
	p.tokens++
	fmt.Fprintf(w, `{"access_token":"%saccess-%d","token_type":"Bearer","expires_in":1200,"refresh_token":"%srefresh-%d","scope":%q}`, issued, p.tokens, issued, p.tokens, p.scope)
}

// api answers calls that carry the newest access token.
func (p *fakePlatform) api(document func(http.ResponseWriter, *http.Request) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.calls = append(p.calls, r.Method+" "+r.URL.Path)
		w.Header().Set("Content-Type", "application/json")
		if p.refuse || r.Header.Get("Authorization") != fmt.Sprintf("Bearer %saccess-%d", issued, p.tokens) {
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, document(w, r))
	}
}

// count says how many calls began with prefix.
func (p *fakePlatform) count(prefix string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, call := range p.calls {
		if strings.HasPrefix(call, prefix) {
			n++
		}
	}
	return n
}

func (p *fakePlatform) set(change func(*fakePlatform)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

func (p *fakePlatform) integration(id string) client.Integration {
	return client.Integration{
		ID: id, Title: "Ads " + id, Issuer: p.URL, Grants: []string{"authorization_code"},
		AuthorizationEndpoint: p.URL + "/authorize", TokenEndpoint: p.URL + "/token", RevocationEndpoint: p.URL + "/revoke", APIBase: p.URL,
		ClientID: "mint", ClientSecret: "client-secret-of-the-test", ClientAuth: "basic",
		Scopes: []string{"ads.read", "ads.write"}, PKCE: "S256", Refresh: client.RefreshRule{Replay: "none"},
	}
}

// clock is moved by tests.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// parameters reads the query of an address.
func parameters(t *testing.T, address string) url.Values {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Query()
}

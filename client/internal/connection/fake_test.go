package connection

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client/internal/platform"
)

// fakeClock is a clock that tests move.
type fakeClock struct {
	mutex sync.Mutex
	now   time.Time
}

func newClock() *fakeClock {
	return &fakeClock{now: time.Date(2026, 11, 14, 9, 0, 0, 0, time.UTC)}
}

func (c *fakeClock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

func (c *fakeClock) Advance(d time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(d)
}

// seen is one request that the fake platform received.
type seen struct {
	endpoint, method, path, query string
	grant                         string
	form                          url.Values
	header                        http.Header
	body                          string
}

// fakePlatform is a platform small enough to be read at a glance. Its refresh
// tokens rotate, or slide when sliding is set; a spent one is answered with the
// same successor within grace, or ends the family.
type fakePlatform struct {
	t      *testing.T
	clock  *fakeClock
	server *httptest.Server

	mutex     sync.Mutex
	prefix    string
	lifetime  time.Duration
	sliding   bool
	noRefresh bool
	grace     time.Duration
	scope     string // in every token answer, if set
	account   platform.Account
	campaigns []platform.Campaign
	days      map[string][]platform.Day
	count     int
	codes     map[string]string // code -> challenge
	refresh   map[string]*fakeRefreshToken
	access    map[string]time.Time
	keys      map[string]bool // idempotency keys that were applied
	changes   int
	revoked   []string
	requests  []seen
	scripts   map[string][]script
	delay     chan struct{} // token answers wait for it when set
}

type fakeRefreshToken struct {
	spentAt   time.Time
	successor string // JSON of the answer
	dead      bool
}

// script replaces one answer: it may call commit to let the platform do its
// work and get the answer that would have gone out.
type script func(w http.ResponseWriter, commit func() (int, string))

func newFake(t *testing.T, clock *fakeClock) *fakePlatform {
	f := &fakePlatform{
		t: t, clock: clock, prefix: "tok", lifetime: 20 * time.Minute,
		account: platform.Account{Username: "maya@example.test", Name: "Maya Okafor", Role: "owner", Account: "maya-ads"},
		codes:   map[string]string{}, refresh: map[string]*fakeRefreshToken{}, access: map[string]time.Time{},
		keys: map[string]bool{}, scripts: map[string][]script{}, days: map[string][]platform.Day{},
	}
	f.campaigns = []platform.Campaign{
		{ID: "c-1", Name: "Brand video", Status: "active", DailyBudgetCents: 20000, Currency: "EUR"},
		{ID: "c-2", Name: "Shoes", Status: "active", DailyBudgetCents: 8000, Currency: "EUR"},
		{ID: "c-3", Name: "Steady", Status: "active", DailyBudgetCents: 9000, Currency: "EUR"},
	}
	for i := range 14 {
		date := fmt.Sprintf("2026-11-%02d", i+1)
		f.days["c-1"] = append(f.days["c-1"], platform.Day{Date: date, Impressions: 96000, Clicks: 7, SpendCents: 15500})
		f.days["c-2"] = append(f.days["c-2"], platform.Day{Date: date, Impressions: 38000, Clicks: 2300, SpendCents: 8000})
		f.days["c-3"] = append(f.days["c-3"], platform.Day{Date: date, Impressions: 20000, Clicks: 400, SpendCents: 4000})
	}
	f.server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.server.Close)
	return f
}

// integration is the fake as MINT is configured for it.
func (f *fakePlatform) integration(id string) platform.Integration {
	base := f.server.URL
	return platform.Integration{
		ID: id, Title: "Fake Ads", Issuer: base, Grants: []string{platform.GrantAuthorizationCode},
		AuthorizationEndpoint: base + "/authorize", TokenEndpoint: base + "/token", RevocationEndpoint: base + "/revoke",
		APIBase: base, ClientID: "mint", ClientSecret: "client-secret-of-mint", ClientAuth: platform.AuthBasic,
		Scopes: []string{platform.ScopeRead, platform.ScopeChange}, PKCE: platform.PKCES256, SendsIssuer: true,
		Refresh: platform.RefreshRule{Replay: platform.ReplayNone},
	}
}

// script queues replacements for the next answers of an endpoint: token, me,
// campaigns, metrics, campaign, change, revoke, application.
func (f *fakePlatform) script(endpoint string, replacements ...script) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.scripts[endpoint] = append(f.scripts[endpoint], replacements...)
}

// answer replaces an answer without the platform doing anything.
func answer(status int, body string, header ...string) script {
	return func(w http.ResponseWriter, _ func() (int, string)) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// dropBefore cuts the connection and does nothing; dropAfter does the work and
// cuts the connection instead of answering.
func dropBefore(http.ResponseWriter, func() (int, string)) { panic(http.ErrAbortHandler) }
func dropAfter(_ http.ResponseWriter, commit func() (int, string)) {
	commit()
	panic(http.ErrAbortHandler)
}

func (f *fakePlatform) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	endpoint := endpointOf(r)
	f.mutex.Lock()
	f.requests = append(f.requests, seen{
		endpoint: endpoint, method: r.Method, path: r.URL.Path, query: r.URL.RawQuery,
		grant: form.Get("grant_type"), form: form, header: r.Header.Clone(), body: string(body),
	})
	var replacement script
	if queue := f.scripts[endpoint]; len(queue) > 0 {
		replacement, f.scripts[endpoint] = queue[0], queue[1:]
	}
	delay := f.delay
	f.mutex.Unlock()
	if delay != nil && endpoint == "token" {
		<-delay
	}
	commit := func() (int, string) { return f.work(endpoint, r, form, string(body)) }
	if replacement != nil {
		replacement(w, commit)
		return
	}
	status, text := commit()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

func endpointOf(r *http.Request) string {
	switch {
	case r.URL.Path == "/token", r.URL.Path == "/revoke":
		return r.URL.Path[1:]
	case r.URL.Path == "/api/me", r.URL.Path == "/api/application", r.URL.Path == "/api/campaigns":
		return strings.TrimPrefix(r.URL.Path, "/api/")
	case strings.HasSuffix(r.URL.Path, "/metrics"):
		return "metrics"
	case r.Method == http.MethodPatch:
		return "change"
	}
	return "campaign"
}

func (f *fakePlatform) work(endpoint string, r *http.Request, form url.Values, body string) (int, string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	switch endpoint {
	case "token":
		return f.token(form)
	case "revoke":
		f.revoked = append(f.revoked, form.Get("token_type_hint")+" "+form.Get("token"))
		f.end(form.Get("token"))
		return 200, ""
	}
	bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if ends, known := f.access[bearer]; !known || !f.clock.Now().Before(ends) {
		return 401, `{"error":"invalid_token"}`
	}
	return f.api(endpoint, r, body)
}

func (f *fakePlatform) end(token string) {
	if one := f.refresh[token]; one != nil {
		one.dead = true
	}
	delete(f.access, token)
}

func (f *fakePlatform) token(form url.Values) (int, string) {
	switch form.Get("grant_type") {
	case platform.GrantAuthorizationCode:
		challenge, known := f.codes[form.Get("code")]
		delete(f.codes, form.Get("code"))
		if !known || platform.CodeChallenge(platform.Secret(form.Get("code_verifier"))) != challenge {
			return 400, `{"error":"invalid_grant"}`
		}
		return 200, f.issue(true)
	case platform.GrantPassword:
		if form.Get("password") != "maya-password-1" {
			return 401, `{"error":"invalid_grant","error_description":"The API account has no permission."}`
		}
		return 200, f.issue(true)
	case platform.GrantClientCredentials:
		return 200, f.issue(true) // the refresh token in it is to be ignored
	}
	presented := f.refresh[form.Get("refresh_token")]
	switch {
	case presented == nil || presented.dead:
		return 400, `{"error":"invalid_grant"}`
	case f.sliding:
		return 200, f.issue(false)
	case presented.spentAt.IsZero():
		presented.spentAt, presented.successor = f.clock.Now(), f.issue(true)
		return 200, presented.successor
	case f.clock.Now().Sub(presented.spentAt) < f.grace:
		return 200, presented.successor
	}
	for _, one := range f.refresh { // reuse ends the family
		one.dead = true
	}
	clear(f.access)
	return 400, `{"error":"invalid_grant"}`
}

// issue makes a pair, or an access token alone.
func (f *fakePlatform) issue(withRefresh bool) string {
	f.count++
	pair := map[string]any{
		"access_token": fmt.Sprintf("%s-access-%d", f.prefix, f.count), "token_type": "Bearer",
		"expires_in": int(f.lifetime.Seconds()),
	}
	f.access[pair["access_token"].(string)] = f.clock.Now().Add(f.lifetime)
	if withRefresh && !f.noRefresh {
		value := fmt.Sprintf("%s-refresh-%d", f.prefix, f.count)
		pair["refresh_token"] = value
		f.refresh[value] = &fakeRefreshToken{}
	}
	if f.scope != "" {
		pair["scope"] = f.scope
	}
	text, _ := json.Marshal(pair)
	return string(text)
}

func (f *fakePlatform) api(endpoint string, r *http.Request, body string) (int, string) {
	asJSON := func(value any) (int, string) {
		text, _ := json.Marshal(value)
		return 200, string(text)
	}
	id := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/api/campaigns/"), "/metrics")
	switch endpoint {
	case "me":
		return asJSON(f.account)
	case "campaigns":
		return asJSON(map[string]any{"campaigns": f.campaigns, "page": 1, "total": len(f.campaigns)})
	case "metrics":
		return asJSON(map[string]any{"campaign_id": id, "days": f.days[id]})
	case "application":
		return asJSON(platform.Application{ClientID: "mint", Name: "MINT", Description: "reads ads"})
	}
	for i := range f.campaigns {
		campaign := &f.campaigns[i]
		if campaign.ID != id {
			continue
		}
		if endpoint == "change" && !f.keys[r.Header.Get("Idempotency-Key")] {
			f.keys[r.Header.Get("Idempotency-Key")] = true
			f.changes++
			var change platform.CampaignChange
			_ = json.Unmarshal([]byte(body), &change)
			if change.Status != nil {
				campaign.Status = *change.Status
			}
			if change.DailyBudgetCents != nil {
				campaign.DailyBudgetCents = *change.DailyBudgetCents
			}
			campaign.UpdatedAt = f.clock.Now()
		}
		return asJSON(campaign)
	}
	return 404, `{"error":"not_found"}`
}

// code is what the platform's consent page would have made of an authorization
// URL; it returns the callback.
func (f *fakePlatform) consent(address string) Callback {
	f.t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		f.t.Fatal(err)
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.count++
	code := fmt.Sprintf("%s-code-%d", f.prefix, f.count)
	f.codes[code] = parsed.Query().Get("code_challenge")
	return Callback{State: parsed.Query().Get("state"), Code: code, Issuer: f.server.URL}
}

// calls counts requests to an endpoint, with a grant type for "token".
func (f *fakePlatform) calls(endpoint string, grant ...string) int {
	n := 0
	for _, one := range f.seen(endpoint) {
		if len(grant) == 0 || one.grant == grant[0] {
			n++
		}
	}
	return n
}

func (f *fakePlatform) seen(endpoint string) []seen {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	var result []seen
	for _, one := range f.requests {
		if one.endpoint == endpoint {
			result = append(result, one)
		}
	}
	return result
}

// presented lists the refresh tokens that were sent, in order.
func (f *fakePlatform) presented() []string {
	var tokens []string
	for _, one := range f.seen("token") {
		if token := one.form.Get("refresh_token"); token != "" {
			tokens = append(tokens, token)
		}
	}
	return tokens
}

func (f *fakePlatform) set(change func(*fakePlatform)) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	change(f)
}

// expireAccess makes every access token worthless before its time.
func (f *fakePlatform) expireAccess() { f.set(func(f *fakePlatform) { clear(f.access) }) }

package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/web"
)

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	b := serve(t, &domain{}).browser(t)
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; " +
			"form-action 'self' https://ads.example https://more.example:8443; base-uri 'none'; frame-ancestors 'none'",
		"X-Frame-Options":        "DENY",
		"X-Content-Type-Options": "nosniff",
		"Referrer-Policy":        "no-referrer",
		"Cache-Control":          "no-store",
	}
	for _, path := range []string{"/", "/oauth/callback?code=x&state=y", "/oauth/used", "/platforms/form/password", "/nothing", "/api/health", "/api/nothing", "/connections/none"} {
		got := b.get(path)
		for name, value := range want {
			if got.header.Get(name) != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got.header.Get(name), value)
			}
		}
		if kind := got.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html; charset=utf-8") && !strings.HasPrefix(kind, "application/json; charset=utf-8") {
			t.Errorf("%s: content type %q", path, kind)
		}
	}
}

func TestAssetsMayBeKeptUnderTheirVersionOnly(t *testing.T) {
	b := serve(t, &domain{}).browser(t)
	_, rest, _ := strings.Cut(b.get("/").body, `href="/static/mint.css`)
	version, _, _ := strings.Cut(rest, `"`)
	if got := b.get("/static/mint.css" + version); got.status != 200 || got.header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("%d %q", got.status, got.header.Get("Cache-Control"))
	}
	if got := b.get("/static/mint.css?v=other"); got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("another version may be kept: %q", got.header.Get("Cache-Control"))
	}
	if got := b.get("/static/..%2fdoc.go"); got.status != http.StatusNotFound {
		t.Errorf("a path out of the assets answers %d", got.status)
	}
}

func TestTheSessionCookieIsGuarded(t *testing.T) {
	s := serve(t, &domain{})
	cookie := s.browser(t).get("/").header.Get("Set-Cookie")
	address, _ := url.Parse(s.URL)
	for _, want := range []string{"mint_session_" + address.Port() + "=", "Path=/", "Max-Age=34560000", "HttpOnly", "SameSite=Lax"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q lacks %s", cookie, want)
		}
	}
	b := s.browser(t)
	b.get("/")
	if again := b.get("/").header.Get("Set-Cookie"); again != "" {
		t.Errorf("a known browser gets another cookie: %q", again)
	}
	if got := s.browser(t).do(http.MethodGet, "/", "", nil, "Cookie", "mint_session_"+address.Port()+"=chosen-by-a-stranger"); !strings.Contains(got.header.Get("Set-Cookie"), "mint_session_") ||
		strings.Contains(got.header.Get("Set-Cookie"), "chosen") {
		t.Errorf("a value of the browser's own choice is kept: %q", got.header.Get("Set-Cookie"))
	}
}

func TestAFormNeedsItsToken(t *testing.T) {
	started := 0
	s := serve(t, &domain{start: func(string, string, string, []string) (string, error) {
		started++
		return "https://ads.example/", nil
	}})
	mine, other := s.browser(t), s.browser(t)
	mine.get("/")
	form := "application/x-www-form-urlencoded"
	for _, tt := range []struct {
		why     string
		browser *browser
		body    string
		headers []string
		status  int
	}{
		{"no token", mine, "", nil, 403},
		{"empty token", mine, "csrf_token=", nil, 403},
		{"another browser's token", mine, "csrf_token=" + other.token(), nil, 403},
		{"no session", s.browser(t), "csrf_token=" + mine.token(), nil, 403},
		{"the token in the address", mine, "x=1&csrf_token_=" + mine.token(), nil, 403},
		{"from another site", mine, "csrf_token=" + mine.token(), []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"from another port of this machine", mine, "csrf_token=" + mine.token(), []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"another origin, older browser", mine, "csrf_token=" + mine.token(), []string{"Origin", "https://evil.example"}, 403},
		{"own page", mine, "csrf_token=" + mine.token(), []string{"Sec-Fetch-Site", "same-origin", "Origin", "null"}, 303},
		{"own page, older browser", mine, "csrf_token=" + mine.token(), []string{"Origin", s.URL}, 303},
		{"own page, no referrer, no Sec-Fetch-Site", mine, "csrf_token=" + mine.token(), []string{"Origin", "null"}, 303},
		{"a program", mine, "csrf_token=" + mine.token(), nil, 303},
	} {
		before := started
		got := tt.browser.do(http.MethodPost, "/platforms/ads/connect", form, strings.NewReader(tt.body), tt.headers...)
		if got.status != tt.status || (started > before) != (tt.status == 303) {
			t.Errorf("%s: %d with %d starts, want %d", tt.why, got.status, started-before, tt.status)
		}
		if tt.status == 403 {
			got.says(t, 403, "<h1>Nothing was done</h1>", `role="alert"`, `href="/"`)
		}
	}
	if got := mine.do(http.MethodPost, "/platforms/ads/connect?csrf_token="+mine.token(), form, nil); got.status != 403 {
		t.Errorf("a token in the address is taken: %d", got.status)
	}
	if got := mine.get("/platforms/ads/connect"); got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != "POST" {
		t.Errorf("a link can start a flow: %d, Allow %q", got.status, got.header.Get("Allow"))
	}
}

func TestAScriptNeedsItsToken(t *testing.T) {
	s := serve(t, &domain{})
	b := s.browser(t)
	b.get("/")
	for why, headers := range map[string][]string{"none": nil, "wrong": {"X-CSRF-Token", "x"}, "another browser's": {"X-CSRF-Token", s.browser(t).token()}} {
		got := b.do(http.MethodPost, "/api/oauth/callback", "application/json", strings.NewReader(`{"query":"code=x&state=y"}`), headers...)
		var refusal struct{ Error, Message string }
		got.into(t, &refusal)
		if got.status != 403 || refusal.Error != "forbidden" {
			t.Errorf("%s token: %d %+v", why, got.status, refusal)
		}
	}
}

func TestBodiesAreBoundedAndStrict(t *testing.T) {
	s := serve(t, &domain{finish: func(string, string, connection.Callback) (connection.Outcome, error) {
		return connection.Outcome{Kind: connection.Failed}, nil
	}})
	b := s.browser(t)
	token := b.token()
	long := strings.Repeat("a", 65<<10)
	for _, tt := range []struct {
		why, path, kind, body string
		status                int
	}{
		{"form too large", "/oauth/callback", "application/x-www-form-urlencoded", "csrf_token=" + token + "&query=" + long, 413},
		{"JSON too large", "/api/oauth/callback", "application/json", `{"query":"` + long + `"}`, 413},
		{"unknown member", "/api/oauth/callback", "application/json", `{"query":"code=x","code":"y"}`, 400},
		{"two documents", "/api/oauth/callback", "application/json", `{"query":"code=x"}{}`, 400},
		{"no document", "/api/oauth/callback", "application/json", ``, 400},
		{"wrong type", "/api/oauth/callback", "text/plain", `{"query":"code=x"}`, 415},
		{"right", "/api/oauth/callback", "application/json; charset=utf-8", `{"query":"code=x"}`, 200},
	} {
		if got := b.do(http.MethodPost, tt.path, tt.kind, strings.NewReader(tt.body), "X-CSRF-Token", token); got.status != tt.status {
			t.Errorf("%s: %d, want %d: %.200s", tt.why, got.status, tt.status, got.body)
		}
		// Without a length the limit holds while reading.
		if got := b.do(http.MethodPost, tt.path, tt.kind, struct{ *strings.Reader }{strings.NewReader(tt.body)}, "X-CSRF-Token", token); got.status != tt.status {
			t.Errorf("%s, chunked: %d, want %d: %.200s", tt.why, got.status, tt.status, got.body)
		}
	}
}

func TestUnknownAddressesAndMethods(t *testing.T) {
	b := serve(t, &domain{}).browser(t)
	b.get("/nothing").says(t, 404, "<h1>Nothing here</h1>", `href="/"`)
	if got := b.get("/oauth/used/"); got.status != 404 {
		t.Errorf("a trailing slash answers %d", got.status)
	}
	for path, status := range map[string]int{"/api/nothing": 404, "/api/oauth/callback": 405} {
		var refusal struct{ Error, Message string }
		got := b.get(path)
		got.into(t, &refusal)
		if got.status != status || refusal.Message == "" {
			t.Errorf("%s: %d %+v", path, got.status, refusal)
		}
	}
}

func TestABrowserIsLedToTheNameOfThePublicURL(t *testing.T) {
	s := serve(t, &domain{})
	address, _ := url.Parse(s.URL)
	b := s.browser(t)
	if got := b.do(http.MethodGet, "/oauth/used?x=1", "", nil, "Host", "localhost:"+address.Port()); got.status != 307 || got.location != s.URL+"/oauth/used?x=1" {
		t.Errorf("localhost: %d to %q", got.status, got.location)
	}
	if got := b.do(http.MethodGet, "/api/health", "", nil, "Host", "localhost:"+address.Port()); got.status != 200 {
		t.Errorf("a program at localhost: %d", got.status)
	}
	if got := b.do(http.MethodGet, "/oauth/used", "", nil, "Host", "mint.internal"); got.status != 200 {
		t.Errorf("a name given by a proxy: %d", got.status)
	}
}

func TestAFaultIsAdmittedAndLoggedWithoutSecrets(t *testing.T) {
	s := serve(t, &domain{
		overview: func(string) ([]connection.PlatformState, error) { panic("boom") },
		finish: func(string, string, connection.Callback) (connection.Outcome, error) {
			return connection.Outcome{}, errors.New("disk full")
		},
	})
	b := s.browser(t)
	got := b.get("/")
	got.says(t, 500, "<h1>MINT failed</h1>", "not your fault", `href="/"`)
	if strings.Contains(got.body, "boom") || !strings.Contains(s.log.String(), "boom") {
		t.Error("the cause belongs into the log and not onto the page")
	}
	got = b.send(http.MethodPost, "/api/oauth/callback", `{"query":"code=very-secret-code&state=very-secret-state"}`)
	got.says(t, 500, `"error":"internal"`)
	b.get("/oauth/callback?code=very-secret-code&state=very-secret-state")
	for _, secret := range []string{"very-secret", b.token()} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %q: %s", secret, s.log)
		}
	}
	if !strings.Contains(s.log.String(), "route=/oauth/callback") {
		t.Errorf("the log lacks the route: %s", s.log)
	}
}

func TestAConnectionCanBeDroppedOnPurpose(t *testing.T) {
	s := serve(t, &domain{overview: func(string) ([]connection.PlatformState, error) { panic(http.ErrAbortHandler) }})
	if response, err := s.browser(t).http.Get(s.URL + "/"); err == nil {
		t.Errorf("answered %d", response.StatusCode)
	}
}

func TestTheDomainsErrorsBecomeStatuses(t *testing.T) {
	var problem error
	b := serve(t, &domain{campaigns: func(string, string) (connection.Snapshot, error) { return connection.Snapshot{}, problem }}).browser(t)
	b.get("/")
	for _, tt := range []struct {
		kind   error
		status int
		code   string
	}{
		{connection.ErrNotFound, 404, "not_found"}, {connection.ErrNeedsReconnect, 409, "needs_reconnect"},
		{connection.ErrUnreadable, 409, "unreadable"}, {connection.ErrForbiddenScope, 403, "forbidden_scope"},
		{connection.ErrThrottled, 503, "throttled"}, {connection.ErrUnavailable, 503, "unavailable"},
		{connection.ErrRefused, 422, "refused"}, {connection.ErrUnclear, 502, "unclear"},
	} {
		problem = fmt.Errorf("wrapped: %w", &connection.Problem{Kind: tt.kind, Sentence: "What happened.", RetryAt: noon, Cause: errors.New("inner")})
		var refusal struct {
			Error, Message string
			RetryAt        string `json:"retry_at"`
		}
		got := b.get("/api/connections/k-1/campaigns")
		got.into(t, &refusal)
		if got.status != tt.status || refusal.Error != tt.code || refusal.Message != "What happened." || refusal.RetryAt != "2026-11-14T12:00:00Z" {
			t.Errorf("%v: %d %+v", tt.kind, got.status, refusal)
		}
	}
}

func TestAWrongPublicURLIsRefused(t *testing.T) {
	for _, wrong := range []string{"", "mint.example", "ftp://mint.example", "http://"} {
		if _, err := web.New(web.Deps{PublicURL: wrong}); err == nil || !strings.Contains(err.Error(), "http://127.0.0.1:9500") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

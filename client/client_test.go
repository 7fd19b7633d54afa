package client_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client"
)

// start runs a MINT on a free port until the test ends.
func start(t testing.TB, config client.Config) *client.Server {
	t.Helper()
	if config.Database == "" {
		config.Database = "sqlite:" + filepath.Join(t.TempDir(), "mint.db")
	}
	if config.Listen == "" {
		config.Listen = "127.0.0.1:0"
	}
	server, err := client.New(config)
	if err != nil {
		t.Fatal(err)
	}
	server.Start()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := server.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return server
}

// visitor is a browser without script: it follows no redirects and reads
// tokens out of pages.
type visitor struct {
	t    testing.TB
	http *http.Client
	base string
}

func visit(t testing.TB, server *client.Server) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, base: server.URL(), http: &http.Client{Jar: jar, Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// page is what a visitor got.
type page struct {
	status         int
	location, body string
}

func (v *visitor) get(path string) page {
	v.t.Helper()
	response, err := v.http.Get(v.base + path)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.read(response)
}

func (v *visitor) read(response *http.Response) page {
	v.t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return page{status: response.StatusCode, location: response.Header.Get("Location"), body: string(body)}
}

// press sends a form as MINT's pages would.
func (v *visitor) press(action string, fields url.Values) page {
	v.t.Helper()
	var session struct {
		Token string `json:"csrf_token"`
	}
	if err := json.Unmarshal([]byte(v.get("/api/session").body), &session); err != nil {
		v.t.Fatal(err)
	}
	form := url.Values{"csrf_token": {session.Token}}
	for name, values := range fields {
		form[name] = values
	}
	response, err := v.http.PostForm(v.base+action, form)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.read(response)
}

// connect walks the code grant with a code and returns where MINT leads.
func (v *visitor) connect(t *testing.T, platformID, code string) page {
	t.Helper()
	sent := v.press("/platforms/"+platformID+"/connect", nil)
	if sent.status != http.StatusSeeOther {
		t.Fatalf("connect answered %d %s", sent.status, sent.body)
	}
	request := parameters(t, sent.location)
	if request.Get("redirect_uri") != v.base+"/oauth/callback" || request.Get("code_challenge_method") != "S256" {
		t.Errorf("authorization request %v", request)
	}
	query := url.Values{"code": {code}, "state": {request.Get("state")}}.Encode()
	return v.press("/oauth/callback", url.Values{"query": {query}})
}

func TestACustomerConnectsSeesFiguresAndApplies(t *testing.T) {
	platform, now := newPlatform(t), newClock()
	server := start(t, client.Config{Integrations: []client.Integration{platform.integration("one")}, Now: now.Now})
	maya := visit(t, server)
	led := maya.connect(t, "one", "good-code")
	if led.status != http.StatusSeeOther || !strings.HasPrefix(led.location, "/connections/") {
		t.Fatalf("led to %q by %d %s", led.location, led.status, led.body)
	}
	shown := maya.get(led.location)
	for _, want := range []string{`<p role="status">Ads one is connected.</p>`, `data-state="connected"`, "Maya Okafor (maya-ads)", `<tr data-campaign="c-1">`,
		`data-field="spend" data-label="Spend" data-value="168000">`, `data-status="open"`, `Spend and clicks, the last 14 days`} {
		if !strings.Contains(shown.body, want) {
			t.Errorf("the connection's page lacks %q: %s", want, shown.body)
		}
	}
	if n := platform.count("PATCH"); n != 0 {
		t.Fatalf("%d changes before anybody pressed Apply", n)
	}
	suggestion := regexp.MustCompile(`action="(/connections/[^"]+/apply)"`).FindStringSubmatch(shown.body)
	if suggestion == nil {
		t.Fatalf("no suggestion: %s", shown.body)
	}
	for range 2 { // a double click
		if got := maya.press(suggestion[1], nil); got.location != led.location {
			t.Errorf("Apply led to %q: %s", got.location, got.body)
		}
	}
	if n := platform.count("PATCH"); n != 1 {
		t.Errorf("%d changes for one suggestion pressed twice, want 1", n)
	}
	if !strings.Contains(maya.get(led.location).body, `data-status="applied"`) {
		t.Error("the suggestion is not shown as applied")
	}
	stranger := visit(t, server)
	if got := stranger.get(led.location); got.status != http.StatusNotFound {
		t.Errorf("another browser sees the connection: %d", got.status)
	}
}

func TestTheBrowserNeverSeesAToken(t *testing.T) {
	platform := newPlatform(t)
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	server, err := client.New(client.Config{Listen: "127.0.0.1:0", Database: "sqlite:" + filepath.Join(t.TempDir(), "mint.db"),
		Integrations: []client.Integration{platform.integration("one")}, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	server.Start()
	maya := visit(t, server)
	place := maya.connect(t, "one", "good-code").location
	for _, path := range []string{"/", place, "/api/platforms", "/api/connections", "/api" + place, "/api" + place + "/campaigns", "/api" + place + "/suggestions", "/oauth/used"} {
		got := maya.get(path)
		for _, secret := range []string{issued, "client-secret-of-the-test", "good-code"} {
			if got.status != 200 || strings.Contains(got.body, secret) {
				t.Errorf("%s: %d, or %q in it: %s", path, got.status, secret, got.body)
			}
		}
	}
	if err := server.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{issued, "client-secret-of-the-test", "good-code"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q: %s", secret, log.String())
		}
	}
}

func TestOneOfTwoPlatformsMayFail(t *testing.T) {
	good, bad := newPlatform(t), newPlatform(t)
	gone := bad.integration("two")
	server := start(t, client.Config{Integrations: []client.Integration{good.integration("one"), gone}})
	bad.Close()
	maya := visit(t, server)
	overview := maya.get("/").body
	if !strings.Contains(overview, `data-platform="two" data-state="unavailable"`) || !strings.Contains(overview, `data-platform="one" data-state="not_connected"`) {
		t.Errorf("the overview does not tell them apart: %s", overview)
	}
	if got := maya.press("/platforms/two/connect", nil); got.location != "/" {
		t.Errorf("connecting a platform that is down led to %q", got.location)
	}
	if body := maya.get("/").body; !strings.Contains(body, `<p role="alert">Ads two cannot be reached at the moment. Nothing was connected. Please try again.</p>`) ||
		!strings.Contains(body, ">Try again</button>") {
		t.Errorf("no alert with a retry: %s", body)
	}
	if got := maya.connect(t, "one", "good-code"); !strings.HasPrefix(got.location, "/connections/") {
		t.Errorf("the other platform does not work: %q", got.location)
	}
}

func TestARefusedCodeLeavesNothingHalfConnected(t *testing.T) {
	platform := newPlatform(t)
	maya := visit(t, start(t, client.Config{Integrations: []client.Integration{platform.integration("one")}}))
	if got := maya.connect(t, "one", "bad-code"); got.location != "/" {
		t.Errorf("led to %q", got.location)
	}
	body := maya.get("/").body
	if !strings.Contains(body, `<p role="alert">Ads one was not connected. Please try again.</p>`) || !strings.Contains(body, `data-state="not_connected"`) || strings.Contains(body, "/connections/") {
		t.Errorf("the overview says: %s", body)
	}
}

func TestALostConnectionKeepsItsFiguresAndIsReconnected(t *testing.T) {
	platform, now := newPlatform(t), newClock()
	maya := visit(t, start(t, client.Config{Integrations: []client.Integration{platform.integration("one")}, Now: now.Now}))
	place := maya.connect(t, "one", "good-code").location
	maya.get(place)
	now.advance(30 * 24 * time.Hour)
	platform.set(func(p *fakePlatform) { p.refuse = true })
	lost := maya.get(place)
	for _, want := range []string{`data-state="needs_reconnect"`, `Older figures, as of <time datetime="2026-11-14T12:00:00Z">`, `data-campaign="c-1"`, "Reconnect Ads one</button>"} {
		if !strings.Contains(lost.body, want) {
			t.Errorf("the page lacks %q: %s", want, lost.body)
		}
	}
	platform.set(func(p *fakePlatform) { p.refuse = false })
	if again := maya.connect(t, "one", "good-code"); again.location != place {
		t.Errorf("reconnecting led to %q, want %q", again.location, place)
	}
	if body := maya.get(place).body; !strings.Contains(body, `data-state="connected"`) || !strings.Contains(body, `data-stale="false"`) {
		t.Errorf("after reconnecting: %s", body)
	}
}

func TestReadOnlyConsentIsSaidAndCanBeWidened(t *testing.T) {
	platform := newPlatform(t)
	platform.scope = "ads.read"
	maya := visit(t, start(t, client.Config{Integrations: []client.Integration{platform.integration("one")}}))
	place := maya.connect(t, "one", "good-code").location
	page := maya.get(place)
	for _, want := range []string{`disabled aria-describedby="suggestion-0 blocked-0">Apply</button>`, "data-reason", "Ask Ads one for permission to make changes</button>"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %q: %s", want, page.body)
		}
	}
	platform.set(func(p *fakePlatform) { p.scope = "ads.read ads.write" })
	if got := maya.connect(t, "one", "good-code"); got.location != place {
		t.Errorf("widening led to %q, want %q", got.location, place)
	}
	if body := maya.get(place).body; strings.Contains(body, "data-reason") || strings.Contains(body, "permission to make changes") {
		t.Errorf("still read only: %s", body)
	}
}

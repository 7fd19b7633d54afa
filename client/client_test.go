package client_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
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

func TestConnectionsOutliveARestart(t *testing.T) {
	platform := newPlatform(t)
	config := client.Config{Listen: "127.0.0.1:0", Database: "sqlite:" + filepath.Join(t.TempDir(), "mint.db"), Integrations: []client.Integration{platform.integration("one")}}
	first, err := client.New(config)
	if err != nil {
		t.Fatal(err)
	}
	first.Start()
	maya := visit(t, first)
	place := maya.connect(t, "one", "good-code").location
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	config.Listen = strings.TrimPrefix(first.URL(), "http://")
	second := start(t, config)
	if second.URL() != first.URL() {
		t.Fatalf("another address: %s", second.URL())
	}
	if got := maya.get(place); got.status != 200 || !strings.Contains(got.body, `data-state="connected"`) {
		t.Errorf("after a restart: %d %s", got.status, got.body)
	}
	if n := platform.count("POST /token"); n != 1 {
		t.Errorf("%d token requests, want the first only", n)
	}
}

func TestAFailedStartLeavesNothingBehind(t *testing.T) {
	platform := newPlatform(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	broken := platform.integration("one")
	broken.TokenEndpoint, broken.ClientAuth = "", "magic"
	for _, tt := range []struct {
		why    string
		change func(dir string, c *client.Config)
		want   []string
		left   []string
	}{
		{"occupied port", func(_ string, c *client.Config) { c.Listen = taken.Addr().String() }, []string{taken.Addr().String(), "--listen"}, nil},
		{"no port", func(_ string, c *client.Config) { c.Listen = "nowhere" }, []string{"nowhere", "--listen"}, nil},
		{"integrations", func(_ string, c *client.Config) { c.Integrations = []client.Integration{broken} }, []string{"token_endpoint", "client_auth"}, nil},
		{"public URL", func(_ string, c *client.Config) { c.PublicURL = "mint.example" }, []string{"mint.example", "https://mint.example"}, nil},
		{"public URL with a path", func(_ string, c *client.Config) { c.PublicURL = "https://mint.example/app" }, []string{"whole host"}, nil},
		{"database address", func(_ string, c *client.Config) { c.Database = "postgres://x" }, []string{"postgres://x", "sqlite:PATH"}, nil},
		{"missing directory", func(dir string, c *client.Config) { c.Database = "sqlite:" + filepath.Join(dir, "none", "mint.db") },
			[]string{"none/mint.db", "directory does not exist"}, nil},
		{"database that cannot be opened", func(dir string, _ *client.Config) {
			if err := os.Mkdir(filepath.Join(dir, "mint.db.lock"), 0o700); err != nil {
				t.Fatal(err)
			}
		}, []string{"mint.db"}, []string{"mint.db.lock"}},
		{"missing key ring", func(dir string, c *client.Config) { c.Keyring = filepath.Join(dir, "none") }, []string{"none", "mint keys init"}, nil},
		{"unreadable key ring", func(dir string, c *client.Config) {
			c.Keyring = filepath.Join(dir, "ring")
			write(t, c.Keyring, "not a key ring")
		}, []string{"ring", "restore"}, []string{"ring"}},
		{"a file that is no database", func(dir string, _ *client.Config) {
			write(t, filepath.Join(dir, "mint.db"), strings.Repeat("x", 5000))
			if err := client.GenerateKeyring(filepath.Join(dir, "mint.keyring")); err != nil {
				t.Fatal(err)
			}
		}, []string{"mint.db", "--database"}, []string{"mint.db", "mint.db.lock", "mint.keyring"}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			dir := t.TempDir()
			config := client.Config{Listen: "127.0.0.1:0", Database: "sqlite:" + filepath.Join(dir, "mint.db"), Integrations: []client.Integration{platform.integration("one")}}
			tt.change(dir, &config)
			_, err := client.New(config)
			if err == nil {
				t.Fatal("it started")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q lacks %q", err, want)
				}
			}
			entries, _ := os.ReadDir(dir)
			var left []string
			for _, entry := range entries {
				left = append(left, entry.Name())
			}
			if strings.Join(left, " ") != strings.Join(tt.left, " ") {
				t.Errorf("left behind: %v, want %v", left, tt.left)
			}
		})
	}
}

func TestAKeyRingOfAnotherDatabaseIsRefused(t *testing.T) {
	platform, dir := newPlatform(t), t.TempDir()
	config := client.Config{Listen: "127.0.0.1:0", Database: "sqlite:" + filepath.Join(dir, "mint.db"), Integrations: []client.Integration{platform.integration("one")}}
	server, err := client.New(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "other")
	if err := client.GenerateKeyring(other); err != nil {
		t.Fatal(err)
	}
	config.Keyring = other
	if _, err := client.New(config); err == nil || !strings.Contains(err.Error(), "key ring") {
		t.Errorf("another key ring: %v", err)
	}
	config.Keyring = ""
	if err := os.Remove(filepath.Join(dir, "mint.keyring")); err != nil {
		t.Fatal(err)
	}
	if _, err := client.New(config); err == nil || !strings.Contains(err.Error(), "mint.keyring does not exist") {
		t.Errorf("a database whose key ring is gone: %v", err)
	}
}

func TestCloseIsQuickAlthoughABrowserKeepsConnectionsOpen(t *testing.T) {
	platform := newPlatform(t)
	server := start(t, client.Config{Integrations: []client.Integration{platform.integration("one")}})
	ahead, err := net.Dial("tcp", strings.TrimPrefix(server.URL(), "http://")) // as browsers do ahead of need
	if err != nil {
		t.Fatal(err)
	}
	defer ahead.Close()
	visit(t, server).get("/")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if err := server.Close(ctx); err != nil || ctx.Err() != nil {
		t.Errorf("Close() = %v, %v", err, ctx.Err())
	}
}

func TestOperatorSeesAndEndsConnections(t *testing.T) {
	platform := newPlatform(t)
	config := client.Config{Listen: "127.0.0.1:0", Database: "sqlite:" + filepath.Join(t.TempDir(), "mint.db"), Integrations: []client.Integration{platform.integration("one")}}
	maya := visit(t, start(t, config))
	id := strings.TrimPrefix(maya.connect(t, "one", "good-code").location, "/connections/")
	operator, err := client.NewOperator(config)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := operator.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	all, err := operator.List(t.Context())
	if err != nil || len(all) != 1 || all[0].ID != id || all[0].State != "connected" {
		t.Fatalf("List() = %+v, %v", all, err)
	}
	renewed, err := operator.Refresh(t.Context(), id)
	if err != nil || renewed.Version != all[0].Version+1 || platform.count("POST /token refresh_token") != 1 {
		t.Errorf("Refresh() = %+v, %v", renewed, err)
	}
	if document, err := json.Marshal(renewed); err != nil || strings.Contains(string(document), issued) {
		t.Errorf("a connection holds a token: %s, %v", document, err)
	}
	if outcome, err := operator.Disconnect(t.Context(), id); err != nil || !outcome.Revoked {
		t.Errorf("Disconnect() = %+v, %v", outcome, err)
	}
	if body := maya.get("/").body; !strings.Contains(body, `data-state="disconnected"`) {
		t.Errorf("the customer's page: %s", body)
	}
	if _, err := client.NewOperator(client.Config{Database: "sqlite:" + filepath.Join(t.TempDir(), "none.db"), Integrations: config.Integrations}); err == nil {
		t.Error("an operator made a database")
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkStart is what a MINT costs each scenario that starts its own.
func BenchmarkStart(b *testing.B) {
	integrations := []client.Integration{{ID: "one", Title: "One", Issuer: "http://127.0.0.1:1", Grants: []string{"authorization_code"},
		AuthorizationEndpoint: "http://127.0.0.1:1/a", TokenEndpoint: "http://127.0.0.1:1/t", APIBase: "http://127.0.0.1:1",
		ClientID: "mint", ClientSecret: "s", ClientAuth: "basic", PKCE: "S256", Refresh: client.RefreshRule{Replay: "none"}}}
	for b.Loop() {
		server, err := client.New(client.Config{Listen: "127.0.0.1:0", Database: "sqlite:" + filepath.Join(b.TempDir(), "mint.db"), Integrations: integrations})
		if err != nil {
			b.Fatal(err)
		}
		server.Start()
		if err := server.Close(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

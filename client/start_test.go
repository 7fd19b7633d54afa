package client_test

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client"
)

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

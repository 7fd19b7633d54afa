package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

// mint runs one command line to its end, in directory dir.
func mint(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Chdir(dir)
	var out, log bytes.Buffer
	code = run(t.Context(), args, &out, &log)
	return code, out.String(), log.String()
}

func TestABadStartIsOneSentenceAndExitCode2(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, tt := range []struct {
		why  string
		args []string
		want []string
	}{
		{"no command is known", []string{"frob"}, []string{`unknown command "frob"`}},
		{"unknown flag", []string{"serve", "--bogus"}, []string{"--bogus"}},
		{"superfluous word", []string{"serve", "now"}, []string{"now"}},
		{"group alone", []string{"keys"}, []string{"init, add, reseal"}},
		{"unknown word in a group", []string{"connections", "frob"}, []string{"list, show, refresh, disconnect"}},
		{"missing id", []string{"connections", "show"}, []string{"1 arg"}},
		{"output format", []string{"connections", "list", "-o", "xml"}, []string{"xml", "table or json"}},
		{"log level", []string{"serve", "--log-level", "loud"}, []string{"loud", "debug, info, warn or error"}},
		{"log format", []string{"serve", "--log-format", "xml"}, []string{"xml", "text or json"}},
		{"occupied port", []string{"serve", "--listen", taken.Addr().String()}, []string{taken.Addr().String(), "taken", "--listen"}},
		{"foreign clock in production", []string{"serve", "--follow-clock", "http://127.0.0.1:9/v1/platforms/x/clock"}, []string{"--follow-clock", "--for-tests"}},
		{"control token alone", []string{"serve", "--control-token", "x"}, []string{"--control-token", "--follow-clock"}},
		{"clock that is not there", []string{"serve", "--for-tests", "--follow-clock", "http://127.0.0.1:9/v1/platforms/x/clock"}, []string{"clock http://127.0.0.1:9/v1/platforms/x/clock"}},
		{"missing integrations file", []string{"serve", "--integrations", "none.yaml"}, []string{"none.yaml", "--integrations"}},
		{"missing key ring", []string{"serve", "--listen", "127.0.0.1:0", "--keyring", "none"}, []string{"none", "mint keys init"}},
		{"no database for the operator", []string{"connections", "list"}, []string{"no database at mint.db", "--database"}},
		{"no database to reseal", []string{"keys", "reseal"}, []string{"no database at mint.db"}},
		{"no key ring to add to", []string{"keys", "add"}, []string{"mint.keyring", "mint keys init"}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			dir := t.TempDir()
			code, stdout, stderr := mint(t, dir, tt.args...)
			if code != 2 || stdout != "" || !strings.HasPrefix(stderr, "mint: ") || strings.Count(stderr, "\n") != 1 {
				t.Errorf("exit %d, stdout %q, stderr %q; want 2 and one line on stderr", code, stdout, stderr)
			}
			for _, want := range tt.want {
				if !strings.Contains(stderr, want) {
					t.Errorf("%q lacks %q", stderr, want)
				}
			}
			if left, _ := os.ReadDir(dir); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestEveryFaultOfAnIntegrationsFileIsListed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "i.yaml"), []byte(`platforms:
  - id: Not An Id
    title: X
    grants: [authorization_code]
    tokn_endpoint: https://x.example/token
    client_auth: magic
`), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := mint(t, dir, "serve", "--listen", "127.0.0.1:0", "--integrations", "i.yaml")
	if code != 2 || stdout != "" {
		t.Errorf("exit %d, stdout %q", code, stdout)
	}
	for _, want := range []string{"i.yaml", "tokn_endpoint"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("%q lacks %q", stderr, want)
		}
	}
}

func TestKeysAreMadeAddedAndUsedForResealing(t *testing.T) {
	dir := t.TempDir()
	step := func(code int, out string, args ...string) {
		t.Helper()
		got, stdout, stderr := mint(t, dir, args...)
		if got != code || !strings.Contains(stdout+stderr, out) {
			t.Errorf("mint %s: exit %d, %q %q; want %d and %q", strings.Join(args, " "), got, stdout, stderr, code, out)
		}
	}
	step(0, "Made key ring mint.keyring", "keys", "init")
	step(2, "exists already", "keys", "init")
	if info, err := os.Stat("mint.keyring"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key ring: %v %v", info, err)
	}
	running := serveInBackground(t, dir)
	running.stop(t)
	step(0, "Added key", "keys", "add")
	step(0, "0 unreadable", "keys", "reseal")
	step(0, `"connections": []`, "connections", "list", "-o", "json")
	step(0, "ID  PLATFORM  STATE", "connections", "list")
	step(1, "no such connection", "connections", "show", "k-none")
	step(1, "no such connection", "connections", "refresh", "k-none")
	step(1, "no such connection", "connections", "disconnect", "k-none")
}

func TestADatabaseOfANewerSchemaIsRefusedUntouched(t *testing.T) {
	dir := t.TempDir()
	serveInBackground(t, dir).stop(t)
	db, err := sql.Open("sqlite", filepath.Join(dir, "mint.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, "mint.db"))
	if err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := mint(t, dir, "serve", "--listen", "127.0.0.1:0")
	if code != 2 || stdout != "" || !strings.Contains(stderr, "9999") || !strings.Contains(stderr, "--database") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("exit %d, %q, %q", code, stdout, stderr)
	}
	if after, err := os.ReadFile(filepath.Join(dir, "mint.db")); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the database was changed (%v)", err)
	}
}

// background is a `mint serve` under way.
type background struct {
	url    string
	cancel context.CancelFunc
	ended  chan int
	log    *bytes.Buffer // to be read after stop
}

func serveInBackground(t *testing.T, dir string, args ...string) *background {
	t.Helper()
	t.Chdir(dir)
	ctx, cancel := context.WithCancel(t.Context())
	b := &background{cancel: cancel, ended: make(chan int, 1), log: &bytes.Buffer{}}
	reader, writer := io.Pipe()
	go func() {
		code := run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), writer, b.log)
		_ = writer.Close()
		b.ended <- code
	}()
	line, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		cancel()
		t.Fatalf("no ready line: %v; exit %d: %s", err, <-b.ended, b.log)
	}
	var ready struct{ Event, URL string }
	if err := json.Unmarshal([]byte(line), &ready); err != nil || ready.Event != "ready" || !strings.HasPrefix(ready.URL, "http://127.0.0.1:") {
		t.Errorf("ready line %q: %v", line, err)
	}
	b.url = ready.URL
	return b
}

func (b *background) stop(t *testing.T) {
	t.Helper()
	b.cancel()
	select {
	case code := <-b.ended:
		if code != 0 {
			t.Errorf("exit %d after an interrupt: %s", code, b.log)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("it does not stop")
	}
}

func TestServeAnswersAndStopsAtOnceWhenInterrupted(t *testing.T) {
	b := serveInBackground(t, t.TempDir(), "--log-format", "json")
	response, err := http.Get(b.url + "/")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	for _, id := range []string{"mint", "mailup", "service", "mindbaz"} {
		if !strings.Contains(string(body), `data-platform="`+id+`"`) {
			t.Errorf("the overview lacks %s", id)
		}
	}
	b.stop(t)
	if !strings.Contains(b.log.String(), `"route":"/"`) {
		t.Errorf("the log: %s", b.log)
	}
}

func TestATestStartFollowsTheClockOfAPlatform(t *testing.T) {
	tokens := make(chan string, 100)
	platform := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tokens <- r.Header.Get("Authorization")
		if r.URL.Query().Get("wait") != "0s" { // later polls end with the follower
			<-r.Context().Done()
			return
		}
		fmt.Fprint(w, `{"now":"2031-05-06T07:08:09Z","frozen":true,"offset":0,"revision":3}`)
	}))
	defer platform.Close()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "down.yaml"), []byte(`platforms:
  - {id: down, title: Down Ads, issuer: "http://127.0.0.1:1", grants: [password], token_endpoint: "http://127.0.0.1:1/token",
     api_base: "http://127.0.0.1:1", client_id: x, client_auth: none, pkce: "off", refresh: {replay: none}}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	b := serveInBackground(t, dir, "--integrations", "down.yaml", "--for-tests", "--follow-clock", platform.URL+"/v1/platforms/x/clock", "--control-token", "control-secret")
	response, err := http.Get(b.url + "/")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	// The platform is down, and the overview dates that by the clock.
	if !strings.Contains(string(body), "6 May 2031, 07:08 UTC") {
		t.Errorf("MINT's time is not the platform's: %s", body)
	}
	b.stop(t)
	if got := <-tokens; got != "Bearer control-secret" || strings.Contains(b.log.String(), "control-secret") {
		t.Errorf("token %q; log %s", got, b.log)
	}
}

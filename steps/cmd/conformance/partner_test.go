package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/steps/browser/browsertest"
)

// stranger is a mock Platform of which nobody knows more than its public
// address and what its owner writes into a file.
type stranger struct {
	t        *testing.T
	server   *mockplatform.Server
	platform control.Platform
	dir      string
	env      map[string]string
}

// newStranger serves the strict profile, with settings in JSON laid over it.
func newStranger(t *testing.T, settings string) *stranger {
	t.Helper()
	server, err := mockplatform.New(mockplatform.Config{
		Listen: "127.0.0.1:0", Control: "127.0.0.1:0", APIListen: "127.0.0.1:0", TLS: mockplatform.TLS{Mode: "auto"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	p, err := server.Control().CreatePlatform(t.Context(), control.CreatePlatform{Profile: "strict", Settings: json.RawMessage(settings)})
	if err != nil {
		t.Fatal(err)
	}
	s := &stranger{t: t, server: server, platform: p, dir: t.TempDir(), env: map[string]string{
		"APP_SECRET": "strict-app-secret-for-tests-only", "MAYA_PASSWORD": "maya-password-1",
	}}
	s.write("ca.pem", string(server.CA()))
	return s
}

func (s *stranger) write(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// short is the least that a file has to say of a server with metadata.
const short = `issuer: ISSUER
pages: plain
ca_file: ca.pem
clients:
  main: {id: app, secret_env: APP_SECRET, redirect_uris: ["https://client.example/callback"]}
customers:
  first: {username: maya@example.test, password_env: MAYA_PASSWORD}
scopes: [ads.read, ads.write]
resource: API
rate: 500
`

// full names whatever checks may need.
const full = `issuer: ISSUER
pages: plain
ca_file: ca.pem
clients:
  main: {id: app, secret_env: APP_SECRET, redirect_uris: ["https://client.example/callback"], name: MINT}
  second: {id: other, secret: strict-other-secret-for-tests-only, redirect_uris: ["https://other.example/callback"], name: Other Application}
  public: {id: open, redirect_uris: ["https://open.example/callback"]}
  native: {id: native, redirect_uris: ["http://127.0.0.1/callback"]}
  two: {id: two, secret: strict-two-secret-for-tests-only, redirect_uris: ["https://two.example/first", "https://two.example/second"]}
  query: {id: query, secret: strict-query-secret-for-tests-only, redirect_uris: ["https://query.example/callback?tenant=7"]}
  machine: {id: machine, secret: strict-machine-secret-for-tests-only}
customers:
  first: {username: maya@example.test, password_env: MAYA_PASSWORD}
  second: {username: oskar@example.test, password: oskar-password-1}
  without_right: {username: nora@example.test, password: nora-password-1}
scopes: [ads.read, ads.write]
resource: API
lifetimes: {code: 60s, access: 20m}
refresh: {mode: rotating, idle: 30d, renewed: fresh, family: true}
rate: 500
`

// file writes a partner's file with more lines below it.
func (s *stranger) file(text string, more ...string) string {
	s.t.Helper()
	text = strings.NewReplacer("ISSUER", s.platform.Issuer, "API", s.platform.Endpoints.Campaigns).Replace(text)
	return s.write("partner.yaml", text+strings.Join(more, "\n"))
}

// verdicts runs the program against the file and reads the verdicts from the
// report: status and reason by check.
func (s *stranger) verdicts(file string, args ...string) (code int, statuses, reasons map[string]string, said string) {
	s.t.Helper()
	out := filepath.Join(s.dir, "out")
	code, stdout, stderr := invoke(s.t, s.env, append([]string{"run", "--target", file, "--out", out, "--seed", "1"}, args...)...)
	said = stdout + stderr
	statuses, reasons = s.reported(code, said)
	return code, statuses, reasons, said
}

// reported are the verdicts of the report: status and reason by check.
func (s *stranger) reported(code int, said string) (statuses, reasons map[string]string) {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "out", "report.json"))
	if err != nil {
		s.t.Fatalf("exit code %d, %v\n%s", code, err, said)
	}
	var report struct {
		Scenarios []struct {
			Tags           []string
			Status, Reason string
		}
	}
	if err := json.Unmarshal(text, &report); err != nil {
		s.t.Fatal(err)
	}
	statuses, reasons = map[string]string{}, map[string]string{}
	for _, sc := range report.Scenarios {
		for _, tag := range sc.Tags {
			if slices.Contains(sc.Tags, "@check") {
				id := strings.TrimPrefix(tag, "@")
				statuses[id], reasons[id] = sc.Status, sc.Reason
			}
		}
	}
	return statuses, reasons
}

func TestAServerOfOnesOwnIsJudgedByItsFile(t *testing.T) {
	s := newStranger(t, `{}`)
	code, statuses, _, said := s.verdicts(s.file(full), "--check", "CG-02")
	if code != 0 || statuses["CG-01"] != "PASS" || statuses["CG-02"] != "PASS" {
		t.Errorf("exit code %d, %v\n%s", code, statuses, said)
	}
}

// TestAWholeRunAgainstAServerOfOnesOwn: whatever the file permits and the
// budget allows passes on a Platform that keeps all rules, and no check fails
// because the Platform is only known from outside.
func TestAWholeRunAgainstAServerOfOnesOwn(t *testing.T) {
	s := newStranger(t, `{"consent":{"remember":"never"}}`)
	code, statuses, reasons, said := s.verdicts(s.file(full, "allow: [ends_grants, noisy]\n"), "--tags", "@check", "--wait-budget", "0s", "--browser", "/nowhere/chrome")
	for id, status := range statuses {
		switch status {
		case "FAIL", "ERROR":
			t.Errorf("%s %s: %s", id, status, reasons[id])
		case "COULD_NOT_RUN":
			if !strings.Contains(reasons[id], "--wait-budget") && !strings.Contains(reasons[id], "partner lacks ") && !strings.Contains(reasons[id], "/nowhere/chrome") {
				t.Errorf("%s could not run: %s", id, reasons[id])
			}
		}
	}
	if t.Failed() || code != 3 || statuses["CG-02"] != "PASS" || len(statuses) < 40 {
		t.Errorf("exit code %d, %d checks\n%s", code, len(statuses), said)
	}
}

// TestChecksOfAServerInARealBrowser: what the file says nothing of is visited in
// a browser; a check that fails keeps picture, page and requests, without secrets.
func TestChecksOfAServerInARealBrowser(t *testing.T) {
	chrome := browsertest.Bin(t)
	s := newStranger(t, `{"consent":{"remember":"never"}}`)
	s.env["CHROME"] = chrome
	file := s.file(strings.Replace(short, "pages: plain\n", "", 1))
	code, statuses, reasons, said := s.verdicts(file, "--check", "CG-01,AZ-13")
	if code != 0 || statuses["CG-01"] != "PASS" || statuses["AZ-13"] != "PASS" {
		t.Fatalf("exit code %d, %v %v\n%s", code, statuses, reasons, said)
	}
	code, stdout, stderr := invoke(t, s.env, "doctor", "--target", file)
	if code != 0 || !strings.Contains(stdout, "login and consent lead back to https://client.example/callback with a code") {
		t.Errorf("doctor: exit code %d, %q\n%s", code, stderr, stdout)
	}
	_, statuses, _, said = s.verdicts(s.file(strings.NewReplacer("pages: plain\n", "", "password_env: MAYA_PASSWORD", "password: guessed-password").Replace(short)), "--check", "CG-01")
	if statuses["CG-01"] == "PASS" {
		t.Errorf("a wrong password passes\n%s", said)
	}
	found := map[string]bool{}
	err := filepath.WalkDir(filepath.Join(s.dir, "out", "evidence"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		found[entry.Name()] = len(text) > 0
		if strings.Contains(string(text), "guessed-password") {
			t.Errorf("the password is in %s", entry.Name())
		}
		return err
	})
	if err != nil || !found["page.png"] || !found["page.html"] || !found["network.ndjson"] {
		t.Errorf("the evidence is %v, error %v\n%s", found, err, said)
	}
}

// TestWithoutABrowser the pages of a server in use cannot be visited, which
// doctor explains.
func TestWithoutABrowser(t *testing.T) {
	s := newStranger(t, `{}`)
	file := s.file(strings.Replace(short, "pages: plain\n", "", 1))
	code, _, stderr := invoke(t, s.env, "doctor", "--target", file, "--browser", "/nowhere/chrome")
	if code != 3 || stderr != "conformance: the server's pages need a browser, and there is none; name one by --browser or the variable CHROME, or write pages: plain into the file where login and consent work without scripts\n" {
		t.Errorf("exit code %d, %q", code, stderr)
	}
	code, statuses, reasons, said := s.verdicts(file, "--check", "CG-01", "--browser", "/nowhere/chrome")
	if code != 3 || statuses["CG-01"] != "COULD_NOT_RUN" || !strings.Contains(reasons["CG-01"], "pages: plain") {
		t.Errorf("exit code %d, %v %v\n%s", code, statuses, reasons, said)
	}
}

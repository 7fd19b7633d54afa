package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/internal/command"
)

// run carries out one command line and returns its output and exit code.
func run(t *testing.T, args ...string) (stdout string, code int, err error) {
	t.Helper()
	var out, log bytes.Buffer
	err = command.New(&out, &log).Run(t.Context(), args)
	return out.String(), command.ExitCode(err), err
}

func TestMistakes(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("name: shop\ncolour: red\ncode: {lifetime: soon}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args []string
		want []string
		code int
	}{
		{[]string{"ctl", "faults", "arm", "mint", "--file", bad}, []string{"--file", "the fault plan"}, 2},
		{[]string{"ctl", "faults", "arm", "mint", "--file", bad, "--kind", "error"}, []string{"--kind: a plan says it all"}, 2},
		{[]string{"server"}, []string{`unknown command "server"`}, 2},
		{[]string{"serve", "--colour"}, []string{"unknown flag: --colour"}, 2},
		{[]string{"serve", "now"}, []string{"unknown command"}, 2},
		{[]string{"serve", "--log-level", "loud"}, []string{`--log-level: "loud" is unknown: use debug, info, warn or error`}, 2},
		{[]string{"serve", "--log-format", "xml"}, []string{`--log-format: "xml" is unknown: use text or json`}, 2},
		{[]string{"serve", "--platform", "shop=nowhere.yaml"}, []string{"--platform shop=nowhere.yaml", "neither a profile (mailup, mindbaz, mint, service, strict) nor a file"}, 2},
		{[]string{"serve", "--platform", "=mint"}, []string{"is not NAME, NAME=PROFILE or NAME=FILE"}, 2},
		{[]string{"serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--platform", "shop=" + bad}, []string{"platform shop", "line 2: colour", "line 3: code.lifetime"}, 2},
		{[]string{"serve", "--control", "0.0.0.0:0"}, []string{"set a control token"}, 2},
		{[]string{"profiles", "show"}, []string{"usage: mockplatform profiles show NAME"}, 2},
		{[]string{"profiles", "show", "x"}, []string{`"x"`, "mailup, mindbaz, mint, service"}, 2},
		{[]string{"profiles", "show", "mailup+klingon"}, []string{`"klingon" is no dialect`, "atlassian, "}, 2},
		{[]string{"profiles", "show", "mailup", "--settings", "nowhere.yaml"}, []string{"--settings: nowhere.yaml cannot be read"}, 2},
		{[]string{"profiles", "show", "mailup", "--settings", bad}, []string{"mailup has faults", "line 2: colour"}, 2},
		{[]string{"serve", "--platform", "shop=mailup+klingon"}, []string{"--platform shop=mailup+klingon", `"klingon" is no dialect`}, 2},
		{[]string{"profiles", "validate", bad}, []string{"has faults", "grants: is empty", "line 2: colour", "line 3: code.lifetime"}, 2},
		{[]string{"profiles", "validate", "nowhere.yaml"}, []string{"nowhere.yaml cannot be read", "no such file"}, 2},
		{[]string{"ctl", "clocks"}, []string{"unknown command"}, 2},
		{[]string{"ctl", "clock", "advance", "mint"}, []string{"usage: mockplatform ctl clock advance PLATFORM DURATION"}, 2},
		{[]string{"ctl", "keys", "rotate"}, []string{"usage: mockplatform ctl keys rotate PLATFORM"}, 2},
		{[]string{"ctl", "platforms", "create", "mint", "--settings", "{}", "--file", "x"}, []string{"--file: --settings says the same"}, 2},
		{[]string{"ctl", "platforms", "create", "mint", "--file", bad + "x"}, []string{"no such file"}, 2},
		{[]string{"ctl", "platforms", "create"}, []string{"--profile: is missing"}, 2},
		{[]string{"ctl", "platforms", "create", "mint", "--profile", "mailup"}, []string{"--profile: names mailup, but the argument names mint"}, 2},
		{[]string{"ctl", "journal", "export", "mint", "--format", "xml"}, []string{`--format: "xml" is unknown: use har or ndjson`}, 2},
		{[]string{"ctl", "journal", "show", "mint", "--since", "noon"}, []string{`--since: "noon" is no instant`}, 2},
		{[]string{"serve", "--journal-size", "100001", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"}, []string{"journal-size: 100001 is not from 1 to 100000"}, 2},
		{[]string{"ctl", "-o", "xml", "grants", "mint"}, []string{`--output: "xml" is unknown: use json or table`}, 2},
		{[]string{"ctl", "platforms", "create", "mint", "--settings", "{"}, []string{"--settings: is not JSON"}, 2},
		{[]string{"ctl", "--control", "http://127.0.0.1:1", "grants", "mint"}, []string{"http://127.0.0.1:1", "is mockplatform serve running"}, 1},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			stdout, code, err := run(t, test.args...)
			if code != test.code || err == nil || stdout != "" {
				t.Fatalf("exit %d, %v, printed %q; want exit %d", code, err, stdout, test.code)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q: %v", want, err)
				}
			}
		})
	}
}

// The first line of serve tells the addresses; it ends when told to.
func TestServe(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	lines, write := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := command.New(write, io.Discard).Run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--platform", "shop=mailup", "--platform", "mint+github", "--hostile", "7"})
		done <- errors.Join(err, write.Close())
	}()
	var event struct {
		Event      string
		URL        string
		ControlURL string `json:"control_url"`
		APIURL     string `json:"api_url"`
		Platforms  []string
		Hostile    int64
	}
	if err := json.NewDecoder(lines).Decode(&event); err != nil {
		t.Fatal(err)
	}
	if event.Event != "ready" || !strings.HasPrefix(event.URL, "http://127.0.0.1:") || event.APIURL == event.URL || strings.Join(event.Platforms, " ") != "mint-github shop" || event.Hostile != 7 {
		t.Errorf("ready event %+v", event)
	}
	out, _, err := run(t, "ctl", "--control", event.ControlURL, "platforms", "list")
	if err != nil || !strings.Contains(out, "shop") || !strings.Contains(out, event.URL+"/shop") || !strings.Contains(out, "mint+github") {
		t.Errorf("list: %v\n%s", err, out)
	}
	out, _, err = run(t, "ctl", "--control", event.ControlURL, "-o", "json", "platforms", "show", "mint-github")
	if err != nil || !strings.Contains(out, `"seed": 7`) {
		t.Errorf("show: %v\n%s", err, out)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestProfiles(t *testing.T) {
	out, _, err := run(t, "profiles", "list")
	if err != nil || !strings.HasPrefix(out, "PROFILE") || strings.Count(out, "\n") < 5+1+1+8 || !strings.Contains(out, "mindbaz") ||
		!strings.Contains(out, "\nDIALECT ") || !strings.Contains(out, "\ngithub ") {
		t.Errorf("list: %v\n%s", err, out)
	}
	out, _, err = run(t, "profiles", "show", "mint")
	if err != nil || !strings.Contains(out, "\nname: mint # profile\n") || !strings.Contains(out, "  max_live: 0 # default\n") {
		t.Errorf("show: %v\n%s", err, out)
	}
	file := filepath.Join(t.TempDir(), "mine.yaml")
	if err := os.WriteFile(file, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, err = run(t, "profiles", "validate", file)
	if err != nil || out != file+" is a good profile: Mint Ads (mint).\n  weaker than the RFCs: authorize.errors=at_once\n"+
		"  waived in conformance runs: AZ-18 (the document (S000) asks for no login before an error; it goes back to the client at once, as RFC 6749 section 4.1.2.1 describes)\n" {
		t.Errorf("validate: %v\n%s", err, out)
	}
	settings := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(settings, []byte("title: Yours\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, err = run(t, "profiles", "show", file+"+github", "--settings", settings)
	if err != nil || !strings.Contains(out, "\ntitle: Yours # settings\n") || !strings.Contains(out, "  error_status: 200 # dialect github\n") {
		t.Errorf("show with a dialect: %v\n%s", err, out)
	}
	out, _, err = run(t, "profiles", "schema")
	if err != nil || !json.Valid([]byte(out)) {
		t.Errorf("schema: %v\n%.200s", err, out)
	}
}

// Each ctl command against a running mock, as table and as JSON.
func TestCtl(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	ctl := func(args ...string) string {
		t.Helper()
		out, code, err := run(t, append([]string{"ctl", "--control", mock.ControlURL()}, args...)...)
		if err != nil {
			t.Fatalf("%v: exit %d, %v", args, code, err)
		}
		return out
	}
	expect := func(got string, wants ...string) {
		t.Helper()
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in:\n%s", want, got)
			}
		}
	}
	expect(ctl("platforms", "create", "mindbaz", "--name", "shop", "--settings", `{"title":"Shop"}`), "shop is hosted: issuer "+mock.URL()+"/shop")
	expect(ctl("platforms", "list"), "NAME", "shop", "mindbaz", "100")
	expect(ctl("-o", "json", "platforms", "show", "shop"), `"title": "Shop"`, `"client_id": "100"`)
	expect(ctl("platforms", "show", "shop"), "endpoint", mock.URL()+"/shop/oauth2/token", "maya@example.test, password maya-password-1, owner")
	expect(ctl("health"), "ok")
	expect(ctl("profiles"), "PROFILE", "mindbaz")
	expect(ctl("openapi"), `"openapi": "3.1.0"`)
	expect(ctl("clock", "freeze", "shop"), "frozen")
	expect(ctl("clock", "advance", "shop", "30d"), "frozen")
	expect(ctl("-o", "json", "clock", "show", "shop"), `"frozen": true`, `"revision": 3`)
	expect(ctl("clock", "resume", "shop"), "running")
	armed := ctl("-o", "json", "faults", "arm", "shop", "--endpoint", "token", "--kind", "error", "--status", "503", "--error", "temporarily_unavailable", "--count", "2", "--header", "Retry-After=5")
	expect(armed, `"count": 2`, `"Retry-After": "5"`)
	var fault struct{ ID string }
	if err := json.Unmarshal([]byte(armed), &fault); err != nil {
		t.Fatal(err)
	}
	expect(ctl("faults", "list", "shop"), fault.ID, "temporarily_unavailable", "0 of 2")
	expect(ctl("faults", "disarm", "shop", fault.ID), "is disarmed")
	plan := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(plan, []byte("- match: {endpoint: token, min_age: 30d}\n  action: {kind: rewrite, drop: [expires_in], set: {token_type: 7}}\n  count: 1\n- match: {endpoint: api, nth: 2}\n  action: {kind: barrier}\n  count: 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(ctl("faults", "arm", "shop", "--file", plan), "2 faults are armed.")
	expect(ctl("faults", "list", "shop"), "min_age=30d", "nth=2", "rewrite", "barrier", "0 of 2")
	expect(ctl("faults", "arm", "shop", "--endpoint", "token", "--kind", "rewrite", "--set", "expires_in=soon", "--set", "scope=[1]", "--nth", "3"), "fault-4 is armed")
	expect(ctl("-o", "json", "faults", "list", "shop"), `"expires_in": "soon"`, `"token_type": 7`, `"nth": 3`)
	expect(ctl("tokens", "expire", "shop", "--all"), "0 tokens expired.")
	expect(ctl("tokens", "revoke", "shop", "--customer", "maya"), "0 tokens revoked.")
	expect(ctl("profiles"), "DIALECT", "GitHub Apps", "https://docs.github.com/")
	expect(ctl("-o", "json", "profiles"), `"dialects": [`, `"title": "GitHub Apps"`)
	ctl("platforms", "create", "mint", "--name", "signed", "--settings", `{"access_token":{"format":"jwt","alg":"ES256"}}`)
	expect(ctl("keys", "rotate", "signed"), "signed signs with the key ")
	expect(ctl("-o", "json", "keys", "rotate", "signed"), `"kid": "`)
	expect(ctl("journal", "show", "shop"), "SEQ", "VERDICT")
	expect(ctl("grants", "shop"), "FAMILY")
	expect(ctl("-o", "json", "grants", "shop"), `"families": []`)
	for _, test := range []struct {
		args []string
		want string
		code int
	}{
		{[]string{"platforms", "create", "mailup", "--name", "shop"}, `"shop" is in use`, 1},
		{[]string{"platforms", "create", "mailup", "--settings", `{"code":{"lifetime":"soon"}}`}, "settings: line 1: code.lifetime", 2},
		{[]string{"platforms", "create", "klingon"}, `there is none of the name "klingon"`, 2},
		{[]string{"faults", "arm", "shop", "--endpoint", "moon", "--kind", "headers"}, "match.endpoint", 2},
		{[]string{"faults", "arm", "shop", "--endpoint", "token", "--kind", "error", "--client", "nobody"}, `no client with the id "nobody"`, 2},
		{[]string{"faults", "arm", "nowhere", "--endpoint", "token", "--kind", "error"}, `no Platform of the name "nowhere"`, 1},
		{[]string{"faults", "disarm", "shop", "fault-99"}, `no fault "fault-99"`, 1},
		{[]string{"clock", "advance", "shop", "soon"}, "advance", 2},
		{[]string{"journal", "show", "shop", "--status", "9xx"}, "status", 2},
		{[]string{"tokens", "expire", "shop"}, "all", 2},
		{[]string{"keys", "rotate", "shop"}, "set access_token.format", 1},
	} {
		_, code, err := run(t, append([]string{"ctl", "--control", mock.ControlURL()}, test.args...)...)
		if code != test.code || err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: exit %d, %v; want exit %d and %q", test.args, code, err, test.code, test.want)
		}
	}
	expect(ctl("platforms", "delete", "shop"), "shop is gone.")
	if _, code, err := run(t, "ctl", "--control", mock.ControlURL(), "grants", "shop"); code != 1 || err == nil || !strings.Contains(err.Error(), `no Platform of the name "shop"`) {
		t.Errorf("after the deletion: exit %d, %v", code, err)
	}
}

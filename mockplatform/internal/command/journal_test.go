package command_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// visit makes one exchange of a Platform.
func visit(t *testing.T, address string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
}

// The journal is shown filtered, exported in both formats, and followed until
// the limit.
func TestJournalCommands(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Platform("mint")
	visit(t, p.Endpoints.Metadata)
	visit(t, p.Issuer+"/nothing")
	ctl := func(args ...string) string {
		t.Helper()
		out, code, err := run(t, append([]string{"ctl", "--control", mock.ControlURL()}, args...)...)
		if err != nil {
			t.Fatalf("%v: exit %d, %v", args, code, err)
		}
		return out
	}
	shown := ctl("journal", "show", "mint", "--status", "4xx")
	if strings.Count(shown, "\n") != 2 || !strings.Contains(shown, "GET /mint/nothing  404     refused") {
		t.Errorf("shown:\n%s", shown)
	}
	var har struct {
		Log struct {
			Version string
			Entries []struct{ Request struct{ URL string } }
		}
	}
	file := filepath.Join(t.TempDir(), "mint.har")
	if out := ctl("journal", "export", "mint", "--format", "har", "--out", file); !strings.HasPrefix(out, file+" holds ") {
		t.Errorf("said %q", out)
	}
	text, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(text, &har) != nil || har.Log.Version != "1.2" || len(har.Log.Entries) != 2 || har.Log.Entries[0].Request.URL != p.Endpoints.Metadata {
		t.Errorf("%v: %s", err, text)
	}
	lines := strings.Split(strings.TrimSpace(ctl("journal", "export", "mint", "--format", "ndjson", "--endpoint", "metadata")), "\n")
	var one control.Exchange
	if len(lines) != 1 || json.Unmarshal([]byte(lines[0]), &one) != nil || one.Seq != 1 || one.Verdict != control.VerdictAccepted {
		t.Errorf("NDJSON: %q", lines)
	}
	if out := ctl("-o", "json", "journal", "follow", "mint", "--limit", "2"); strings.Count(out, "\n") != 2 || !strings.Contains(out, `"path":"/mint/nothing"`) {
		t.Errorf("followed:\n%s", out)
	}
	if out := ctl("journal", "follow", "mint", "--after", "1", "--limit", "1"); !strings.Contains(out, "GET /mint/nothing") || strings.Contains(out, "SEQ") {
		t.Errorf("followed:\n%s", out)
	}
}

// Names complete from the server.
func TestCompletion(t *testing.T) {
	mock := mockplatform.Start(t, "mint", "mailup")
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"clock", "show", ""}, "mailup\tMailUp"},
		{[]string{"journal", "export", ""}, "mint\tMint Ads"},
		{[]string{"platforms", "create", ""}, "mindbaz\t"},
		{[]string{"platforms", "create", "--profile", ""}, "service\t"},
	} {
		out, _, err := run(t, append([]string{"__complete", "ctl", "--control", mock.ControlURL()}, test.args...)...)
		if err != nil || !strings.Contains(out, test.want) {
			t.Errorf("%v: %v\n%s", test.args, err, out)
		}
	}
	out, _, err := run(t, "completion", "bash")
	if err != nil || !strings.Contains(out, "mockplatform") {
		t.Errorf("completion bash: %v", err)
	}
}

// Settings come from a YAML file as well.
func TestCreateFromFile(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	file := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(file, []byte("title: Shop Ads\ncode: {lifetime: 5s}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, code, err := run(t, "ctl", "--control", mock.ControlURL(), "platforms", "create", "--profile", "mailup", "--name", "shop", "--file", file, "--journal-size", "7"); err != nil {
		t.Fatalf("exit %d, %v", code, err)
	}
	if p := mock.Platform("shop"); p.Title != "Shop Ads" || p.Profile != "mailup" {
		t.Errorf("made %s of %s", p.Title, p.Profile)
	}
	for range 9 {
		visit(t, mock.URL()+"/shop/")
	}
	found, err := mock.Control().Journal(t.Context(), "shop", 0, 0)
	if err != nil || len(found.Exchanges) != 7 || found.Last != 9 || found.Dropped != 2 {
		t.Errorf("a journal of 7 keeps %d of %d, %v", len(found.Exchanges), found.Last, err)
	}
}

// No terminal obeys what a client sent.
func TestTablesShowWhatClientsSent(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	visit(t, mock.Platform("mint").Issuer+"/%1b%5bred%0Aline%09tab%E2%80%AE")
	out, code, err := run(t, "ctl", "--control", mock.ControlURL(), "journal", "show", "mint")
	if err != nil || !strings.Contains(out, `GET /mint/\x1b[red\nline\ttab\u202e`) || strings.ContainsAny(out, "\x1b\t\u202e") || strings.Count(out, "\n") != 2 {
		t.Errorf("exit %d, %v: %q", code, err, out)
	}
}

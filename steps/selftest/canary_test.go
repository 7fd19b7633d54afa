package selftest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mint-conformance/mint/features"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/checks"
	"github.com/mint-conformance/mint/steps/report"
)

// listener hears every secret that passes between the checks and a server.
type listener struct {
	mu    sync.Mutex
	heard map[string]string // by value: what it is
}

func (l *listener) hear(kind, value string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(value) >= 6 {
		l.heard[value] = kind
	}
}

// ear stands in one way and tells its listener.
type ear struct {
	*listener
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (l ear) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.next.RoundTrip(r)
	if err != nil {
		return answer, err
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	var members map[string]any
	if json.Unmarshal(body, &members) == nil {
		for _, name := range []string{"access_token", "refresh_token", "client_secret", "registration_access_token", "request_uri"} {
			if value, ok := members[name].(string); ok {
				l.hear(name, value)
			}
		}
	}
	if to, err := url.Parse(answer.Header.Get("Location")); err == nil {
		l.hear("code", to.Query().Get("code"))
	}
	for _, c := range answer.Cookies() {
		l.hear("cookie", c.Value)
	}
	return answer, nil
}

// TestNoSecretInAReport writes a whole report of checks that fail and pass and
// looks for every secret that was on the way, in each spelling.
func TestNoSecretInAReport(t *testing.T) {
	known, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	bench, err := Open(features.FS, known)
	if err != nil {
		t.Fatal(err)
	}
	bench.Now = time.Now //nolint:forbidigo // the harness measures by the machine's clock
	ears := &listener{heard: map[string]string{}}
	for _, secret := range []string{
		"strict-app-secret-for-tests-only", "strict-other-secret-for-tests-only", "strict-machine-secret-for-tests-only",
		"maya-password-1", "oskar-password-1",
	} {
		ears.hear("of the profile", secret)
	}
	mocks := &checks.Mocks{Profile: "strict", Break: []string{"revocation.unknown=error", "refresh.grant=server_error"}, Wrap: func(next http.RoundTripper) http.RoundTripper {
		return ear{ears, next}
	}}
	ids := []string{"CG-01", "CG-02", "RF-01", "RF-04", "RV-01", "RV-04", "IN-02", "PA-01", "MD-02"}
	results, err := bench.judge(t.Context(), mocks, ids)
	if err != nil {
		t.Fatal(err)
	}
	if err := mocks.Close(); err != nil {
		t.Fatal(err)
	}
	seen := map[report.Status]int{}
	for _, r := range results {
		seen[r.Status]++
	}
	if seen[report.Pass] == 0 || seen[report.Fail] == 0 || len(ears.heard) < 20 {
		t.Fatalf("the run is no good sample: %v, %d secrets", seen, len(ears.heard))
	}
	dir := t.TempDir()
	if err := report.Write(dir, &report.Run{Scenarios: results, StartedAt: time.Unix(0, 0), Target: "mock:strict"}); err != nil {
		t.Fatal(err)
	}
	searchTree(t, dir, ears.heard)
}

// searchTree looks for secrets in every file below dir.
func searchTree(t *testing.T, dir string, secrets map[string]string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		text := string(data)
		for value, kind := range secrets {
			for _, spelling := range []string{
				value, url.QueryEscape(value), base64.StdEncoding.EncodeToString([]byte(value)), base64.RawURLEncoding.EncodeToString([]byte(value)),
			} {
				if at := strings.Index(text, spelling); at >= 0 {
					t.Errorf("%s holds a secret (%s): …%s…", name, kind, text[max(0, at-60):min(len(text), at+20)])
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/web"
)

var noon = time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)

// site is one MINT web with a domain of functions, served over real HTTP.
type site struct {
	URL      string
	sessions *keeper
	log      *lockedBuffer
}

// lockedBuffer is a log that can be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func integrations() []platform.Integration {
	return []platform.Integration{
		{ID: "ads", Title: "Ads", Grants: []string{platform.GrantAuthorizationCode}, AuthorizationEndpoint: "https://ads.example/oauth2/authorize"},
		{ID: "more", Title: "More Ads", Grants: []string{platform.GrantAuthorizationCode, platform.GrantClientCredentials}, AuthorizationEndpoint: "https://more.example:8443/authorize"},
		{ID: "form", Title: "Form Ads", Grants: []string{platform.GrantPassword}},
	}
}

func serve(t *testing.T, d *domain) *site {
	t.Helper()
	s := &site{sessions: &keeper{rows: map[string][]byte{}}, log: &lockedBuffer{}}
	server := httptest.NewUnstartedServer(nil)
	s.URL = "http://" + server.Listener.Addr().String()
	handler, err := web.New(web.Deps{Domain: d, Integrations: integrations(), Sessions: s.sessions, PublicURL: s.URL,
		Now: func() time.Time { return noon }, Logger: slog.New(slog.NewTextHandler(s.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = handler
	server.Start()
	t.Cleanup(server.Close)
	return s
}

// browser keeps cookies and follows no redirects, so that each is seen.
type browser struct {
	t    *testing.T
	site *site
	http *http.Client
}

func (s *site) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, site: s, http: &http.Client{Jar: jar, Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// answer is one response, read to its end.
type answer struct {
	status   int
	header   http.Header
	body     string
	location string
}

func (b *browser) do(method, path, contentType string, body io.Reader, headers ...string) answer {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.site.URL+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			request.Host = headers[i+1]
		}
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := b.http.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{status: response.StatusCode, header: response.Header, body: string(content), location: response.Header.Get("Location")}
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	return b.do(http.MethodGet, path, "", nil)
}

// token asks the API for the session's token, which begins the session.
func (b *browser) token() string {
	b.t.Helper()
	var session struct {
		Token string `json:"csrf_token"`
	}
	b.get("/api/session").into(b.t, &session)
	if session.Token == "" {
		b.t.Fatal("no token")
	}
	return session.Token
}

// post sends a form of MINT's own page.
func (b *browser) post(path string, fields url.Values) answer {
	b.t.Helper()
	form := url.Values{"csrf_token": {b.token()}}
	for name, values := range fields {
		form[name] = values
	}
	return b.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// send posts a JSON document as MINT's own script would.
func (b *browser) send(method, path, document string) answer {
	b.t.Helper()
	return b.do(method, path, "application/json", strings.NewReader(document), "X-CSRF-Token", b.token())
}

func (a answer) into(t *testing.T, document any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(a.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(document); err != nil {
		t.Fatalf("%v in %d %s", err, a.status, a.body)
	}
}

// says asserts a status and texts of the page.
func (a answer) says(t *testing.T, status int, texts ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d: %s", a.status, status, a.body)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("the page lacks %q: %s", text, a.body)
		}
	}
}

// leads asserts a redirect after a form.
func (a answer) leads(t *testing.T, to string) {
	t.Helper()
	if a.status != http.StatusSeeOther || a.location != to {
		t.Errorf("answered %d to %q, want 303 to %q: %s", a.status, a.location, to, a.body)
	}
}

// roleText is what a role=status or role=alert element says.
func (a answer) roleText(role string) string {
	found := regexp.MustCompile(`role="` + role + `">([^<]*)<`).FindStringSubmatch(a.body)
	if found == nil {
		return ""
	}
	return strings.NewReplacer("&#39;", "'", "&amp;", "&").Replace(found[1])
}

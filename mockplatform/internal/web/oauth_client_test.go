package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// noon is the machine's time in tests that pin documents with dates.
var noon = time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)

// startAt serves Platforms on a machine whose clock stands still.
func startAt(t testing.TB, now time.Time, profiles ...string) *mockplatform.Server {
	t.Helper()
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control, cfg.Platforms = "127.0.0.1:0", "127.0.0.1:0", nil
	cfg.Now = func() time.Time { return now }
	for _, name := range profiles {
		cfg.Platforms = append(cfg.Platforms, mockplatform.Hosted{Profile: name})
	}
	server, err := mockplatform.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func described(t testing.TB, server *mockplatform.Server, name string) control.Platform {
	t.Helper()
	p, err := server.Control().Platform(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// reply is what came back over the wire.
type reply struct {
	status int
	header http.Header
	body   string
}

// member is a top-level string member of the JSON body.
func (r reply) member(name string) string {
	var document map[string]any
	if json.Unmarshal([]byte(r.body), &document) != nil {
		return ""
	}
	value, _ := document[name].(string)
	return value
}

// wireClient is an OAuth client that sends exactly what it is told to.
type wireClient struct {
	t    testing.TB
	http *http.Client
}

func newWireClient(t testing.TB) wireClient {
	c := wireClient{t, &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

// send makes one request; headers come in pairs.
func (c wireClient) send(method, target, body string, headers ...string) reply {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	response, err := c.http.Do(request)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, target, err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(got)}
}

// form posts a form; headers come in pairs.
func (c wireClient) form(target string, values url.Values, headers ...string) reply {
	c.t.Helper()
	return c.send(http.MethodPost, target, values.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
}

// code walks a customer through login and consent; ticked names what to change
// on the consent page.
func code(t *testing.T, p control.Platform, customer string, change, ticked map[string]string) string {
	t.Helper()
	v := newVisitor(t)
	v.open(authorization(p, change))
	v.logIn(customer)
	away := v.press("Allow", ticked)
	if away == nil {
		t.Fatalf("no way back from %s: %s", v.url, v.words())
	}
	return away.Query().Get("code")
}

// exchange is the token request for a code of the Platform's first client.
func exchange(p control.Platform, code string) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "code_verifier": {verifier},
		"client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret},
	}
}

// tokens gets a customer's tokens the whole way.
func tokens(t *testing.T, c wireClient, p control.Platform, customer string, ticked map[string]string) reply {
	t.Helper()
	got := c.form(p.Endpoints.Token, exchange(p, code(t, p, customer, nil, ticked)))
	if got.status != http.StatusOK {
		t.Fatalf("token endpoint answered %d %s", got.status, got.body)
	}
	return got
}

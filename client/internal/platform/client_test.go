package platform

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)

// clientFor builds the client of a platform served by handler.
func clientFor(t *testing.T, handler http.HandlerFunc, change func(*Integration)) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	integration := Integration{
		ID: "fake", Title: "Fake", Grants: []string{GrantAuthorizationCode}, Issuer: server.URL,
		AuthorizationEndpoint: server.URL + "/authorize?tenant=7", TokenEndpoint: server.URL + "/token",
		RevocationEndpoint: server.URL + "/revoke", APIBase: server.URL + "/base/", ApplicationEndpoint: server.URL + "/own",
		ClientID: "mi nt", ClientSecret: "s:%+/ ecret", Scopes: []string{ScopeRead, ScopeChange},
	}
	if change != nil {
		change(&integration)
	}
	return NewClient(integration, "http://127.0.0.1:9500/oauth/callback", NewTransport(), func() time.Time { return noon })
}

func with(token Secret) Bearer {
	return func(ctx context.Context, send func(context.Context, Secret) error) error { return send(ctx, token) }
}

func status(code int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		fmt.Fprint(w, body)
	}
}

// The map of answers to classes, at the token endpoint.
func TestTokenEndpointClasses(t *testing.T) {
	for name, row := range map[string]struct {
		answer http.HandlerFunc
		class  Class
		wait   time.Duration
	}{
		"invalid_grant":              {status(400, `{"error":"invalid_grant"}`), ClassGrant, 0},
		"invalid_grant as 401":       {status(401, `{"error":"invalid_grant"}`), ClassGrant, 0},
		"bad_refresh_token":          {status(400, `{"error":"bad_refresh_token"}`), ClassGrant, 0},
		"invalid_code":               {status(400, `{"error":"invalid_code"}`), ClassGrant, 0},
		"invalid_client":             {status(401, `{"error":"invalid_client"}`), ClassConfiguration, 0},
		"unauthorized_client":        {status(400, `{"error":"unauthorized_client"}`), ClassConfiguration, 0},
		"invalid_request":            {status(400, `{"error":"invalid_request"}`), ClassConfiguration, 0},
		"401 without a code":         {status(401, `denied`), ClassConfiguration, 0},
		"404":                        {status(404, `nothing here`), ClassConfiguration, 0},
		"307 to elsewhere":           {status(307, ``, "Location", "http://evil.example/token"), ClassConfiguration, 0},
		"400 with HTML":              {status(400, `<html>`), ClassTransient, 0},
		"500":                        {status(500, ``), ClassTransient, 0},
		"503 with an error":          {status(503, `{"error":"temporarily_unavailable"}`), ClassTransient, 0},
		"502":                        {status(502, ``), ClassAmbiguous, 0},
		"504":                        {status(504, ``), ClassAmbiguous, 0},
		"429":                        {status(429, ``), ClassThrottled, 0},
		"429 with seconds":           {status(429, ``, "Retry-After", "7"), ClassThrottled, 7 * time.Second},
		"503 with a date":            {status(503, ``, "Date", noon.Format(http.TimeFormat), "Retry-After", noon.Add(time.Minute).Format(http.TimeFormat)), ClassThrottled, time.Minute},
		"date by the platform clock": {status(429, ``, "Date", noon.Add(time.Hour).Format(http.TimeFormat), "Retry-After", noon.Add(61*time.Minute).Format(http.TimeFormat)), ClassThrottled, time.Minute},
		"a past date":                {status(429, ``, "Date", noon.Format(http.TimeFormat), "Retry-After", noon.Add(-time.Minute).Format(http.TimeFormat)), ClassThrottled, 0},
		"an absurd wait":             {status(429, ``, "Retry-After", "99999999999"), ClassThrottled, maxRetryAfter},
		"nonsense wait":              {status(429, ``, "Retry-After", "soon"), ClassThrottled, 0},
		"too large":                  {status(200, strings.Repeat("x", maxBody+1)), ClassUnparseable, 0},
		"cut off":                    {status(200, `{"acc`, "Content-Length", "500"), ClassAmbiguous, 0},
		"connection reset":           {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, ClassAmbiguous, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int32
			client := clientFor(t, func(w http.ResponseWriter, r *http.Request) { calls.Add(1); row.answer(w, r) }, nil)
			_, err := client.Refresh(t.Context(), "refresh-1")
			failure := FailureOf(err)
			if failure == nil || failure.Class != row.class || failure.RetryAfter != row.wait {
				t.Errorf("failure = %v (wait %v), want class %s and a wait of %s", err, failure, row.class, row.wait)
			}
			if got := calls.Load(); got != 1 {
				t.Errorf("%d calls, want 1", got)
			}
			if strings.Contains(fmt.Sprint(err), "refresh-1") || strings.Contains(fmt.Sprint(err), "ecret") {
				t.Errorf("the error %v holds a secret", err)
			}
		})
	}
}

// CL-51: a platform that is not there has not processed anything.
func TestUnreachableIsTransient(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	client := NewClient(Integration{TokenEndpoint: server.URL, ClientAuth: AuthNone, ClientID: "x"}, "", NewTransport(), time.Now) //nolint:forbidigo // any clock will do
	_, err := client.Refresh(t.Context(), "r")
	if failure := FailureOf(err); failure == nil || failure.Class != ClassTransient {
		t.Errorf("failure = %v, want transient", err)
	}
}

// CL-30, S004-35: a certificate that does not verify gets no request at all.
func TestUnverifiedCertificateGetsNothing(t *testing.T) {
	var calls atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{}
	server.StartTLS()
	defer server.Close()
	client := NewClient(Integration{TokenEndpoint: server.URL, APIBase: server.URL, ClientAuth: AuthNone, ClientID: "x"}, "", NewTransport(), time.Now) //nolint:forbidigo // any clock will do
	_, refresh := client.Refresh(t.Context(), "r")
	_, listing := client.Campaigns(t.Context(), with("a"))
	for _, err := range []error{refresh, listing} {
		if failure := FailureOf(err); failure == nil || failure.Class != ClassTransient {
			t.Errorf("failure = %v, want transient", err)
		}
	}
	if got := calls.Load(); got != 0 {
		t.Errorf("%d requests reached a server with a certificate of its own making", got)
	}
}

// CL-31: no redirect is followed, whatever the endpoint.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var followed atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	defer elsewhere.Close()
	client := clientFor(t, status(307, ``, "Location", elsewhere.URL), nil)
	_, refresh := client.Refresh(t.Context(), "r")
	_, listing := client.Campaigns(t.Context(), with("a"))
	revoke := client.Revoke(t.Context(), "r", "refresh_token")
	for _, err := range []error{refresh, listing, revoke} {
		if failure := FailureOf(err); failure == nil || failure.Class != ClassConfiguration {
			t.Errorf("failure = %v, want configuration", err)
		}
	}
	if got := followed.Load(); got != 0 {
		t.Errorf("%d requests followed a redirect", got)
	}
}

// CL-28, CL-29, S003-27: one way of authenticating per request, with awkward
// characters encoded, and nothing in the address but where the setting says so.
func TestClientAuthentication(t *testing.T) {
	for auth, row := range map[string]struct {
		basic bool
		body  url.Values
		query url.Values
	}{
		AuthBasic: {true, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"r"}}, url.Values{}},
		AuthBody: {false, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"r"},
			"client_id": {"mi nt"}, "client_secret": {"s:%+/ ecret"}}, url.Values{}},
		AuthQuery: {false, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"r"}},
			url.Values{"client_id": {"mi nt"}, "client_secret": {"s:%+/ ecret"}}},
		AuthNone: {false, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"r"}, "client_id": {"mi nt"}}, url.Values{}},
	} {
		t.Run(auth, func(t *testing.T) {
			client := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
				if id, secret, ok := r.BasicAuth(); ok != row.basic || ok && (id != "mi+nt" || secret != "s%3A%25%2B%2F+ecret") {
					t.Errorf("Basic %t: %q, %q", ok, id, secret)
				}
				if r.Method != http.MethodPost || r.Header.Get("Content-Type") != formType {
					t.Errorf("%s with %q", r.Method, r.Header.Get("Content-Type"))
				}
				if got := r.URL.Query().Encode(); got != row.query.Encode() {
					t.Errorf("query = %s, want %s", got, row.query.Encode())
				}
				if err := r.ParseForm(); err != nil || r.PostForm.Encode() != row.body.Encode() {
					t.Errorf("body = %s, %v; want %s", r.PostForm.Encode(), err, row.body.Encode())
				}
			}, func(i *Integration) {
				i.ClientAuth = auth
				if auth == AuthNone {
					i.ClientSecret = ""
				}
			})
			if _, err := client.Refresh(t.Context(), "r"); err != nil {
				t.Error(err)
			}
		})
	}
}

// S003-27: client credentials as a POST with everything in the query string.
func TestClientCredentialsInQuery(t *testing.T) {
	client := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.URL.Query(); got.Get("grant_type") != GrantClientCredentials || got.Get("client_secret") == "" || r.ContentLength != 0 {
			t.Errorf("query = %v with a body of %d bytes", got, r.ContentLength)
		}
	}, func(i *Integration) { i.ClientAuth = AuthQuery })
	if _, err := client.ClientCredentials(t.Context()); err != nil {
		t.Error(err)
	}
	// The address holds the secret now: an error must not repeat it.
	client = clientFor(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, func(i *Integration) { i.ClientAuth = AuthQuery })
	_, err := client.ClientCredentials(t.Context())
	if err == nil || strings.Contains(err.Error(), "ecret") || strings.Contains(errors.Unwrap(err).Error(), "ecret") {
		t.Errorf("error = %v", err)
	}
}

func TestAuthorizationURLKeepsTheEndpointsQuery(t *testing.T) {
	client := clientFor(t, http.NotFound, func(i *Integration) { i.PKCE = PKCEOff })
	address, err := client.AuthorizationURL(AuthorizationRequest{State: "st", Verifier: "v"})
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := parsed.Query()
	if query.Get("tenant") != "7" || query.Get("state") != "st" || query.Has("code_challenge") || query.Has("scope") {
		t.Errorf("query = %v", query)
	}
}

// RFC 7636 appendix B.
func TestCodeChallenge(t *testing.T) {
	const want = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	if got := CodeChallenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"); got != want {
		t.Errorf("challenge = %s, want %s", got, want)
	}
}

// The map of answers to classes, at the resource server (CL-47 to CL-50).
func TestResourceClasses(t *testing.T) {
	for name, row := range map[string]struct {
		answer http.HandlerFunc
		class  Class
	}{
		"401":                    {status(401, ``, "WWW-Authenticate", `Bearer error="invalid_token"`), ClassUnauthorized},
		"401 bare":               {status(401, ``, "WWW-Authenticate", `Bearer`), ClassUnauthorized},
		"403 scope by challenge": {status(403, ``, "WWW-Authenticate", `Bearer realm="x", error="insufficient_scope", scope="ads.write"`), ClassScope},
		"403 scope by body":      {status(403, `{"error":"insufficient_scope"}`), ClassScope},
		"403":                    {status(403, `{"error":"forbidden"}`), ClassForbidden},
		"404":                    {status(404, ``), ClassNotFound},
		"422":                    {status(422, `{}`), ClassRefused},
		"429":                    {status(429, ``), ClassThrottled},
		"503 with Retry-After":   {status(503, ``, "Retry-After", "5"), ClassThrottled},
		"503":                    {status(503, ``), ClassTransient},
		"504":                    {status(504, ``), ClassAmbiguous},
		"200 with HTML":          {status(200, `<html>`), ClassUnparseable},
		"200 with nothing":       {status(200, ``), ClassUnparseable},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := clientFor(t, row.answer, nil).Me(t.Context(), with("a"))
			if failure := FailureOf(err); failure == nil || failure.Class != row.class {
				t.Errorf("failure = %v, want class %s", err, row.class)
			}
		})
	}
}

// CL-41, CL-43: the token travels in the header only, and never to another
// origin than the API's.
func TestCampaignPages(t *testing.T) {
	next := map[string]string{
		"absolute": "http://{host}/base/api/campaigns?page=2", "relative": "/base/api/campaigns?page=2", "query only": "?page=2",
	}
	for name, link := range next {
		t.Run(name, func(t *testing.T) {
			var paths []string
			client := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
				paths = append(paths, r.URL.RequestURI())
				if r.Header.Get("Authorization") != "Bearer access-1" || strings.Contains(r.URL.RawQuery, "access-1") || r.ContentLength > 0 {
					t.Errorf("token sent as %q, ?%s", r.Header.Get("Authorization"), r.URL.RawQuery)
				}
				if r.URL.Query().Get("page") == "2" {
					fmt.Fprint(w, `{"campaigns":[{"id":"b"}]}`)
					return
				}
				fmt.Fprintf(w, `{"campaigns":[{"id":"a"}],"next":%q}`, strings.ReplaceAll(link, "{host}", r.Host))
			}, nil)
			campaigns, err := client.Campaigns(t.Context(), with("access-1"))
			if err != nil || len(campaigns) != 2 || campaigns[1].ID != "b" {
				t.Errorf("campaigns = %v, %v", campaigns, err)
			}
			if len(paths) != 2 || paths[0] != "/base/api/campaigns?per_page=50" {
				t.Errorf("paths = %v", paths)
			}
		})
	}
	for name, link := range map[string]string{
		"another host": "http://evil.example/api/campaigns?page=2", "another port": "http://127.0.0.1:1/api/campaigns",
		"another scheme": "https://{host}/api/campaigns", "with a user": "http://a@{host}/api/campaigns", "no address": "http://%zz",
		"endless": "/base/api/campaigns?page=1",
	} {
		t.Run(name, func(t *testing.T) {
			client := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprintf(w, `{"campaigns":[{"id":"a"}],"next":%q}`, strings.ReplaceAll(link, "{host}", r.Host))
			}, nil)
			_, err := client.Campaigns(t.Context(), with("access-1"))
			if failure := FailureOf(err); failure == nil || failure.Class != ClassUnparseable {
				t.Errorf("failure = %v, want unparseable", err)
			}
		})
	}
}

// CL-69: every 2xx is a success, with or without content.
func TestChangeSuccesses(t *testing.T) {
	for name, row := range map[string]struct {
		answer  http.HandlerFunc
		content bool
	}{
		"200":         {status(200, `{"id":"c 1","status":"paused"}`), true},
		"201":         {status(201, `{"id":"c 1","status":"paused"}`), true},
		"202":         {status(202, `{"job":7}`), false},
		"204":         {status(204, ``), false},
		"200, no doc": {status(200, `ok`), false},
	} {
		t.Run(name, func(t *testing.T) {
			client := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.EscapedPath() != "/base/api/campaigns/c%201" || r.Header.Get("Idempotency-Key") != "key-1" ||
					r.Header.Get("Content-Type") != "application/json" || r.Method != http.MethodPatch {
					t.Errorf("%s %s with %v", r.Method, r.URL.EscapedPath(), r.Header)
				}
				row.answer(w, r)
			}, nil)
			paused := StatusPaused
			campaign, err := client.ChangeCampaign(t.Context(), with("a"), "c 1", CampaignChange{Status: &paused}, "key-1")
			if err != nil || (campaign != nil) != row.content {
				t.Errorf("campaign = %v, %v", campaign, err)
			}
		})
	}
}

// CL-42: a secret is redacted however it is printed.
func TestSecretIsRedacted(t *testing.T) {
	secret := Secret("hush")
	for _, format := range []string{"%v", "%s", "%q", "%+v", "%#v", "%x", "%d"} {
		if printed := fmt.Sprintf(format, secret); strings.Contains(printed, "hush") || strings.Contains(printed, "68757368") {
			t.Errorf("%s prints %s", format, printed)
		}
	}
	integration := Integration{ClientSecret: secret}
	if printed := fmt.Sprintf("%+v %#v", integration, integration); strings.Contains(printed, "hush") {
		t.Error("an integration prints its secret")
	}
}

func TestCleaning(t *testing.T) {
	if got := cleanCode(`<script>`); got != "" {
		t.Errorf("code = %q", got)
	}
	if got := cleanDescription("a\r\nb\x00c\t\u009b31m\u202e" + strings.Repeat("x", 300)); strings.ContainsAny(got, "\r\n\x00\u009b\u202e") || len([]rune(got)) > 201 {
		t.Errorf("description = %q", got)
	}
}

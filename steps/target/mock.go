package target

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// Mocks makes mock Platforms to be judged, one for each check, on a server of
// its own in this process that speaks TLS by a test CA.
type Mocks struct {
	server *mockplatform.Server
	roots  *x509.CertPool
	http   *http.Client
}

// NewMocks starts the server, without any Platform. Close ends it.
func NewMocks() (*Mocks, error) { return NewFaultyMocks("") }

// NewFaultyMocks starts a server that has a mockplatform.TLS.Fault; empty for
// none. Its certificate is pinned, so that everything else can be judged.
func NewFaultyMocks(fault string) (*Mocks, error) {
	return newMocks(mockplatform.TLS{Mode: "auto", Fault: fault})
}

// NewPlainMocks starts a server that speaks plain HTTP, for checks that open
// windows in a browser, which does not know the test CA.
func NewPlainMocks() (*Mocks, error) { return newMocks(mockplatform.TLS{}) }

func newMocks(secured mockplatform.TLS) (*Mocks, error) {
	server, err := mockplatform.New(mockplatform.Config{
		Listen: "127.0.0.1:0", Control: "127.0.0.1:0", APIListen: "127.0.0.1:0",
		TLS: secured,
	})
	if err != nil {
		return nil, fmt.Errorf("starting the mock Platform: %w", err)
	}
	m := &Mocks{server: server, roots: x509.NewCertPool()}
	m.roots.AppendCertsFromPEM(server.CA())
	m.http = &http.Client{
		Timeout:       10 * time.Second,
		Transport:     transport(&tls.Config{RootCAs: m.roots, MinVersion: tls.VersionTLS12}),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if secured.Fault != "" {
		if err := m.pin(context.Background()); err != nil {
			return nil, errors.Join(err, server.Close())
		}
	}
	return m, nil
}

// CA is the certificate in PEM that the server's own one is signed by.
func (m *Mocks) CA() []byte { return m.server.CA() }

// Close ends the server.
func (m *Mocks) Close() error {
	m.http.CloseIdleConnections()
	return m.server.Close()
}

// Create makes a Platform of the profile with the settings laid over it, and
// whatever checks need beside it. Release takes it away again.
func (m *Mocks) Create(ctx context.Context, profile string, settings map[string]any) (*Target, error) {
	document, err := json.Marshal(withFixtures(profile, settings))
	if err != nil {
		return nil, fmt.Errorf("settings of the mock Platform: %w", err)
	}
	p, err := m.server.Control().CreatePlatform(ctx, control.CreatePlatform{Profile: profile, Settings: document})
	if err != nil {
		return nil, fmt.Errorf("creating a mock Platform: %w", err)
	}
	t, err := m.describe(p, profile, settings)
	if err != nil {
		return nil, errors.Join(err, m.server.Control().DeletePlatform(ctx, p.Name))
	}
	return t, nil
}

// Release deletes the Platform of a target that Create made.
func (m *Mocks) Release(ctx context.Context, t *Target) error {
	return m.server.Control().DeletePlatform(ctx, t.Mock.Platform.Name)
}

// withFixtures adds a second client where the profile has none of its own and
// its clients have secrets, and on mint a public one, which lawfully gets no
// refresh token there, since they do not rotate (RFC 9700 section 2.2.2).
func withFixtures(profile string, settings map[string]any) map[string]any {
	merged := map[string]any{}
	for key, value := range settings {
		merged[key] = value
	}
	if profile == "strict" || profile == "mindbaz" || merged["clients"] != nil {
		return merged
	}
	clients := map[string]any{"other": map[string]any{
		"name": "Other Application", "secret": "other-secret-for-tests-only",
		"redirect_uris": []string{"https://other.example/callback"},
		"grants":        []string{"authorization_code", "refresh_token"},
	}}
	if profile == "mint" && merged["token"] == nil {
		clients["open"] = map[string]any{
			"name": "Public Application", "type": "public", "auth_methods": []string{"none"},
			"redirect_uris": []string{"https://open.example/callback"}, "grants": []string{"authorization_code"},
		}
		merged["token"] = map[string]any{"credentials_in": []string{"basic", "body", "none"}}
	}
	merged["clients"] = clients
	return merged
}

// describe turns what the control API says of a Platform into a Target.
func (m *Mocks) describe(p control.Platform, profile string, settings map[string]any) (*Target, error) {
	effective, err := effectiveProfile(profile, settings)
	if err != nil {
		return nil, err
	}
	t := &Target{
		Name: "mock:" + profile, Issuer: p.Issuer, Scopes: p.Scopes, HTTP: m.http, Roots: m.roots,
		Endpoints: Endpoints{
			Authorize: p.Endpoints.Authorize, Token: p.Endpoints.Token, Revoke: p.Endpoints.Revoke,
			Introspect: p.Endpoints.Introspect, Register: p.Endpoints.Register, PAR: p.Endpoints.PAR,
			JWKS: p.Endpoints.JWKS, Metadata: p.Endpoints.Metadata, Portal: p.Endpoints.Developers,
			Connected: p.Endpoints.Connected, Application: p.Endpoints.Application,
		},
		Mock: &Mock{Control: m.server.Control(), Platform: p, Profile: profile},
	}
	t.Customers = mockCustomers(p)
	t.Clients = mockClients(p)
	if t.Clients.Main == nil {
		return nil, fmt.Errorf("the profile %s has no client that customers could connect", profile)
	}
	t.Redirect = t.Clients.Main.Redirect()
	effective.fill(t)
	return t, nil
}

func mockCustomers(p control.Platform) (c Customers) {
	for _, one := range p.Customers {
		customer := &Customer{Key: one.Key, Username: one.Username, Password: one.Password, Name: one.Name}
		switch one.Key {
		case "maya":
			c.First = customer
		case "oskar":
			c.Second = customer
		case "nora":
			c.WithoutRight = customer
		}
	}
	return c
}

func mockClients(p control.Platform) (c Clients) {
	for _, one := range p.Clients {
		client := &Client{ID: one.ID, Secret: one.Secret, Name: one.Name, RedirectURIs: one.RedirectURIs, Method: "none"}
		if len(one.AuthMethods) > 0 {
			client.Method = one.AuthMethods[0]
		}
		switch one.ID {
		case "other":
			c.Second = client
		case "open":
			c.Public = client
		case "native":
			c.Native = client
		case "two":
			c.Two = client
		case "query":
			c.Query = client
		case "special":
			c.Special = client
		case "machine":
			c.Machine = client
		default:
			c.Main = client
		}
		if slices.Contains(one.Grants, "client_credentials") {
			c.Machine = client
		}
	}
	if c.Public == nil && c.Main != nil && c.Main.Secret == "" {
		c.Public = c.Main
	}
	return c
}

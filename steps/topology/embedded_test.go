package topology_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client"
	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/steps/topology"
)

func embedded(t *testing.T) topology.Topology {
	t.Helper()
	return inProcess(t, topology.NewEmbedded)
}

func inProcess(t *testing.T, start func(context.Context, topology.Options) (topology.Topology, error)) topology.Topology {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	top, err := start(t.Context(), topology.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := top.Close(context.Background()); err != nil {
			t.Errorf("closing the topology: %v", err)
		}
		left, err := os.ReadDir(os.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range left {
			t.Errorf("left behind: %s", e.Name())
		}
	})
	return top
}

// createMint makes a Platform of the profile mint that a MINT at url may use.
func createMint(t *testing.T, top topology.Topology, url string) (control.Platform, client.Integration) {
	t.Helper()
	settings, err := json.Marshal(map[string]any{"clients": map[string]any{
		"mint-web": map[string]any{"redirect_uris": []string{url + "/oauth/callback"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := top.Control().CreatePlatform(t.Context(), control.CreatePlatform{Profile: "mint", Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	return p, client.Integration{
		ID: "mint", Title: p.Title, Issuer: p.Issuer, Grants: []string{"authorization_code"},
		AuthorizationEndpoint: p.Endpoints.Authorize, TokenEndpoint: p.Endpoints.Token, APIBase: p.APIBase,
		ClientID: "mint-web", ClientSecret: "mint-web-secret-for-tests-only", ClientAuth: "basic",
		Scopes: []string{"ads.read"}, PKCE: "S256",
	}
}

func get(t *testing.T, top topology.Topology, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := top.HTTPClient().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func TestEmbeddedMINT(t *testing.T) {
	top := embedded(t)
	m, err := top.ReserveMINT(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, integration := createMint(t, top, m.URL())
	if err := m.Restart(t.Context()); err == nil {
		t.Error("Restart before Start is no error")
	}
	if err := m.Start(t.Context(), topology.StartMINT{Integrations: []client.Integration{integration}, FollowClock: p.Name}); err != nil {
		t.Fatal(err)
	}
	if err := m.Start(t.Context(), topology.StartMINT{}); err == nil {
		t.Error("a second Start is no error")
	}
	status, body := get(t, top, m.URL()+"/")
	if status != http.StatusOK || !strings.Contains(body, p.Title) {
		t.Errorf("MINT answers %d without the Platform's title %q", status, p.Title)
	}

	url := m.URL()
	before, err := m.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := m.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		if status, _ := get(t, top, m.URL()+"/"); status != http.StatusOK || m.URL() != url {
			t.Errorf("after Restart %s answers %d; before it was at %s", m.URL(), status, url)
		}
	}
	after, err := m.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if sqlite := []byte("SQLite format 3\x00"); !bytes.HasPrefix(before, sqlite) || !bytes.HasPrefix(after, sqlite) {
		t.Errorf("database of %d bytes, after Restart %d", len(before), len(after))
	}

	// A move of the Platform's clock returns once MINT follows it, and fails
	// when a MINT from before the restarts is still waited for.
	if _, err := top.Control().Advance(t.Context(), p.Name, time.Hour); err != nil {
		t.Errorf("moving the clock: %v", err)
	}
	if err := m.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(t.Context()); err != nil {
		t.Errorf("a second Close: %v", err)
	}
	if _, err := top.HTTPClient().Get(url + "/"); err == nil {
		t.Error("a closed MINT still answers")
	}
	if _, err := top.Control().Advance(t.Context(), p.Name, time.Hour); err != nil {
		t.Errorf("moving the clock after MINT is gone: %v", err)
	}
}

func TestEmbeddedLeftovers(t *testing.T) {
	top := embedded(t)
	m, err := top.ReserveMINT(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, integration := createMint(t, top, m.URL())
	if err := m.Start(t.Context(), topology.StartMINT{Integrations: []client.Integration{integration}}); err != nil {
		t.Fatal(err)
	}
	if _, err := top.ReserveMINT(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(m.Logs(t.Context())) == 0 {
		t.Log("MINT logged nothing at its start")
	}
	logs, err := top.Logs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := logs["mockplatform.log"]; !ok {
		t.Errorf("logs %v lack mockplatform.log", logs)
	}
}

func TestEmbeddedRefusesWrongIntegrations(t *testing.T) {
	top := embedded(t)
	m, err := top.ReserveMINT(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(t.Context(), topology.StartMINT{Integrations: []client.Integration{{ID: "Wrong Id"}}}); err == nil {
		t.Fatal("a wrong integration is no error")
	}
	if err := m.Start(t.Context(), topology.StartMINT{FollowClock: "nobody"}); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("following no Platform: %v", err)
	}
}

package topology

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// newContainers starts the topology over bin/, or skips the test unless
// TEST_CONTAINERS asks for it (make test CONTAINERS=1).
func newContainers(t *testing.T) Topology {
	t.Helper()
	if os.Getenv("TEST_CONTAINERS") == "" {
		t.Skip("needs a Docker engine: run it with make test CONTAINERS=1")
	}
	programs, err := filepath.Abs("../../bin")
	if err != nil {
		t.Fatal(err)
	}
	topology, err := NewContainers(t.Context(), ContainersOptions{
		Options:  Options{Logger: slog.New(slog.NewTextHandler(t.Output(), nil))},
		Programs: programs,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := topology.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return topology
}

func fetch(t *testing.T, topology Topology, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := topology.HTTPClient().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: status %d: %s", url, response.StatusCode, body)
	}
	return string(body)
}

func TestContainersHoldAPlatformAndAMINTThatFollowsItsClock(t *testing.T) {
	topology := newContainers(t)
	ctx := t.Context()
	mint, err := topology.ReserveMINT(ctx)
	if err != nil {
		t.Fatal(err)
	}
	platform, err := topology.Control().CreatePlatform(ctx, control.CreatePlatform{Profile: "mint", Name: "mint-a"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "http://platform.test/mint-a"; platform.Issuer != want {
		t.Errorf("issuer %q, want %q", platform.Issuer, want)
	}
	if metadata := fetch(t, topology, platform.Endpoints.Metadata); !strings.Contains(metadata, `"issuer":"http://platform.test/mint-a"`) {
		t.Errorf("metadata by the front door: %s", metadata)
	}
	registered := platform.Clients[0]
	err = mint.Start(ctx, StartMINT{FollowClock: "mint-a", Integrations: []client.Integration{{
		ID: "mint", Title: platform.Title, Issuer: platform.Issuer, Grants: []string{"authorization_code"},
		AuthorizationEndpoint: platform.Endpoints.Authorize, TokenEndpoint: platform.Endpoints.Token,
		RevocationEndpoint: platform.Endpoints.Revoke, APIBase: platform.APIBase,
		ClientID: registered.ID, ClientSecret: client.Secret(registered.Secret), ClientAuth: "basic",
		Scopes: platform.Scopes, PKCE: "S256",
	}}})
	if err != nil {
		t.Fatal(err)
	}

	if page := fetch(t, topology, mint.URL()+"/"); !strings.Contains(page, "Connect "+platform.Title) {
		t.Errorf("MINT's page does not offer to connect:\n%s", page)
	}
	// POST clock answers 504 unless every follower says that it knows.
	before, err := topology.Control().Clock(ctx, "mint-a")
	if err != nil {
		t.Fatal(err)
	}
	after, err := topology.Control().Advance(ctx, "mint-a", time.Hour)
	if err != nil {
		t.Errorf("MINT does not follow the clock: %v", err)
	}
	if moved := after.Now.Sub(before.Now); moved < time.Hour || moved > 2*time.Hour {
		t.Errorf("the clock moved by %v, want an hour", moved)
	}

	if err := mint.Restart(ctx); err != nil {
		t.Fatal(err)
	}
	fetch(t, topology, mint.URL()+"/")
	database, err := mint.Database(ctx)
	if err != nil || !strings.HasPrefix(string(database), "SQLite format 3\x00") {
		t.Errorf("the database begins with %q, error %v", database[:min(16, len(database))], err)
	}
	if err := mint.Close(ctx); err != nil {
		t.Error(err)
	}
	if logs := string(mint.Logs(ctx)); strings.Count(logs, `"event":"ready"`) != 2 {
		t.Errorf("the logs of a MINT that was restarted and closed:\n%s", logs)
	}
	logs, err := topology.Logs(ctx)
	if err != nil || !strings.Contains(string(logs["mockplatform.log"]), `"event":"ready"`) {
		t.Errorf("the mock Platform's log: %q, %v", logs["mockplatform.log"], err)
	}
}

func TestWithoutAnEngineTheErrorIsForThePersonAtTheKeyboard(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix://"+filepath.Join(t.TempDir(), "none.sock"))
	_, err := NewContainers(t.Context(), ContainersOptions{Options: Options{Logger: slog.New(slog.DiscardHandler)}})
	if !errors.Is(err, ErrSetup) || !strings.Contains(err.Error(), "scripts/docker") {
		t.Errorf("got %v, want ErrSetup and the mend", err)
	}
}

func TestWithoutProgramsTheErrorSaysWhatToBuild(t *testing.T) {
	if os.Getenv("TEST_CONTAINERS") == "" {
		t.Skip("needs a Docker engine: run it with make test CONTAINERS=1")
	}
	_, err := NewContainers(t.Context(), ContainersOptions{
		Options: Options{Logger: slog.New(slog.DiscardHandler)}, Programs: t.TempDir(),
	})
	if !errors.Is(err, ErrSetup) || !strings.Contains(err.Error(), "make build") {
		t.Errorf("got %v, want ErrSetup and the mend", err)
	}
}

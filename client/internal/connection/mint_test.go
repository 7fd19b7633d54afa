package connection

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/vault"
)

const (
	workspace = "workspace-1"
	session   = "session-1"
)

// testMint is a MINT on files of its own, which can be killed and started
// again.
type testMint struct {
	*Service
	t            *testing.T
	clock        *fakeClock
	database     string
	ringPath     string
	integrations []platform.Integration
	db           *store.Database
	log          *lockedBuffer
}

// lockedBuffer is a log that tests read while it is written.
type lockedBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.String()
}

func newMint(t *testing.T, clock *fakeClock, integrations ...platform.Integration) *testMint {
	t.Helper()
	directory := t.TempDir()
	m := &testMint{
		t: t, clock: clock, database: filepath.Join(directory, "mint.db"), ringPath: filepath.Join(directory, "keys.json"),
		integrations: integrations, log: &lockedBuffer{},
	}
	if err := vault.GenerateKeyring(m.ringPath); err != nil {
		t.Fatal(err)
	}
	m.start()
	t.Cleanup(func() { _ = m.db.Close() })
	return m
}

// start opens the files as a new process would.
func (m *testMint) start() {
	m.t.Helper()
	m.Service, m.db = m.open()
}

func (m *testMint) open() (*Service, *store.Database) {
	m.t.Helper()
	ring, err := vault.LoadKeyring(m.ringPath)
	if err != nil {
		m.t.Fatal(err)
	}
	db, err := store.Open(m.t.Context(), "sqlite:"+m.database)
	if err != nil {
		m.t.Fatal(err)
	}
	service, err := NewService(Deps{
		Integrations: m.integrations, Database: db, Keyring: ring, Now: m.clock.Now,
		RedirectURI: "http://127.0.0.1:9500/oauth/callback",
		Logger:      slog.New(slog.NewTextHandler(m.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return service, db
}

// kill drops the process as it is: its locks go, its rows stay.
func (m *testMint) kill() {
	m.t.Helper()
	if err := m.db.Close(); err != nil {
		m.t.Fatal(err)
	}
}

// dieAt makes the next refresh stop dead at a point.
func (m *testMint) dieAt(point string) {
	m.hook = func(at string) error {
		if at == point {
			return errKilled
		}
		return nil
	}
}

// connect walks through consent and returns the connection's id.
func (m *testMint) connect(f *fakePlatform, platformID string) string {
	m.t.Helper()
	outcome := m.tryConnect(f, platformID)
	if outcome.Kind != Connected {
		m.t.Fatalf("connect: %+v", outcome)
	}
	return outcome.ConnectionID
}

func (m *testMint) tryConnect(f *fakePlatform, platformID string) Outcome {
	m.t.Helper()
	address, err := m.StartConnect(m.t.Context(), workspace, session, platformID, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	outcome, err := m.FinishConnect(m.t.Context(), workspace, session, f.consent(address))
	if err != nil {
		m.t.Fatal(err)
	}
	return outcome
}

// show is the connection as a page would show it.
func (m *testMint) show(id string) Connection {
	m.t.Helper()
	connection, err := m.Connection(m.t.Context(), workspace, id)
	if err != nil {
		m.t.Fatal(err)
	}
	return connection
}

func (m *testMint) wantState(id string, state State, reason Reason) {
	m.t.Helper()
	if got := m.show(id); got.State != state || got.Reason != reason {
		m.t.Errorf("state = %s (%s), want %s (%s)", got.State, got.Reason, state, reason)
	}
}

// figures fetches campaigns and demands fresh ones.
func (m *testMint) figures(id string) Snapshot {
	m.t.Helper()
	snapshot, err := m.Campaigns(m.t.Context(), workspace, id)
	if err != nil {
		m.t.Fatal(err)
	}
	if snapshot.Stale || len(snapshot.Campaigns) != 3 {
		m.t.Fatalf("figures: stale %t (%s), %d campaigns, want 3 fresh ones", snapshot.Stale, snapshot.Problem, len(snapshot.Campaigns))
	}
	return snapshot
}

// stale fetches campaigns and demands stored ones with a problem.
func (m *testMint) stale(id string) Snapshot {
	m.t.Helper()
	snapshot, err := m.Campaigns(m.t.Context(), workspace, id)
	if err != nil {
		m.t.Fatal(err)
	}
	if !snapshot.Stale || snapshot.Problem == "" || len(snapshot.Campaigns) != 3 {
		m.t.Fatalf("figures: stale %t, problem %q, %d campaigns, want 3 stored ones and a problem", snapshot.Stale, snapshot.Problem, len(snapshot.Campaigns))
	}
	return snapshot
}

func wantInt(t *testing.T, what string, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %d, want %d", what, got, want)
	}
}

func wantKind(t *testing.T, err, kind error) {
	t.Helper()
	var problem *Problem
	if !errors.Is(err, kind) || !errors.As(err, &problem) || problem.Sentence == "" {
		t.Errorf("error = %v, want a *Problem of kind %q with a sentence", err, kind)
	}
}

// pair is a fake platform and a MINT connected to it.
func pair(t *testing.T, change func(*platform.Integration)) (*fakePlatform, *testMint, string) {
	t.Helper()
	clock := newClock()
	f := newFake(t, clock)
	integration := f.integration("fake")
	if change != nil {
		change(&integration)
	}
	m := newMint(t, clock, integration)
	return f, m, m.connect(f, "fake")
}

// eventually polls a condition that another goroutine brings about.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for !condition() {
		if !pause(ctx, 2*time.Millisecond) {
			t.Fatalf("%s did not come about", what)
		}
	}
}

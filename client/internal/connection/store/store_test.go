package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

var morning = time.Date(2026, 11, 14, 9, 0, 0, 123456789, time.UTC)

func openAt(t *testing.T, path string) *Database {
	t.Helper()
	database, err := Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = database.Close() })
	return database
}

// filled is a value of every type with all members set, so that a column that
// is forgotten in a statement shows.
var (
	filledConnection = Connection{
		ID: "c1", Workspace: "w", Platform: "p", Account: "a", AccountName: "n", AccountConfirmed: true, State: "degraded", Reason: "r",
		Since: morning, Generation: 2, Version: 3, Scopes: []string{"x", "y"}, AccessToken: []byte{1}, RefreshToken: []byte{2},
		RefreshFingerprint: "f", AccessLifetime: time.Minute, AccessExpiresAt: morning.Add(1), ConnectedAt: morning.Add(2), RefreshedAt: morning.Add(3),
		TokenFailures: 4, TokenRetryAt: morning.Add(4), TokenHoldUntil: morning.Add(5), APIFailures: 5, APIRetryAt: morning.Add(6),
		APIHoldUntil: morning.Add(7), LeaseOwner: "o", LeaseUntil: morning.Add(8),
	}
	filledAttempt = Attempt{
		Connection: "c1", ID: "i", Generation: 1, Version: 2, Fingerprint: "f", Owner: "o", Phase: Sent, Sends: 3,
		FirstSentAt: morning, SentAt: morning.Add(1), Answer: []byte{9},
	}
	filledFlow = Flow{
		StateHash: "h", Workspace: "w", SessionHash: "s", Platform: "p", Scopes: []string{"x"}, Verifier: []byte{1}, Phase: FlowAnswered,
		ExpiresAt: morning, SentAt: morning.Add(1), Answer: []byte{2}, Connection: "c1",
	}
	filledRevocation = Revocation{
		ID: "r", Connection: "c1", Workspace: "w", Platform: "p", Kind: "refresh_token", Token: []byte{1}, Tries: 2, DueAt: morning, CreatedAt: morning.Add(1),
	}
	filledDecision = Decision{Connection: "c1", Suggestion: "s", Status: Applied, Content: "{}", IdempotencyKey: "k", DecidedAt: morning}
)

func TestRowsComeBackAsTheyWent(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "a strange? name#%41.db")
	database := openAt(t, path)
	err := database.Write(ctx, func(tx Queries) error {
		return errors.Join(
			tx.PutConnection(ctx, Connection{ID: "c1", Workspace: "w", Platform: "p", State: "connected"}),
			tx.PutConnection(ctx, filledConnection), // replaces every member
			tx.PutAttempt(ctx, filledAttempt), tx.PutFlow(ctx, filledFlow), tx.PutRevocation(ctx, filledRevocation),
			tx.PutDecision(ctx, filledDecision),
			tx.PutSnapshot(ctx, Snapshot{"c1", morning, "[]"}),
			tx.PutRefusal(ctx, Refusal{"p", "invalid_client", morning, 2, morning.Add(1)}),
			tx.PutApplicationToken(ctx, ApplicationToken{"p", []byte{1}, time.Hour, morning}),
			tx.PutSealProof(ctx, []byte{7}),
			tx.AddAudit(ctx, Audit{morning, "w", "c1", "p", "e", "d"}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := database.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the file is elsewhere: %v", err)
	}
	database = openAt(t, path)
	same(t, filledConnection)(database.Connection(ctx, "c1"))
	same(t, filledAttempt)(database.Attempt(ctx, "c1"))
	same(t, filledFlow)(database.Flow(ctx, "h"))
	same(t, filledDecision)(database.Decision(ctx, "c1", "s"))
	same(t, Snapshot{"c1", morning, "[]"})(database.Snapshot(ctx, "c1"))
	same(t, Refusal{"p", "invalid_client", morning, 2, morning.Add(1)})(database.Refusal(ctx, "p"))
	same(t, ApplicationToken{"p", []byte{1}, time.Hour, morning})(database.ApplicationToken(ctx, "p"))
	same(t, []byte{7})(database.SealProof(ctx))
	revocations, err := database.Revocations(ctx)
	same(t, []Revocation{filledRevocation})(revocations, true, err)
	audit, err := database.AuditOf(ctx, "c1")
	same(t, []Audit{{morning, "w", "c1", "p", "e", "d"}})(audit, true, err)
}

func same[T any](t *testing.T, want T) func(T, bool, error) {
	return func(got T, found bool, err error) {
		t.Helper()
		if err != nil || !found || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v (found %t, %v)\nwant %+v", got, found, err, want)
		}
	}
}

func TestMissingRowsAreNoErrors(t *testing.T) {
	database := openAt(t, filepath.Join(t.TempDir(), "mint.db"))
	if _, found, err := database.Connection(t.Context(), "nowhere"); err != nil || found {
		t.Errorf("found %t, %v", found, err)
	}
	if changed, err := database.DeleteRefusal(t.Context(), "nowhere"); err != nil || changed {
		t.Errorf("changed %t, %v", changed, err)
	}
}

// One live connection per workspace and platform; a failed write leaves
// nothing behind.
func TestWriteIsAllOrNothing(t *testing.T) {
	ctx := t.Context()
	database := openAt(t, filepath.Join(t.TempDir(), "mint.db"))
	row := Connection{ID: "c1", Workspace: "w", Platform: "p", State: Disconnected}
	live := row
	live.ID, live.State = "c2", "connected"
	second := live
	second.ID = "c3"
	if err := database.Write(ctx, func(tx Queries) error { return errors.Join(tx.PutConnection(ctx, row), tx.PutConnection(ctx, live)) }); err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(context.Context, func(Queries) error) error{database.Write, database.WriteDurably} {
		err := write(ctx, func(tx Queries) error {
			if err := tx.DeleteFlows(ctx, morning); err != nil {
				return err
			}
			if err := tx.PutRefusal(ctx, Refusal{Platform: "p"}); err != nil {
				return err
			}
			return tx.PutConnection(ctx, second)
		})
		if err == nil {
			t.Error("a second live connection was stored")
		}
	}
	if _, found, err := database.Refusal(ctx, "p"); err != nil || found {
		t.Errorf("a failed write left a row: %t, %v", found, err)
	}
}

// CL-21: a flow is consumed once, however many try.
func TestFlowIsConsumedOnce(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "mint.db")
	databases := []*Database{openAt(t, path), openAt(t, path)}
	flow := filledFlow
	flow.Phase = FlowOpen
	if err := databases[0].PutFlow(ctx, flow); err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string][]string{"another workspace": {"x", "s"}, "another session": {"w", "x"}} {
		if taken, err := databases[0].ConsumeFlow(ctx, "h", try[0], try[1], morning.Add(-1)); err != nil || taken {
			t.Errorf("%s: taken %t, %v", name, taken, err)
		}
	}
	if taken, err := databases[0].ConsumeFlow(ctx, "h", "w", "s", morning); err != nil || taken {
		t.Errorf("at its end: taken %t, %v", taken, err)
	}
	var tries sync.WaitGroup
	taken := make([]bool, 50)
	for i := range taken {
		tries.Go(func() {
			var err error
			if taken[i], err = databases[i%2].ConsumeFlow(ctx, "h", "w", "s", morning.Add(-1)); err != nil {
				t.Error(err)
			}
		})
	}
	tries.Wait()
	count := 0
	for _, one := range taken {
		if one {
			count++
		}
	}
	if count != 1 {
		t.Errorf("consumed %d times, want once", count)
	}
}

func TestRevocationIsClaimedOnce(t *testing.T) {
	ctx := t.Context()
	database := openAt(t, filepath.Join(t.TempDir(), "mint.db"))
	if err := database.PutRevocation(ctx, filledRevocation); err != nil {
		t.Fatal(err)
	}
	first, err1 := database.ClaimRevocation(ctx, filledRevocation, morning.Add(time.Minute))
	second, err2 := database.ClaimRevocation(ctx, filledRevocation, morning.Add(time.Minute))
	if err := errors.Join(err1, err2); err != nil || !first || second {
		t.Errorf("claims %t and %t, %v; want one", first, second, err)
	}
}

// A lease's owner is alive as long as its Database is open, in this process or
// another.
func TestOwnerAlive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mint.db")
	one, two := openAt(t, path), openAt(t, path)
	owner := one.Owner()
	if owner == one.Owner() {
		t.Error("two leases have one owner")
	}
	if !one.OwnerAlive(owner) || !two.OwnerAlive(owner) {
		t.Error("a living owner counts as dead")
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	if two.OwnerAlive(owner) {
		t.Error("a dead owner counts as alive")
	}
	if two.OwnerAlive("") || two.OwnerAlive("nonsense") {
		t.Error("a name that is none counts as alive")
	}
}

// Files that are no MINT database, and those of a newer MINT, are refused with
// a sentence, and are left as they were.
func TestOpenRefuses(t *testing.T) {
	directory := t.TempDir()
	newer := filepath.Join(directory, "newer.db")
	database := openAt(t, newer)
	if _, err := database.exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := database.Close(); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(directory, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"sqlite:" + newer: "has schema 9, this MINT knows 1; start the newer MINT",
		"sqlite:" + text:  text + " cannot be used",
		"sqlite:" + filepath.Join(directory, "nowhere", "mint.db"): "its directory does not exist",
		"sqlite:":               "write sqlite:PATH",
		"postgres://localhost/": "write sqlite:PATH",
		"mint.db":               "write sqlite:PATH",
	} {
		opened, err := Open(t.Context(), address)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error = %v, want one sentence with %q", address, err, want)
		}
		if err == nil {
			_ = opened.Close()
		}
	}
	if content, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(content), "this is no database") {
		t.Error("a file that is no database was changed")
	}
}

// Two processes that start at once on a new file.
func TestOpenAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mint.db")
	var starts sync.WaitGroup
	for range 6 {
		starts.Go(func() {
			database, err := Open(t.Context(), "sqlite:"+path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := database.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	starts.Wait()
}

func TestSessions(t *testing.T) {
	now := morning
	database := openAt(t, filepath.Join(t.TempDir(), "mint.db"))
	sessions := database.Sessions(func() time.Time { return now })
	if err := sessions.Commit("token-1", []byte("data"), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := sessions.Commit("token-2", []byte("other"), now.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if data, found, err := sessions.Find("token-1"); err != nil || !found || string(data) != "data" {
		t.Errorf("found %q, %t, %v", data, found, err)
	}
	now = now.Add(time.Hour)
	if _, found, err := sessions.Find("token-1"); err != nil || found {
		t.Errorf("an ended session was found, %v", err)
	}
	if err := sessions.Delete("token-2"); err != nil {
		t.Fatal(err)
	}
	if _, found, err := sessions.Find("token-2"); err != nil || found {
		t.Errorf("a deleted session was found, %v", err)
	}
	if err := sessions.Commit("token-3", nil, now.Add(time.Hour)); err != nil {
		t.Errorf("a session without data: %v", err)
	}
	var hashes []string
	hashes, err := all(t.Context(), database.Queries, func(row scanner) (string, error) {
		var hash string
		return hash, row.Scan(&hash)
	}, `SELECT token_hash FROM sessions`)
	if err != nil || len(hashes) != 1 || strings.Contains(hashes[0], "token") {
		t.Errorf("rows = %v, %v; want one hash", hashes, err)
	}
}

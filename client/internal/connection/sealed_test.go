package connection

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/vault"
)

func spellings(secret string) map[string]string {
	reversed := []byte(secret)
	slices.Reverse(reversed)
	return map[string]string{
		"plain": secret, "hex": hex.EncodeToString([]byte(secret)), "reversed": string(reversed),
		"base64": strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "="),
	}
}

// CL-23, CL-42, CL-62: after connecting, refreshing, failing, applying and
// disconnecting no secret is in the database, its journal or the log.
func TestNoSecretIsStoredOrLogged(t *testing.T) {
	f, m, id := pair(t, nil)
	f.set(func(f *fakePlatform) { f.prefix = "unmistakable" })
	_, callback := m.begin(f)
	if outcome := m.finishAs(workspace, session, callback); outcome.Kind != Connected {
		t.Fatalf("outcome = %+v", outcome)
	}
	m.figures(id)
	verifier := f.seen("token")[1].form.Get("code_verifier")
	m.wantNowhere("unmistakable-access", "unmistakable-refresh", "unmistakable-code", verifier, callback.State, "client-secret-of-mint", session)
	m.clock.Advance(time.Hour)
	f.script("token", dropAfter)
	m.dieAt("delivered")
	m.stale(id)
	m.kill()
	m.wantNowhere("unmistakable-access", "unmistakable-refresh")
	m.start()
	f.script("revoke", answer(503, ``, "Retry-After", "60"))
	if _, err := m.Disconnect(t.Context(), workspace, id); err != nil {
		t.Fatal(err)
	}
	m.wantNowhere("unmistakable-access", "unmistakable-refresh", "unmistakable-code", verifier, "client-secret-of-mint")
}

// CL-63, E-06: an altered row, and rows swapped between customers, are
// noticed, shown as unreadable, and repaired by a reconnect.
func TestUnreadableRows(t *testing.T) {
	flip := func(row *store.Connection, _ store.Connection) { row.AccessToken[len(row.AccessToken)-1] ^= 1 }
	swap := func(row *store.Connection, other store.Connection) {
		row.AccessToken, row.RefreshToken = other.AccessToken, other.RefreshToken
	}
	refreshOnly := func(row *store.Connection, _ store.Connection) {
		row.RefreshToken[20] ^= 1
		row.AccessExpiresAt = row.ConnectedAt
	}
	for name, damage := range map[string]func(*store.Connection, store.Connection){"one bit": flip, "swapped": swap, "refresh token": refreshOnly} {
		t.Run(name, func(t *testing.T) {
			f, m, id := pair(t, nil)
			m.figures(id)
			address, err := m.StartConnect(t.Context(), "workspace-2", "session-2", "fake", nil)
			if err != nil {
				t.Fatal(err)
			}
			other := m.finishAs("workspace-2", "session-2", f.consent(address))
			row, _, err := m.db.Connection(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			second, _, err := m.db.Connection(t.Context(), other.ConnectionID)
			if err != nil {
				t.Fatal(err)
			}
			damage(&row, second)
			if err := m.db.PutConnection(t.Context(), row); err != nil {
				t.Fatal(err)
			}
			calls := f.calls("campaigns")
			m.stale(id)
			m.wantState(id, StateUnreadable, "")
			if _, err := m.Refresh(t.Context(), workspace, id); err == nil {
				t.Error("Refresh of an unreadable connection succeeded")
			} else {
				wantKind(t, err, ErrUnreadable)
			}
			wantInt(t, "calls with an unreadable token", f.calls("campaigns"), calls)
			if got := m.connect(f, "fake"); got != id {
				t.Errorf("reconnect made %s, want %s", got, id)
			}
			m.figures(id)
			m.wantState(id, StateConnected, "")
		})
	}
}

// Tokens of an earlier grant cannot be put back.
func TestEarlierGrantDoesNotOpen(t *testing.T) {
	f, m, id := pair(t, nil)
	before, _, err := m.db.Connection(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	m.connect(f, "fake")
	row, _, err := m.db.Connection(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	row.AccessToken = before.AccessToken
	if err := m.db.PutConnection(t.Context(), row); err != nil {
		t.Fatal(err)
	}
	_, err = m.access(t.Context(), id, need{})
	wantKind(t, err, ErrUnreadable)
}

// E-05: after adding a key everything opens as before; Reseal moves all rows to
// the new key; a running MINT follows.
func TestReseal(t *testing.T) {
	f, m, id := pair(t, func(i *platform.Integration) { // an own account as well
		i.Grants, i.ApplicationEndpoint = append(i.Grants, platform.GrantClientCredentials), i.APIBase+"/api/application"
	})
	if _, err := m.Application(t.Context(), "fake"); err != nil {
		t.Fatal(err)
	}
	_, open := m.begin(f)
	if _, err := vault.AddKey(m.ringPath); err != nil {
		t.Fatal(err)
	}
	operator, db := m.open()
	defer db.Close()
	report, err := operator.Reseal(t.Context())
	if err != nil || report != (ResealReport{Resealed: 4}) { // two tokens, MINT's own, the open flow's verifier
		t.Errorf("report = %+v, %v; want 4 resealed", report, err)
	}
	report, err = operator.Reseal(t.Context())
	if err != nil || report != (ResealReport{Current: 4}) {
		t.Errorf("second report = %+v, %v; want 4 current", report, err)
	}
	m.figures(id)
	if outcome := m.finishAs(workspace, session, open); outcome.Kind != Connected {
		t.Errorf("outcome = %+v: a flow begun before", outcome)
	}
	if _, err := m.Application(t.Context(), "fake"); err != nil {
		t.Error(err)
	}
	wantInt(t, "own token requests", f.calls("token", platform.GrantClientCredentials), 1)
}

// Another key ring than the database's is refused at the start.
func TestForeignKeyringIsRefused(t *testing.T) {
	_, m, _ := pair(t, nil)
	path := m.ringPath + ".other"
	if err := vault.GenerateKeyring(path); err != nil {
		t.Fatal(err)
	}
	ring, err := vault.LoadKeyring(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = NewService(Deps{Integrations: m.integrations, Database: m.db, Keyring: ring, RedirectURI: "http://127.0.0.1/"})
	if err == nil || !strings.Contains(err.Error(), m.database) {
		t.Errorf("NewService = %v, want a refusal that names the database", err)
	}
}

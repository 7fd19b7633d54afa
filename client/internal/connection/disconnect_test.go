package connection

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client/internal/platform"
)

// CL-65, E-14, U-13: refresh token first, then access token; nothing is left,
// and no call follows.
func TestDisconnect(t *testing.T) {
	f, m, id := pair(t, nil)
	m.figures(id)
	outcome, err := m.Disconnect(t.Context(), workspace, id)
	if err != nil || !outcome.Revoked || outcome.Pending {
		t.Fatalf("outcome = %+v, %v; want revoked", outcome, err)
	}
	if want := []string{"refresh_token tok-refresh-2", "access_token tok-access-2"}; !slices.Equal(f.revoked, want) {
		t.Errorf("revoked %v, want %v", f.revoked, want)
	}
	calls := len(f.requests)
	_, err = m.Campaigns(t.Context(), workspace, id)
	wantKind(t, err, ErrNeedsReconnect)
	_, err = m.Refresh(t.Context(), workspace, id)
	wantKind(t, err, ErrNeedsReconnect)
	if _, err := m.Disconnect(t.Context(), workspace, id); err != nil {
		t.Error(err)
	}
	if got := len(f.requests); got != calls {
		t.Errorf("%d calls after disconnecting", got-calls)
	}
	row, _, err := m.db.Connection(t.Context(), id)
	if err != nil || row.AccessToken != nil || row.RefreshToken != nil {
		t.Error("the ended connection still holds tokens")
	}
	if _, found, err := m.db.Snapshot(t.Context(), id); err != nil || found {
		t.Error("the ended connection still holds figures")
	}
	m.wantState(id, StateDisconnected, "")
	if got := m.connect(f, "fake"); got != id {
		t.Errorf("connecting again made %s, want %s", got, id)
	}
	m.figures(id)
}

// CL-66: a platform that cannot be told yet: ended here at once, told later,
// not before Retry-After, also after a restart.
func TestRevocationIsRepeated(t *testing.T) {
	f, m, id := pair(t, nil)
	f.script("revoke", answer(503, ``, "Retry-After", "120"))
	outcome, err := m.Disconnect(t.Context(), workspace, id)
	if err != nil || outcome.Revoked || !outcome.Pending {
		t.Fatalf("outcome = %+v, %v; want pending", outcome, err)
	}
	m.wantState(id, StateDisconnected, "")
	wantInt(t, "revocations", f.calls("revoke"), 1)
	m.kill()
	m.start()
	m.clock.Advance(119 * time.Second)
	if left, err := m.RunOutbox(t.Context()); err != nil || left != 2 {
		t.Errorf("left %d, %v; want 2 waiting", left, err)
	}
	wantInt(t, "revocations before Retry-After", f.calls("revoke"), 1)
	m.clock.Advance(2 * time.Second)
	f.script("revoke", dropBefore)
	if left, err := m.RunOutbox(t.Context()); err != nil || left != 1 {
		t.Errorf("left %d, %v; want 1 waiting", left, err)
	}
	m.clock.Advance(time.Minute)
	if left, err := m.RunOutbox(t.Context()); err != nil || left != 0 {
		t.Errorf("left %d, %v; want none", left, err)
	}
	slices.Sort(f.revoked)
	if want := []string{"access_token tok-access-2", "refresh_token tok-refresh-2"}; !slices.Equal(f.revoked, want) {
		t.Errorf("revoked %v, want %v", f.revoked, want)
	}
}

// A platform that never takes a revocation is asked a bounded number of times.
func TestRevocationGivesUp(t *testing.T) {
	f, m, id := pair(t, nil)
	for range 100 {
		f.script("revoke", answer(500, ``))
	}
	if _, err := m.Disconnect(t.Context(), workspace, id); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		m.clock.Advance(10 * time.Minute)
		if _, err := m.RunOutbox(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	wantInt(t, "revocations", f.calls("revoke"), 2*revocationTries)
}

// Without a revocation endpoint the tokens are erased, and the customer is told
// the truth.
func TestDisconnectWithoutEndpoint(t *testing.T) {
	f, m, id := pair(t, func(i *platform.Integration) { i.RevocationEndpoint = "" })
	outcome, err := m.Disconnect(t.Context(), workspace, id)
	if err != nil || outcome.Revoked || outcome.Pending || outcome.Sentence == "" {
		t.Errorf("outcome = %+v, %v; want neither revoked nor pending", outcome, err)
	}
	wantInt(t, "revocations", f.calls("revoke"), 0)
}

// CL-71: one token of MINT's own per life, across restarts; a new one by the
// same grant; a refresh token in the answer is ignored.
func TestApplicationAccount(t *testing.T) {
	f, m, _ := pair(t, func(i *platform.Integration) {
		i.Grants, i.ApplicationEndpoint = append(i.Grants, platform.GrantClientCredentials), i.APIBase+"/api/application"
	})
	ask := func(times int) {
		t.Helper()
		for range times {
			if application, err := m.Application(t.Context(), "fake"); err != nil || application.Name != "MINT" {
				t.Fatalf("application = %+v, %v", application, err)
			}
		}
	}
	ask(25)
	m.kill()
	m.start()
	ask(25)
	wantInt(t, "own token requests", f.calls("token", platform.GrantClientCredentials), 1)
	m.clock.Advance(20 * time.Minute)
	ask(1)
	wantInt(t, "own token requests after expiry", f.calls("token", platform.GrantClientCredentials), 2)
	f.expireAccess()
	ask(1)
	wantInt(t, "own token requests after a 401", f.calls("token", platform.GrantClientCredentials), 3)
	wantInt(t, "refreshes", f.calls("token", refreshGrant), 0)
	description := "reads and suggests"
	if _, err := m.UpdateApplication(t.Context(), "fake", ApplicationChange{Description: &description}); err != nil {
		t.Error(err)
	}
	m.clock.Advance(20 * time.Minute)
	f.script("token", answer(429, ``, "Retry-After", "60"))
	for range 3 {
		_, err := m.Application(t.Context(), "fake")
		wantKind(t, err, ErrThrottled)
	}
	wantInt(t, "own token requests while throttled", f.calls("token", platform.GrantClientCredentials), 4)
	m.clock.Advance(time.Minute)
	f.script("token", answer(401, `{"error":"invalid_client"}`))
	for range 3 {
		_, err := m.Application(t.Context(), "fake")
		wantKind(t, err, ErrUnavailable)
	}
	wantInt(t, "own token requests while refused", f.calls("token", platform.GrantClientCredentials), 5)
	if _, err := m.Application(t.Context(), "nowhere"); !errors.Is(err, ErrNotFound) {
		t.Errorf("unknown platform: %v, want ErrNotFound", err)
	}
}

// The operator sees all workspaces.
func TestOperatorListsAndShows(t *testing.T) {
	_, m, id := pair(t, nil)
	all, err := m.List(t.Context())
	if err != nil || len(all) != 1 || all[0].ID != id || all[0].Workspace != workspace {
		t.Errorf("list = %+v, %v", all, err)
	}
	one, err := m.Show(t.Context(), id)
	if err != nil || one.Workspace != workspace || one.AccountName != "Maya Okafor" {
		t.Errorf("show = %+v, %v", one, err)
	}
	if got, err := m.Refresh(t.Context(), one.Workspace, id); err != nil || got.Version != one.Version+1 {
		t.Errorf("refresh = %+v, %v; want version %d", got, err, one.Version+1)
	}
}

package connection

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// killDuringRefresh connects, lets the access token end and kills MINT at a
// point of the refresh; then a new process starts on the same files.
func killDuringRefresh(t *testing.T, point string, change func(*platform.Integration), grace time.Duration) (*fakePlatform, *testMint, string) {
	t.Helper()
	f, m, id := pair(t, change)
	f.set(func(f *fakePlatform) { f.grace = grace })
	m.figures(id)
	m.clock.Advance(time.Hour)
	m.dieAt(point)
	if _, err := m.access(t.Context(), id, need{}); !errors.Is(err, errKilled) && point != "promoted" {
		t.Fatalf("access = %v, want death at %q", err, point)
	}
	m.kill()
	m.start()
	return f, m, id
}

func samePair(i *platform.Integration) {
	i.Refresh = platform.RefreshRule{Replay: platform.ReplaySamePair, Window: 30 * time.Second}
}

// CL-55 and the table of kill points: what a dead process leaves behind, and
// what the next one makes of it.
func TestKillPoints(t *testing.T) {
	for name, row := range map[string]struct {
		point     string
		rule      func(*platform.Integration)
		grace     time.Duration
		phase     string // what is left behind; empty: no attempt
		refreshes int    // in all, when the figures are there again
		state     State
		reason    Reason
	}{
		"claimed: the token is unused":     {"claimed", nil, 0, store.Claimed, 1, StateConnected, ""},
		"sent, the platform saw nothing":   {"sent", nil, 0, store.Sent, 1, StateConnected, ""},
		"answer in memory only, no grace":  {"delivered", nil, 0, store.Sent, 2, StateNeedsReconnect, ReasonAnswerLost},
		"answer in memory only, grace":     {"delivered", samePair, 30 * time.Second, store.Sent, 2, StateConnected, ""},
		"answered: sealed, not promoted":   {"answered", nil, 0, store.Answered, 1, StateConnected, ""},
		"promoted: stored, nobody told":    {"promoted", nil, 0, "", 1, StateConnected, ""},
		"answered, with grace: no replay":  {"answered", samePair, 30 * time.Second, store.Answered, 1, StateConnected, ""},
		"journal: about to store, no luck": {"journal", nil, 0, store.Sent, 2, StateNeedsReconnect, ReasonAnswerLost},
	} {
		t.Run(name, func(t *testing.T) {
			f, m, id := killDuringRefresh(t, row.point, row.rule, row.grace)
			attempt, found, err := m.db.Attempt(t.Context(), id)
			if err != nil || found != (row.phase != "") || attempt.Phase != row.phase {
				t.Errorf("left behind: %q (%v), want %q", attempt.Phase, err, row.phase)
			}
			snapshot, err := m.Campaigns(t.Context(), workspace, id)
			if err != nil || snapshot.Stale != (row.state != StateConnected) {
				t.Errorf("figures: stale %t (%s), error %v", snapshot.Stale, snapshot.Problem, err)
			}
			wantInt(t, "refreshes", f.calls("token", refreshGrant), row.refreshes)
			m.wantState(id, row.state, row.reason)
			if attempts, err := m.db.Attempts(t.Context()); err != nil || len(attempts) != 0 {
				t.Errorf("attempts left: %v, %v", attempts, err)
			}
			if row.state == StateConnected {
				m.clock.Advance(time.Hour) // the next refresh uses what was stored
				m.figures(id)
				m.wantState(id, StateConnected, "")
			}
		})
	}
}

// The same at start-up, when nobody looks: Run recovers by itself.
func TestStartUpRecovers(t *testing.T) {
	for name, row := range map[string]struct {
		point     string
		rule      func(*platform.Integration)
		grace     time.Duration
		refreshes int
		version   int64 // of the connection afterwards
	}{
		"claimed is forgotten":       {"claimed", nil, 0, 0, 1},
		"answered is promoted":       {"answered", nil, 0, 1, 2},
		"sent is replayed in grace":  {"delivered", samePair, 30 * time.Second, 2, 2},
		"sent, token ended: replays": {"sent", nil, 0, 1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			f, m, id := killDuringRefresh(t, row.point, row.rule, row.grace)
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- m.Run(ctx) }()
			eventually(t, "recovery", func() bool {
				_, found, err := m.db.Attempt(t.Context(), id)
				return err == nil && !found
			})
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			wantInt(t, "refreshes", f.calls("token", refreshGrant), row.refreshes)
			if got := m.show(id).Version; got != row.version {
				t.Errorf("version = %d, want %d", got, row.version)
			}
		})
	}
}

// A living process keeps its lease: another one neither waits for ever nor
// takes it over.
func TestLeaseOfALivingProcessHolds(t *testing.T) {
	f, m, id := pair(t, nil)
	other, db := m.open()
	defer db.Close()
	m.clock.Advance(time.Hour)
	gate := make(chan struct{})
	f.set(func(f *fakePlatform) { f.delay = gate })
	first := make(chan error, 1)
	go func() { _, err := m.access(t.Context(), id, need{}); first <- err }()
	eventually(t, "a refresh", func() bool { return f.calls("token", refreshGrant) == 1 })
	if err := other.recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := make(chan error, 1)
	go func() { _, err := other.access(t.Context(), id, need{}); second <- err }()
	close(gate)
	if err := errors.Join(<-first, <-second); err != nil {
		t.Error(err)
	}
	wantInt(t, "refreshes", f.calls("token", refreshGrant), 1)
}

// TX-09: a lease that lapsed while its holder was busy is taken over, and the
// holder's late answer is not mixed in.
func TestLapsedLeaseIsFenced(t *testing.T) {
	f, m, id := pair(t, samePair)
	f.set(func(f *fakePlatform) { f.grace = 30 * time.Second })
	other, db := m.open()
	defer db.Close()
	m.clock.Advance(time.Hour)
	machine := newClock()
	m.machine, other.machine = machine.Now, machine.Now
	gate := make(chan struct{})
	f.set(func(f *fakePlatform) { f.delay = gate })
	first := make(chan error, 1)
	go func() { _, err := m.access(t.Context(), id, need{}); first <- err }()
	eventually(t, "a refresh", func() bool { return f.calls("token", refreshGrant) == 1 })
	machine.Advance(leaseTime + time.Second)
	f.set(func(f *fakePlatform) { f.delay = nil })
	got, err := other.access(t.Context(), id, need{})
	if err != nil {
		t.Fatal(err)
	}
	close(gate)
	if err := <-first; err != nil {
		t.Errorf("the late holder got %v, want the token that is stored", err)
	}
	if row := m.show(id); row.Version != got.version || row.State != StateConnected {
		t.Errorf("version %d, state %s; want %d, connected", row.Version, row.State, got.version)
	}
}

// TX-04: the database fails when the answer arrives; MINT tries again, and no
// token is lost.
func TestAnswerSurvivesAFailingDatabase(t *testing.T) {
	f, m, id := pair(t, nil)
	m.figures(id)
	m.clock.Advance(time.Hour)
	failures := 3
	m.hook = func(point string) error {
		if point == "journal" && failures > 0 {
			failures--
			return errors.New("disk is full")
		}
		return nil
	}
	m.figures(id)
	wantInt(t, "failures left", failures, 0)
	m.clock.Advance(time.Hour)
	m.figures(id)
	wantInt(t, "refreshes", f.calls("token", refreshGrant), 2)
}

// The same when it fails for longer than the lease: the answer waits in memory.
func TestAnswerIsHeldWhileTheDatabaseFails(t *testing.T) {
	f, m, id := pair(t, nil)
	m.figures(id)
	m.clock.Advance(time.Hour)
	machine := newClock()
	m.machine = machine.Now
	m.hook = func(point string) error {
		if point == "journal" {
			machine.Advance(time.Minute)
			return errors.New("disk is full")
		}
		return nil
	}
	if _, err := m.access(t.Context(), id, need{}); err == nil {
		t.Fatal("a refresh that could not be stored was reported as done")
	}
	m.hook = func(string) error { return nil }
	m.figures(id)
	wantInt(t, "refreshes", f.calls("token", refreshGrant), 1)
	m.wantState(id, StateConnected, "")
}

// A connect that dies after its tokens arrived is finished at the next start.
func TestAnsweredConnectIsRecovered(t *testing.T) {
	clock := newClock()
	f := newFake(t, clock)
	m := newMint(t, clock, f.integration("fake"))
	address, err := m.StartConnect(t.Context(), workspace, session, "fake", nil)
	if err != nil {
		t.Fatal(err)
	}
	callback := f.consent(address)
	// The hook stands for death, so what FinishConnect does after it does not
	// count: the flow is put back as the dead process left it.
	flowHash := m.keyring.Fingerprint("state", callback.State)
	var left store.Flow
	m.hook = func(point string) error {
		if point != "flow answered" {
			return nil
		}
		left, _, err = m.db.Flow(t.Context(), flowHash)
		return errKilled
	}
	if _, err := m.FinishConnect(t.Context(), workspace, session, callback); !errors.Is(err, errKilled) {
		t.Fatalf("FinishConnect = %v, want death", err)
	}
	if err := m.db.PutFlow(t.Context(), left); err != nil {
		t.Fatal(err)
	}
	m.kill()
	m.start()
	if err := m.recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	states, err := m.Overview(t.Context(), workspace)
	if err != nil || states[0].State != StateConnected {
		t.Fatalf("overview = %+v, %v, want connected", states, err)
	}
	m.figures(states[0].Connection.ID)
	if got := m.show(states[0].Connection.ID).Account; got != "maya-ads" {
		t.Errorf("account = %q, want maya-ads", got)
	}
	wantInt(t, "exchanges", f.calls("token", "authorization_code"), 1)
	if !slices.Equal(m.show(states[0].Connection.ID).Scopes, []string{"ads.read", "ads.write"}) {
		t.Error("scopes are not those that were asked for")
	}
}

// A MINT that dies as soon as it has refused tokens of another account, before
// it has noted that the attempt failed, does not take them at its next start.
func TestRefusedTokensAreNotTakenAtTheNextStart(t *testing.T) {
	f, m := newPair(t)
	id := m.connect(f, "fake")
	m.figures(id)
	before := m.show(id).Version
	f.set(func(f *fakePlatform) { f.account.Account = "oskar-ads" })
	_, callback := m.begin(f)
	flowHash := m.keyring.Fingerprint("state", callback.State)
	var left store.Flow
	m.hook = func(point string) error {
		if point != "flow answered" {
			return nil
		}
		flow, _, err := m.db.Flow(t.Context(), flowHash)
		left = flow
		return errors.Join(err, errKilled)
	}
	if _, err := m.FinishConnect(t.Context(), workspace, session, callback); !errors.Is(err, errKilled) {
		t.Fatalf("FinishConnect = %v, want death", err)
	}
	if err := m.db.PutFlow(t.Context(), left); err != nil {
		t.Fatal(err)
	}
	answer := platform.TokenAnswer{AccessToken: "other-access", RefreshToken: "other-refresh", Lifetime: time.Hour}
	if outcome, err := m.adopt(t.Context(), left, answer, &platform.Account{Account: "oskar-ads"}); err != nil || outcome.Kind != Failed {
		t.Fatalf("adopt = %+v, %v, want a refusal", outcome, err)
	}
	m.kill()
	m.start()
	if err := m.recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now := m.show(id); now.Version != before || now.Account != "maya-ads" {
		t.Errorf("connection %+v, want it as it was, at version %d", now, before)
	}
	if flow, _, err := m.db.Flow(t.Context(), flowHash); err != nil || flow.Phase != store.FlowFailed || flow.Answer != nil {
		t.Errorf("the flow is %q with %d bytes of answer, %v", flow.Phase, len(flow.Answer), err)
	}
}

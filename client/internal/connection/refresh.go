package connection

import (
	"context"
	"crypto/rand"
	"errors"
	"math/big"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/vault"
)

// renewal is one refresh of one connection, from the claim to the stored
// result. Its steps, each committed before the next begins:
//
//	claim    the lease is ours, the attempt row says "claimed": nothing was sent
//	send     the attempt says "sent", then the request goes out, once
//	journal  the answer's bytes are sealed into the attempt ("answered")
//	promote  the answer is parsed and becomes the connection's tokens
//
// A process that dies between two steps leaves a row from which the next one
// goes on; see claim and Run.
type renewal struct {
	client       *platform.Client
	owner        string
	row          store.Connection
	attempt      store.Attempt
	refreshToken platform.Secret
	need         need
	sends        int  // in this flight
	resumed      bool // the attempt was sent by an earlier flight
	lost         *platform.Failure
}

// renew runs one flight. It holds no database connection while it waits for
// the platform.
func (s *Service) renew(ctx context.Context, seen store.Connection, need need) (access, error) {
	client, err := s.client(seen.Platform)
	if err != nil {
		return access{}, err
	}
	work := &renewal{client: client, owner: s.db.Owner(), need: need}
	deadline := s.machine().Add(leaseWait)
	for {
		got, busy, err := s.claim(ctx, work, seen)
		switch {
		case err != nil || got.version != 0:
			return got, err
		case !busy:
			return s.drive(ctx, work)
		case s.machine().After(deadline) || !pause(ctx, jitter(30*time.Millisecond)):
			return access{}, &Problem{Kind: ErrUnavailable, Sentence: "MINT is busy renewing its access to " +
				s.title(seen.Platform) + ". Please try again.", Cause: errors.New("another process holds the lease")}
		}
	}
}

// claim takes the lease in one short write transaction. It returns a token
// when somebody else renewed meanwhile, busy when somebody else is at it.
func (s *Service) claim(ctx context.Context, work *renewal, seen store.Connection) (got access, busy bool, err error) {
	var problem error // to be returned although the transaction commits
	err = s.db.Write(ctx, func(tx store.Queries) error {
		now := s.now()
		row, found, err := tx.Connection(ctx, seen.ID)
		if err != nil {
			return err
		}
		if !found || row.Generation != seen.Generation {
			return errMoved
		}
		if state := State(row.State); state != StateConnected && state != StateDegraded {
			return errMoved
		}
		if row.Version > seen.Version {
			got, _, problem = s.openIn(&row)
			return s.putIfUnreadable(ctx, tx, row, problem)
		}
		if problem, err = s.holdBack(ctx, tx, row, work.need, now); problem != nil || err != nil {
			return err
		}
		if s.leased(row, work.owner) {
			busy = true
			return nil
		}
		if row.RefreshToken == nil {
			problem, err = s.loseWithoutRefreshToken(ctx, tx, row, work.need, now)
			return err
		}
		work.row = row
		if work.refreshToken, err = s.openToken(row, refreshColumn); err != nil {
			problem = err
			return s.putIfUnreadable(ctx, tx, row, err)
		}
		return s.takeLease(ctx, tx, work)
	})
	if err == nil && errors.Is(problem, vault.ErrUnreadable) {
		problem = s.unreadableProblem(seen, problem)
	}
	if err == nil {
		err = problem
	}
	if err == nil && !busy && got.version == 0 {
		err = s.hook("claimed")
	}
	return got, busy, err
}

// openIn opens the access token of a row within a transaction.
func (s *Service) openIn(row *store.Connection) (access, bool, error) {
	token, err := s.openToken(*row, accessColumn)
	return access{token: token, version: row.Version}, err == nil, err
}

// leased reports whether another living process, or another flight, is at it.
func (s *Service) leased(row store.Connection, owner string) bool {
	return row.LeaseOwner != "" && row.LeaseOwner != owner &&
		s.machine().Before(row.LeaseUntil) && s.db.OwnerAlive(row.LeaseOwner)
}

// takeLease marks the row and finds or makes its attempt. What an earlier
// flight left decides how this one goes on: claimed was never sent, answered
// only needs promoting, sent is for replay to judge.
func (s *Service) takeLease(ctx context.Context, tx store.Queries, work *renewal) error {
	attempt, found, err := tx.Attempt(ctx, work.row.ID)
	if err != nil {
		return err
	}
	if held, ok := s.heldAnswer(work.row.ID); ok && found && held.ID == attempt.ID {
		attempt = held
	}
	if !found || attempt.Generation != work.row.Generation || attempt.Fingerprint != work.row.RefreshFingerprint ||
		attempt.Phase == store.Claimed {
		attempt = store.Attempt{
			Connection: work.row.ID, ID: rand.Text(), Generation: work.row.Generation, Version: work.row.Version,
			Fingerprint: work.row.RefreshFingerprint, Phase: store.Claimed,
		}
	}
	work.resumed = attempt.Phase == store.Sent
	attempt.Owner = work.owner
	work.row.LeaseOwner, work.row.LeaseUntil = work.owner, s.machine().Add(leaseTime)
	work.attempt = attempt
	return errors.Join(tx.PutAttempt(ctx, attempt), tx.PutConnection(ctx, work.row))
}

// drive takes the attempt from where it stands to its end.
func (s *Service) drive(ctx context.Context, work *renewal) (access, error) {
	for {
		switch work.attempt.Phase {
		case store.Answered:
			got, failure, err := s.promote(ctx, work)
			if failure == nil || err != nil {
				return got, err
			}
			work.lost = failure
			continue
		case store.Sent:
			wait, allowed := replay(work, s.now())
			if !allowed || !pause(ctx, wait) {
				return access{}, s.leaveOpen(ctx, work)
			}
		}
		failure, err := s.send(ctx, work)
		switch {
		case err != nil:
			return access{}, err
		case failure == nil:
		case failure.Class == platform.ClassAmbiguous || failure.Class == platform.ClassUnparseable:
			work.lost = failure
		default:
			return s.settle(ctx, work, failure)
		}
	}
}

// send marks the attempt as sent, sends the refresh token once and journals
// the answer. A failure is the platform's; an error is ours, or errMoved.
func (s *Service) send(ctx context.Context, work *renewal) (*platform.Failure, error) {
	if err := s.markSent(ctx, work); err != nil {
		return nil, err
	}
	if err := s.hook("sent"); err != nil {
		return nil, err
	}
	work.sends++
	body, err := work.client.Refresh(ctx, work.refreshToken)
	if err != nil {
		failure := platform.FailureOf(err)
		if failure == nil {
			return nil, err
		}
		s.log.WarnContext(ctx, "refresh failed", "connection", work.row.ID, "platform", work.row.Platform,
			"class", failure.Class, "status", failure.Status, "code", failure.Code)
		return failure, nil
	}
	if err := s.hook("delivered"); err != nil {
		return nil, err
	}
	return nil, s.journal(ctx, work, body)
}

// markSent commits, before the socket is opened, that the refresh token may be
// used from now on. The time of the first sending never moves: a platform's
// grace counts from there.
func (s *Service) markSent(ctx context.Context, work *renewal) error {
	return s.db.WriteDurably(ctx, func(tx store.Queries) error {
		row, attempt, err := s.mine(ctx, tx, work)
		if err != nil {
			return err
		}
		now := s.now()
		attempt.Phase, attempt.SentAt = store.Sent, now
		attempt.Sends++
		if attempt.FirstSentAt.IsZero() {
			attempt.FirstSentAt = now
		}
		row.LeaseUntil = s.machine().Add(leaseTime)
		work.row, work.attempt = row, attempt
		return errors.Join(tx.PutAttempt(ctx, attempt), tx.PutConnection(ctx, row))
	})
}

// mine re-reads row and attempt and checks that both are still this flight's.
func (s *Service) mine(ctx context.Context, tx store.Queries, work *renewal) (store.Connection, store.Attempt, error) {
	row, found, err := tx.Connection(ctx, work.row.ID)
	if err != nil {
		return row, store.Attempt{}, err
	}
	attempt, under, err := tx.Attempt(ctx, work.row.ID)
	if err != nil {
		return row, attempt, err
	}
	if !found || !under || row.Generation != work.row.Generation || row.LeaseOwner != work.owner || attempt.ID != work.attempt.ID {
		return row, attempt, errMoved
	}
	return row, attempt, nil
}

// journal seals the answer's bytes into the attempt before anybody looks at
// them. While the database fails it tries again as long as the lease lasts,
// and then keeps the sealed answer in memory for the next flight.
func (s *Service) journal(ctx context.Context, work *renewal, body []byte) error {
	sealed, err := s.keyring.Seal(answerBinding(work.attempt), body)
	if err != nil {
		return err
	}
	work.attempt.Phase, work.attempt.Answer = store.Answered, sealed
	for {
		err := s.writeAnswer(ctx, work, body)
		if err == nil || errors.Is(err, errMoved) || errors.Is(err, errKilled) {
			return err
		}
		s.log.ErrorContext(ctx, "a refreshed token could not be stored yet", "connection", work.row.ID, "error", err)
		if s.machine().After(work.row.LeaseUntil) || !pause(ctx, 100*time.Millisecond) {
			s.holdAnswer(work.attempt)
			return err
		}
	}
}

func (s *Service) writeAnswer(ctx context.Context, work *renewal, body []byte) error {
	if err := s.hook("journal"); err != nil {
		return err
	}
	moved := false
	err := s.db.WriteDurably(ctx, func(tx store.Queries) error {
		_, _, err := s.mine(ctx, tx, work)
		if errors.Is(err, errMoved) {
			moved = true
			return s.abandon(ctx, tx, work.row, body)
		}
		if err != nil {
			return err
		}
		return tx.PutAttempt(ctx, work.attempt)
	})
	if err == nil && moved {
		return errMoved
	}
	if err != nil {
		return err
	}
	return s.hook("answered")
}

func (s *Service) holdAnswer(attempt store.Attempt) {
	s.heldMutex.Lock()
	defer s.heldMutex.Unlock()
	s.held[attempt.Connection] = attempt
}

func (s *Service) heldAnswer(id string) (store.Attempt, bool) {
	s.heldMutex.Lock()
	defer s.heldMutex.Unlock()
	attempt, ok := s.held[id]
	delete(s.held, id)
	return attempt, ok
}

// errKilled is what a test's hook returns to stand for the death of the
// process: everything stops where it is.
var errKilled = errors.New("killed")

// jitter spreads a wait over half to all of it.
func jitter(wait time.Duration) time.Duration {
	half := int64(wait / 2)
	spread, err := rand.Int(rand.Reader, big.NewInt(half+1))
	if err != nil {
		return wait
	}
	return time.Duration(half + spread.Int64())
}

package connection

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/vault"
)

// promote turns a journalled answer into the connection's tokens. The failure
// is set, and the attempt counts as sent again, when the answer is a success
// that makes no sense: then nobody knows what the platform did.
func (s *Service) promote(ctx context.Context, work *renewal) (access, *platform.Failure, error) {
	body, err := s.keyring.Open(answerBinding(work.attempt), work.attempt.Answer)
	if errors.Is(err, vault.ErrUnreadable) {
		return access{}, nil, s.markUnreadable(ctx, work.row, err)
	}
	if err != nil {
		return access{}, nil, err
	}
	answer, err := platform.ParseTokenAnswer("refresh", body)
	if err == nil {
		got, err := s.store(ctx, work, answer)
		return got, nil, err
	}
	failure := platform.FailureOf(err)
	if failure.Class != platform.ClassUnparseable || failure.RefreshToken != "" {
		got, err := s.settle(ctx, work, failure)
		return got, nil, err
	}
	work.attempt.Phase, work.attempt.Answer = store.Sent, nil
	err = s.db.Write(ctx, func(tx store.Queries) error {
		if _, _, err := s.mine(ctx, tx, work); err != nil {
			return err
		}
		return tx.PutAttempt(ctx, work.attempt)
	})
	return access{}, failure, err
}

// store commits the new tokens. Only after that may anybody use them.
func (s *Service) store(ctx context.Context, work *renewal, answer platform.TokenAnswer) (access, error) {
	var got access
	err := s.db.Write(ctx, func(tx store.Queries) error {
		row, attempt, err := s.mine(ctx, tx, work)
		if err != nil {
			return err
		}
		if err := s.sealTokens(&row, answer.AccessToken, answer.RefreshToken); err != nil {
			return err
		}
		now := s.now()
		row.Version++
		row.AccessLifetime = answer.Lifetime
		row.AccessExpiresAt = lifeStart(work.client.Integration().Refresh, attempt).Add(answer.Lifetime)
		row.RefreshedAt = now
		row.TokenFailures, row.TokenRetryAt, row.TokenHoldUntil = 0, time.Time{}, time.Time{}
		if err := s.takeScopes(ctx, tx, &row, answer, now); err != nil {
			return err
		}
		if err := s.enter(ctx, tx, &row, StateConnected, "", now); err != nil {
			return err
		}
		if err := s.finish(ctx, tx, &row, work, "refreshed"); err != nil {
			return err
		}
		got = access{token: answer.AccessToken, version: row.Version}
		_, err = tx.DeleteRefusal(ctx, row.Platform)
		return err
	})
	if err == nil {
		s.log.InfoContext(ctx, "refreshed", "connection", work.row.ID, "platform", work.row.Platform, "version", got.version)
		err = s.hook("promoted")
	}
	return got, err
}

// lifeStart is from when a lifetime counts: the sending of the answered
// request. A platform that repeats the same pair made it at the first one.
func lifeStart(rule platform.RefreshRule, attempt store.Attempt) time.Time {
	if rule.Replay == platform.ReplaySamePair {
		return attempt.FirstSentAt
	}
	return attempt.SentAt
}

// takeScopes stores the granted scope when the answer states it.
func (s *Service) takeScopes(ctx context.Context, tx store.Queries, row *store.Connection, answer platform.TokenAnswer, now time.Time) error {
	if !answer.ScopeStated || slices.Equal(answer.Scopes, row.Scopes) {
		return nil
	}
	row.Scopes = answer.Scopes
	return tx.AddAudit(ctx, s.audit(*row, now, "scope_changed", strings.Join(answer.Scopes, " ")))
}

// finish ends an attempt: the lease is free, the attempt row is gone. It
// writes the row.
func (s *Service) finish(ctx context.Context, tx store.Queries, row *store.Connection, work *renewal, event string) error {
	row.LeaseOwner, row.LeaseUntil = "", time.Time{}
	return errors.Join(
		tx.DeleteAttempt(ctx, row.ID),
		tx.PutConnection(ctx, *row),
		tx.AddAudit(ctx, s.audit(*row, s.now(), event, string(lostClass(work)))),
	)
}

func lostClass(work *renewal) platform.Class {
	if work.lost == nil {
		return ""
	}
	return work.lost.Class
}

// enter changes state and reason, with an audit row; it does nothing when both
// are as before. The caller writes the row.
func (s *Service) enter(ctx context.Context, tx store.Queries, row *store.Connection, state State, reason Reason, now time.Time) error {
	if row.State == string(state) && row.Reason == string(reason) {
		return nil
	}
	row.State, row.Reason, row.Since = string(state), string(reason), now
	return tx.AddAudit(ctx, s.audit(*row, now, string(state), string(reason)))
}

func (s *Service) audit(row store.Connection, now time.Time, event, detail string) store.Audit {
	return store.Audit{At: now, Workspace: row.Workspace, Connection: row.ID, Platform: row.Platform, Event: event, Detail: detail}
}

// abandon deals with tokens that arrive for a connection which ended or got
// another grant meanwhile: nothing of them is stored. After a disconnect they
// are revoked; after a reconnect they are dropped, since revoking might end the
// new grant as well (RFC 7009 section 2.1).
func (s *Service) abandon(ctx context.Context, tx store.Queries, seen store.Connection, body []byte) error {
	row, found, err := tx.Connection(ctx, seen.ID)
	if err != nil || !found || State(row.State) != StateDisconnected {
		return err
	}
	answer, err := platform.ParseTokenAnswer("refresh", body)
	if err != nil {
		return nil // nothing there that could be revoked
	}
	return s.revokeLater(ctx, tx, row, answer.RefreshToken, answer.AccessToken)
}

package connection

import (
	"context"
	"errors"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// tokenPause is MINT's first own pause at a token endpoint.
const tokenPause = time.Second

// holdBack says whether a refresh has to wait: for the platform's Retry-After,
// for MINT's own pause, or because the platform refuses MINT itself.
func (s *Service) holdBack(ctx context.Context, tx store.Queries, row store.Connection, need need, now time.Time) (error, error) {
	if now.Before(row.TokenHoldUntil) {
		problem := s.problemOf(row, nil, now)
		problem.Kind, problem.RetryAt = ErrThrottled, row.TokenHoldUntil
		return problem, nil
	}
	if need.manual {
		return nil, nil
	}
	if now.Before(row.TokenRetryAt) {
		problem := s.problemOf(row, nil, now)
		problem.RetryAt = row.TokenRetryAt
		return problem, nil
	}
	refusal, found, err := tx.Refusal(ctx, row.Platform)
	if err != nil || !found || !now.Before(refusal.RetryAt) {
		return nil, err
	}
	return s.problemOf(row, &refusal, now), nil
}

// settle ends an attempt that failed for a known reason. The error it returns
// is a *Problem, or errMoved when the verdict no longer concerns what is
// stored: then that is looked at again.
func (s *Service) settle(ctx context.Context, work *renewal, failure *platform.Failure) (access, error) {
	var problem error
	err := s.db.Write(ctx, func(tx store.Queries) error {
		row, attempt, err := s.mine(ctx, tx, work)
		if err != nil {
			return err
		}
		now := s.now()
		switch failure.Class {
		case platform.ClassGrant:
			if useless(row, work.need, now) {
				row.AccessToken = nil
			}
			err = s.lose(ctx, tx, &row, s.lossReason(work, attempt, now), now)
		case platform.ClassConfiguration:
			err = s.refuse(ctx, tx, &row, attempt, failure, now)
		case platform.ClassUnparseable:
			err = s.keepRefreshToken(ctx, tx, &row, failure, now)
		default:
			err = s.backOff(ctx, tx, &row, attempt, failure, now)
		}
		if err != nil {
			return err
		}
		refusal, refused, err := tx.Refusal(ctx, row.Platform)
		if err != nil {
			return err
		}
		found := s.problemOf(row, nil, now)
		if refused {
			found = s.problemOf(row, &refusal, now)
		}
		found.Cause = failure
		problem = found
		row.LeaseOwner, row.LeaseUntil = "", time.Time{}
		return tx.PutConnection(ctx, row)
	})
	return access{}, errors.Join(err, problem)
}

// lossReason tells why a grant is gone: the evidence is what was sent before
// and whether the access token was not even due.
func (s *Service) lossReason(work *renewal, attempt store.Attempt, now time.Time) Reason {
	switch {
	case attempt.Sends > 1:
		return ReasonAnswerLost
	case now.Before(s.dueAt(work.row)):
		return ReasonRevoked
	}
	return ReasonExpired
}

// lose ends the grant: the refresh token is never sent again. The access token
// stays until its end unless it was rejected.
func (s *Service) lose(ctx context.Context, tx store.Queries, row *store.Connection, reason Reason, now time.Time) error {
	row.RefreshToken = nil
	row.TokenFailures, row.TokenRetryAt = 0, time.Time{}
	if err := s.enter(ctx, tx, row, StateNeedsReconnect, reason, now); err != nil {
		return err
	}
	s.log.WarnContext(ctx, "connection needs reconnect", "connection", row.ID, "platform", row.Platform, "reason", reason)
	return tx.DeleteAttempt(ctx, row.ID)
}

// loseWithoutRefreshToken handles an access token that is of no use any more
// and cannot be renewed. Merely being due is not its end.
func (s *Service) loseWithoutRefreshToken(ctx context.Context, tx store.Queries, row store.Connection, need need, now time.Time) (error, error) {
	if need.manual {
		return &Problem{Kind: ErrNeedsReconnect, Sentence: s.title(row.Platform) + " gave no means to renew MINT's access."}, nil
	}
	if !useless(row, need, now) {
		return errors.New("due, and still of use"), nil // the caller falls back to it
	}
	reason := ReasonNoRefreshToken
	if now.Before(row.AccessExpiresAt) {
		reason = ReasonRevoked
	}
	if err := s.lose(ctx, tx, &row, reason, now); err != nil {
		return nil, err
	}
	return s.problemOf(row, nil, now), tx.PutConnection(ctx, row)
}

// refuse notes that the platform refuses MINT itself. That is the operator's
// business: the grant is kept, and no customer is asked to reconnect.
func (s *Service) refuse(ctx context.Context, tx store.Queries, row *store.Connection, attempt store.Attempt, failure *platform.Failure, now time.Time) error {
	if err := s.noteRefusal(ctx, tx, row.Platform, failure, now); err != nil {
		return err
	}
	return s.keepOrDrop(ctx, tx, attempt)
}

func (s *Service) noteRefusal(ctx context.Context, tx store.Queries, platformID string, failure *platform.Failure, now time.Time) error {
	refusal, found, err := tx.Refusal(ctx, platformID)
	if err != nil {
		return err
	}
	if !found {
		refusal = store.Refusal{Platform: platformID, Since: now}
	}
	refusal.Code = failure.Code
	refusal.Failures++
	refusal.RetryAt = now.Add(max(failure.RetryAfter, backoff(15*time.Second, refusal.Failures, platformID)))
	s.log.ErrorContext(ctx, "platform refuses MINT itself; check client_id, client_secret and client_auth",
		"platform", platformID, "status", failure.Status, "code", failure.Code)
	return tx.PutRefusal(ctx, refusal)
}

// backOff keeps everything and waits: longer each time, or as long as the
// platform asked.
func (s *Service) backOff(ctx context.Context, tx store.Queries, row *store.Connection, attempt store.Attempt, failure *platform.Failure, now time.Time) error {
	reason := ReasonUnreachable
	if failure.Class == platform.ClassThrottled {
		reason = ReasonThrottled
	}
	row.TokenFailures++
	row.TokenRetryAt = now.Add(backoff(tokenPause, row.TokenFailures, row.ID))
	if failure.RetryAfter > 0 {
		row.TokenHoldUntil = now.Add(failure.RetryAfter)
	}
	if err := s.enter(ctx, tx, row, StateDegraded, reason, now); err != nil {
		return err
	}
	return s.keepOrDrop(ctx, tx, attempt)
}

// keepOrDrop drops an attempt that was not processed, which proves the refresh
// token unused; unless an earlier sending of it is still unclear.
func (s *Service) keepOrDrop(ctx context.Context, tx store.Queries, attempt store.Attempt) error {
	if attempt.Sends <= 1 {
		return tx.DeleteAttempt(ctx, attempt.Connection)
	}
	attempt.Phase, attempt.Answer = store.Sent, nil
	return tx.PutAttempt(ctx, attempt)
}

// keepRefreshToken saves the refresh token of a success that was of no other
// use: the platform has rotated, and the old one is spent.
func (s *Service) keepRefreshToken(ctx context.Context, tx store.Queries, row *store.Connection, failure *platform.Failure, now time.Time) error {
	if err := s.sealRefreshToken(row, failure.RefreshToken); err != nil {
		return err
	}
	row.TokenFailures++
	row.TokenRetryAt = now.Add(backoff(tokenPause, row.TokenFailures, row.ID))
	if err := s.enter(ctx, tx, row, StateDegraded, ReasonBadAnswer, now); err != nil {
		return err
	}
	return tx.DeleteAttempt(ctx, row.ID)
}

// leaveOpen ends a flight whose outcome stays unclear: the attempt remains as
// sent, and what the connection has is used as long as it lives.
func (s *Service) leaveOpen(ctx context.Context, work *renewal) error {
	var problem *Problem
	err := s.db.Write(ctx, func(tx store.Queries) error {
		row, _, err := s.mine(ctx, tx, work)
		if err != nil {
			return err
		}
		now := s.now()
		if work.sends > 0 {
			row.TokenFailures++
			row.TokenRetryAt = now.Add(backoff(tokenPause, row.TokenFailures, row.ID))
		}
		reason := ReasonAnswerUnclear
		if work.lost != nil && work.lost.Class == platform.ClassUnparseable {
			reason = ReasonBadAnswer
		}
		if err := s.enter(ctx, tx, &row, StateDegraded, reason, now); err != nil {
			return err
		}
		problem = s.problemOf(row, nil, now)
		if work.lost != nil {
			problem.Cause = work.lost
		}
		row.LeaseOwner, row.LeaseUntil = "", time.Time{}
		return tx.PutConnection(ctx, row)
	})
	if err != nil {
		return err
	}
	return problem
}

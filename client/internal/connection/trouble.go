package connection

import (
	"context"
	"errors"
	"fmt"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// apiProblem turns what a resource call ended with into a *Problem, and notes
// in the row what concerns the next call. Its error is MINT's own fault.
func (s *Service) apiProblem(ctx context.Context, seen store.Connection, failed error) (*Problem, error) {
	var problem *Problem
	if errors.As(failed, &problem) {
		return problem, nil
	}
	failure := platform.FailureOf(failed)
	if failure == nil {
		return nil, failed
	}
	s.log.WarnContext(ctx, "platform call failed", "connection", seen.ID, "platform", seen.Platform, "call", failure.Call,
		"class", failure.Class, "status", failure.Status, "code", failure.Code)
	title := s.title(seen.Platform)
	switch failure.Class {
	case platform.ClassScope:
		return &Problem{Kind: ErrForbiddenScope, Cause: failure,
			Sentence: fmt.Sprintf("Your consent at %s does not cover this. Ask %s for the permission to go on.", title, title)}, nil
	case platform.ClassForbidden:
		return &Problem{Kind: ErrRefused, Cause: failure,
			Sentence: fmt.Sprintf("%s does not allow this with your login there.", title)}, nil
	case platform.ClassNotFound:
		return &Problem{Kind: ErrRefused, Cause: failure,
			Sentence: fmt.Sprintf("%s knows no such thing in your account.", title)}, nil
	case platform.ClassRefused:
		return &Problem{Kind: ErrRefused, Cause: failure, Sentence: refusedSentence(title, failure)}, nil
	}
	return s.degrade(ctx, seen, failure)
}

func refusedSentence(title string, failure *platform.Failure) string {
	if failure.Description == "" {
		return fmt.Sprintf("%s did not accept this.", title)
	}
	return fmt.Sprintf("%s did not accept this. It says: %s", title, failure.Description)
}

// degradedReasons names the reason that a class brings.
var degradedReasons = map[platform.Class]Reason{
	platform.ClassUnauthorized: ReasonRefused,
	platform.ClassThrottled:    ReasonThrottled,
	platform.ClassUnparseable:  ReasonBadAnswer,
}

// degrade notes that the API fails for a reason that may pass.
func (s *Service) degrade(ctx context.Context, seen store.Connection, failure *platform.Failure) (*Problem, error) {
	reason, special := degradedReasons[failure.Class]
	if !special {
		reason = ReasonUnreachable
	}
	var problem *Problem
	err := s.db.Write(ctx, func(tx store.Queries) error {
		row, found, err := tx.Connection(ctx, seen.ID)
		if err != nil {
			return err
		}
		now := s.now()
		state := State(row.State)
		if !found || row.Generation != seen.Generation || state != StateConnected && state != StateDegraded {
			problem = s.problemOf(row, nil, now)
			return nil
		}
		row.APIFailures++
		if row.APIFailures > 1 {
			row.APIRetryAt = now.Add(backoff(apiPause, row.APIFailures-1, row.ID))
		}
		if failure.RetryAfter > 0 {
			row.APIHoldUntil = now.Add(failure.RetryAfter)
		}
		if err := s.enter(ctx, tx, &row, StateDegraded, reason, now); err != nil {
			return err
		}
		problem = s.problemOf(row, nil, now)
		problem.Cause = failure
		return tx.PutConnection(ctx, row)
	})
	return problem, err
}

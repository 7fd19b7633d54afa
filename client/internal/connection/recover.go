package connection

import (
	"context"
	"errors"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// tick is how often Run looks for work, in machine time. Whether something is
// due is judged by the clock that MINT follows.
const tick = 500 * time.Millisecond

// Run recovers what an earlier process left behind, then works on the
// revocation outbox and on refreshes whose answer was lost, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	if err := s.recover(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		if _, err := s.RunOutbox(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "revocation outbox", "error", err)
		}
		if err := s.replayOpen(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "open refreshes", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// recover finishes what a process that died had begun. Connects: tokens that
// arrived become connections. Refreshes: claimed was never sent and is
// forgotten, answered is promoted, sent is left to replay.
func (s *Service) recover(ctx context.Context) error {
	flows, err := s.db.AnsweredFlows(ctx)
	if err != nil {
		return err
	}
	for _, flow := range flows {
		if err := s.recoverFlow(ctx, flow); err != nil {
			return err
		}
	}
	attempts, err := s.db.Attempts(ctx)
	if err != nil {
		return err
	}
	for _, attempt := range attempts {
		if s.db.OwnerAlive(attempt.Owner) {
			continue
		}
		if err := s.recoverAttempt(ctx, attempt); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) recoverFlow(ctx context.Context, flow store.Flow) error {
	body, err := s.keyring.Open(flowBinding(flow, "answer"), flow.Answer)
	var answer platform.TokenAnswer
	if err == nil {
		answer, err = platform.ParseTokenAnswer("exchange", body)
	}
	if err != nil {
		flow.Phase, flow.Answer = store.FlowFailed, nil
		return s.db.PutFlow(ctx, flow)
	}
	_, err = s.adopt(ctx, flow, answer, nil)
	return err
}

// recoverAttempt goes on where the dead process stood. The lease of a dead
// owner is void, so an ordinary flight does the work; what becomes of it is in
// the row, and a problem there is no reason not to start.
func (s *Service) recoverAttempt(ctx context.Context, attempt store.Attempt) error {
	if attempt.Phase == store.Claimed {
		return s.db.DeleteAttempt(ctx, attempt.Connection)
	}
	row, found, err := s.db.Connection(ctx, attempt.Connection)
	if err != nil || !found || row.Generation != attempt.Generation {
		return err
	}
	s.log.InfoContext(ctx, "recovering a refresh", "connection", row.ID, "platform", row.Platform, "phase", attempt.Phase)
	return s.goOn(ctx, row)
}

// goOn runs one flight for an attempt that is under way. rejected is 0, so an
// access token that lives is not given up for it.
func (s *Service) goOn(ctx context.Context, row store.Connection) error {
	_, err := s.join(ctx, row, need{})
	var problem *Problem
	if errors.As(err, &problem) || errors.Is(err, errMoved) {
		return nil
	}
	return err
}

// replayOpen repeats refreshes whose answer was lost while a platform's grace
// window is open: nobody may look at the connection before it closes.
func (s *Service) replayOpen(ctx context.Context) error {
	attempts, err := s.db.Attempts(ctx)
	if err != nil {
		return err
	}
	for _, attempt := range attempts {
		if attempt.Phase != store.Sent {
			continue
		}
		row, found, err := s.db.Connection(ctx, attempt.Connection)
		if err != nil {
			return err
		}
		client, configured := s.clients[row.Platform]
		if !found || !configured || s.leased(row, "") || s.now().Before(later(row.TokenRetryAt, row.TokenHoldUntil)) {
			continue
		}
		rule := client.Integration().Refresh
		if rule.Window > 0 && s.now().Before(attempt.FirstSentAt.Add(rule.Window)) {
			if err := s.goOn(ctx, row); err != nil {
				return err
			}
		}
	}
	return nil
}

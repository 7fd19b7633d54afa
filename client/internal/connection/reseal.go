package connection

import (
	"context"
	"errors"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/vault"
)

// ResealReport counts what Reseal did.
type ResealReport struct {
	Resealed   int // sealed again with the active key
	Current    int // already sealed with it
	Unreadable int // left as they are: no key opens them
}

// Reseal seals every stored secret with the active key of the ring, in one
// transaction: all of them, or none. A running MINT finds a new key in the
// ring's file by itself.
func (s *Service) Reseal(ctx context.Context) (ResealReport, error) {
	var report ResealReport
	err := s.db.Write(ctx, func(tx store.Queries) error {
		report = ResealReport{}
		for _, part := range []func(context.Context, store.Queries, *ResealReport) error{
			s.resealConnections, s.resealAttempts, s.resealFlows, s.resealOutbox, s.resealOwn,
		} {
			if err := part(ctx, tx, &report); err != nil {
				return err
			}
		}
		return nil
	})
	return report, err
}

// reseal replaces one sealed value in place.
func (s *Service) reseal(binding vault.Binding, sealed *[]byte, report *ResealReport) error {
	if *sealed == nil {
		return nil
	}
	value, err := s.keyring.Open(binding, *sealed)
	switch {
	case errors.Is(err, vault.ErrUnreadable):
		report.Unreadable++
		return nil
	case err != nil:
		return err
	case s.keyring.IsCurrent(*sealed):
		report.Current++
		return nil
	}
	*sealed, err = s.keyring.Seal(binding, value)
	report.Resealed++
	return err
}

func (s *Service) resealConnections(ctx context.Context, tx store.Queries, report *ResealReport) error {
	rows, err := tx.AllConnections(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		err := errors.Join(
			s.reseal(tokenBinding(row, accessColumn), &row.AccessToken, report),
			s.reseal(tokenBinding(row, refreshColumn), &row.RefreshToken, report),
		)
		if err != nil {
			return err
		}
		if err := tx.PutConnection(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) resealAttempts(ctx context.Context, tx store.Queries, report *ResealReport) error {
	attempts, err := tx.Attempts(ctx)
	if err != nil {
		return err
	}
	for _, attempt := range attempts {
		if err := s.reseal(answerBinding(attempt), &attempt.Answer, report); err != nil {
			return err
		}
		if err := tx.PutAttempt(ctx, attempt); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) resealFlows(ctx context.Context, tx store.Queries, report *ResealReport) error {
	flows, err := tx.SealedFlows(ctx)
	if err != nil {
		return err
	}
	for _, flow := range flows {
		err := errors.Join(
			s.reseal(flowBinding(flow, "verifier"), &flow.Verifier, report),
			s.reseal(flowBinding(flow, "answer"), &flow.Answer, report),
		)
		if err != nil {
			return err
		}
		if err := tx.PutFlow(ctx, flow); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) resealOutbox(ctx context.Context, tx store.Queries, report *ResealReport) error {
	revocations, err := tx.Revocations(ctx)
	if err != nil {
		return err
	}
	for _, revocation := range revocations {
		if err := s.reseal(outboxBinding(revocation), &revocation.Token, report); err != nil {
			return err
		}
		if err := tx.PutRevocation(ctx, revocation); err != nil {
			return err
		}
	}
	return nil
}

// resealOwn covers what belongs to MINT itself.
func (s *Service) resealOwn(ctx context.Context, tx store.Queries, report *ResealReport) error {
	tokens, err := tx.ApplicationTokens(ctx)
	if err != nil {
		return err
	}
	for _, token := range tokens {
		if err := s.reseal(applicationBinding(token.Platform), &token.Token, report); err != nil {
			return err
		}
		if err := tx.PutApplicationToken(ctx, token); err != nil {
			return err
		}
	}
	proof, found, err := tx.SealProof(ctx)
	if err != nil || !found {
		return err
	}
	var ignored ResealReport
	if err := s.reseal(proofBinding, &proof, &ignored); err != nil {
		return err
	}
	return tx.PutSealProof(ctx, proof)
}

package connection

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// Disconnect ends the connection in MINT first, then revokes the refresh token
// and the access token at the platform (RFC 7009), later if need be. Figures
// and decisions are erased.
func (s *Service) Disconnect(ctx context.Context, workspace, id string) (DisconnectOutcome, error) {
	row, err := s.owned(ctx, workspace, id)
	if err != nil {
		return DisconnectOutcome{}, err
	}
	detached, done, err := s.work.detach(ctx, connectTimeout)
	if err != nil {
		return DisconnectOutcome{}, err
	}
	defer done()
	title := s.title(row.Platform)
	queued, unreadable, err := s.stop(detached, id)
	if err != nil {
		return DisconnectOutcome{}, err
	}
	left, err := s.runOutbox(detached, func(revocation store.Revocation) bool { return revocation.Connection == id })
	if err != nil {
		return DisconnectOutcome{}, err
	}
	switch {
	case row.State == store.Disconnected && left == 0:
		return DisconnectOutcome{Sentence: title + " is disconnected already."}, nil
	case unreadable:
		return DisconnectOutcome{Sentence: fmt.Sprintf("%s is disconnected. MINT could not read its access any more, so please withdraw it at %s as well.", title, title)}, nil
	case left > 0:
		return DisconnectOutcome{Pending: true, Sentence: fmt.Sprintf("%s is disconnected here. %s could not be told yet; MINT tries again until it knows.", title, title)}, nil
	case queued == 0:
		return DisconnectOutcome{Sentence: fmt.Sprintf("%s is disconnected and MINT has erased its access. %s was not told; if it lists connected applications, withdraw MINT there.", title, title)}, nil
	}
	return DisconnectOutcome{Revoked: true, Sentence: fmt.Sprintf("%s is disconnected, and its access is withdrawn.", title)}, nil
}

// stop ends the connection locally in one transaction: from its commit on
// nobody finds a token, a refresh in flight stores nothing, and what is to be
// revoked waits in the outbox.
func (s *Service) stop(ctx context.Context, id string) (queued int, unreadable bool, err error) {
	err = s.db.WriteDurably(ctx, func(tx store.Queries) error {
		row, found, err := tx.Connection(ctx, id)
		if err != nil || !found || row.State == store.Disconnected {
			return err
		}
		now := s.now()
		refresh, refreshErr := s.openToken(row, refreshColumn)
		access, accessErr := s.openToken(row, accessColumn)
		unreadable = refreshErr != nil || accessErr != nil
		if !now.Before(row.AccessExpiresAt) {
			access = "" // ended by itself
		}
		if err := s.revokeLater(ctx, tx, row, refresh, access); err != nil {
			return err
		}
		if err := s.revokeAnswered(ctx, tx, row); err != nil {
			return err
		}
		if err := errors.Join(tx.DeleteAttempt(ctx, id), tx.DropFigures(ctx, id)); err != nil {
			return err
		}
		row.Generation++
		row.AccessToken, row.RefreshToken, row.RefreshFingerprint = nil, nil, ""
		row.Scopes, row.AccessLifetime, row.AccessExpiresAt = nil, 0, time.Time{}
		row.LeaseOwner, row.LeaseUntil = "", time.Time{}
		if err := s.enter(ctx, tx, &row, StateDisconnected, "", now); err != nil {
			return err
		}
		waiting, err := tx.Revocations(ctx)
		if err != nil {
			return err
		}
		for _, revocation := range waiting {
			if revocation.Connection == id {
				queued++
			}
		}
		return tx.PutConnection(ctx, row)
	})
	return queued, unreadable, err
}

// revokeAnswered queues tokens that arrived and were not yet promoted.
func (s *Service) revokeAnswered(ctx context.Context, tx store.Queries, row store.Connection) error {
	attempt, found, err := tx.Attempt(ctx, row.ID)
	if err != nil || !found || attempt.Phase != store.Answered {
		return err
	}
	body, err := s.keyring.Open(answerBinding(attempt), attempt.Answer)
	if err != nil {
		return nil // nothing that could be revoked
	}
	answer, err := platform.ParseTokenAnswer("refresh", body)
	if err != nil {
		return nil
	}
	return s.revokeLater(ctx, tx, row, answer.RefreshToken, answer.AccessToken)
}

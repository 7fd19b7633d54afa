package connection

import (
	"context"
	"errors"
	"fmt"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/vault"
)

// markUnreadable puts a row whose tokens do not open into a state of its own,
// which a reconnect repairs, and returns the *Problem. Nothing is deleted: the
// right key ring may come back.
func (s *Service) markUnreadable(ctx context.Context, seen store.Connection, cause error) error {
	err := s.db.Write(ctx, func(tx store.Queries) error {
		row, found, err := tx.Connection(ctx, seen.ID)
		if err != nil || !found || row.Generation != seen.Generation || row.Version != seen.Version {
			return err
		}
		return s.putIfUnreadable(ctx, tx, row, cause)
	})
	if err != nil {
		return err
	}
	return s.unreadableProblem(seen, cause)
}

func (s *Service) putIfUnreadable(ctx context.Context, tx store.Queries, row store.Connection, cause error) error {
	if !errors.Is(cause, vault.ErrUnreadable) {
		return nil
	}
	if err := s.enter(ctx, tx, &row, StateUnreadable, "", s.now()); err != nil {
		return err
	}
	s.log.ErrorContext(ctx, "stored tokens are unreadable", "connection", row.ID, "error", cause)
	return tx.PutConnection(ctx, row)
}

func (s *Service) unreadableProblem(row store.Connection, cause error) error {
	title := s.title(row.Platform)
	return &Problem{Kind: ErrUnreadable, Cause: cause,
		Sentence: fmt.Sprintf("MINT cannot read what it stored for %s. Please reconnect it; your data at %s is untouched.", title, title)}
}

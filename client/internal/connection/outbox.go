package connection

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
)

const (
	// revocationPause is the first pause before a revocation is repeated.
	revocationPause = 30 * time.Second
	// revocationTries is how often MINT tries before it gives up.
	revocationTries = 12
	// revocationClaim is how long one pass keeps others from the same row.
	revocationClaim = time.Minute
)

// revokeLater puts tokens into the outbox, in the transaction that makes them
// superfluous. Platforms without a revocation endpoint are told nothing.
func (s *Service) revokeLater(ctx context.Context, tx store.Queries, row store.Connection, refresh, access platform.Secret) error {
	client, configured := s.clients[row.Platform]
	if !configured || client.Integration().RevocationEndpoint == "" {
		return nil
	}
	now := s.now()
	for _, one := range []struct {
		kind  string
		token platform.Secret
	}{{refreshColumn, refresh}, {accessColumn, access}} {
		if one.token == "" {
			continue
		}
		revocation := store.Revocation{
			ID: strings.ToLower(rand.Text()), Connection: row.ID, Workspace: row.Workspace, Platform: row.Platform,
			Kind: one.kind, DueAt: now, CreatedAt: now,
		}
		sealed, err := s.keyring.Seal(outboxBinding(revocation), []byte(one.token.Reveal()))
		if err != nil {
			return err
		}
		revocation.Token = sealed
		if err := tx.PutRevocation(ctx, revocation); err != nil {
			return err
		}
	}
	return nil
}

// RunOutbox sends the revocations that are due and returns how many are left.
func (s *Service) RunOutbox(ctx context.Context) (left int, err error) {
	return s.runOutbox(ctx, func(store.Revocation) bool { return true })
}

// runOutbox works on the rows that concern selects, refresh tokens first. A
// platform that asks to wait is left alone for the rest of the pass.
func (s *Service) runOutbox(ctx context.Context, concerns func(store.Revocation) bool) (left int, err error) {
	revocations, err := s.db.Revocations(ctx)
	if err != nil {
		return 0, err
	}
	waiting := map[string]time.Time{}
	for _, revocation := range revocations {
		if !concerns(revocation) {
			continue
		}
		until, asked := waiting[revocation.Platform]
		if asked && until.After(revocation.DueAt) {
			revocation.DueAt = until
			if err := s.db.PutRevocation(ctx, revocation); err != nil {
				return left, err
			}
		}
		if s.now().Before(revocation.DueAt) {
			left++
			continue
		}
		claimed, err := s.db.ClaimRevocation(ctx, revocation, s.now().Add(revocationClaim))
		if err != nil {
			return left, err
		}
		if !claimed {
			left++ // another pass is at it
			continue
		}
		done, hold, err := s.revoke(ctx, revocation)
		if err != nil {
			return left, err
		}
		if !hold.IsZero() {
			waiting[revocation.Platform] = hold
		}
		if !done {
			left++
		}
	}
	return left, nil
}

// revoke sends one revocation and stores what came of it.
func (s *Service) revoke(ctx context.Context, revocation store.Revocation) (done bool, hold time.Time, err error) {
	client, configured := s.clients[revocation.Platform]
	token, unreadable := s.keyring.Open(outboxBinding(revocation), revocation.Token)
	if !configured || unreadable != nil {
		return true, hold, s.endRevocation(ctx, revocation, "revocation_given_up")
	}
	failure := platform.FailureOf(client.Revoke(ctx, platform.Secret(token), revocation.Kind))
	if failure == nil || failure.Class == platform.ClassGrant {
		return true, hold, s.endRevocation(ctx, revocation, "revoked")
	}
	s.log.WarnContext(ctx, "revocation failed", "connection", revocation.Connection, "platform", revocation.Platform,
		"class", failure.Class, "status", failure.Status, "code", failure.Code)
	revocation.Tries++
	if failure.Code == "unsupported_token_type" || revocation.Tries >= revocationTries {
		return true, hold, s.endRevocation(ctx, revocation, "revocation_given_up")
	}
	revocation.DueAt = s.now().Add(max(failure.RetryAfter, backoff(revocationPause, revocation.Tries, revocation.ID)))
	if failure.RetryAfter > 0 {
		revocation.DueAt = s.now().Add(failure.RetryAfter)
		hold = revocation.DueAt
	}
	return false, hold, s.db.PutRevocation(ctx, revocation)
}

func (s *Service) endRevocation(ctx context.Context, revocation store.Revocation, event string) error {
	return s.db.Write(ctx, func(tx store.Queries) error {
		if err := tx.DeleteRevocation(ctx, revocation.ID); err != nil {
			return err
		}
		return tx.AddAudit(ctx, store.Audit{
			At: s.now(), Workspace: revocation.Workspace, Connection: revocation.Connection,
			Platform: revocation.Platform, Event: event, Detail: revocation.Kind,
		})
	})
}

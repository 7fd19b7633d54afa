package connection

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/vault"
)

// need says what a caller wants of an access token.
type need struct {
	// rejected is a version that the resource server rejected, 0 for none: that
	// version, and older ones, will not do, whatever the clock says.
	rejected int64
	// manual: a person asked for a refresh; MINT's own pauses do not count.
	manual bool
}

// access is a usable access token and the version of the row it came from.
type access struct {
	token   platform.Secret
	version int64
}

// errMoved says that the connection got another grant, or ended, while work on
// it was under way.
var errMoved = errors.New("the connection changed meanwhile")

// access returns an access token that satisfies need, renewing it if it has
// to. Concurrent callers of one connection share one refresh, which goes on
// when they leave. Its errors are a *Problem, or MINT's own.
func (s *Service) access(ctx context.Context, id string, need need) (access, error) {
	for {
		row, found, err := s.db.Connection(ctx, id)
		if err != nil {
			return access{}, err
		}
		if !found {
			return access{}, notFound()
		}
		got, ok, err := s.stored(ctx, row, need, s.now())
		if ok || err != nil {
			return got, err
		}
		got, err = s.join(ctx, row, need)
		switch {
		case errors.Is(err, errMoved):
			continue // what is stored now decides
		case err != nil:
			return s.fallback(ctx, id, need, err)
		case got.version > need.rejected:
			return got, nil
		}
	}
}

// stored answers from the row alone: ok with a token that satisfies need, an
// error when no refresh could help.
func (s *Service) stored(ctx context.Context, row store.Connection, need need, now time.Time) (access, bool, error) {
	switch State(row.State) {
	case StateDisconnected, StateUnreadable:
		return access{}, false, s.problemOf(row, nil, now)
	case StateNeedsReconnect:
		// What the platform gave is good until its end, whatever became of the
		// refresh token.
		if s.lives(row, need, now) {
			return s.open(ctx, row)
		}
		if row.AccessToken != nil && row.Version <= need.rejected {
			if err := s.dropAccessToken(ctx, row); err != nil {
				return access{}, false, err
			}
		}
		return access{}, false, s.problemOf(row, nil, now)
	}
	if row.Version <= need.rejected || row.AccessToken == nil || !now.Before(s.dueAt(row)) {
		return access{}, false, nil
	}
	return s.open(ctx, row)
}

// dueAt is when an access token counts as used up: the margin before its end,
// but never more than a quarter of its lifetime.
func (s *Service) dueAt(row store.Connection) time.Time {
	return row.AccessExpiresAt.Add(-min(s.margin, row.AccessLifetime/4))
}

// lives reports whether the row's access token has not ended and was not
// rejected; it may be due.
func (s *Service) lives(row store.Connection, need need, now time.Time) bool {
	return row.AccessToken != nil && row.Version > need.rejected && now.Before(row.AccessExpiresAt)
}

func (s *Service) open(ctx context.Context, row store.Connection) (access, bool, error) {
	token, err := s.openToken(row, accessColumn)
	if errors.Is(err, vault.ErrUnreadable) {
		return access{}, false, s.markUnreadable(ctx, row, err)
	}
	return access{token: token, version: row.Version}, err == nil, err
}

// fallback serves the access token that still lives when renewing it failed.
func (s *Service) fallback(ctx context.Context, id string, need need, failed error) (access, error) {
	row, found, err := s.db.Connection(ctx, id)
	if err != nil || !found || need.manual || State(row.State) == StateDisconnected || !s.lives(row, need, s.now()) {
		return access{}, failed
	}
	got, ok, err := s.open(ctx, row)
	if err != nil || !ok {
		return access{}, failed
	}
	return got, nil
}

// dropAccessToken forgets an access token that was rejected and that nothing
// can renew, so that no call is made with it again.
func (s *Service) dropAccessToken(ctx context.Context, seen store.Connection) error {
	return s.db.Write(ctx, func(tx store.Queries) error {
		row, found, err := tx.Connection(ctx, seen.ID)
		if err != nil || !found || row.Generation != seen.Generation || row.Version != seen.Version {
			return err
		}
		row.AccessToken = nil
		return tx.PutConnection(ctx, row)
	})
}

// join starts or joins the refresh in flight for this grant of the connection.
func (s *Service) join(ctx context.Context, row store.Connection, need need) (access, error) {
	key := fmt.Sprintf("%s/%d/%t", row.ID, row.Generation, need.manual)
	flight := s.flights.DoChan(key, func() (any, error) {
		detached, done, err := s.work.detach(ctx, flightTimeout)
		if err != nil {
			return access{}, err
		}
		defer done()
		return s.renew(detached, row, need)
	})
	select {
	case result := <-flight:
		got, _ := result.Val.(access)
		return got, result.Err
	case <-ctx.Done():
		return access{}, ctx.Err()
	}
}

// bearer lets platform calls use the connection's access token: on a 401 it
// renews the rejected version once and sends once more (S001-21, S004-21).
func (s *Service) bearer(id string) platform.Bearer {
	return func(ctx context.Context, send func(context.Context, platform.Secret) error) error {
		got, err := s.access(ctx, id, need{})
		if err != nil {
			return err
		}
		err = send(ctx, got.token)
		if !rejected(err) {
			return err
		}
		got, renewal := s.access(ctx, id, need{rejected: got.version})
		if renewal != nil {
			return renewal
		}
		return send(ctx, got.token)
	}
}

func rejected(err error) bool {
	failure := platform.FailureOf(err)
	return failure != nil && failure.Class == platform.ClassUnauthorized
}

// Refresh renews the access token now, whatever its age. It skips MINT's own
// pauses between attempts but not a wait that the platform asked for.
func (s *Service) Refresh(ctx context.Context, workspace, id string) (Connection, error) {
	row, err := s.owned(ctx, workspace, id)
	if err != nil {
		return Connection{}, err
	}
	if _, err := s.access(ctx, id, need{rejected: row.Version, manual: true}); err != nil {
		return Connection{}, err
	}
	return s.Connection(ctx, workspace, id)
}

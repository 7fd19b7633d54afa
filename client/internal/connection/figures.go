package connection

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// apiPause is MINT's pause after the second failure in a row at an API; after
// the first one the customer's next look may try at once.
const apiPause = 2 * time.Second

// Campaigns fetches the figures. When that fails and older figures are stored
// it returns those, with Stale and Problem set and a nil error; without any it
// returns the *Problem.
func (s *Service) Campaigns(ctx context.Context, workspace, id string) (Snapshot, error) {
	row, err := s.owned(ctx, workspace, id)
	if err != nil {
		return Snapshot{}, err
	}
	snapshot, err := s.fetch(ctx, row)
	if err == nil {
		return snapshot, s.keepFigures(ctx, row, snapshot)
	}
	if ctx.Err() != nil {
		return Snapshot{}, ctx.Err()
	}
	problem, err := s.apiProblem(ctx, row, err)
	if err != nil {
		return Snapshot{}, err
	}
	stored, found, err := s.storedFigures(ctx, id)
	if err != nil {
		return Snapshot{}, err
	}
	if !found {
		return Snapshot{}, problem
	}
	stored.Stale, stored.Problem = true, problem.Sentence
	return stored, nil
}

// fetch asks the platform for campaigns and figures.
func (s *Service) fetch(ctx context.Context, row store.Connection) (Snapshot, error) {
	client, err := s.client(row.Platform)
	if err != nil {
		return Snapshot{}, err
	}
	now := s.now()
	if err := s.apiPaused(row, now); err != nil {
		return Snapshot{}, err
	}
	bearer := s.bearer(row.ID)
	if !row.AccountConfirmed {
		if err := s.confirmAccount(ctx, client, row, bearer); err != nil {
			return Snapshot{}, err
		}
	}
	campaigns, err := client.Campaigns(ctx, bearer)
	if err != nil {
		return Snapshot{}, err
	}
	snapshot := Snapshot{AsOf: now, Campaigns: make([]CampaignFigures, 0, len(campaigns))}
	for _, campaign := range campaigns {
		days, err := client.Metrics(ctx, bearer, campaign.ID)
		if err != nil {
			return Snapshot{}, err
		}
		snapshot.Campaigns = append(snapshot.Campaigns, CampaignFigures{Campaign: campaign, Days: days})
	}
	return snapshot, nil
}

// apiPaused says that nothing is to be sent to the API yet: the platform asked
// to wait, or MINT pauses after failures.
func (s *Service) apiPaused(row store.Connection, now time.Time) error {
	until := later(row.APIHoldUntil, row.APIRetryAt)
	if !now.Before(until) || State(row.State) != StateDegraded {
		return nil
	}
	problem := s.problemOf(row, nil, now)
	problem.RetryAt = until
	return problem
}

// confirmAccount asks whose account it is, when that failed at connecting.
// Tokens of another account than before are not used for it.
func (s *Service) confirmAccount(ctx context.Context, client *platform.Client, seen store.Connection, bearer platform.Bearer) error {
	account, err := client.Me(ctx, bearer)
	if err != nil {
		return err
	}
	var problem error
	err = s.db.Write(ctx, func(tx store.Queries) error {
		row, found, err := tx.Connection(ctx, seen.ID)
		if err != nil || !found || row.Generation != seen.Generation {
			return err
		}
		if id := accountOf(&account); row.Account != "" && row.Account != id {
			now := s.now()
			refresh, refreshErr := s.openToken(row, refreshColumn)
			access, accessErr := s.openToken(row, accessColumn)
			if err := errors.Join(refreshErr, accessErr, s.revokeLater(ctx, tx, row, refresh, access)); err != nil {
				return err
			}
			row.AccessToken = nil
			if err := s.lose(ctx, tx, &row, ReasonOtherAccount, now); err != nil {
				return err
			}
			problem = s.problemOf(row, nil, now)
			return tx.PutConnection(ctx, row)
		}
		row.Account, row.AccountName, row.AccountConfirmed = accountOf(&account), known(account.Name, account.Username), true
		return tx.PutConnection(ctx, row)
	})
	if err != nil {
		return err
	}
	return problem
}

// keepFigures stores good figures and ends a degraded state that the API's
// failures brought; one that the token endpoint brought stays.
func (s *Service) keepFigures(ctx context.Context, seen store.Connection, snapshot Snapshot) error {
	figures, err := json.Marshal(snapshot.Campaigns)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx store.Queries) error {
		row, found, err := tx.Connection(ctx, seen.ID)
		if err != nil || !found || row.Generation != seen.Generation {
			return err // disconnected or reconnected meanwhile: not its figures
		}
		if err := tx.PutSnapshot(ctx, store.Snapshot{Connection: row.ID, AsOf: snapshot.AsOf, Figures: string(figures)}); err != nil {
			return err
		}
		return s.recoverAPI(ctx, tx, row)
	})
}

// recoverAPI notes that the API works.
func (s *Service) recoverAPI(ctx context.Context, tx store.Queries, row store.Connection) error {
	degraded := State(row.State) == StateDegraded && row.TokenFailures == 0
	if row.APIFailures == 0 && row.APIHoldUntil.IsZero() && !degraded {
		return nil
	}
	row.APIFailures, row.APIRetryAt, row.APIHoldUntil = 0, time.Time{}, time.Time{}
	if degraded {
		_, open, err := tx.Attempt(ctx, row.ID)
		if err != nil {
			return err
		}
		if !open {
			if err := s.enter(ctx, tx, &row, StateConnected, "", s.now()); err != nil {
				return err
			}
		}
	}
	return tx.PutConnection(ctx, row)
}

func (s *Service) storedFigures(ctx context.Context, id string) (Snapshot, bool, error) {
	row, found, err := s.db.Snapshot(ctx, id)
	if err != nil || !found {
		return Snapshot{}, false, err
	}
	snapshot := Snapshot{AsOf: row.AsOf}
	if err := json.Unmarshal([]byte(row.Figures), &snapshot.Campaigns); err != nil {
		return Snapshot{}, false, fmt.Errorf("database: stored figures of %s are not readable: %w", id, err)
	}
	return snapshot, true, nil
}

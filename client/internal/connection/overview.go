package connection

import (
	"context"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// Overview returns one entry per integration, in the order of configuration.
func (s *Service) Overview(ctx context.Context, workspace string) ([]PlatformState, error) {
	rows, err := s.db.Connections(ctx, workspace)
	if err != nil {
		return nil, err
	}
	var states []PlatformState
	for _, platformID := range s.order {
		refusal, err := s.refusal(ctx, platformID)
		if err != nil {
			return nil, err
		}
		state := s.platformState(platformID, refusal)
		if row, found := currentRow(rows, platformID); found {
			asOf, err := s.asOf(ctx, row.ID)
			if err != nil {
				return nil, err
			}
			view := s.view(row, refusal, asOf, s.now())
			state.Connection = &view
			if refusal == nil || view.State != StateDegraded {
				state.State, state.Reason, state.Explanation, state.Since = view.State, view.Reason, view.Explanation, view.Since
			}
		}
		states = append(states, state)
	}
	return states, nil
}

// platformState is the entry of a platform without a connection.
func (s *Service) platformState(platformID string, refusal *store.Refusal) PlatformState {
	integration := s.clients[platformID].Integration()
	state := PlatformState{
		PlatformID: platformID, Title: integration.Title, State: StateNotConnected,
		PasswordForm:       integration.Has(platform.GrantPassword),
		ApplicationAccount: integration.Has(platform.GrantClientCredentials),
	}
	if refusal != nil {
		state.State, state.Reason, state.Since = StateUnavailable, ReasonConfiguration, refusal.Since
		state.Explanation = integration.Title + " does not accept MINT itself at the moment. MINT's operator has to mend this."
	}
	return state
}

// currentRow picks the live connection to a platform, or else the last ended
// one. Rows come with the latest first.
func currentRow(rows []store.Connection, platformID string) (store.Connection, bool) {
	var current store.Connection
	found := false
	for _, row := range rows {
		if row.Platform != platformID {
			continue
		}
		if row.State != store.Disconnected {
			return row, true
		}
		if !found || row.Since.After(current.Since) {
			current, found = row, true
		}
	}
	return current, found
}

func (s *Service) refusal(ctx context.Context, platformID string) (*store.Refusal, error) {
	refusal, found, err := s.db.Refusal(ctx, platformID)
	if err != nil || !found {
		return nil, err
	}
	return &refusal, nil
}

func (s *Service) asOf(ctx context.Context, id string) (time.Time, error) {
	snapshot, _, err := s.db.Snapshot(ctx, id)
	return snapshot.AsOf, err
}

// Connection returns one connection of the workspace.
func (s *Service) Connection(ctx context.Context, workspace, id string) (Connection, error) {
	row, err := s.owned(ctx, workspace, id)
	if err != nil {
		return Connection{}, err
	}
	return s.viewOf(ctx, row)
}

func (s *Service) viewOf(ctx context.Context, row store.Connection) (Connection, error) {
	refusal, err := s.refusal(ctx, row.Platform)
	if err != nil {
		return Connection{}, err
	}
	asOf, err := s.asOf(ctx, row.ID)
	if err != nil {
		return Connection{}, err
	}
	return s.view(row, refusal, asOf, s.now()), nil
}

// List returns the connections of all workspaces, for the operator.
func (s *Service) List(ctx context.Context) ([]Connection, error) {
	rows, err := s.db.AllConnections(ctx)
	if err != nil {
		return nil, err
	}
	views := make([]Connection, 0, len(rows))
	for _, row := range rows {
		view, err := s.viewOf(ctx, row)
		if err != nil {
			return nil, err
		}
		views = append(views, view)
	}
	return views, nil
}

// Show returns one connection of any workspace, for the operator; its
// Workspace is what Refresh and Disconnect ask for.
func (s *Service) Show(ctx context.Context, id string) (Connection, error) {
	row, found, err := s.db.Connection(ctx, id)
	if err != nil {
		return Connection{}, err
	}
	if !found {
		return Connection{}, notFound()
	}
	return s.viewOf(ctx, row)
}

package web_test

import (
	"context"
	"sync"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// domain is a web.Domain made of functions; those a test leaves out report
// ErrNotFound.
type domain struct {
	overview    func(workspace string) ([]connection.PlatformState, error)
	start       func(workspace, session, platformID string, scopes []string) (string, error)
	finish      func(workspace, session string, callback connection.Callback) (connection.Outcome, error)
	password    func(workspace, platformID, username string, password platform.Secret) (connection.Outcome, error)
	connection  func(workspace, id string) (connection.Connection, error)
	campaigns   func(workspace, id string) (connection.Snapshot, error)
	refresh     func(workspace, id string) (connection.Connection, error)
	disconnect  func(workspace, id string) (connection.DisconnectOutcome, error)
	suggestions func(workspace, id string) ([]connection.Suggestion, error)
	apply       func(workspace, id, suggestionID string) (connection.ApplyOutcome, error)
	dismiss     func(workspace, id, suggestionID string) (connection.Suggestion, error)
	application func(platformID string) (connection.Application, error)
	update      func(platformID string, change connection.ApplicationChange) (connection.Application, error)
}

var errNotFound = &connection.Problem{Kind: connection.ErrNotFound, Sentence: "There is no such thing here."}

func (d *domain) Overview(_ context.Context, workspace string) ([]connection.PlatformState, error) {
	if d.overview == nil {
		return nil, nil
	}
	return d.overview(workspace)
}

func (d *domain) StartConnect(_ context.Context, workspace, session, platformID string, scopes []string) (string, error) {
	if d.start == nil {
		return "", errNotFound
	}
	return d.start(workspace, session, platformID, scopes)
}

func (d *domain) FinishConnect(_ context.Context, workspace, session string, callback connection.Callback) (connection.Outcome, error) {
	if d.finish == nil {
		return connection.Outcome{}, errNotFound
	}
	return d.finish(workspace, session, callback)
}

func (d *domain) ConnectWithPassword(_ context.Context, workspace, platformID, username string, password platform.Secret) (connection.Outcome, error) {
	if d.password == nil {
		return connection.Outcome{}, errNotFound
	}
	return d.password(workspace, platformID, username, password)
}

func (d *domain) Connection(_ context.Context, workspace, id string) (connection.Connection, error) {
	if d.connection == nil {
		return connection.Connection{}, errNotFound
	}
	return d.connection(workspace, id)
}

func (d *domain) Campaigns(_ context.Context, workspace, id string) (connection.Snapshot, error) {
	if d.campaigns == nil {
		return connection.Snapshot{}, errNotFound
	}
	return d.campaigns(workspace, id)
}

func (d *domain) Refresh(_ context.Context, workspace, id string) (connection.Connection, error) {
	if d.refresh == nil {
		return connection.Connection{}, errNotFound
	}
	return d.refresh(workspace, id)
}

func (d *domain) Disconnect(_ context.Context, workspace, id string) (connection.DisconnectOutcome, error) {
	if d.disconnect == nil {
		return connection.DisconnectOutcome{}, errNotFound
	}
	return d.disconnect(workspace, id)
}

func (d *domain) Suggestions(_ context.Context, workspace, id string) ([]connection.Suggestion, error) {
	if d.suggestions == nil {
		return nil, nil
	}
	return d.suggestions(workspace, id)
}

func (d *domain) Apply(_ context.Context, workspace, id, suggestionID string) (connection.ApplyOutcome, error) {
	if d.apply == nil {
		return connection.ApplyOutcome{}, errNotFound
	}
	return d.apply(workspace, id, suggestionID)
}

func (d *domain) Dismiss(_ context.Context, workspace, id, suggestionID string) (connection.Suggestion, error) {
	if d.dismiss == nil {
		return connection.Suggestion{}, errNotFound
	}
	return d.dismiss(workspace, id, suggestionID)
}

func (d *domain) Application(_ context.Context, platformID string) (connection.Application, error) {
	if d.application == nil {
		return connection.Application{}, errNotFound
	}
	return d.application(platformID)
}

func (d *domain) UpdateApplication(_ context.Context, platformID string, change connection.ApplicationChange) (connection.Application, error) {
	if d.update == nil {
		return connection.Application{}, errNotFound
	}
	return d.update(platformID, change)
}

// keeper keeps sessions in memory.
type keeper struct {
	mu   sync.Mutex
	rows map[string][]byte
}

func (k *keeper) Find(token string) ([]byte, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	data, ok := k.rows[token]
	return data, ok, nil
}

func (k *keeper) Commit(token string, data []byte, _ time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.rows[token] = data
	return nil
}

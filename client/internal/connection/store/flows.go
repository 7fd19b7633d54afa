package store

import (
	"context"
	"strings"
	"time"
)

// Phases of a flow.
const (
	FlowOpen     = "open"
	FlowConsumed = "consumed"
	FlowAnswered = "answered"
	FlowDone     = "done"
	FlowFailed   = "failed"
)

// Flow is one row of flows: an attempt to connect.
type Flow struct {
	StateHash, Workspace, SessionHash, Platform string
	Scopes                                      []string // asked for
	Verifier                                    []byte   // sealed
	Phase                                       string
	ExpiresAt, SentAt                           time.Time
	Answer                                      []byte // sealed
	Connection                                  string // the result
}

const flowColumns = `state_hash, workspace, session_hash, platform, scopes, verifier, phase, expires_at, sent_at, answer, connection`

func scanFlow(row scanner) (Flow, error) {
	var f Flow
	var scopes string
	err := row.Scan(&f.StateHash, &f.Workspace, &f.SessionHash, &f.Platform, &scopes, &f.Verifier, &f.Phase,
		moment{&f.ExpiresAt}, moment{&f.SentAt}, &f.Answer, &f.Connection)
	f.Scopes = strings.Fields(scopes)
	return f, err
}

// PutFlow inserts or replaces a flow.
func (q Queries) PutFlow(ctx context.Context, f Flow) error {
	_, err := q.exec(ctx, `INSERT OR REPLACE INTO flows (`+flowColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		f.StateHash, f.Workspace, f.SessionHash, f.Platform, strings.Join(f.Scopes, " "), f.Verifier, f.Phase,
		stamp(f.ExpiresAt), stamp(f.SentAt), f.Answer, f.Connection)
	return err
}

// ConsumeFlow takes an open flow that belongs to this session and workspace
// and has not expired, in one conditional update, so that it happens once.
func (q Queries) ConsumeFlow(ctx context.Context, stateHash, workspace, sessionHash string, now time.Time) (bool, error) {
	changed, err := q.exec(ctx, `UPDATE flows SET phase=? WHERE state_hash=? AND workspace=? AND session_hash=? AND phase=? AND expires_at>?`,
		FlowConsumed, stateHash, workspace, sessionHash, FlowOpen, stamp(now))
	return changed == 1, err
}

// Flow reads one flow.
func (q Queries) Flow(ctx context.Context, stateHash string) (Flow, bool, error) {
	return first(ctx, q, scanFlow, `SELECT `+flowColumns+` FROM flows WHERE state_hash=?`, stateHash)
}

// AnsweredFlows reads flows whose tokens arrived and were not yet put into a
// connection.
func (q Queries) AnsweredFlows(ctx context.Context) ([]Flow, error) {
	return all(ctx, q, scanFlow, `SELECT `+flowColumns+` FROM flows WHERE phase=?`, FlowAnswered)
}

// SealedFlows reads flows that hold something sealed.
func (q Queries) SealedFlows(ctx context.Context) ([]Flow, error) {
	return all(ctx, q, scanFlow, `SELECT `+flowColumns+` FROM flows WHERE verifier IS NOT NULL OR answer IS NOT NULL`)
}

// DeleteFlows removes flows that expired before a time.
func (q Queries) DeleteFlows(ctx context.Context, before time.Time) error {
	_, err := q.exec(ctx, `DELETE FROM flows WHERE expires_at<?`, stamp(before))
	return err
}

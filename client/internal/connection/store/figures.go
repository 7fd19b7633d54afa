package store

import (
	"context"
	"time"
)

// Snapshot is one row of snapshots: the last good figures.
type Snapshot struct {
	Connection string
	AsOf       time.Time
	Figures    string // JSON
}

// PutSnapshot inserts or replaces a snapshot.
func (q Queries) PutSnapshot(ctx context.Context, s Snapshot) error {
	_, err := q.exec(ctx, `INSERT OR REPLACE INTO snapshots (connection, as_of, figures) VALUES (?,?,?)`,
		s.Connection, stamp(s.AsOf), s.Figures)
	return err
}

// Snapshot reads the snapshot of a connection.
func (q Queries) Snapshot(ctx context.Context, connection string) (Snapshot, bool, error) {
	return first(ctx, q, func(row scanner) (Snapshot, error) {
		var s Snapshot
		err := row.Scan(&s.Connection, moment{&s.AsOf}, &s.Figures)
		return s, err
	}, `SELECT connection, as_of, figures FROM snapshots WHERE connection=?`, connection)
}

// Statuses of a decision. Applying means that a change was, or was about to
// be, sent, and that its outcome is not known.
const (
	Applying  = "applying"
	Applied   = "applied"
	Dismissed = "dismissed"
)

// Decision is one row of decisions: what a customer made of a suggestion.
type Decision struct {
	Connection, Suggestion string
	Status                 string
	Content                string // JSON of the suggestion
	IdempotencyKey         string
	DecidedAt              time.Time
}

const decisionColumns = `connection, suggestion, status, content, idempotency_key, decided_at`

func scanDecision(row scanner) (Decision, error) {
	var d Decision
	err := row.Scan(&d.Connection, &d.Suggestion, &d.Status, &d.Content, &d.IdempotencyKey, moment{&d.DecidedAt})
	return d, err
}

// PutDecision inserts or replaces a decision.
func (q Queries) PutDecision(ctx context.Context, d Decision) error {
	_, err := q.exec(ctx, `INSERT OR REPLACE INTO decisions (`+decisionColumns+`) VALUES (?,?,?,?,?,?)`,
		d.Connection, d.Suggestion, d.Status, d.Content, d.IdempotencyKey, stamp(d.DecidedAt))
	return err
}

// DeleteDecision makes a suggestion open again.
func (q Queries) DeleteDecision(ctx context.Context, connection, suggestion string) error {
	_, err := q.exec(ctx, `DELETE FROM decisions WHERE connection=? AND suggestion=?`, connection, suggestion)
	return err
}

// Decisions reads the decisions of a connection, the latest first.
func (q Queries) Decisions(ctx context.Context, connection string) ([]Decision, error) {
	return all(ctx, q, scanDecision,
		`SELECT `+decisionColumns+` FROM decisions WHERE connection=? ORDER BY decided_at DESC, suggestion`, connection)
}

// Decision reads one decision.
func (q Queries) Decision(ctx context.Context, connection, suggestion string) (Decision, bool, error) {
	return first(ctx, q, scanDecision,
		`SELECT `+decisionColumns+` FROM decisions WHERE connection=? AND suggestion=?`, connection, suggestion)
}

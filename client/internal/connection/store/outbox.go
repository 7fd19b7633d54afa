package store

import (
	"context"
	"time"
)

// Revocation is one row of the outbox: a token that the platform is still to
// be told is over.
type Revocation struct {
	ID, Connection, Workspace, Platform string
	Kind                                string // refresh_token, access_token
	Token                               []byte // sealed
	Tries                               int
	DueAt, CreatedAt                    time.Time
}

const revocationColumns = `id, connection, workspace, platform, kind, token, tries, due_at, created_at`

func scanRevocation(row scanner) (Revocation, error) {
	var r Revocation
	err := row.Scan(&r.ID, &r.Connection, &r.Workspace, &r.Platform, &r.Kind, &r.Token, &r.Tries, moment{&r.DueAt}, moment{&r.CreatedAt})
	return r, err
}

// PutRevocation inserts or replaces a row.
func (q Queries) PutRevocation(ctx context.Context, r Revocation) error {
	_, err := q.exec(ctx, `INSERT OR REPLACE INTO outbox (`+revocationColumns+`) VALUES (?,?,?,?,?,?,?,?,?)`,
		r.ID, r.Connection, r.Workspace, r.Platform, r.Kind, r.Token, r.Tries, stamp(r.DueAt), stamp(r.CreatedAt))
	return err
}

// Revocations reads the outbox, refresh tokens before access tokens.
func (q Queries) Revocations(ctx context.Context) ([]Revocation, error) {
	return all(ctx, q, scanRevocation, `SELECT `+revocationColumns+` FROM outbox ORDER BY kind DESC, created_at, id`)
}

// DeleteRevocation removes a row.
func (q Queries) DeleteRevocation(ctx context.Context, id string) error {
	_, err := q.exec(ctx, `DELETE FROM outbox WHERE id=?`, id)
	return err
}

// ClaimRevocation moves a row's due time if nobody has done so since it was
// read, so that one pass works on it.
func (q Queries) ClaimRevocation(ctx context.Context, r Revocation, until time.Time) (bool, error) {
	changed, err := q.exec(ctx, `UPDATE outbox SET due_at=? WHERE id=? AND due_at=?`, stamp(until), r.ID, stamp(r.DueAt))
	return changed == 1, err
}

package store

import (
	"context"
	"time"
)

// Audit is one row of the audit trail. Detail holds no secret.
type Audit struct {
	At                              time.Time
	Workspace, Connection, Platform string
	Event, Detail                   string
}

// AddAudit appends a row; call it in the transaction that makes the change.
func (q Queries) AddAudit(ctx context.Context, a Audit) error {
	_, err := q.exec(ctx, `INSERT INTO audit (at, workspace, connection, platform, event, detail) VALUES (?,?,?,?,?,?)`,
		stamp(a.At), a.Workspace, a.Connection, a.Platform, a.Event, a.Detail)
	return err
}

// AuditOf reads the trail of a connection, oldest first.
func (q Queries) AuditOf(ctx context.Context, connection string) ([]Audit, error) {
	return all(ctx, q, func(row scanner) (Audit, error) {
		var a Audit
		err := row.Scan(moment{&a.At}, &a.Workspace, &a.Connection, &a.Platform, &a.Event, &a.Detail)
		return a, err
	}, `SELECT at, workspace, connection, platform, event, detail FROM audit WHERE connection=? ORDER BY id`, connection)
}

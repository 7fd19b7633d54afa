package store

import (
	"context"
	"time"
)

// Phases of an attempt. Dying in claimed proves the refresh token unused;
// dying in sent means that nobody knows; after answered nothing is lost.
const (
	Claimed  = "claimed"
	Sent     = "sent"
	Answered = "answered"
)

// Attempt is one row of attempts: a refresh under way, or whose outcome is
// unknown.
type Attempt struct {
	Connection, ID      string
	Generation, Version int64
	Fingerprint         string // of the refresh token presented
	Owner               string
	Phase               string
	Sends               int
	FirstSentAt, SentAt time.Time
	Answer              []byte // sealed
}

const attemptColumns = `connection, id, generation, version, fingerprint, owner, phase, sends, first_sent_at, sent_at, answer`

func scanAttempt(row scanner) (Attempt, error) {
	var a Attempt
	err := row.Scan(&a.Connection, &a.ID, &a.Generation, &a.Version, &a.Fingerprint, &a.Owner, &a.Phase, &a.Sends,
		moment{&a.FirstSentAt}, moment{&a.SentAt}, &a.Answer)
	return a, err
}

// PutAttempt inserts or replaces the attempt of a connection.
func (q Queries) PutAttempt(ctx context.Context, a Attempt) error {
	_, err := q.exec(ctx, `INSERT OR REPLACE INTO attempts (`+attemptColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		a.Connection, a.ID, a.Generation, a.Version, a.Fingerprint, a.Owner, a.Phase, a.Sends,
		stamp(a.FirstSentAt), stamp(a.SentAt), a.Answer)
	return err
}

// Attempt reads the attempt of a connection.
func (q Queries) Attempt(ctx context.Context, connection string) (Attempt, bool, error) {
	return first(ctx, q, scanAttempt, `SELECT `+attemptColumns+` FROM attempts WHERE connection=?`, connection)
}

// Attempts reads all of them.
func (q Queries) Attempts(ctx context.Context) ([]Attempt, error) {
	return all(ctx, q, scanAttempt, `SELECT `+attemptColumns+` FROM attempts ORDER BY connection`)
}

// DeleteAttempt removes the attempt of a connection.
func (q Queries) DeleteAttempt(ctx context.Context, connection string) error {
	_, err := q.exec(ctx, `DELETE FROM attempts WHERE connection=?`, connection)
	return err
}

package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// sessionTimeout bounds one access to the session table.
const sessionTimeout = 5 * time.Second

// Sessions is a server-side session store with the methods that scs.Store asks
// for. Only a hash of a session's token is kept, so that the file opens no
// session; expired rows are ignored, and removed at the next Commit.
type Sessions struct {
	database *Database
	now      func() time.Time
}

// Sessions returns the session store in this database; now is the clock that
// sessions expire by.
func (d *Database) Sessions(now func() time.Time) *Sessions { return &Sessions{database: d, now: now} }

type session struct {
	data      []byte
	expiresAt time.Time
}

// Find returns the data of a live session.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), sessionTimeout)
	defer cancel()
	row, found, err := first(ctx, s.database.Queries, func(row scanner) (session, error) {
		var one session
		err := row.Scan(&one.data, moment{&one.expiresAt})
		return one, err
	}, `SELECT data, expires_at FROM sessions WHERE token_hash=?`, hashToken(token))
	if err != nil || !found || !s.now().Before(row.expiresAt) {
		return nil, false, err
	}
	return row.data, true, nil
}

// Commit stores a session until expiry.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	ctx, cancel := context.WithTimeout(context.Background(), sessionTimeout)
	defer cancel()
	return s.database.Write(ctx, func(tx Queries) error {
		if _, err := tx.exec(ctx, `DELETE FROM sessions WHERE expires_at<=?`, stamp(s.now())); err != nil {
			return err
		}
		_, err := tx.exec(ctx, `INSERT OR REPLACE INTO sessions (token_hash, data, expires_at) VALUES (?,?,?)`,
			hashToken(token), append([]byte{}, data...), stamp(expiry))
		return err
	})
}

// Delete removes a session.
func (s *Sessions) Delete(token string) error {
	ctx, cancel := context.WithTimeout(context.Background(), sessionTimeout)
	defer cancel()
	_, err := s.database.exec(ctx, `DELETE FROM sessions WHERE token_hash=?`, hashToken(token))
	return err
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

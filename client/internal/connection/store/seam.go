package store

import (
	"context"
	"errors"
	"time"
)

// Database is one open SQLite file with the present schema.
type Database struct{}

// Open opens address ("sqlite:PATH"), creates the file when it is missing and
// brings an older schema up to date. A database of a newer schema is refused.
// Every error is one sentence that names the file and the mend.
func Open(ctx context.Context, address string) (*Database, error) {
	return nil, errors.New("not written yet")
}

// Close closes the file. Call it after Service.Close.
func (d *Database) Close() error { return nil }

// Sessions is a server-side session store in the same file, with the methods
// that scs.Store asks for. Only a hash of the session token is kept; expired
// rows are ignored and removed at the next Commit.
func (d *Database) Sessions(now func() time.Time) *Sessions { return nil }

// Sessions implements scs.Store.
type Sessions struct{}

// Find returns the data of a live session.
func (s *Sessions) Find(token string) ([]byte, bool, error) { return nil, false, nil }

// Commit stores a session until expiry.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error { return nil }

// Delete removes a session.
func (s *Sessions) Delete(token string) error { return nil }

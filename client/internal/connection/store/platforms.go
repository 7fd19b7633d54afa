package store

import (
	"context"
	"time"
)

// Refusal is one row of refusals: a platform that refuses MINT itself.
type Refusal struct {
	Platform, Code string
	Since          time.Time
	Failures       int
	RetryAt        time.Time
}

func scanRefusal(row scanner) (Refusal, error) {
	var r Refusal
	err := row.Scan(&r.Platform, &r.Code, moment{&r.Since}, &r.Failures, moment{&r.RetryAt})
	return r, err
}

// PutRefusal inserts or replaces a refusal.
func (q Queries) PutRefusal(ctx context.Context, r Refusal) error {
	_, err := q.exec(ctx, `INSERT OR REPLACE INTO refusals (platform, code, since, failures, retry_at) VALUES (?,?,?,?,?)`,
		r.Platform, r.Code, stamp(r.Since), r.Failures, stamp(r.RetryAt))
	return err
}

// Refusal reads the refusal of a platform.
func (q Queries) Refusal(ctx context.Context, platform string) (Refusal, bool, error) {
	return first(ctx, q, scanRefusal, `SELECT platform, code, since, failures, retry_at FROM refusals WHERE platform=?`, platform)
}

// DeleteRefusal forgets it, and reports whether there was one.
func (q Queries) DeleteRefusal(ctx context.Context, platform string) (bool, error) {
	changed, err := q.exec(ctx, `DELETE FROM refusals WHERE platform=?`, platform)
	return changed > 0, err
}

// ApplicationToken is one row of application_tokens: MINT's own access token
// at a platform.
type ApplicationToken struct {
	Platform  string
	Token     []byte // sealed
	Lifetime  time.Duration
	ExpiresAt time.Time
}

func scanApplicationToken(row scanner) (ApplicationToken, error) {
	var t ApplicationToken
	err := row.Scan(&t.Platform, &t.Token, &t.Lifetime, moment{&t.ExpiresAt})
	return t, err
}

// PutApplicationToken inserts or replaces a token.
func (q Queries) PutApplicationToken(ctx context.Context, t ApplicationToken) error {
	_, err := q.exec(ctx, `INSERT OR REPLACE INTO application_tokens (platform, token, lifetime, expires_at) VALUES (?,?,?,?)`,
		t.Platform, t.Token, int64(t.Lifetime), stamp(t.ExpiresAt))
	return err
}

// ApplicationToken reads the token of a platform.
func (q Queries) ApplicationToken(ctx context.Context, platform string) (ApplicationToken, bool, error) {
	return first(ctx, q, scanApplicationToken,
		`SELECT platform, token, lifetime, expires_at FROM application_tokens WHERE platform=?`, platform)
}

// ApplicationTokens reads all of them.
func (q Queries) ApplicationTokens(ctx context.Context) ([]ApplicationToken, error) {
	return all(ctx, q, scanApplicationToken, `SELECT platform, token, lifetime, expires_at FROM application_tokens ORDER BY platform`)
}

// SealProof reads the value by which another key ring is noticed.
func (q Queries) SealProof(ctx context.Context) ([]byte, bool, error) {
	return first(ctx, q, func(row scanner) ([]byte, error) {
		var proof []byte
		err := row.Scan(&proof)
		return proof, err
	}, `SELECT proof FROM seal WHERE id=1`)
}

// PutSealProof stores it.
func (q Queries) PutSealProof(ctx context.Context, proof []byte) error {
	_, err := q.exec(ctx, `INSERT OR REPLACE INTO seal (id, proof) VALUES (1,?)`, proof)
	return err
}

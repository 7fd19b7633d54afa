package store

import (
	"context"
	"strings"
	"time"
)

// Disconnected is the one state that the schema knows of: a connection in it
// may stand beside a live one.
const Disconnected = "disconnected"

// Connection is one row of connections. Its sealed members are nil when there
// is nothing to keep.
type Connection struct {
	ID, Workspace, Platform string
	Account, AccountName    string
	AccountConfirmed        bool
	State, Reason           string
	Since                   time.Time
	// Generation grows with every new grant, Version with every stored answer
	// of the token endpoint.
	Generation, Version       int64
	Scopes                    []string
	AccessToken, RefreshToken []byte // sealed
	RefreshFingerprint        string
	AccessLifetime            time.Duration
	AccessExpiresAt           time.Time
	ConnectedAt, RefreshedAt  time.Time
	TokenFailures             int
	TokenRetryAt              time.Time // MINT's own pause
	TokenHoldUntil            time.Time // the platform's
	APIFailures               int
	APIRetryAt, APIHoldUntil  time.Time
	LeaseOwner                string
	LeaseUntil                time.Time // machine time
}

const connectionColumns = `id, workspace, platform, account, account_name, account_confirmed, state, reason, since,
	generation, version, scopes, access_token, refresh_token, refresh_fingerprint, access_lifetime, access_expires_at,
	connected_at, refreshed_at, token_failures, token_retry_at, token_hold_until, api_failures, api_retry_at,
	api_hold_until, lease_owner, lease_until`

func scanConnection(row scanner) (Connection, error) {
	var c Connection
	var scopes string
	err := row.Scan(&c.ID, &c.Workspace, &c.Platform, &c.Account, &c.AccountName, &c.AccountConfirmed, &c.State, &c.Reason,
		moment{&c.Since}, &c.Generation, &c.Version, &scopes, &c.AccessToken, &c.RefreshToken, &c.RefreshFingerprint,
		&c.AccessLifetime, moment{&c.AccessExpiresAt}, moment{&c.ConnectedAt}, moment{&c.RefreshedAt},
		&c.TokenFailures, moment{&c.TokenRetryAt}, moment{&c.TokenHoldUntil}, &c.APIFailures, moment{&c.APIRetryAt},
		moment{&c.APIHoldUntil}, &c.LeaseOwner, moment{&c.LeaseUntil})
	c.Scopes = strings.Fields(scopes)
	return c, err
}

// PutConnection inserts or replaces a row by its id.
func (q Queries) PutConnection(ctx context.Context, c Connection) error {
	_, err := q.exec(ctx, `INSERT INTO connections (`+connectionColumns+`)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET account=excluded.account, account_name=excluded.account_name,
		account_confirmed=excluded.account_confirmed, state=excluded.state, reason=excluded.reason, since=excluded.since,
		generation=excluded.generation, version=excluded.version, scopes=excluded.scopes,
		access_token=excluded.access_token, refresh_token=excluded.refresh_token,
		refresh_fingerprint=excluded.refresh_fingerprint, access_lifetime=excluded.access_lifetime,
		access_expires_at=excluded.access_expires_at, connected_at=excluded.connected_at,
		refreshed_at=excluded.refreshed_at, token_failures=excluded.token_failures,
		token_retry_at=excluded.token_retry_at, token_hold_until=excluded.token_hold_until,
		api_failures=excluded.api_failures, api_retry_at=excluded.api_retry_at, api_hold_until=excluded.api_hold_until,
		lease_owner=excluded.lease_owner, lease_until=excluded.lease_until`,
		c.ID, c.Workspace, c.Platform, c.Account, c.AccountName, c.AccountConfirmed, c.State, c.Reason, stamp(c.Since),
		c.Generation, c.Version, strings.Join(c.Scopes, " "), c.AccessToken, c.RefreshToken, c.RefreshFingerprint,
		int64(c.AccessLifetime), stamp(c.AccessExpiresAt), stamp(c.ConnectedAt), stamp(c.RefreshedAt),
		c.TokenFailures, stamp(c.TokenRetryAt), stamp(c.TokenHoldUntil), c.APIFailures, stamp(c.APIRetryAt),
		stamp(c.APIHoldUntil), c.LeaseOwner, stamp(c.LeaseUntil))
	return err
}

// Connection reads one row.
func (q Queries) Connection(ctx context.Context, id string) (Connection, bool, error) {
	return first(ctx, q, scanConnection, `SELECT `+connectionColumns+` FROM connections WHERE id=?`, id)
}

// Connections reads the rows of one workspace, the latest first.
func (q Queries) Connections(ctx context.Context, workspace string) ([]Connection, error) {
	return all(ctx, q, scanConnection,
		`SELECT `+connectionColumns+` FROM connections WHERE workspace=? ORDER BY connected_at DESC, id`, workspace)
}

// AllConnections reads every row.
func (q Queries) AllConnections(ctx context.Context) ([]Connection, error) {
	return all(ctx, q, scanConnection, `SELECT `+connectionColumns+` FROM connections ORDER BY workspace, platform, id`)
}

// DropFigures removes the snapshot and the decisions of a connection.
func (q Queries) DropFigures(ctx context.Context, connection string) error {
	if _, err := q.exec(ctx, `DELETE FROM snapshots WHERE connection=?`, connection); err != nil {
		return err
	}
	_, err := q.exec(ctx, `DELETE FROM decisions WHERE connection=?`, connection)
	return err
}

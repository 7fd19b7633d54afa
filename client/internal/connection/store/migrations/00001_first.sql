-- +goose Up
-- Times are nanoseconds since 1970 in UTC, 0 for none. Columns of type BLOB are
-- envelopes of the vault, except sessions.data.

CREATE TABLE connections (
    id                  TEXT PRIMARY KEY,
    workspace           TEXT NOT NULL,
    platform            TEXT NOT NULL,
    account             TEXT NOT NULL DEFAULT '',
    account_name        TEXT NOT NULL DEFAULT '',
    account_confirmed   INTEGER NOT NULL DEFAULT 0,
    state               TEXT NOT NULL,
    reason              TEXT NOT NULL DEFAULT '',
    since               INTEGER NOT NULL,
    generation          INTEGER NOT NULL,
    version             INTEGER NOT NULL,
    scopes              TEXT NOT NULL DEFAULT '',
    access_token        BLOB,
    refresh_token       BLOB,
    refresh_fingerprint TEXT NOT NULL DEFAULT '',
    access_lifetime     INTEGER NOT NULL DEFAULT 0,
    access_expires_at   INTEGER NOT NULL DEFAULT 0,
    connected_at        INTEGER NOT NULL,
    refreshed_at        INTEGER NOT NULL DEFAULT 0,
    token_failures      INTEGER NOT NULL DEFAULT 0,
    token_retry_at      INTEGER NOT NULL DEFAULT 0, -- MINT's own pause
    token_hold_until    INTEGER NOT NULL DEFAULT 0, -- the platform's Retry-After
    api_failures        INTEGER NOT NULL DEFAULT 0,
    api_retry_at        INTEGER NOT NULL DEFAULT 0,
    api_hold_until      INTEGER NOT NULL DEFAULT 0,
    lease_owner         TEXT NOT NULL DEFAULT '',
    lease_until         INTEGER NOT NULL DEFAULT 0  -- machine time
) STRICT;
-- One live connection per workspace and platform; ended ones may stay beside it.
CREATE UNIQUE INDEX connections_live ON connections (workspace, platform) WHERE state <> 'disconnected';
CREATE INDEX connections_workspace ON connections (workspace);

-- A refresh under way, or whose outcome is unknown: at most one per connection.
CREATE TABLE attempts (
    connection    TEXT PRIMARY KEY REFERENCES connections (id),
    id            TEXT NOT NULL,
    generation    INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    fingerprint   TEXT NOT NULL,
    owner         TEXT NOT NULL,
    phase         TEXT NOT NULL,              -- claimed, sent, answered
    sends         INTEGER NOT NULL DEFAULT 0,
    first_sent_at INTEGER NOT NULL DEFAULT 0,
    sent_at       INTEGER NOT NULL DEFAULT 0,
    answer        BLOB
) STRICT;

-- An attempt to connect, consumed once.
CREATE TABLE flows (
    state_hash   TEXT PRIMARY KEY,
    workspace    TEXT NOT NULL,
    session_hash TEXT NOT NULL,
    platform     TEXT NOT NULL,
    scopes       TEXT NOT NULL,
    verifier     BLOB,
    phase        TEXT NOT NULL,               -- open, consumed, answered, done, failed
    expires_at   INTEGER NOT NULL,
    sent_at      INTEGER NOT NULL DEFAULT 0,
    answer       BLOB,
    connection   TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX flows_expires ON flows (expires_at);

-- Tokens that the platform is still to be told are over.
CREATE TABLE outbox (
    id         TEXT PRIMARY KEY,
    connection TEXT NOT NULL,
    workspace  TEXT NOT NULL,
    platform   TEXT NOT NULL,
    kind       TEXT NOT NULL,                 -- refresh_token, access_token
    token      BLOB NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    due_at     INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- The last good figures.
CREATE TABLE snapshots (
    connection TEXT PRIMARY KEY REFERENCES connections (id),
    as_of      INTEGER NOT NULL,
    figures    TEXT NOT NULL                  -- JSON
) STRICT;

-- What a customer made of a suggestion.
CREATE TABLE decisions (
    connection      TEXT NOT NULL REFERENCES connections (id),
    suggestion      TEXT NOT NULL,
    status          TEXT NOT NULL,            -- applying, applied, dismissed
    content         TEXT NOT NULL,            -- JSON
    idempotency_key TEXT NOT NULL,
    decided_at      INTEGER NOT NULL,
    PRIMARY KEY (connection, suggestion)
) STRICT;

-- Platforms that refuse MINT itself.
CREATE TABLE refusals (
    platform TEXT PRIMARY KEY,
    code     TEXT NOT NULL,
    since    INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    retry_at INTEGER NOT NULL
) STRICT;

-- MINT's own tokens (client credentials).
CREATE TABLE application_tokens (
    platform   TEXT PRIMARY KEY,
    token      BLOB NOT NULL,
    lifetime   INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    workspace  TEXT NOT NULL,
    connection TEXT NOT NULL,
    platform   TEXT NOT NULL,
    event      TEXT NOT NULL,
    detail     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX audit_connection ON audit (connection);

-- One value sealed with the key ring, to notice another ring at start.
CREATE TABLE seal (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    proof BLOB NOT NULL
) STRICT;

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    data       BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_expires ON sessions (expires_at);

-- +goose Down
SELECT 'the first schema has nothing below it';

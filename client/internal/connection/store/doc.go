// Package store keeps MINT's rows in SQLite: connections with their sealed
// tokens, refresh attempts, connect flows, the revocation outbox, snapshots of
// figures, decisions about suggestions, the audit trail and web sessions.
//
// It holds SQL and nothing else: every guard that keeps two writers apart is a
// condition in a statement here, every decision is taken in the connection
// package. Sealed columns are opaque bytes to it.
package store

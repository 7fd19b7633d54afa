// Package connection is MINT's domain: a Connection is the stored link between
// one customer's workspace and one account at one advertising platform. It
// starts and finishes connecting, keeps tokens alive, fetches figures, applies
// what a customer decided, and lets go again.
//
// # Overview for callers
//
// Open a database (store.Open), load a key ring (vault.LoadKeyring), build a
// Service with NewService, run Service.Run in a goroutine (it recovers what a
// killed process left behind and empties the revocation outbox), serve, and at
// the end call Service.Close before Database.Close.
//
// A workspace is an opaque string that the web package puts into a visitor's
// session; a session is the visitor's present session id. Everything that
// belongs to another workspace is ErrNotFound.
//
// Errors of Service methods are sentinels (ErrNotFound, ErrNeedsReconnect,
// ErrForbiddenScope, ErrThrottled, ErrUnavailable, ErrRefused, ErrUnreadable)
// wrapped in a *Problem, whose Sentence can be shown to a person as it is.
// Any other error is MINT's own fault and must be shown as such.
//
// # States
//
//	not_connected   there is no row (Overview only)
//	connected       works
//	degraded        a refresh or a call failed for a reason that may pass; the
//	                access token is used as long as it lives, old figures stay
//	needs_reconnect the grant is gone; only the customer can bring it back
//	disconnected    the customer ended it; tokens are erased
//	unreadable      the sealed tokens do not open; reconnecting repairs it
//	unavailable     the platform refuses MINT itself (Overview only)
//
// # Tracing a refresh
//
// access.go decides from the stored row whether a token serves (stored, dueAt)
// and lets concurrent callers join one flight (join). refresh.go is that
// flight: claim takes the lease in the database, send marks the attempt and
// calls platform.Client.Refresh, journal seals the answer before anybody reads
// it. promote.go turns it into tokens; settle.go deals with each class of
// failure; replay.go decides, by the integration's RefreshRule, whether a
// refresh token whose answer was lost is sent again. recover.go finds what a
// dead process left: claimed was never sent, answered is promoted, sent is for
// replay.go.
//
// # Pauses
//
// A platform's Retry-After is kept in every case. MINT's own pauses double up
// to five minutes: from one second at the token endpoint, from two seconds at
// the API after the second failure in a row, from fifteen seconds for a platform that
// refuses MINT itself, from thirty seconds for revocations. All are counted by
// the injected clock. Refresh skips MINT's own pauses.
//
// # Decisions
//
//   - 2026-11: a lease belongs to a living process, told by a lock on one byte
//     beside the database that ends with its process. Lease times alone would
//     make a restart wait for them; voiding all leases at a start would break
//     the refreshes of another process. Leases count in machine time, since a
//     followed clock may stand still or leap.
//   - 2026-11: on a reconnect the old grant is not revoked. Some platforms
//     revoke the whole grant by any of its tokens (RFC 7009 section 2.1), which
//     would take the new one along.
//   - 2026-11: the age of a refresh token is not counted here: platforms do not
//     state it (RFC 6749 section 5.1), so there is no keep-alive either
//     (S000-41 only permits it). An end is noticed at the next use.
//   - 2026-11: one redirection endpoint for all platforms; mix-up is met by the
//     flow's binding to one platform and by iss (RFC 9207) where a platform
//     sends it.
//   - 2026-11: commits survive the death of the process; those that mark a
//     refresh token as used, keep an answer, or end a connection wait for the
//     disk as well. Waiting at each commit would cost more than the rest of a
//     request.
//
// # What it is not
//
// It renders nothing and knows no HTTP server. It never changes a campaign
// except in Apply, on a customer's word (S000-11). It keeps no password and no
// authorization code (S001-12).
package connection

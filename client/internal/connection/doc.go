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
// # What it is not
//
// It renders nothing and knows no HTTP server. It never changes a campaign
// except in Apply, on a customer's word (S000-11). It keeps no password and no
// authorization code (S001-12).
package connection

// Package session keeps the browser sessions of MINT: one row per browser
// that ever opened a page, naming the workspace whose connections it sees.
//
// The cookie holds 256 random bits and nothing else; the database (the domain's
// store) holds only a hash of them, so a copy of the database opens no session. What a session
// needs to be recognised by elsewhere (the domain binds state and PKCE
// verifier to it) is another hash, never the cookie.
//
// The package knows no gin and no connections.
//
// # Decisions
//
// 2026-11: no password login. MINT is a reference client that its user runs
// on his own machine; the session separates browsers (two customers in a
// test, two profiles on a desk), it does not authenticate people. Rejected:
// an account system, which the spec documents do not ask for and which would
// stand between every journey and its subject.
//
// 2026-11: the cross-site-request token is computed from the cookie
// (HMAC-SHA256) instead of stored: one row less to keep right, and it dies
// with the cookie.
//
// 2026-11: a session lives 400 days from its last use, the longest that
// browsers keep a cookie, so that a customer who comes back after his
// refresh token has ended still finds his old figures (U-09).
package session

// Package visit knows who is looking at a Platform's pages: browser sessions
// of customers and the tokens that tie a form to its session.
//
// It holds state in memory for one Platform, takes the Platform's time as a
// parameter and knows no HTTP.
//
// Decisions. A visitor without a login costs no memory: his CSRF token is
// computed from his session id. (Rejected: a stored token per visitor, which
// anybody could fill the memory with.) A login gives a new session id, so that
// an id planted before it is worthless (RFC 9700 does not say so; it is the
// usual defence against session fixation).
package visit

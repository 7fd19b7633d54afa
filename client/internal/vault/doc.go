// Package vault keeps secrets sealed: a key ring file with one active key, an
// AES-256-GCM envelope that names its key and is bound to the record it
// belongs to, and keyed fingerprints by which refresh tokens can be compared
// without being held.
//
// It knows nothing of tokens, rows or databases. A sealed value that is moved
// to another record, altered in one bit, or sealed with a key that the ring
// lacks does not open; that is an error value (ErrUnreadable), never a panic.
package vault

// Package partner reads the file in which a partner describes a server of his
// own, completes it from the server's metadata, and makes a target of it that
// checks can judge. Every request it sends is harmless.
package partner

// Package resource is the advertising API of a Platform: campaigns and their
// figures behind a customer's access token, and the application's own account
// behind a client credentials token (RFC 6750; S003-22).
//
// Every operation is judged completely before a fault may fire and before
// anything changes: judge → fault → act. Errors have the JSON shape of OAuth
// errors, with a challenge where RFC 6750 asks for one.
package resource

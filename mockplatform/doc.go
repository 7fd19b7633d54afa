// Package mockplatform hosts mock advertising platforms: each one an OAuth 2.0
// authorization server, the resource server of an advertising API and the
// pages that its customers see, configured by a profile.
//
// In a Go test one line starts it:
//
//	mock := mockplatform.Start(t)
//	mint := mock.Platform("mint") // issuer, endpoints, clients, customers
//
// Everything outside the protocol (moving the clock, arming faults, reading the
// journal) goes through the control API; mock.Control() is its client.
//
// The package is a face: the work is done in internal packages, and package
// control has the wire types. Platforms keep everything in memory and share
// nothing; ending the server forgets them.
package mockplatform

// Package client is the public face of MINT, the reference client: start one
// inside a Go program, or work on its database as the operator.
//
//	server, err := client.New(client.Config{
//		Integrations: integrations,
//		Database:     "sqlite:mint.db",
//	})
//	if err != nil { … }
//	err = server.Serve(ctx)
//
// Everything lies in the packages below internal: connection is the domain,
// platform the wire towards advertising platforms, vault the sealed storage,
// web the pages and the JSON API. This package only puts them together and
// decides what a start may leave behind: a start that fails writes nothing.
//
// It shares no code with the mock Platform, and neither imports the other.
package client

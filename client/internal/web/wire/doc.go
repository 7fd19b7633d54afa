// Package wire is the vocabulary of MINT's JSON API: the documents it takes
// and gives, and the OpenAPI document that describes them.
//
// Every document is built from domain values by a function here, member by
// member, so that nothing reaches a browser because somebody added a field to
// the domain; tokens in particular have no member to travel in. Instants are
// RFC 3339 in UTC, money is in hundredths of the named currency, members
// without a value are left out.
package wire

import _ "embed"

// OpenAPI is the document served at /api/openapi.json. A test keeps it equal
// to the routes and to the types of this package.
//
//go:embed openapi.json
var OpenAPI []byte

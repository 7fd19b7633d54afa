package control

import (
	_ "embed" // for the OpenAPI document
	"slices"
)

//go:embed openapi.json
var openAPI []byte

// OpenAPI is the description of the control API as an OpenAPI 3.1 document in
// JSON; the server hands it out at /v1/openapi.json.
func OpenAPI() []byte { return slices.Clone(openAPI) }

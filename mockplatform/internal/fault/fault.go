// Package fault holds a Platform's armed deviations: counted, scoped by
// endpoint, grant type, client, customer and method, and never random. It
// decides whether a fault fires; what then happens on the wire is the web
// layer's work. Validation stays ahead of faults: callers ask only about
// requests that would otherwise succeed.
package fault

// The endpoints a fault can match.
const (
	EndpointAuthorize  = "authorize"
	EndpointToken      = "token"
	EndpointRevoke     = "revoke"
	EndpointIntrospect = "introspect"
	EndpointAPI        = "api"
)

// The kinds of a fault's action.
const (
	KindError        = "error"
	KindUnauthorized = "unauthorized"
	KindBody         = "body"
	KindDropBefore   = "drop_before"
	KindDropAfter    = "drop_after"
)

// Request is what a fault is matched against.
type Request struct {
	Endpoint  string
	GrantType string
	Client    string
	Customer  string // customer key
	Method    string
}

// FieldError says which field of a fault is wrong and how to mend it.
type FieldError struct{ Field, Problem string }

// Error is one sentence.
func (e *FieldError) Error() string { return e.Field + ": " + e.Problem }

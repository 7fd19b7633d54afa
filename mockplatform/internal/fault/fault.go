// Package fault holds a Platform's armed deviations: counted, scoped by
// endpoint, grant type, client, customer and method, and never random. It
// decides whether a fault fires; what then happens on the wire is the web
// layer's work. Validation stays ahead of faults: callers ask only about
// requests that would otherwise succeed.
package fault

import (
	"github.com/mint-conformance/mint/mockplatform/control"
)

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

// Plan is the list of a Platform's faults, in the order they were armed. It is
// safe for concurrent use.
type Plan struct{}

// NewPlan makes an empty plan.
func NewPlan() *Plan { return &Plan{} }

// Arm validates f, gives it an id and adds it. The error is a *FieldError.
func (p *Plan) Arm(f control.Fault) (control.Fault, error) { panic("not yet") }

// Fire finds the first armed fault that matches r and has shots left, counts
// one shot and answers it. Concurrent calls never fire more than Count times.
func (p *Plan) Fire(r Request) (control.Fault, bool) { panic("not yet") }

// List answers all faults, spent ones included, in the order they were armed.
func (p *Plan) List() []control.Fault { panic("not yet") }

// Disarm removes a fault and reports whether it was known.
func (p *Plan) Disarm(id string) bool { panic("not yet") }

package control

import (
	"encoding/json"
	"strings"
)

// Fault is an armed deviation: what it matches, what it does, how often.
// Validation stays ahead of faults: a fault never makes an invalid request
// succeed. It fires for the next Count matching requests.
type Fault struct {
	ID     string      `json:"id,omitempty"` // set by the Platform
	Match  FaultMatch  `json:"match"`
	Action FaultAction `json:"action"`
	// Also are further actions on the same exchange, one of each kind: rewrite,
	// headers, delay_before, delay_after, expiry, lag.
	Also  []FaultAction `json:"also,omitempty"`
	Count int           `json:"count"`           // 1 or more
	Fired int           `json:"fired,omitempty"` // set by the Platform
	// MayNotFire takes back the promise that a fault which was armed happens
	// Count times; without it a test in which it did not has proved nothing,
	// and fails.
	MayNotFire bool `json:"may_not_fire,omitempty"`
}

// Missed reports whether the fault was to happen more often than it did.
func (f Fault) Missed() bool { return f.Fired < f.Count && !f.MayNotFire }

// Kinds names everything that the fault does, its action first: "rewrite", or
// "rewrite+delay_after".
func (f Fault) Kinds() string {
	kinds := []string{f.Action.Kind}
	for _, one := range f.Also {
		kinds = append(kinds, one.Kind)
	}
	return strings.Join(kinds, "+")
}

// FaultPlan is a list of faults that are armed together or not at all (POST
// …/faults, `mockplatform ctl faults arm --file`).
type FaultPlan struct {
	Faults []Fault `json:"faults"`
}

// FaultMatch selects requests among those that are valid. An empty field
// matches everything; Endpoint is required.
type FaultMatch struct {
	// Endpoint is authorize, token, revoke, introspect, register, par, jwks,
	// metadata or api.
	Endpoint  string `json:"endpoint"`
	GrantType string `json:"grant_type,omitempty"` // token endpoint only
	Client    string `json:"client,omitempty"`
	Customer  string `json:"customer,omitempty"` // customer key
	// Family is the id of the token family that the presented code or token
	// belongs to (see Family.ID).
	Family string `json:"family,omitempty"`
	Method string `json:"method,omitempty"` // HTTP method
	// Nth leaves the first Nth-1 requests that match alone; 0 and 1 leave none.
	Nth int `json:"nth,omitempty"`
	// MinAge and MaxAge bound the age of the presented code or token in the
	// Platform's time, both included: durations such as "90s" or "30d". A
	// request that presents none does not match.
	MinAge string `json:"min_age,omitempty"`
	MaxAge string `json:"max_age,omitempty"`
}

// FaultAction says what happens instead of, or after, the normal work. Which
// fields a kind takes is in the table of package fault and in the README; a
// field that a kind does not take is refused.
type FaultAction struct {
	// Kind is one of error, unauthorized, body, gateway, drop_before,
	// drop_after, drop_body, malformed, truncated, rewrite, headers,
	// delay_before, delay_after, barrier, expiry, lag.
	Kind string `json:"kind"`
	// After lets error, unauthorized, body and gateway do the work first and
	// lose its answer.
	After       bool              `json:"after,omitempty"`
	Status      int               `json:"status,omitempty"`
	Error       string            `json:"error,omitempty"`
	Description string            `json:"description,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`
	// RetryAfter is a duration that becomes a Retry-After header (RFC 9110
	// section 10.2.3), RetryAfterForm how: "seconds" (default), or "date",
	// which is counted from the Platform's clock.
	RetryAfter     string `json:"retry_after,omitempty"`
	RetryAfterForm string `json:"retry_after_form,omitempty"`
	Body           string `json:"body,omitempty"`
	ContentType    string `json:"content_type,omitempty"`
	// Drop and Set are what rewrite takes out of the JSON answer and puts into
	// it, by the name of a top-level member.
	Drop []string                   `json:"drop,omitempty"`
	Set  map[string]json.RawMessage `json:"set,omitempty"`
	// Delay is how long delay_before and delay_after wait, and Timeout how
	// long a barrier holds at most: durations of real time up to 1m.
	Delay   string `json:"delay,omitempty"`
	Timeout string `json:"timeout,omitempty"`
	// Lifetime is how long the access token of an expiry fault really lives.
	Lifetime string `json:"lifetime,omitempty"`
	// Lag is how long in the Platform's time, and Uses for how many calls, the
	// API does not know the access token of a lag fault yet.
	Lag  string `json:"lag,omitempty"`
	Uses int    `json:"uses,omitempty"`
}

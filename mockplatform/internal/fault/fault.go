// Package fault holds a Platform's armed deviations: counted, scoped by
// endpoint, grant type, client, customer, token family, age and method, and
// never random. It decides whether a fault fires and does the waiting; what
// then goes over the wire is the web layer's work.
//
// Validation stays ahead of faults: callers ask only about requests that would
// otherwise succeed, so that a fault never makes an invalid one succeed, and
// never hides that it was invalid.
//
// # Actions
//
// "Instead" means that nothing happened when the answer leaves; with "after"
// (where a kind takes it) the work was done and its answer is lost. "Then" means
// that the work was done and its answer is what the kind deals with.
//
//	kind          when          what                                    fields
//	error         instead/after OAuth error, or a status from 500 on    status, error, description, after, answer
//	unauthorized  instead/after 401 invalid_token, the token is good    after, answer; endpoint api only
//	body          instead/after the body word for word                  status, body, content_type, after, answer
//	gateway       instead/after a gateway's HTML page, 502 by default   status (5xx), after, answer
//	drop_before   instead       connection reset                        none
//	drop_after    then          connection reset, no byte of the answer none
//	drop_body     then          reset in the middle of the body         none; needs a body
//	malformed     then          the JSON answer breaks the grammar      answer; needs a body
//	truncated     then          half of the JSON answer, orderly sent   answer; needs a body
//	rewrite       then          members dropped or set                  drop, set, answer; needs a body
//	headers       then          headers added                           answer (one at least)
//	delay_before  then          waits, works, answers                   delay, answer
//	delay_after   then          works, waits, answers                   delay, answer
//	barrier       then          holds count requests, releases them     timeout (5s), answer; count 2 to 1000
//	                            together to work; after the timeout
//	                            those held go on, later ones pass
//	expiry        then          the access token lives lifetime,        lifetime, answer; endpoint token only
//	                            whatever expires_in says
//	lag           then          the API does not know the access token  lag or uses, answer; endpoint token only
//	                            for so long, or for so many calls
//
// "answer" stands for headers, retry_after and retry_after_form. The endpoints
// authorize and revoke answer no JSON, so kinds that need a body are refused
// there.
//
// # Several at once
//
// One fault fires per request: the first armed one that matches and has shots
// left; the next one waits for the next request. Two armed faults therefore
// never meet on one exchange by accident. What shall happen together stands in
// one fault: beside its action it has further ones in "also", one of each of
// the kinds rewrite, headers, delay_before, delay_after, expiry and lag. They
// are done in the order before, work, rewrite, action, headers, after.
package fault

import (
	"time"
)

// The endpoints a fault can match.
const (
	EndpointAuthorize  = "authorize"
	EndpointToken      = "token"
	EndpointRevoke     = "revoke"
	EndpointIntrospect = "introspect"
	EndpointRegister   = "register"
	EndpointPAR        = "par"
	EndpointJWKS       = "jwks"
	EndpointMetadata   = "metadata"
	EndpointAPI        = "api"
)

// The kinds of a fault's action; see the table above.
const (
	KindError        = "error"
	KindUnauthorized = "unauthorized"
	KindBody         = "body"
	KindGateway      = "gateway"
	KindDropBefore   = "drop_before"
	KindDropAfter    = "drop_after"
	KindDropBody     = "drop_body"
	KindMalformed    = "malformed"
	KindTruncated    = "truncated"
	KindRewrite      = "rewrite"
	KindHeaders      = "headers"
	KindDelayBefore  = "delay_before"
	KindDelayAfter   = "delay_after"
	KindBarrier      = "barrier"
	KindExpiry       = "expiry"
	KindLag          = "lag"
)

// Request is what a fault is matched against.
type Request struct {
	Endpoint  string
	GrantType string
	Client    string
	Customer  string // customer key
	Family    string // of the presented code or token, "" without one
	Method    string
	// Age of the presented code or token in the Platform's time; it counts
	// only where Aged is set.
	Age  time.Duration
	Aged bool
}

// Presenting is r with the age that a code or token issued at born has now.
func (r Request) Presenting(born, now time.Time) Request {
	r.Age, r.Aged = now.Sub(born), true
	return r
}

// FieldError says which field of a fault is wrong and how to mend it.
type FieldError struct{ Field, Problem string }

// Error is one sentence.
func (e *FieldError) Error() string { return e.Field + ": " + e.Problem }

package wire

import (
	"strconv"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// problem is the JSON body of an error (RFC 6749 section 5.2). The API uses
// the same shape.
type problem struct {
	Error       string `json:"error,omitempty"`
	Description string `json:"error_description,omitempty"`
}

// OAuthError answers err in JSON, with challenge, Allow and Retry-After where
// it has them.
// This is the one place that writes protocol errors for machines.
func OAuthError(err *oauth.Error) Answer {
	answer := JSON(err.Status, problem{err.Code, err.Description}).
		With("WWW-Authenticate", err.Challenge).
		With("Allow", err.Allow).
		Uncached()
	if err.RetryAfter > 0 {
		answer = answer.With("Retry-After", strconv.Itoa(err.RetryAfter))
	}
	return answer
}

// Failed notes err in the journal entry.
func (e *Exchange) Failed(err *oauth.Error) {
	e.Entry.Error, e.Entry.Reason = err.Code, err.Why()
}

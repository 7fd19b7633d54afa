package connection

import (
	"errors"
	"time"
)

// Sentinel errors; see Problem.
var (
	// ErrNotFound: no such platform, connection or suggestion in this workspace.
	ErrNotFound = errors.New("not found")
	// ErrNeedsReconnect: the grant is gone; the customer has to connect again.
	ErrNeedsReconnect = errors.New("connection needs reconnect")
	// ErrForbiddenScope: the consent does not cover this.
	ErrForbiddenScope = errors.New("consent does not cover this")
	// ErrThrottled: the platform asked MINT to wait; see Problem.RetryAt.
	ErrThrottled = errors.New("platform asks to wait")
	// ErrUnavailable: the platform cannot be reached, or answers nonsense, or
	// refuses MINT itself; trying later may help.
	ErrUnavailable = errors.New("platform unavailable")
	// ErrRefused: the platform understood and said no.
	ErrRefused = errors.New("platform refused")
	// ErrUnreadable: the stored tokens do not open; reconnecting repairs it.
	ErrUnreadable = errors.New("stored tokens are unreadable")
	// ErrUnclear: a change was sent and nobody knows whether it was made.
	ErrUnclear = errors.New("outcome unclear")
)

// Problem is an error with a sentence for people.
type Problem struct {
	Kind     error     // one of the sentinels
	Sentence string    // what happened and the way on; holds no secret
	RetryAt  time.Time // zero, or when trying again makes sense
	Cause    error     // for the log; may be nil
}

// Error implements error.
func (p *Problem) Error() string {
	if p.Cause == nil {
		return p.Kind.Error() + ": " + p.Sentence
	}
	return p.Kind.Error() + ": " + p.Cause.Error()
}

// Unwrap lets errors.Is find the sentinel and the cause.
func (p *Problem) Unwrap() []error {
	if p.Cause == nil {
		return []error{p.Kind}
	}
	return []error{p.Kind, p.Cause}
}

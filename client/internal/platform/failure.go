package platform

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Class is what an answer, or the lack of one, means to MINT. The one place
// that decides it is classify.go.
type Class string

// The classes of failures.
const (
	// ClassGrant: the grant or code presented is not good (invalid_grant).
	ClassGrant Class = "grant"
	// ClassConfiguration: the platform refuses MINT itself; the operator has to
	// mend something, customers cannot.
	ClassConfiguration Class = "configuration"
	// ClassThrottled: the platform asks to wait; RetryAfter may say how long.
	ClassThrottled Class = "throttled"
	// ClassTransient: not processed, for a reason that may pass.
	ClassTransient Class = "transient"
	// ClassAmbiguous: sent, and nobody knows whether it was processed.
	ClassAmbiguous Class = "ambiguous"
	// ClassUnparseable: a success whose content makes no sense.
	ClassUnparseable Class = "unparseable"
	// ClassUnauthorized: the resource server rejects the access token.
	ClassUnauthorized Class = "unauthorized"
	// ClassScope: the access token's scope does not cover this (RFC 6750
	// section 3.1).
	ClassScope Class = "scope"
	// ClassForbidden: not allowed, whatever the scope.
	ClassForbidden Class = "forbidden"
	// ClassNotFound: there is no such thing for this customer.
	ClassNotFound Class = "not_found"
	// ClassRefused: understood and refused, for example a value out of range.
	ClassRefused Class = "refused"
)

// Failure is a call that did not succeed. It holds no secret: neither bodies
// nor addresses, which may carry some.
type Failure struct {
	Class Class
	// Call names what was tried: "refresh", "campaigns".
	Call string
	// Status is the HTTP status, 0 without an answer.
	Status int
	// Code is the error code the platform gave (RFC 6749 section 5.2, RFC 6750
	// section 3.1), cut to the characters such codes may have.
	Code string
	// Description is the platform's own words, cut to one printable line.
	Description string
	// RetryAfter is how long the platform asked to wait, 0 if it did not.
	RetryAfter time.Duration
	// RefreshToken is set when a success that cannot be used carried one
	// nevertheless, so that it is not lost.
	RefreshToken Secret

	cause error
}

// Error implements error.
func (f *Failure) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s", f.Call, f.Class)
	if f.Status != 0 {
		fmt.Fprintf(&text, " (HTTP %d)", f.Status)
	}
	if f.Code != "" {
		fmt.Fprintf(&text, " %s", f.Code)
	}
	if f.cause != nil {
		fmt.Fprintf(&text, ": %v", f.cause)
	}
	return text.String()
}

// Unwrap returns the cause, if any.
func (f *Failure) Unwrap() error { return f.cause }

// FailureOf returns the Failure in err, or nil.
func FailureOf(err error) *Failure {
	var failure *Failure
	if errors.As(err, &failure) {
		return failure
	}
	return nil
}

// cleanCode keeps an error code only if it is one: RFC 6749 allows more, but a
// code is a name, and anything else is not worth repeating.
func cleanCode(code string) string {
	if len(code) > 60 {
		return ""
	}
	for _, r := range code {
		if r != '_' && r != '-' && r != '.' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return ""
		}
	}
	return code
}

// cleanDescription cuts a platform's words to one printable line.
func cleanDescription(text string) string {
	text = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, text)), " ")
	if runes := []rune(text); len(runes) > 200 {
		return string(runes[:200]) + "…"
	}
	return text
}

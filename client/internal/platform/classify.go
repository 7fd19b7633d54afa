package platform

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter caps how long a Retry-After header can silence MINT.
const maxRetryAfter = 24 * time.Hour

// codeClasses maps the error codes of a token endpoint (RFC 6749 section 5.2,
// RFC 7009 section 2.2.1).
var codeClasses = map[string]Class{
	"invalid_grant":             ClassGrant,
	"invalid_client":            ClassConfiguration,
	"unauthorized_client":       ClassConfiguration,
	"unsupported_grant_type":    ClassConfiguration,
	"unsupported_token_type":    ClassConfiguration,
	"unsupported_response_type": ClassConfiguration,
	"invalid_request":           ClassConfiguration,
	"invalid_scope":             ClassConfiguration,
	"temporarily_unavailable":   ClassTransient,
	"server_error":              ClassTransient,
	"slow_down":                 ClassThrottled,
	"access_denied":             ClassGrant,

	// What known platforms say instead of invalid_grant.
	"bad_refresh_token": ClassGrant, // GitHub, with status 200
	"invalid_code":      ClassGrant, // Zoho
}

func classOfCode(code string, otherwise Class) Class {
	if class, known := codeClasses[code]; known {
		return class
	}
	return otherwise
}

// tokenFailure classifies an answer of the token or revocation endpoint that
// is not a success. The error code outranks the status, since platforms differ
// in the latter (S004-20).
func (c *Client) tokenFailure(call string, answer reply) *Failure {
	failure := &Failure{
		Call: call, Status: answer.status,
		RetryAfter: retryAfter(answer.header, c.now()),
	}
	var document struct {
		Error       json.RawMessage `json:"error"`
		Description json.RawMessage `json:"error_description"`
	}
	if json.Unmarshal(answer.body, &document) == nil {
		failure.Code = cleanCode(text(document.Error))
		failure.Description = cleanDescription(text(document.Description))
	}
	failure.Class = classOfCode(failure.Code, classOfTokenStatus(answer.status))
	if answer.status == http.StatusTooManyRequests || failure.RetryAfter > 0 && answer.status >= 500 {
		failure.Class = ClassThrottled
	}
	return failure
}

// classOfTokenStatus is the class of an answer without a known error code. A
// gateway that gave up (502, 504) says nothing about what the server behind it
// did. A 4xx without an OAuth error did not come from the token endpoint's own
// rules, so no grant is condemned on it.
func classOfTokenStatus(status int) Class {
	switch status {
	case http.StatusTooManyRequests:
		return ClassThrottled
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return ClassAmbiguous
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone:
		return ClassConfiguration
	}
	return ClassTransient
}

// challengePattern finds the members of a Bearer challenge (RFC 6750 section
// 3).
var challengePattern = regexp.MustCompile(`(error|error_description|scope)\s*=\s*"([^"]*)"`)

// resourceFailure classifies an answer of the resource server that is not a
// success (RFC 6750 section 3.1).
func (c *Client) resourceFailure(call string, answer reply) *Failure {
	failure := &Failure{Call: call, Status: answer.status, RetryAfter: retryAfter(answer.header, c.now())}
	var document struct {
		Error       json.RawMessage `json:"error"`
		Description json.RawMessage `json:"error_description"`
	}
	if json.Unmarshal(answer.body, &document) == nil {
		failure.Code = cleanCode(text(document.Error))
		failure.Description = cleanDescription(text(document.Description))
	}
	for _, member := range challengePattern.FindAllStringSubmatch(strings.Join(answer.header.Values("WWW-Authenticate"), ", "), -1) {
		if member[1] == "error" {
			failure.Code = cleanCode(member[2])
		}
	}
	failure.Class = classOfResourceStatus(answer.status, failure)
	return failure
}

func classOfResourceStatus(status int, failure *Failure) Class {
	switch {
	case status == http.StatusUnauthorized:
		return ClassUnauthorized
	case failure.Code == "insufficient_scope":
		return ClassScope
	case status == http.StatusForbidden:
		return ClassForbidden
	case status == http.StatusNotFound:
		return ClassNotFound
	case status == http.StatusTooManyRequests, status >= 500 && failure.RetryAfter > 0:
		return ClassThrottled
	case status == http.StatusBadGateway, status == http.StatusGatewayTimeout:
		return ClassAmbiguous
	case status >= 500:
		return ClassTransient
	}
	return ClassRefused
}

// retryAfter reads the header as seconds or as a date (RFC 9110 section
// 10.2.3). A date is measured against the answer's own Date, so that the two
// clocks need not agree.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		if seconds > int64(maxRetryAfter/time.Second) {
			return maxRetryAfter
		}
		return max(0, time.Duration(seconds)*time.Second)
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if sent, err := http.ParseTime(header.Get("Date")); err == nil {
		now = sent
	}
	return min(max(0, until.Sub(now)), maxRetryAfter)
}

package oauth

import (
	"net/http"
	"strings"
)

// Error codes of RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1, RFC
// 7009 section 2.2.1 and RFC 7591 section 3.2.2.
const (
	InvalidRequest          = "invalid_request"
	InvalidClient           = "invalid_client"
	InvalidGrant            = "invalid_grant"
	UnauthorizedClient      = "unauthorized_client"
	UnsupportedGrantType    = "unsupported_grant_type"
	UnsupportedResponseType = "unsupported_response_type"
	UnsupportedTokenType    = "unsupported_token_type"
	InvalidRequestURI       = "invalid_request_uri" // RFC 9101 section 6.2
	InvalidScope            = "invalid_scope"
	InvalidTarget           = "invalid_target" // RFC 8707 section 2
	AccessDenied            = "access_denied"
	ServerError             = "server_error"
	TemporarilyUnavailable  = "temporarily_unavailable"
	InvalidToken            = "invalid_token"
	InsufficientScope       = "insufficient_scope"
	InvalidRedirectURI      = "invalid_redirect_uri"
	InvalidClientMetadata   = "invalid_client_metadata"
)

// Channel says how an Error reaches whom.
type Channel int

const (
	// ChannelJSON answers the client directly with a JSON body (RFC 6749
	// section 5.2).
	ChannelJSON Channel = iota
	// ChannelPage shows the resource owner a page of the Platform and never
	// redirects: the client or its redirection endpoint cannot be trusted
	// (RFC 6749 section 4.1.2.1).
	ChannelPage
	// ChannelRedirect sends the resource owner back to the client with the
	// error in the request's response mode (RFC 6749 section 4.1.2.1).
	ChannelRedirect
)

// String names the channel for logs and test failures.
func (c Channel) String() string {
	switch c {
	case ChannelPage:
		return "page"
	case ChannelRedirect:
		return "redirect"
	}
	return "json"
}

// Error is a protocol error: what the client is told, and by which channel.
// Values are never changed once made; the With methods answer copies.
type Error struct {
	Code        string  // one of the codes above; empty for a bare 401 challenge (RFC 6750 section 3.1)
	Description string  // one sentence without secrets, ASCII (RFC 6749 section 5.2)
	Status      int     // HTTP status for ChannelJSON and ChannelPage
	Channel     Channel // how to deliver
	// Response is what ChannelRedirect delivers, with error, state and iss in
	// place; nil for the other channels.
	Response *Response
	// Challenge is the WWW-Authenticate value, empty for none.
	Challenge string
	// Allow is the Allow header of a 405, empty for none.
	Allow string
	// RetryAfter tells the seconds to wait, 0 for nothing to tell (RFC 9110
	// section 10.2.3).
	RetryAfter int
	// Reason is for the journal and people: why, more freely than Description,
	// and never with a secret in it.
	Reason string
}

// NewError makes a ChannelJSON error with the status RFC 6749 section 5.2
// gives its code: 401 for invalid_client and invalid_token, 403 for
// insufficient_scope and access_denied, 500 and 503 for the server's own
// faults, else 400.
func NewError(code, description string) *Error {
	return &Error{Code: code, Description: description, Status: statusOf(code)}
}

func statusOf(code string) int {
	switch code {
	case InvalidClient, InvalidToken:
		return http.StatusUnauthorized
	case InsufficientScope, AccessDenied:
		return http.StatusForbidden
	case ServerError:
		return http.StatusInternalServerError
	case TemporarilyUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// Error is code and description in one line.
func (e *Error) Error() string {
	if e.Description == "" {
		return e.Code
	}
	return e.Code + ": " + e.Description
}

// WithStatus answers a copy with another HTTP status.
func (e *Error) WithStatus(status int) *Error {
	c := *e
	c.Status = status
	return &c
}

// WithReason answers a copy with a reason for the journal.
func (e *Error) WithReason(reason string) *Error {
	c := *e
	c.Reason = reason
	return &c
}

// WithChallenge answers a copy with a WWW-Authenticate value.
func (e *Error) WithChallenge(challenge string) *Error {
	c := *e
	c.Challenge = challenge
	return &c
}

// OnPage answers a copy for ChannelPage with status 400.
func (e *Error) OnPage() *Error {
	c := *e
	c.Channel = ChannelPage
	c.Status = http.StatusBadRequest
	return &c
}

// Redirected answers a copy for ChannelRedirect, delivered as r.
func (e *Error) Redirected(r Response) *Error {
	c := *e
	c.Channel = ChannelRedirect
	c.Status = http.StatusSeeOther
	c.Response = &r
	return &c
}

// Location is the complete address for ChannelRedirect in the modes query and
// fragment, "" otherwise.
func (e *Error) Location() string {
	if e.Response == nil {
		return ""
	}
	return e.Response.Location()
}

// Why is the reason for the journal: Reason, or Description without one.
func (e *Error) Why() string {
	if e.Reason != "" {
		return e.Reason
	}
	return e.Description
}

// Printable replaces what RFC 6749 section 5.2 does not allow in an
// error_description (anything but printable ASCII, the quotation mark and the
// backslash) by "?", so that echoed input can never break a header or a URL.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' {
			return '?'
		}
		return r
	}, s)
}

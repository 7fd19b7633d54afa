package wire

import (
	"net/http"
	"strconv"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
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

// Faulted answers as the fault says and notes it in the journal entry.
// challenge is what an "unauthorized" fault sends along.
func (e *Exchange) Faulted(armed control.Fault, challenge string) Answer {
	e.Entry.Fault = armed.ID
	answer := faultAnswer(armed.Action, challenge)
	if armed.Action.Kind == fault.KindError || armed.Action.Kind == fault.KindUnauthorized {
		e.Entry.Error = armed.Action.Error
		if armed.Action.Kind == fault.KindUnauthorized {
			e.Entry.Error = oauth.InvalidToken
		}
	}
	if e.Entry.Reason == "" {
		e.Entry.Reason = "fault " + armed.Action.Kind
	}
	for name, value := range armed.Action.Headers {
		answer.Header.Set(name, value)
	}
	return answer
}

func faultAnswer(action control.FaultAction, challenge string) Answer {
	switch action.Kind {
	case fault.KindDropBefore, fault.KindDropAfter:
		return Dropped()
	case fault.KindBody:
		contentType := action.ContentType
		if contentType == "" {
			contentType = "application/json"
		}
		return New(or(action.Status, http.StatusOK), contentType, []byte(action.Body))
	case fault.KindUnauthorized:
		err := oauth.NewError(oauth.InvalidToken, "the access token was refused")
		return OAuthError(err.WithChallenge(challenge))
	default:
		err := oauth.NewError(action.Error, action.Description)
		return OAuthError(err.WithStatus(or(action.Status, err.Status)))
	}
}

func or(status, otherwise int) int {
	if status == 0 {
		return otherwise
	}
	return status
}

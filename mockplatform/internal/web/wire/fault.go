package wire

import (
	"html"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Meet asks the plan for a fault that fires on a request which proved valid,
// and waits where that fault lets it wait before the work.
func (e *Exchange) Meet(plan *fault.Plan, r fault.Request) (control.Fault, bool) {
	armed, fires := plan.Fire(r)
	if fires && fault.Holds(armed) {
		e.patient()
		e.held = plan.Hold(e.Context(), armed)
	}
	return armed, fires
}

// patient lifts the deadlines that a request and its answer have: what a fault
// holds may stay longer, and is bounded by fault.MaxWait.
func (e *Exchange) patient() {
	if e.Request != nil && e.writer != nil {
		deadlines := http.NewResponseController(e.writer)
		_ = deadlines.SetReadDeadline(time.Time{}) // a recorder has none
		_ = deadlines.SetWriteDeadline(time.Time{})
	}
}

// UnderFault answers a valid request under a fault that fired: instead of the
// work, or after it. challenge is what an "unauthorized" fault sends along.
func (e *Exchange) UnderFault(armed control.Fault, challenge string, work func() Answer) Answer {
	if fault.Stops(armed.Action) {
		return e.Faulted(armed, challenge)
	}
	return e.Altered(armed, challenge, work())
}

// Faulted answers as the fault says, whatever was to be answered, and notes it
// in the journal entry.
func (e *Exchange) Faulted(armed control.Fault, challenge string) Answer {
	answer := faultAnswer(armed.Action, challenge)
	switch armed.Action.Kind {
	case fault.KindError:
		e.Entry.Error = armed.Action.Error
	case fault.KindUnauthorized:
		e.Entry.Error = oauth.InvalidToken
	}
	e.noteFault(armed, "")
	return e.send(armed, answer)
}

// Altered does to the answer of work that was done what the fault says, and
// notes it in the journal entry. An answer that is an error stays as it is,
// unless the fault loses every answer: a fault hides no error.
func (e *Exchange) Altered(armed control.Fault, challenge string, answer Answer) Answer {
	if armed.Action.Kind == fault.KindDropAfter {
		return e.Faulted(armed, challenge)
	}
	if answer.Status >= http.StatusBadRequest {
		note := "the request failed by itself"
		if e.held != "" {
			note = e.held
		}
		e.noteFault(armed, note)
		return answer
	}
	if fault.Replaces(armed.Action) {
		return e.Faulted(armed, challenge)
	}
	var notes []string
	for _, action := range append(slices.Clone(armed.Also), armed.Action) { // what breaks the answer comes last
		var note string
		if answer, note = alter(action, answer); note != "" {
			notes = append(notes, note)
		}
	}
	e.noteFault(armed, strings.Join(notes, ", "))
	return e.send(armed, answer)
}

// send puts the fault's headers on an answer and lets it wait.
func (e *Exchange) send(armed control.Fault, answer Answer) Answer {
	if answer.Delay = fault.Delay(armed); answer.Delay > 0 {
		e.patient()
	}
	for _, action := range armed.Also {
		answer = e.dress(action, answer)
	}
	return e.dress(armed.Action, answer)
}

// Published answers a request for a document that anybody may read, under a
// fault if one fires. Nothing changes there, so that the document can be made
// first: what is not published fires no fault.
func (e *Exchange) Published(plan *fault.Plan, endpoint string, handler Handler) Answer {
	answer := handler(e)
	if answer.Status >= http.StatusBadRequest {
		return answer
	}
	armed, fires := e.Meet(plan, fault.Request{Endpoint: endpoint, Method: e.Method})
	if !fires {
		return answer
	}
	return e.UnderFault(armed, "", func() Answer { return answer })
}

// noteFault tells the journal which fault fired, and why where nothing else is
// told yet.
func (e *Exchange) noteFault(armed control.Fault, note string) {
	e.Entry.Fault = armed.ID
	if note == "" {
		note = e.held
	}
	if e.Entry.Reason == "" {
		e.Entry.Reason = "fault " + armed.Kinds()
	}
	if note != "" {
		e.Entry.Reason += ": " + note
	}
}

// dress puts the fault's headers on an answer.
func (e *Exchange) dress(action control.FaultAction, answer Answer) Answer {
	for name, value := range action.Headers {
		answer.Header.Set(name, value)
	}
	if action.RetryAfter == "" {
		return answer
	}
	wait := fault.RetryAfter(action)
	if action.RetryAfterForm == "date" { // whole seconds, never earlier than asked (RFC 9110 section 5.6.7)
		until := e.Now.Add(wait + time.Second - time.Nanosecond).Truncate(time.Second)
		return answer.With("Retry-After", until.UTC().Format(http.TimeFormat))
	}
	return answer.With("Retry-After", strconv.FormatInt(int64(math.Ceil(wait.Seconds())), 10))
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
	case fault.KindGateway:
		return gateway(or(action.Status, http.StatusBadGateway))
	case fault.KindUnauthorized:
		err := oauth.NewError(oauth.InvalidToken, "the access token was refused")
		return OAuthError(err.WithChallenge(challenge))
	default:
		err := oauth.NewError(action.Error, action.Description)
		return OAuthError(err.WithStatus(or(action.Status, err.Status)))
	}
}

// gateway is the page of a proxy whose server is away: no JSON, and nobody's
// error code.
func gateway(status int) Answer {
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	if http.StatusText(status) == "" {
		title = strconv.Itoa(status) + " Error"
	}
	title = html.EscapeString(title)
	return New(status, "text/html", []byte("<html>\r\n<head><title>"+title+"</title></head>\r\n<body>\r\n<center><h1>"+
		title+"</h1></center>\r\n</body>\r\n</html>\r\n"))
}

func or(status, otherwise int) int {
	if status == 0 {
		return otherwise
	}
	return status
}

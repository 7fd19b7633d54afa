// Package exchange is the HTTP client of the conformance checks: it sends
// single requests, follows no redirect, keeps all that was sent and received,
// and says what an answer of an OAuth endpoint amounts to. It judges nothing.
package exchange

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Exchange is one request and what came back. Nothing in it is redacted yet.
type Exchange struct {
	Number  int    // within the check, from 1
	About   string // what it was sent for: "redeem the same code again"
	Control bool   // a positive control: the right request beside wrong ones
	Browser bool   // sent as a customer's browser, not as a client
	At      time.Time
	Took    time.Duration

	Method        string
	URL           string
	RequestHeader http.Header
	RequestBody   string
	BasicID       string // who the credentials of the Authorization header are of

	Status int // 0 if there was no answer
	Header http.Header
	Body   string
	Err    string // why there was no answer: "the connection was reset"
	// JSON is the body's top-level object, nil if it is none.
	JSON map[string]any
	// Claims are the readable parts of signed tokens in the answer, by member:
	// header and claims as indented JSON, without the signature.
	Claims map[string]string

	gives string // the error code, or "tokens": kept when JSON is taken away
}

// Text is a JSON member that is a string, else "".
func (e Exchange) Text(member string) string {
	s, _ := e.JSON[member].(string)
	return s
}

// Tokens says whether the answer gave an access token (RFC 6749 section 5.1).
func (e Exchange) Tokens() bool {
	return e.Status == http.StatusOK && e.Text("access_token") != ""
}

// Leaks says whether a token stands in the answer, whatever its status.
func (e Exchange) Leaks() bool {
	for _, member := range []string{"access_token", "refresh_token", "id_token"} {
		if _, there := e.JSON[member]; there {
			return true
		}
	}
	return false
}

// Refused says whether the server refused the request by intent: a status of
// 400 to 499 that speaks of the request, no token, no page for people. Trouble
// (no answer, 5xx, HTML, a rate limit) is no refusal, and why says what it is.
func (e Exchange) Refused() (is bool, why string) {
	switch {
	case e.Err != "":
		return false, e.Err
	case e.Leaks():
		return false, "the answer has a token in it"
	case e.Status >= 500:
		return false, "the server failed instead of refusing"
	case e.Limited():
		return false, "the server limits the rate of requests"
	case e.Status < 400:
		return false, "the request was accepted"
	case slices.Contains([]int{http.StatusNotFound, http.StatusRequestTimeout, http.StatusGone}, e.Status):
		return false, "the endpoint did not work on the request"
	case e.HTML():
		return false, "the answer is a page for people"
	case e.Text("error") == "server_error" || e.Text("error") == "temporarily_unavailable":
		return false, "the server failed instead of refusing"
	}
	return true, ""
}

// Limited says whether the server asked to be left alone for a while.
func (e Exchange) Limited() bool { return e.Status == http.StatusTooManyRequests }

// TimedOut says whether there was no answer in time.
func (e Exchange) TimedOut() bool { return e.Err == timedOut }

// HTML says whether the answer is a page.
func (e Exchange) HTML() bool {
	if strings.HasPrefix(strings.ToLower(e.Header.Get("Content-Type")), "text/html") {
		return true
	}
	start := strings.ToLower(strings.TrimSpace(e.Body))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// Said is what an answer amounts to in a word or two: the error code, "tokens",
// the address of a redirect, or nothing.
func (e Exchange) Said() string {
	switch {
	case strings.HasPrefix(e.Header.Get("Location"), "http"):
		address, _, _ := strings.Cut(e.Header.Get("Location"), "?")
		return "to " + address
	case e.gives != "":
		return e.gives
	case e.HTML():
		return "a page"
	}
	return ""
}

// String says what came back, without any value that may be secret.
func (e Exchange) String() string {
	if e.Err != "" {
		return e.Err
	}
	parts := []string{http.StatusText(e.Status)}
	if parts[0] == "" {
		parts[0] = "status"
	}
	parts[0] = strings.TrimSpace(strings.Join([]string{itoa(e.Status), parts[0]}, " "))
	if code := e.Text("error"); code != "" {
		parts = append(parts, "error "+code)
	}
	if d := e.Text("error_description"); d != "" {
		parts = append(parts, "“"+d+"”")
	}
	if e.Tokens() {
		parts = append(parts, "with an access token")
	}
	if e.JSON == nil && e.Body != "" {
		parts = append(parts, "a body of "+itoa(len(e.Body))+" bytes, "+orNone(e.Header.Get("Content-Type")))
	}
	return strings.Join(parts, ", ")
}

func orNone(mediaType string) string {
	if mediaType == "" {
		return "without a media type"
	}
	return mediaType
}

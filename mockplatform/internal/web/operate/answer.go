package operate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

func document(status int, v any) wire.Answer { return wire.JSON(status, v).Uncached() }

func problem(status int, format string, args ...any) wire.Answer {
	return document(status, control.Problem{Message: fmt.Sprintf(format, args...)})
}

// Unreadable answers a request whose body could not be taken in.
func Unreadable(err error) wire.Answer {
	if errors.Is(err, wire.ErrTooLarge) {
		return problem(http.StatusRequestEntityTooLarge, "%v", err)
	}
	return problem(http.StatusBadRequest, "the request body could not be read")
}

// Unavailable answers while the store that replicas share cannot be reached.
func Unavailable(sentence string) wire.Answer {
	return problem(http.StatusServiceUnavailable, "%s", sentence).With("Retry-After", "1")
}

// decode reads a JSON body strictly: unknown members are errors, since a
// misspelt one would silently do nothing.
func decode(r *wire.Request, into any) *wire.Answer {
	bad := func(format string, args ...any) *wire.Answer {
		answer := problem(http.StatusBadRequest, format, args...)
		return &answer
	}
	if len(bytes.TrimSpace(r.Payload)) == 0 {
		return bad("the body is empty: send a JSON object")
	}
	decoder := json.NewDecoder(bytes.NewReader(r.Payload))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		var wrongType *json.UnmarshalTypeError
		if errors.As(err, &wrongType) && wrongType.Field != "" {
			return bad("%s: is a JSON %s and must be a %s", wrongType.Field, wrongType.Value, wrongType.Type)
		}
		return bad("the body is not the expected JSON object: %v", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return bad("the body holds more than one JSON document: send one object")
	}
	return nil
}

// query reads the query strictly.
func query(r *wire.Request, known ...string) (url.Values, *wire.Answer) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		answer := problem(http.StatusBadRequest, "the query is not well formed")
		return nil, &answer
	}
	for name := range values {
		if !slices.Contains(known, name) {
			answer := problem(http.StatusBadRequest, "the query parameter %q is unknown here; known are: %v", name, known)
			return nil, &answer
		}
	}
	return values, nil
}

// maxWait bounds a long poll.
const maxWait = time.Minute

// poll reads the members of a long poll: after (0 or more) and wait.
func poll(values url.Values, otherwise time.Duration) (after int64, wait time.Duration, refusal *wire.Answer) {
	bad := func(format string, args ...any) (int64, time.Duration, *wire.Answer) {
		answer := problem(http.StatusBadRequest, format, args...)
		return 0, 0, &answer
	}
	wait = otherwise
	if text := values.Get("after"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			return bad("after: %q is not a whole number of 0 or more", text)
		}
		after = n
	}
	if text := values.Get("wait"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 || d > maxWait {
			return bad("wait: %q is not a duration between 0s and %s", text, maxWait)
		}
		wait = d
	}
	return after, wait, nil
}

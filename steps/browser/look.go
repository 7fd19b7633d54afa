package browser

import (
	"context"
	_ "embed" // page.js
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

//go:embed page.js
var pageScript string

const (
	// lookAgain is the pause before the next look, when a page went away under one.
	lookAgain = time.Millisecond
	// patience is how long one look may wait for its document to change.
	patience = time.Second
	// oneLook bounds a single look: a renderer in the middle of being replaced
	// sometimes never answers.
	oneLook = 3 * time.Second
)

// PageError says what a page did not show or do, and which page that was.
type PageError struct {
	Wanted  string        // what was looked for
	Waited  time.Duration // for how long; 0 when waiting would not have helped
	Reason  string        // what was there instead
	URL     string        // the page's address, secret parameters blanked
	Heading string        // its h1
	Alert   string        // its role=alert
	Failed  string        // the browser's reason if the page did not load
}

// Error is one line with all that is known.
func (e *PageError) Error() string {
	var b strings.Builder
	b.WriteString(e.Wanted)
	if e.Waited > 0 {
		fmt.Fprintf(&b, ": not within %s", e.Waited.Round(100*time.Millisecond))
	}
	for _, part := range []struct{ before, text, after string }{
		{": ", e.Reason, ""},
		{" (page ", e.URL, ""},
		{", heading \"", e.Heading, "\""},
		{", alert \"", e.Alert, "\""},
		{", it did not load: ", e.Failed, ""},
	} {
		if part.text != "" {
			b.WriteString(part.before + part.text + part.after)
		}
	}
	if e.URL != "" {
		b.WriteString(")")
	}
	return b.String()
}

// answer is what page.js returns.
type answer struct {
	State   string          `json:"state"` // ok, wait, no
	Value   json.RawMessage `json:"value"`
	Reason  string          `json:"reason"`
	URL     string          `json:"url"`
	Heading string          `json:"heading"`
	Alert   string          `json:"alert"`
}

// args are the arguments of one look.
type args map[string]any

// look asks page.js until it says ok or no. wanted says what for, in errors;
// value receives the answer. It does not poll: page.js waits for the document
// to change, and the browser ends that wait when another document takes over.
func (s *Session) look(ctx context.Context, wanted, ask string, a args, value any) error {
	given, err := json.Marshal(a)
	if err != nil {
		return err
	}
	ctx, done := s.within(ctx)
	defer done()
	begin := machineTime()
	last := answer{Reason: "the page did not answer"}
	for {
		var got answer
		expression := fmt.Sprintf("(%s)(%q, %s, %d)", pageScript, ask, given, patienceWithin(ctx).Milliseconds())
		again, err := s.lookOnce(ctx, expression, &got)
		switch {
		case err != nil && ctx.Err() == nil:
			return fmt.Errorf("%s: %w", wanted, err)
		case err != nil || again:
		case got.State == "ok":
			if value == nil {
				return nil
			}
			return json.Unmarshal(got.Value, value)
		case got.State == "no":
			return s.pageError(wanted, 0, got)
		default:
			last = got
		}
		select {
		case <-ctx.Done():
			return s.gaveUp(ctx, wanted, machineTime().Sub(begin), last)
		case <-time.After(lookAgain):
		}
	}
}

// patienceWithin leaves time for another look before ctx ends, so that what the
// page showed last is known by then.
func patienceWithin(ctx context.Context) time.Duration {
	end, ok := ctx.Deadline()
	if !ok {
		return patience
	}
	left := end.Sub(machineTime()) / 2
	return max(lookAgain, min(patience, left))
}

// lookOnce is one look, bounded; a renderer that does not answer is asked again.
func (s *Session) lookOnce(ctx context.Context, expression string, got *answer) (again bool, err error) {
	bounded, cancel := context.WithTimeout(ctx, oneLook)
	defer cancel()
	again, err = s.evaluate(bounded, expression, got)
	if err != nil && bounded.Err() != nil && ctx.Err() == nil {
		return true, nil
	}
	return again, err
}

// gaveUp tells why waiting ended: the page was lost, the caller gave up, or
// what was wanted did not come.
func (s *Session) gaveUp(ctx context.Context, wanted string, waited time.Duration, last answer) error {
	if s.ctx.Err() != nil {
		return fmt.Errorf("%s: %w", wanted, context.Cause(s.ctx))
	}
	if s.b.Lost() {
		return fmt.Errorf("%s: %w: the browser ended", wanted, ErrLost)
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("%s: %w", wanted, context.Cause(ctx))
	}
	return s.pageError(wanted, waited, last)
}

func (s *Session) pageError(wanted string, waited time.Duration, last answer) error {
	return &PageError{
		Wanted: wanted, Waited: waited, Reason: last.Reason, URL: blanked(last.URL),
		Heading: last.Heading, Alert: last.Alert, Failed: s.log.lastFailure(),
	}
}

// machineTime is only for saying how long a wait took.
func machineTime() time.Time {
	return time.Now() //nolint:forbidigo // waiting for a real browser takes real time
}

// secretParameters are not repeated in errors.
var secretParameters = []string{
	"code", "state", "code_verifier", "access_token", "refresh_token", "id_token", "client_secret", "password",
}

// blanked hides the values of secret parameters of an address.
func blanked(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.RawQuery == "" {
		return address
	}
	query := u.Query()
	for _, name := range secretParameters {
		if query.Has(name) {
			query.Set(name, "...")
		}
	}
	u.RawQuery = query.Encode()
	return u.String()
}

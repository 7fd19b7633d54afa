package fault

import (
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

// trait is what is the same for every action of a kind.
type trait struct {
	kind    string
	instead bool // answers instead of the work, unless the action says after
	after   bool // takes "after"
	answers bool // takes headers and retry_after
	body    bool // deals with a JSON answer
	only    string
	fields  []string // further fields it takes
}

// traits lists the kinds in the order of the package's table.
var traits = []trait{
	{kind: KindError, instead: true, after: true, answers: true, fields: []string{"status", "error", "description"}},
	{kind: KindUnauthorized, instead: true, after: true, answers: true, only: EndpointAPI},
	{kind: KindBody, instead: true, after: true, answers: true, fields: []string{"status", "body", "content_type"}},
	{kind: KindGateway, instead: true, after: true, answers: true, fields: []string{"status"}},
	{kind: KindDropBefore, instead: true},
	{kind: KindDropAfter},
	{kind: KindDropBody, body: true},
	{kind: KindMalformed, body: true, answers: true},
	{kind: KindTruncated, body: true, answers: true},
	{kind: KindRewrite, body: true, answers: true, fields: []string{"drop", "set"}},
	{kind: KindHeaders, answers: true},
	{kind: KindDelayBefore, answers: true, fields: []string{"delay"}},
	{kind: KindDelayAfter, answers: true, fields: []string{"delay"}},
	{kind: KindBarrier, answers: true, fields: []string{"timeout"}},
	{kind: KindExpiry, answers: true, only: EndpointToken, fields: []string{"lifetime"}},
	{kind: KindLag, answers: true, only: EndpointToken, fields: []string{"lag", "uses"}},
}

func traitOf(kind string) (trait, bool) {
	for _, t := range traits {
		if t.kind == kind {
			return t, true
		}
	}
	return trait{}, false
}

// Stops reports whether the action replaces the work, so that nothing happens.
func Stops(a control.FaultAction) bool {
	t, _ := traitOf(a.Kind)
	return t.instead && !a.After
}

// Replaces reports whether the action's own answer leaves, whatever the work
// came to, if it was done.
func Replaces(a control.FaultAction) bool {
	t, _ := traitOf(a.Kind)
	return t.instead || a.Kind == KindDropAfter
}

// Lifetime is what an expiry fault makes of the access token's lifetime; any
// other fault leaves it.
func Lifetime(f *control.Fault, otherwise time.Duration) time.Duration {
	if f == nil {
		return otherwise
	}
	expiry, is := actionOf(*f, KindExpiry)
	if !is {
		return otherwise
	}
	return span(expiry.Lifetime)
}

// Delay is how long a delay_after fault holds the answer back.
func Delay(f control.Fault) time.Duration {
	delay, _ := actionOf(f, KindDelayAfter)
	return span(delay.Delay)
}

// RetryAfter is how long the client is asked to wait.
func RetryAfter(a control.FaultAction) time.Duration { return span(a.RetryAfter) }

// span reads a duration of an armed fault; it was validated then.
func span(text string) time.Duration {
	d, err := profile.ParseDuration(text)
	if err != nil {
		return 0
	}
	return d.Std()
}

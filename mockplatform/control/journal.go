package control

import (
	"net/url"
	"strconv"
	"time"
)

// The verdicts of an Exchange.
const (
	VerdictAccepted = "accepted" // the Platform did what was asked, or showed a page
	VerdictRefused  = "refused"  // it answered an error; Error and Reason say which and why
	VerdictFaulted  = "faulted"  // an armed fault decided the answer; Fault names it
)

// JournalFilter picks exchanges. All members that are set must fit; the zero
// filter takes everything.
type JournalFilter struct {
	// After takes exchanges with a greater sequence number only.
	After int64
	// Since takes exchanges at or after this Platform time.
	Since time.Time
	// Endpoint is a word of Exchange.Endpoint.
	Endpoint string
	// Client and Customer are a client_id and a customer's key.
	Client, Customer string
	GrantType        string
	// Status is an HTTP status ("401"), a class of them ("4xx") or "dropped".
	Status string
	// Error is the OAuth error code that was answered; "any" takes all
	// exchanges with one.
	Error string
	// Verdict is accepted, refused or faulted.
	Verdict string
	// Family is a token family's id.
	Family string
	// Fingerprint takes exchanges in which this code, token or verifier came
	// in or went out.
	Fingerprint string
	// Limit bounds the answer to the first so many; 0 for no bound.
	Limit int
}

// Values are the filter's query parameters.
func (f JournalFilter) Values() url.Values {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values.Set(name, value)
		}
	}
	values.Set("after", strconv.FormatInt(f.After, 10))
	if !f.Since.IsZero() {
		set("since", f.Since.UTC().Format(time.RFC3339Nano))
	}
	set("endpoint", f.Endpoint)
	set("client", f.Client)
	set("customer", f.Customer)
	set("grant_type", f.GrantType)
	set("status", f.Status)
	set("error", f.Error)
	set("verdict", f.Verdict)
	set("family", f.Family)
	set("fingerprint", f.Fingerprint)
	if f.Limit > 0 {
		set("limit", strconv.Itoa(f.Limit))
	}
	return values
}

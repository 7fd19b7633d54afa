package fault

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

const (
	maxUses    = 1_000_000
	maxMembers = 100
)

// values judges the fields that are a kind's own.
func (j *judge) values(m control.FaultMatch, a control.FaultAction) {
	switch a.Kind {
	case KindError, KindBody:
		if a.Status < 200 || a.Status > 599 {
			j.refuse("action.status", "%d is no final HTTP status: give 200 to 599", a.Status)
		}
		if a.Kind == KindError && a.Error == "" && a.Status < 500 && m.Endpoint != EndpointAPI {
			j.refuse("action.error", `name the OAuth error code to answer, for example "invalid_grant" or "temporarily_unavailable"`)
		}
		if len(a.Body) > 0 && (a.Status == http.StatusNoContent || a.Status == http.StatusNotModified) {
			j.refuse("action.body", "an answer with status %d has no body: leave it out", a.Status)
		}
	case KindGateway:
		if a.Status != 0 && (a.Status < 500 || a.Status > 599) {
			j.refuse("action.status", "%d is no gateway's: give 500 to 599, or leave it out for 502", a.Status)
		}
	case KindRewrite:
		j.rewrite(a)
	case KindHeaders:
		if len(a.Headers) == 0 && a.RetryAfter == "" {
			j.refuse("action.headers", "say which headers to add, or give retry_after")
		}
	case KindDelayBefore, KindDelayAfter:
		j.wait("action.delay", a.Delay, true)
	case KindBarrier:
		j.wait("action.timeout", a.Timeout, false)
	case KindExpiry:
		if a.Lifetime == "" {
			j.refuse("action.lifetime", "is missing: say how long the access token really lives, for example 30s")
		}
		j.duration("action.lifetime", a.Lifetime)
	case KindLag:
		j.lag(a)
	}
}

func (j *judge) lag(a control.FaultAction) {
	if (a.Lag == "") == (a.Uses == 0) {
		j.refuse("action.lag", "say either lag, a duration of Platform time such as 5s, or uses, a number of calls")
	}
	j.duration("action.lag", a.Lag)
	if a.Uses < 0 || a.Uses > maxUses {
		j.refuse("action.uses", "%d is out of range: give 1 to %d", a.Uses, maxUses)
	}
}

// wait judges a length of real time.
func (j *judge) wait(field, text string, required bool) {
	if text == "" {
		if required {
			j.refuse(field, "is missing: give a duration up to %s, for example 2s", MaxWait)
		}
		return
	}
	if d := j.duration(field, text).Std(); d > MaxWait {
		j.refuse(field, "%s is longer than %s", oauth.Printable(text), MaxWait)
	}
}

func (j *judge) rewrite(a control.FaultAction) {
	if len(a.Drop) == 0 && len(a.Set) == 0 {
		j.refuse("action.drop", "name the members to drop or to set")
	}
	if len(a.Drop)+len(a.Set) > maxMembers {
		j.refuse("action.drop", "names more than %d members", maxMembers)
	}
	for _, name := range slices.Sorted(maps.Keys(a.Set)) {
		if !json.Valid(a.Set[name]) {
			j.refuse("action.set", "the value of %q is not JSON", oauth.Printable(name))
		}
		if slices.Contains(a.Drop, name) {
			j.refuse("action.drop", "%q is also set: leave one out", oauth.Printable(name))
		}
	}
}

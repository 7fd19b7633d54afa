package fault

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
)

const (
	maxCount   = 1_000_000
	maxBody    = 1 << 20
	maxBarrier = 1000
)

var (
	endpoints = []string{
		EndpointAuthorize, EndpointToken, EndpointRevoke, EndpointIntrospect, EndpointRegister, EndpointPAR,
		EndpointJWKS, EndpointMetadata, EndpointAPI,
	}
	methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}
)

// Errors are all mistakes of the faults that were to be armed.
type Errors []*FieldError

// Error joins the sentences with semicolons.
func (e Errors) Error() string {
	var out []string
	for _, one := range e {
		out = append(out, one.Error())
	}
	return strings.Join(out, "; ")
}

// judge collects what is wrong with one fault.
type judge struct {
	prefix string
	at     string // place of the action that is judged, "" for the fault's own
	errors Errors
}

func (j *judge) refuse(field, format string, args ...any) {
	if of, is := strings.CutPrefix(field, "action."); is && j.at != "" {
		field = j.at + of
	}
	j.errors = append(j.errors, &FieldError{j.prefix + field, fmt.Sprintf(format, args...)})
}

// validateAll judges all faults; in a plan of several, fields are named with
// the position of their fault, from 0.
func validateAll(check func(control.Fault) []*FieldError, faults []control.Fault) error {
	var all Errors
	for i, f := range faults {
		j := &judge{}
		if len(faults) > 1 {
			j.prefix = fmt.Sprintf("faults[%d].", i)
		}
		j.fault(f)
		if check != nil {
			for _, e := range check(f) {
				j.refuse(e.Field, "%s", e.Problem)
			}
		}
		all = append(all, j.errors...)
	}
	if len(all) > 0 {
		return all
	}
	return nil
}

func (j *judge) fault(f control.Fault) {
	if f.ID != "" || f.Fired != 0 {
		j.refuse("id", "id and fired are set by the Platform, leave them out")
	}
	j.match(f.Match)
	if f.Count < 1 || f.Count > maxCount {
		j.refuse("count", "%d is out of range: say how many requests it shall hit, 1 to %d", f.Count, maxCount)
	}
	t, known := traitOf(f.Action.Kind)
	if !known {
		var kinds []string
		for _, t := range traits {
			kinds = append(kinds, t.kind)
		}
		j.oneOf("action.kind", f.Action.Kind, kinds)
		return
	}
	if f.Action.Kind == KindBarrier && (f.Count < 2 || f.Count > maxBarrier) {
		j.refuse("count", "a barrier holds count requests until all of them came: give 2 to %d", maxBarrier)
	}
	j.action(t, f.Match, f.Action)
	j.also(f, t)
}

// action judges one action for the requests that match.
func (j *judge) action(t trait, m control.FaultMatch, a control.FaultAction) {
	j.place(t, m)
	j.fields(t, a)
	j.values(m, a)
	j.answer(a)
}

func (j *judge) match(m control.FaultMatch) {
	if !slices.Contains(endpoints, m.Endpoint) {
		j.oneOf("match.endpoint", m.Endpoint, endpoints)
	}
	if m.GrantType != "" {
		if m.Endpoint != EndpointToken {
			j.refuse("match.grant_type", "only requests to the token endpoint have a grant type: leave it out")
		} else if !oauth.GrantType(m.GrantType).Known() {
			j.oneOf("match.grant_type", m.GrantType, []string{"authorization_code", "password", "client_credentials", "refresh_token"})
		}
	}
	if m.Method != "" && !slices.Contains(methods, m.Method) {
		j.oneOf("match.method", m.Method, methods)
	}
	if m.Nth < 0 || m.Nth > maxCount {
		j.refuse("match.nth", "%d is out of range: count matching requests from 1 to %d", m.Nth, maxCount)
	}
	j.presented(m)
}

// presented judges what needs a presented code or token.
func (j *judge) presented(m control.FaultMatch) {
	holds := []string{EndpointToken, EndpointRevoke, EndpointIntrospect, EndpointAPI}
	for _, one := range [][2]string{{"family", m.Family}, {"min_age", m.MinAge}, {"max_age", m.MaxAge}} {
		if one[1] != "" && m.Endpoint != "" && !slices.Contains(holds, m.Endpoint) {
			j.refuse("match."+one[0], "requests to %s present no code and no token: leave it out", oauth.Printable(m.Endpoint))
		}
	}
	if (m.Client != "" || m.Customer != "") && slices.Contains([]string{EndpointJWKS, EndpointMetadata}, m.Endpoint) {
		j.refuse("match.client", "requests to %s name no client and no customer: leave them out", m.Endpoint)
	}
	minAge := j.duration("match.min_age", m.MinAge)
	maxAge := j.duration("match.max_age", m.MaxAge)
	if m.MinAge != "" && m.MaxAge != "" && minAge > maxAge {
		j.refuse("match.max_age", "is below min_age, so that nothing would match")
	}
}

// place judges whether the kind fits the endpoint.
func (j *judge) place(t trait, m control.FaultMatch) {
	if t.only != "" && m.Endpoint != t.only {
		j.refuse("action.kind", `%q belongs to endpoint %q: use "error" with status and error elsewhere`, t.kind, t.only)
	}
	if t.body && (m.Endpoint == EndpointAuthorize || m.Endpoint == EndpointRevoke) {
		j.refuse("action.kind", "%q deals with a JSON answer, and %s gives none", t.kind, m.Endpoint)
	}
}

// fields refuses what the kind would silently ignore.
func (j *judge) fields(t trait, a control.FaultAction) {
	given := []struct {
		name string
		set  bool
	}{
		{"status", a.Status != 0}, {"error", a.Error != ""}, {"description", a.Description != ""},
		{"body", a.Body != ""}, {"content_type", a.ContentType != ""},
		{"drop", len(a.Drop) > 0}, {"set", len(a.Set) > 0},
		{"delay", a.Delay != ""}, {"timeout", a.Timeout != ""}, {"lifetime", a.Lifetime != ""},
		{"lag", a.Lag != ""}, {"uses", a.Uses != 0},
	}
	for _, one := range given {
		if one.set && !slices.Contains(t.fields, one.name) {
			j.refuse("action."+one.name, "kind %q does not take it: leave it out", t.kind)
		}
	}
	if a.After && !t.after {
		j.refuse("action.after", `belongs to the kinds error, unauthorized, body and gateway`)
	}
	if !t.answers && (len(a.Headers) > 0 || a.RetryAfter != "") {
		j.refuse("action.headers", "kind %q sends no headers of yours: leave headers and retry_after out", t.kind)
	}
}

// answer judges headers, Retry-After and body.
func (j *judge) answer(a control.FaultAction) {
	if len(a.Body) > maxBody {
		j.refuse("action.body", "is longer than %d bytes", maxBody)
	}
	for name, value := range a.Headers {
		switch {
		case !headerName(name) || strings.ContainsAny(value, "\r\n\x00"):
			j.refuse("action.headers", "%q is not a valid header", oauth.Printable(name))
		case framing(name):
			j.refuse("action.headers", "%s is decided by the connection: leave it out", oauth.Printable(name))
		case strings.EqualFold(name, "Retry-After") && a.RetryAfter != "":
			j.refuse("action.retry_after", "stands beside a Retry-After in headers: leave one out")
		}
	}
	if strings.ContainsAny(a.ContentType, "\r\n\x00") {
		j.refuse("action.content_type", "is not a valid media type")
	}
	j.duration("action.retry_after", a.RetryAfter)
	if a.RetryAfterForm != "" {
		if a.RetryAfter == "" {
			j.refuse("action.retry_after_form", "stands without retry_after: give a duration such as 30s")
		}
		if forms := []string{"seconds", "date"}; !slices.Contains(forms, a.RetryAfterForm) {
			j.oneOf("action.retry_after_form", a.RetryAfterForm, forms)
		}
	}
}

// framing are headers that say how the message ends; another value would break
// the server, not the client.
func framing(name string) bool {
	switch strings.ToLower(name) {
	case "content-length", "transfer-encoding", "connection", "trailer", "upgrade":
		return true
	}
	return false
}

func headerName(name string) bool {
	for _, c := range name {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", c) {
			return false
		}
	}
	return name != ""
}

// duration judges an optional one.
func (j *judge) duration(field, text string) profile.Duration {
	if text == "" {
		return 0
	}
	d, err := profile.ParseDuration(text)
	if err != nil {
		j.refuse(field, "%s", oauth.Printable(err.Error()))
	}
	return d
}

func (j *judge) oneOf(field, got string, allowed []string) {
	if got == "" {
		j.refuse(field, "is missing: use one of %s", strings.Join(allowed, ", "))
		return
	}
	j.refuse(field, "%q is unknown: use one of %s", oauth.Printable(got), strings.Join(allowed, ", "))
}

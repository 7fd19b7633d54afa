package fault

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

const (
	maxCount = 1_000_000
	maxBody  = 1 << 20
)

var (
	endpoints = []string{EndpointAuthorize, EndpointToken, EndpointRevoke, EndpointIntrospect, EndpointAPI}
	kinds     = []string{KindError, KindUnauthorized, KindBody, KindDropBefore, KindDropAfter}
	methods   = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}
)

func validate(f control.Fault) error {
	if err := validateMatch(f.Match); err != nil {
		return err
	}
	if f.Count < 1 || f.Count > maxCount {
		return &FieldError{"count", fmt.Sprintf("%d is out of range: say how many requests it shall hit, 1 to %d", f.Count, maxCount)}
	}
	return validateAction(f.Match, f.Action)
}

func validateMatch(m control.FaultMatch) error {
	if !slices.Contains(endpoints, m.Endpoint) {
		return oneOf("match.endpoint", m.Endpoint, endpoints)
	}
	if m.GrantType != "" {
		if m.Endpoint != EndpointToken {
			return &FieldError{"match.grant_type", "only requests to the token endpoint have a grant type: leave it out"}
		}
		if !oauth.GrantType(m.GrantType).Known() {
			return oneOf("match.grant_type", m.GrantType, []string{"authorization_code", "password", "client_credentials", "refresh_token"})
		}
	}
	if m.Method != "" && !slices.Contains(methods, m.Method) {
		return oneOf("match.method", m.Method, methods)
	}
	return nil
}

func validateAction(m control.FaultMatch, a control.FaultAction) error {
	if !slices.Contains(kinds, a.Kind) {
		return oneOf("action.kind", a.Kind, kinds)
	}
	if a.Kind == KindUnauthorized && m.Endpoint != EndpointAPI {
		return &FieldError{"action.kind", `"unauthorized" belongs to endpoint "api": use "error" with status and error elsewhere`}
	}
	answers := a.Kind == KindError || a.Kind == KindBody
	if answers && (a.Status < 200 || a.Status > 599) {
		return &FieldError{"action.status", fmt.Sprintf("%d is no final HTTP status: give 200 to 599", a.Status)}
	}
	if !answers && a.Status != 0 {
		return &FieldError{"action.status", fmt.Sprintf("kind %q answers no status of your own: leave it out", a.Kind)}
	}
	if a.Kind == KindError && a.Error == "" && a.Status < 500 && m.Endpoint != EndpointAPI {
		return &FieldError{"action.error", `name the OAuth error code to answer, for example "invalid_grant" or "temporarily_unavailable"`}
	}
	if a.Kind != KindError && (a.Error != "" || a.Description != "") {
		return &FieldError{"action.error", fmt.Sprintf("kind %q has no OAuth error: leave error and description out", a.Kind)}
	}
	return validateAnswer(a)
}

func validateAnswer(a control.FaultAction) error {
	if a.Kind != KindBody && (a.Body != "" || a.ContentType != "") {
		return &FieldError{"action.body", `body and content_type belong to kind "body"`}
	}
	if len(a.Body) > maxBody {
		return &FieldError{"action.body", fmt.Sprintf("is longer than %d bytes", maxBody)}
	}
	for name, value := range a.Headers {
		if !headerName(name) || strings.ContainsAny(value, "\r\n\x00") {
			return &FieldError{"action.headers", fmt.Sprintf("%q is not a valid header", oauth.Printable(name))}
		}
	}
	return nil
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

func oneOf(field, got string, allowed []string) error {
	if got == "" {
		return &FieldError{field, "is missing: use one of " + strings.Join(allowed, ", ")}
	}
	return &FieldError{field, fmt.Sprintf("%q is unknown: use one of %s", oauth.Printable(got), strings.Join(allowed, ", "))}
}

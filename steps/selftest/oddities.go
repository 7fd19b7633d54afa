package selftest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/checks"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// oddity is a server that is unusual and lawful: no check may fail on it.
type oddity struct {
	name     string
	clause   string // that permits it
	settings map[string]any
	// change, if set, alters answers of the token endpoint.
	change func(r *http.Response, members map[string]any) map[string]any
	// before, if set, is done on each Platform before a check begins.
	before func(ctx context.Context, t *target.Target, now func() time.Time) error
	// passed are checks that must come to the same as on the plain server: that
	// they do not apply would be an alarm missed.
	passed []string
	// spared are checks that then lack something to try.
	spared []string
}

// oddities are staged one after the other, on the profile strict.
var oddities = []oddity{
	{name: "token type in capitals", clause: "RFC 6749 section 5.1", settings: at("token.token_type", "BEARER")},
	{name: "unknown members in token answers", clause: "RFC 6749 section 5.1", change: withMembers},
	{name: "scope in another order", clause: "RFC 6749 section 3.3", change: scopeReversed},
	{name: "media type with a charset, JSON with spaces", clause: "RFC 9110 section 8.3.1", change: spaced},
	{name: "errors without a description, with a page about them", clause: "RFC 6749 section 5.2", change: undescribed},
	{name: "400 for client credentials in the body", clause: "RFC 6749 section 5.2", change: plainRefusal},
	{name: "refresh tokens that stay", clause: "RFC 6749 section 6", settings: staying(false)},
	{name: "refresh tokens that stay and come again", clause: "RFC 6749 section 6", settings: staying(true)},
	{name: "a grace for lost answers", clause: "RFC 9700 section 4.14.2", settings: at("refresh_token.grace", map[string]any{"shape": "same_pair", "window": "30s"})},
	{name: "long signed tokens", clause: "RFC 9068", settings: at("access_token", map[string]any{"format": "jwt", "alg": "ES256", "profile": "rfc9068"})},
	{name: "PKCE for everybody", clause: "RFC 9700 section 2.1.1", settings: at("authorize.pkce", "required")},
	{name: "consent asked for each time", clause: "RFC 6749 section 10.2", settings: at("consent.remember", "never")},
	{name: "consent remembered, the page comes back to prompt=consent", clause: "RFC 6819 section 5.2.4.1, OpenID Connect Core section 3.1.2.1", settings: at("consent.prompt", "obeyed"), before: consentToAll, passed: ofConsent},
	{name: "consent remembered until it is withdrawn", clause: "RFC 6819 section 5.2.4.1", before: consentToAll, passed: ofConsent},
	{name: "no iss in answers", clause: "RFC 9207 section 2.4", settings: at("authorize.iss", false)},
	{name: "nothing optional at all", clause: "RFC 7009, 7662, 7591, 9126: each is an offer", settings: map[string]any{
		"revocation": false, "introspection": false, "account_api": false,
		"authorize": map[string]any{"par": false}, "registration": map[string]any{"mode": "manual"},
	}, spared: []string{"UI-11"}},
}

// ofConsent are the checks that have to see the consent page.
var ofConsent = []string{"AZ-13", "RG-04", "TK-06", "UI-01", "UI-04", "UI-05", "UI-06", "UI-07", "UI-10", "UI-13"}

// at is a partial profile with one value, at a path of keys.
func at(path string, value any) map[string]any {
	keys := strings.Split(path, ".")
	for _, key := range slices.Backward(keys) {
		value = map[string]any{key: value}
	}
	return value.(map[string]any) //nolint:forcetypeassert // a path has a key
}

// Alarm is what the checks made of one lawful oddity.
type Alarm struct {
	Oddity, Clause string
	// Wrong are the checks that were not content: "TK-03 FAIL: …".
	Wrong []string
}

// String is the alarm in one line, with what is wrong below.
func (a Alarm) String() string {
	return strings.Join(append([]string{fmt.Sprintf("%s (%s)", a.Oddity, a.Clause)}, a.Wrong...), "\n      ")
}

// FalseAlarms judges lawful oddities; every alarm with something wrong is a
// fault of a check.
func (b *Bench) FalseAlarms(ctx context.Context, tell func(Alarm)) ([]Alarm, error) {
	plain, err := b.mock(ctx, nil, "strict")
	if err != nil {
		return nil, err
	}
	var all []Alarm
	for _, o := range oddities {
		mocks := &checks.Mocks{Profile: "strict", Settings: o.settings}
		if o.change != nil {
			mocks.Wrap = func(next http.RoundTripper) http.RoundTripper { return &changing{next: next, change: o.change} }
		}
		var targets checks.Provider = mocks
		if o.before != nil {
			targets = &prepared{Provider: mocks, before: o.before, now: b.Now}
		}
		verdicts, err := b.run(ctx, targets, nil)
		if err := errors.Join(err, mocks.Close()); err != nil {
			return all, fmt.Errorf("%s: %w", o.name, err)
		}
		a := Alarm{Oddity: o.name, Clause: o.clause}
		for _, id := range slices.Sorted(maps.Keys(verdicts)) {
			v := verdicts[id]
			fine := []report.Status{report.Pass, report.NotApplicable, plain[id].Status}
			if slices.Contains(o.spared, id) {
				fine = append(fine, report.CouldNotRun)
			}
			if slices.Contains(o.passed, id) {
				fine = []report.Status{plain[id].Status}
			}
			if !slices.Contains(fine, v.Status) {
				a.Wrong = append(a.Wrong, fmt.Sprintf("%s %s: %s", id, v.Status, v.Reason))
			}
		}
		all = append(all, a)
		tell(a)
	}
	return all, nil
}

// changing alters what the token endpoint answers on its way to the checks.
type changing struct {
	next   http.RoundTripper
	change func(r *http.Response, members map[string]any) map[string]any
}

// RoundTrip implements http.RoundTripper.
func (c *changing) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := c.next.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/oauth2/token") {
		return answer, err
	}
	body, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return nil, err
	}
	var members map[string]any
	if json.Unmarshal(body, &members) == nil {
		if body, err = json.MarshalIndent(c.change(answer, members), "", "  "); err != nil {
			return nil, err
		}
	}
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	answer.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return answer, nil
}

func withMembers(_ *http.Response, m map[string]any) map[string]any {
	m["ext_expires_in"], m["account"], m["x-trace"] = 3599, map[string]any{"id": 7, "tags": []string{"a"}}, nil
	return m
}

func scopeReversed(_ *http.Response, m map[string]any) map[string]any {
	if scope, ok := m["scope"].(string); ok {
		words := strings.Fields(scope)
		slices.Reverse(words)
		m["scope"] = strings.Join(words, " ")
	}
	return m
}

func spaced(r *http.Response, m map[string]any) map[string]any {
	r.Header.Set("Content-Type", "application/json;charset=UTF-8")
	return m
}

func undescribed(_ *http.Response, m map[string]any) map[string]any {
	if m["error"] != nil {
		delete(m, "error_description")
		m["error_uri"] = "https://strict.example/errors"
	}
	return m
}

func plainRefusal(r *http.Response, m map[string]any) map[string]any {
	if r.StatusCode == http.StatusUnauthorized && r.Request.Header.Get("Authorization") == "" {
		r.StatusCode, r.Status = http.StatusBadRequest, "400 Bad Request"
		r.Header.Del("Www-Authenticate")
	}
	return m
}

// staying lets refresh tokens keep their value; public clients get none, since
// theirs would have to rotate (RFC 9700 section 2.2.2).
func staying(returned bool) map[string]any {
	without := map[string]any{"grants": []string{"authorization_code"}}
	return map[string]any{
		"refresh_token": map[string]any{"rotates": false, "returned": returned},
		"clients":       map[string]any{"open": without, "native": without},
	}
}

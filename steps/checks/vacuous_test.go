package checks

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/target"
)

// TestTroubleProvesNothing: what a check must not see it has not seen either
// where the server did not answer the question.
func TestTroubleProvesNothing(t *testing.T) {
	answer := func(status int, members map[string]any) exchange.Exchange {
		return exchange.Exchange{Status: status, Header: http.Header{}, JSON: members}
	}
	good := answer(200, map[string]any{"access_token": "a", "refresh_token": "r"})
	bare := answer(200, map[string]any{"access_token": "a"})
	reset := exchange.Exchange{Err: "the connection was reset"}
	tried := func(all ...exchange.Exchange) *trial {
		tr := &trial{target: &target.Target{}}
		for _, e := range all {
			tr.tried("it", e)
		}
		return tr
	}
	walked := func(l *pages.Landing) *trial {
		tr := &trial{}
		tr.walked("it", *l)
		return tr
	}
	answered := func(all ...exchange.Exchange) *trial { return &trial{answers: all} }
	own := func(e exchange.Exchange) *trial { return &trial{grant: grant{answer: e}} }
	states := func(all ...passed) *trial { return &trial{seen: seen{passed: all}} }
	carried := passed{when: "on success", state: "s", succeeds: true, landing: *redirect("https://c.example/cb", "code=1&state=s")}
	after := func(l *pages.Landing) passed {
		return passed{when: "on success", state: "s", succeeds: true, landing: *l}
	}
	html := exchange.Exchange{Status: 200, Header: http.Header{"Content-Type": {"text/html"}}}
	tests := []struct {
		name  string
		trial *trial
		judge func(*trial, context.Context) error
		want  string // begins so
	}{
		{"a login page", walked(page(200, pages.Login)), (*trial).nobodyPast, ""},
		{"a rate limit instead of a login", walked(page(429, pages.Other)), (*trial).nobodyPast, "unable: it: the server limits"},
		{"a page before a redirect", walked(page(400, pages.Other)), (*trial).shownBefore, ""},
		{"a rate limit before a redirect", walked(page(429, pages.Other)), (*trial).shownBefore, "unable: it: the server limits"},
		{"a GET that is refused", tried(answer(405, nil)), (*trial).nothingForGet, ""},
		{"a GET under a rate limit", tried(answer(429, nil)), (*trial).nothingForGet, "unable: it: the server limits"},

		{"no refresh token for the application", own(bare), (*trial).noRefreshBeside, ""},
		{"one", own(good), (*trial).noRefreshBeside, "finding: "},
		{"a failure instead of a token", own(answer(500, nil)), (*trial).noRefreshBeside, "unable: "},
		{"nothing silently", tried(bare), (*trial).noneSilently, ""},
		{"a refresh token silently", tried(good), (*trial).noneSilently, "finding: "},
		{"a failure silently", tried(answer(500, nil)), (*trial).noneSilently, "unable: "},

		{"one winner of a race", tried(good, answer(400, map[string]any{"error": "invalid_grant"})), (*trial).oneFamily, ""},
		{"one winner, and an answer that was lost", tried(good, reset), (*trial).oneFamily, "unable: refreshing many times at once: the connection was reset"},
		{"no winner", tried(reset), (*trial).oneFamily, "unable: "},

		{"states that come back", states(carried), (*trial).statesCarried, ""},
		{"a state that no code comes with", states(carried, after(redirect("https://c.example/cb", "error=invalid_request&state=s"))), (*trial).statesCarried, "finding: "},
		{"a state that ends on a page", states(carried, after(page(414, pages.Other))), (*trial).statesCarried, "finding: expected the state as it was sent, got on success: no code for a state of 1 characters"},
		{"a state under a rate limit", states(carried, after(page(429, pages.Other))), (*trial).statesCarried, "unable: "},

		{"no permission", answered(answer(405, nil), html), (*trial).noPermission, ""},
		{"no answer to a preflight", answered(reset, html), (*trial).noPermission, "unable: a preflight: the connection was reset"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := came(tt.judge(tt.trial, t.Context())); !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	changes := &trial{}
	if got := came(changes.changeGuarded(t.Context(), answer(503, nil))); !strings.HasPrefix(got, "unable: trying a change") {
		t.Errorf("a failing change: %q", got)
	}
}

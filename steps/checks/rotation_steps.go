package checks

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
)

// rotationSteps are the sentences about refresh tokens that change with use.
func (t *trial) rotationSteps() []sentence {
	return []sentence{
		given(`the client has refreshed (\d+) times`, t.hasRefreshed),
		when(`the client refreshes (\d+) times in a chain`, t.chain),
		when(`the client presents its first refresh token once more, after the grace`, t.replay),
		when(`it then presents the newest refresh token, and the newest access token at the API`, t.afterReplay),
		then(`the server gives another refresh token each time`, t.anotherEach),
		then(`the whole family has ended`, t.familyEnded),
		then(`the newest tokens reach as far as the first`, t.sameReach),
	}
}

// hasRefreshed keeps the answers of a chain; the first refresh token is spent.
func (t *trial) hasRefreshed(ctx context.Context, times int) error {
	t.first = t.grant
	for n := range times {
		if err := t.refreshed(ctx, fmt.Sprintf("refresh number %d", n+1), &t.grant); err != nil {
			return unmet("refreshing", err)
		}
	}
	t.controls++
	return nil
}

// chain keeps every answer, successes or not.
func (t *trial) chain(ctx context.Context, times int) error {
	t.first = t.grant
	for n := range times {
		e, err := t.newest(ctx, fmt.Sprintf("refresh number %d", n+1))
		if err != nil {
			return err
		}
		t.tried(fmt.Sprintf("refresh number %d", n+1), e)
		if !e.Tokens() {
			return nil
		}
	}
	return nil
}

func (t *trial) anotherEach(context.Context) error {
	seen := map[string]bool{t.first.refresh(): true}
	for _, a := range t.attempts {
		next := a.got.Text("refresh_token")
		switch {
		case !a.got.Tokens():
			return &report.Finding{Expected: "a refresh that works with the newest refresh token", Got: a.what + ": " + a.got.String()}
		case next == "":
			return &report.Finding{Expected: "a new refresh token in each answer", Got: a.what + " without one"}
		case seen[next]:
			return &report.Finding{Expected: "a new refresh token in each answer", Got: a.what + " with one that was given before"}
		}
		seen[next] = true
	}
	return nil
}

// outside is longer than the documented grace, and than two requests that
// cross each other.
func (t *trial) outside() time.Duration { return t.target.Refresh.Grace + 2*time.Second }

func (t *trial) replay(ctx context.Context) error {
	if err := t.pass(ctx, t.outside()); err != nil {
		return err
	}
	e, err := t.tryRefresh(ctx, "present the first refresh token once more", t.grant.client, t.first.refresh())
	t.tried("the spent refresh token", e)
	return err
}

// afterReplay needs a replay that was refused: whether it was is for another
// check to judge.
func (t *trial) afterReplay(ctx context.Context) error {
	if bad := t.attempts[0].accepted(); bad != "" {
		return unmet("replaying a spent refresh token", errors.New(bad))
	}
	if t.target.Resource != nil {
		e, err := t.call(ctx, "the newest access token after the replay", t.grant.access())
		if err != nil {
			return err
		}
		t.tried("the newest access token", e)
	}
	e, err := t.tryRefresh(ctx, "the newest refresh token after the replay", t.grant.client, t.grant.refresh())
	t.tried("the newest refresh token", e)
	return err
}

// familyEnded: a self-contained access token may live out its time (RFC 7009
// section 3), which is worth a warning.
func (t *trial) familyEnded(context.Context) error {
	newest := t.attempts[len(t.attempts)-1]
	t.attempts, t.judged = t.attempts[1:len(t.attempts)-1], true
	for _, access := range t.attempts {
		if served(access.got) {
			t.warn("the newest access token still opens the API after a spent refresh token was presented again")
		}
	}
	if bad := newest.accepted(); bad != "" {
		return &report.Finding{Expected: "a refusal of the newest refresh token, since a spent one of its family was presented again", Got: bad}
	}
	return nil
}

// sameReach compares what the newest tokens allow with what the first ones did:
// by the answers, by introspection and by the API, as far as there are.
func (t *trial) sameReach(ctx context.Context) error {
	was := slices.Sorted(slices.Values(scopeOf(t.first.answer, t.target.Scopes)))
	is := slices.Sorted(slices.Values(scopeOf(t.grant.answer, t.target.Scopes)))
	if !slices.Equal(was, is) {
		return &report.Finding{Expected: "the scope " + strings.Join(was, " "), Got: "the scope " + strings.Join(is, " ")}
	}
	if t.target.Endpoints.Introspect != "" && t.grant.client.Secret != "" {
		if err := t.sameHolder(ctx); err != nil {
			return err
		}
	}
	return t.sameDoors(ctx)
}

// sameHolder compares what introspection says of both access tokens.
func (t *trial) sameHolder(ctx context.Context) error {
	var said [2]exchange.Exchange
	for i, g := range []grant{t.first, t.grant} {
		r := t.order(t.grant.client, map[string][]string{"token": {g.access()}}).request("introspect an access token")
		r.URL = t.target.Endpoints.Introspect
		var err error
		if said[i], err = t.send.Do(ctx, r); err != nil {
			return err
		}
		if said[i].JSON["active"] != true {
			return nil // the first may have ended with the rotation
		}
	}
	for _, member := range []string{"client_id", "sub", "username"} {
		if said[0].JSON[member] != said[1].JSON[member] {
			return &report.Finding{Expected: "the same " + member + " as before the rotations", Got: "another one, by introspection"}
		}
	}
	return nil
}

// sameDoors compares what the API does for both access tokens.
func (t *trial) sameDoors(ctx context.Context) error {
	doors := map[string]func(context.Context, string, string) (exchange.Exchange, error){}
	if t.target.Resource != nil {
		doors["read"] = t.call
	}
	if t.target.Writable != nil {
		doors["change"] = t.change
	}
	for _, name := range slices.Sorted(maps.Keys(doors)) {
		before, err := doors[name](ctx, name+" with the first access token", t.first.access())
		if err != nil {
			return err
		}
		after, err := doors[name](ctx, name+" with the newest access token", t.grant.access())
		if err != nil {
			return err
		}
		if !served(before) && before.Status != http.StatusForbidden { // the first has ended with the rotation
			continue
		}
		if served(before) != served(after) {
			return &report.Finding{Expected: "the same answer to a " + name + " as before the rotations: " + before.String(), Got: after.String()}
		}
	}
	return nil
}

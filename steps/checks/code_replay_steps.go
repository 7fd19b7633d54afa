package checks

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mint-conformance/mint/steps/report"
)

// replaySteps are the sentences about what the replay of a code does to the
// tokens that it gave.
func (t *trial) replaySteps() []sentence {
	return []sentence{
		then(`the tokens that the code gave are worthless`, t.tokensDied),
		then(`a replay (with a wrong secret|with a code_verifier one character off) leaves the tokens that the code gave alive`, t.tokensSurvive),
	}
}

// tokensDied: a signed access token may live out its time, since an API that
// never asks cannot know (RFC 7009 section 3).
func (t *trial) tokensDied(ctx context.Context) error {
	if t.grant.refresh() == "" && t.target.Resource == nil {
		return unmet("using the tokens", errors.New("there is no refresh token, and the target names no protected resource"))
	}
	t.attempts = nil
	if t.grant.refresh() != "" {
		e, err := t.token(ctx, "refresh by the tokens of the replayed code", t.grant.client, t.grant.renewal())
		if err != nil {
			return err
		}
		t.tried("the refresh token of the replayed code", e)
	}
	if t.target.Resource != nil {
		e, err := t.call(ctx, "use the access token of the replayed code", t.grant.access())
		if err != nil {
			return err
		}
		if served(e) && signed(t.grant.access()) {
			t.warn("the signed access token of the replayed code lives out its time")
		} else {
			t.tried("the access token of the replayed code", e)
		}
	}
	return t.judge()
}

// tokensSurvive replays a code with a flaw. A server that takes a fresh code
// with this flaw has another defect: the replay is then as good as a valid one,
// and nothing is judged here.
func (t *trial) tokensSurvive(ctx context.Context, flaw string) error {
	switch {
	case strings.Contains(flaw, "secret") && t.client.Secret == "",
		strings.Contains(flaw, "verifier") && !t.target.Has("pkce"):
		return nil
	}
	fresh, err := t.coded(ctx, t.client)
	if err != nil {
		return unmet("getting a code", err)
	}
	first, err := t.send.Do(ctx, t.changed(fresh, flaw).request("a fresh code "+flaw))
	if err != nil || first.Tokens() {
		return err
	}
	g, err := t.granted(ctx, t.client)
	if err != nil {
		return unmet("getting tokens", err)
	}
	if _, err := t.send.Do(ctx, t.changed(g, flaw).request("replay the code "+flaw)); err != nil {
		return err
	}
	alive, err := t.brokenTokens(ctx, g)
	if err != nil || alive == "" {
		return err
	}
	return &report.Finding{Expected: "tokens that outlive a replay " + flaw, Got: alive}
}

// changed is the exchange of the grant's code with a change of changes.go.
func (t *trial) changed(g grant, change string) *order {
	o := t.order(g.client, g.exchange())
	if err := o.change(change); err != nil {
		panic(fmt.Sprintf("checks: %v", err)) // a word of this file
	}
	return o
}

// brokenTokens says in what way the tokens of a grant do not work, "" if they do.
func (t *trial) brokenTokens(ctx context.Context, g grant) (string, error) {
	if t.target.Resource != nil {
		e, err := t.call(ctx, "use the access token after the replay", g.access())
		if err != nil || !served(e) {
			return "the API answered " + e.String(), err
		}
	}
	if g.refresh() != "" {
		e, err := t.token(ctx, "refresh after the replay", g.client, g.renewal())
		if err != nil || !e.Tokens() {
			return "the refresh was answered with " + e.String(), err
		}
	}
	return "", nil
}

package checks

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"

	"github.com/mint-conformance/mint/steps/target"
)

// pkceSteps are the sentences about PKCE.
func (t *trial) pkceSteps() []sentence {
	return []sentence{
		when(`the client goes through the flow with the shortest and with the longest verifier`, t.verifierLengths),
		when(`the client asks for a code without a challenge, and redeems it with a verifier`, t.addVerifier),
		when(`the client asks for codes with its verifier as the challenge, by the method plain and without a method`, t.plainChallenge),
		when(`the client asks for a code by the challenge method "([^"]*)"`, t.unknownMethod),
		when(`the (public) client asks for a code without a challenge`, t.unchallenged),
		when(`the client has two codes, and redeems the first with the verifier of the second`, t.swapVerifiers),
		then(`it would be better not to give one to a confidential client either`, t.confidentialUnchallenged),
		then(`the server gives tokens each time`, t.gaveEach),
	}
}

// The bounds of a verifier (RFC 7636 section 4.1).
const (
	shortestVerifier = 43
	longestVerifier  = 128
)

// verifierLengths: both verifiers hold every kind of character there is.
func (t *trial) verifierLengths(ctx context.Context) error {
	for _, length := range []int{shortestVerifier, longestVerifier} {
		g := t.newGrant(t.client)
		g.verifier = verifier(length)
		if err := t.seek(ctx, &g, nil); err != nil {
			return err
		}
		what := "with a verifier of " + strconv.Itoa(length) + " characters"
		if g.code == "" {
			t.walked(what, g.landing)
			continue
		}
		e, err := t.token(ctx, "redeem the code "+what, g.client, g.exchange())
		if err != nil {
			return err
		}
		t.tried(what, e)
	}
	return nil
}

// verifier has all kinds of characters that RFC 7636 section 4.1 allows.
func verifier(length int) string {
	text := "-._~aZ9"
	for len(text) < length {
		text += strings.ToLower(rand.Text()[:8]) + rand.Text()
	}
	return text[:length]
}

// askedAnd goes on from an authorization request that the server may refuse
// already: a code is redeemed with the verifier, and either end is an attempt.
func (t *trial) askedAnd(ctx context.Context, what string, changes map[string]string) error {
	g := t.newGrant(t.client)
	if changes["code_challenge"] == "verifier" {
		changes["code_challenge"] = g.verifier
	}
	if err := t.seek(ctx, &g, changes); err != nil {
		return err
	}
	if g.code == "" {
		t.walked(what, g.landing)
		return nil
	}
	e, err := t.token(ctx, "redeem the code "+what, g.client, g.exchange())
	t.tried(what, e)
	return err
}

func (t *trial) addVerifier(ctx context.Context) error {
	return t.askedAnd(ctx, "with a verifier for which there was no challenge",
		map[string]string{"code_challenge": "", "code_challenge_method": ""})
}

func (t *trial) plainChallenge(ctx context.Context) error {
	if err := t.askedAnd(ctx, "by the method plain",
		map[string]string{"code_challenge": "verifier", "code_challenge_method": "plain"}); err != nil {
		return err
	}
	return t.askedAnd(ctx, "without a method, which means plain",
		map[string]string{"code_challenge": "verifier", "code_challenge_method": ""})
}

func (t *trial) unknownMethod(ctx context.Context, method string) error {
	g := t.newGrant(t.client)
	err := t.seek(ctx, &g, map[string]string{"code_challenge_method": method})
	t.walked("by the method "+method, g.landing)
	return err
}

func (t *trial) unchallenged(ctx context.Context, client string) error {
	g, err := t.withoutChallenge(ctx, t.named(client))
	t.walked("without a challenge", g.landing)
	return err
}

func (t *trial) withoutChallenge(ctx context.Context, client *target.Client) (grant, error) {
	g := t.newGrant(client)
	g.verifier = ""
	return g, t.seek(ctx, &g, nil)
}

// confidentialUnchallenged: RFC 9700 section 2.1.1 only recommends PKCE to
// confidential clients; the OAuth 2.1 draft demands it.
func (t *trial) confidentialUnchallenged(ctx context.Context) error {
	confidential := t.target.Clients.Main
	if confidential.Secret == "" {
		return nil
	}
	g, err := t.withoutChallenge(ctx, confidential)
	if err == nil && g.code != "" {
		t.warn("a confidential client gets a code without a challenge; RFC 9700 section 2.1.1 recommends one, and the OAuth 2.1 draft demands it")
	}
	return err
}

func (t *trial) swapVerifiers(ctx context.Context) error {
	var two [2]grant
	for i := range two {
		var err error
		if two[i], err = t.coded(ctx, t.client); err != nil {
			return unmet("getting two codes", err)
		}
	}
	first := two[0]
	first.verifier = two[1].verifier
	e, err := t.token(ctx, "redeem the first code with the second verifier", first.client, first.exchange())
	t.tried("with the verifier of another flow", e)
	return err
}

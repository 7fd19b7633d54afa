package checks

import (
	"context"
	"slices"

	"github.com/mint-conformance/mint/steps/target"
)

// guessSteps are the sentences about secrets that nobody can guess.
func (t *trial) guessSteps() []sentence {
	return []sentence{
		when(`the client is given one code after the other`, t.manyCodes),
		when(`the client is given tokens again and again`, t.manyTokens),
		then(`the codes cannot be guessed`, t.codesUnguessable),
		then(`the tokens cannot be guessed`, t.tokensUnguessable),
	}
}

// manyCodes makes the consent one to remember first, so that no page stands in
// the way of the samples.
func (t *trial) manyCodes(ctx context.Context) error {
	if _, err := t.granted(ctx, t.client); err != nil {
		return unmet("getting tokens", err)
	}
	return t.many(ctx, t.coded)
}

func (t *trial) manyTokens(ctx context.Context) error {
	return t.many(ctx, t.granted)
}

func (t *trial) many(ctx context.Context, one func(context.Context, *target.Client) (grant, error)) error {
	for range t.sample(50, 5) {
		g, err := one(ctx, t.client)
		if err != nil {
			return unmet("taking samples", err)
		}
		t.samples = append(t.samples, g)
	}
	return nil
}

func (t *trial) codesUnguessable(context.Context) error {
	return t.unguessable("codes", t.drawn(func(g grant) string { return g.code }))
}

// tokensUnguessable: a signed token needs only to differ from the others.
func (t *trial) tokensUnguessable(context.Context) error {
	for _, kind := range []struct {
		things string
		of     func(grant) string
	}{{"refresh tokens", grant.refresh}, {"access tokens", grant.access}} {
		samples := t.drawn(kind.of)
		if len(samples) == 0 {
			continue
		}
		if _, flaw := strength(samples); flaw == "" && signed(samples[0]) {
			continue
		}
		if err := t.unguessable(kind.things, samples); err != nil {
			return err
		}
	}
	return nil
}

// drawn are those samples that there are.
func (t *trial) drawn(of func(grant) string) (all []string) {
	for _, g := range t.samples {
		all = append(all, of(g))
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

package checks

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
)

// slidingSteps are the sentences about refresh tokens that stay and are
// prolonged by each use.
func (t *trial) slidingSteps() []sentence {
	return []sentence{
		when(`the client refreshes (\d+) times with the same refresh token`, t.refreshSame),
		when(`the client refreshes at nine and at eighteen tenths of its refresh token's life`, t.refreshTwiceLate),
		when(`a refresh is refused at nine tenths, and another one is tried at eleven tenths`, t.refreshAfterFailure),
		when(`the client leaves its refresh token unused past its life, and then presents it twice`, t.presentLateTwice),
		when(`the client refreshes every half life until past the cap`, t.refreshToCap),
		when(`access is asked for in all ways that need no click of the customer`, t.askSilently),
		then(`no answer has a refresh token`, t.noneAnswered),
		then(`the server gives an access token each time`, t.gaveEach),
		then(`the use has prolonged the token`, t.prolonged),
		then(`the refused one has not`, t.notProlonged),
		then(`all work up to the cap, and none after it`, t.keptCap),
		then(`a refresh token comes only where the server documents it`, t.noneSilently),
	}
}

// same presents the grant's first refresh token, whatever came since.
func (t *trial) same(ctx context.Context, about string) error {
	e, err := t.tryRefresh(ctx, about, t.grant.client, t.grant.refresh())
	t.tried(about, e)
	return err
}

func (t *trial) refreshSame(ctx context.Context, times int) error {
	for n := range times {
		if err := t.same(ctx, fmt.Sprintf("refresh number %d", n+1)); err != nil {
			return err
		}
	}
	return nil
}

func (t *trial) noneAnswered(context.Context) error {
	repeated := false
	for _, a := range t.attempts {
		next := a.got.Text("refresh_token")
		switch {
		case !a.got.Tokens():
			return unmet(a.what, errOf(a.got))
		case next == t.grant.refresh():
			repeated = true
		case next != "":
			return &report.Finding{Expected: "no refresh token in the answer to a refresh", Got: a.what + " with a new one"}
		}
	}
	if repeated {
		t.shared.Recorder.Note(t.scenario.Id, "the answer to a refresh repeats the refresh token that was sent, which is lawful")
	}
	return nil
}

func (t *trial) refreshTwiceLate(ctx context.Context) error {
	life, err := t.idleLife()
	if err != nil {
		return report.Unable(err)
	}
	if cap := t.target.Refresh.Absolute; cap > 0 && cap < 2*life {
		return report.Unable(errors.New("the cap on prolongation comes before two lives of the refresh token"))
	}
	for _, about := range []string{"refresh at nine tenths of the life", "refresh at eighteen tenths of the life"} {
		if err := t.pass(ctx, life*9/10); err != nil {
			return err
		}
		if err := t.same(ctx, about); err != nil {
			return err
		}
	}
	return nil
}

func (t *trial) prolonged(context.Context) error {
	first, second := t.attempts[0].got, t.attempts[1].got
	if !first.Tokens() {
		return &report.Finding{Expected: "a refresh token that lives as long as is documented", Got: "at nine tenths of that: " + first.String()}
	}
	t.controls++
	if !second.Tokens() {
		return &report.Finding{Expected: "a refresh token that its use has prolonged", Got: "nine tenths of a life after the use: " + second.String()}
	}
	return nil
}

// refreshAfterFailure takes a new grant. What is refused is a wrong secret or,
// for a client without one, a scope that nobody has.
func (t *trial) refreshAfterFailure(ctx context.Context) error {
	t.attempts = nil
	life, err := t.idleLife()
	if err != nil {
		return report.Unable(err)
	}
	if t.grant, err = t.granted(ctx, t.client); err != nil {
		return unmet("getting tokens", err)
	}
	if err := t.pass(ctx, life*9/10); err != nil {
		return err
	}
	o, change := t.order(t.grant.client, refreshForm(t.grant.refresh(), nil)), "with a wrong secret"
	if t.grant.client.Secret == "" {
		change = `with scope "nobody-has-this"`
	}
	if err := t.try(ctx, o, change); err != nil {
		return err
	}
	if is, why := t.attempts[0].got.Refused(); !is {
		return unmet("having a refresh refused", errors.New(why))
	}
	t.attempts = nil
	if err := t.pass(ctx, life*2/10); err != nil {
		return err
	}
	return t.same(ctx, "refresh at eleven tenths of the life")
}

func (t *trial) notProlonged(context.Context) error { return t.judge() }

func (t *trial) presentLateTwice(ctx context.Context) error {
	if err := t.presentLate(ctx); err != nil {
		return err
	}
	return t.same(ctx, "the same once more")
}

// refreshToCap stops at the first refusal; the last attempt is the one after
// the cap.
func (t *trial) refreshToCap(ctx context.Context) error {
	r := t.target.Refresh
	switch {
	case r.MaxUses > 0:
		return t.refreshSame(ctx, r.MaxUses+1)
	case r.Absolute == 0:
		return report.DoesNotApply(t.target.Name + " documents no cap on the prolongation of refresh tokens")
	case r.Idle == 0:
		return report.DoesNotApply(t.target.Name + " documents no life of refresh tokens that could be prolonged")
	}
	step := r.Idle / 2
	age := step
	for ; age < r.Absolute; age += step {
		if err := t.pass(ctx, step); err != nil {
			return err
		}
		if err := t.same(ctx, fmt.Sprintf("refresh at %s of %s", age, r.Absolute)); err != nil {
			return err
		}
		if !t.attempts[len(t.attempts)-1].got.Tokens() {
			return nil
		}
	}
	if err := t.pass(ctx, r.Absolute-(age-step)+time.Minute); err != nil {
		return err
	}
	return t.same(ctx, "refresh a minute past the cap")
}

func (t *trial) keptCap(context.Context) error {
	last := len(t.attempts) - 1
	for _, a := range t.attempts[:last] {
		if !a.got.Tokens() {
			return &report.Finding{Expected: "refreshes that work up to the cap", Got: a.what + ": " + a.got.String()}
		}
		t.controls++
	}
	if last == 0 {
		return &report.Finding{Expected: "refreshes that work up to the cap", Got: t.attempts[0].what + ": " + t.attempts[0].got.String()}
	}
	t.attempts = t.attempts[last:]
	return t.judge()
}

// askSilently repeats an authorization for which the customer has consented
// before, and asks as the application itself.
func (t *trial) askSilently(ctx context.Context) error {
	g := t.newGrant(t.client)
	landing, err := t.walk(ctx, t.authorizeURL(g.parameters()), nil, pages.Abandon)
	if err != nil {
		return err
	}
	g.code = landing.Code()
	if g.code == "" && !landing.SawConsent {
		return unmet("asking once more", errors.New(describe(landing)))
	}
	if g.code != "" && !landing.SawConsent {
		e, err := t.token(ctx, "redeem the code of a remembered consent", g.client, g.exchange())
		if err != nil {
			return err
		}
		t.tried("a consent that was only remembered", e)
	}
	if machine := t.target.Clients.Machine; machine != nil && t.target.Has("client_credentials") {
		e, err := t.token(ctx, "client credentials", machine, url.Values{"grant_type": {"client_credentials"}})
		if err != nil {
			return err
		}
		t.tried("client credentials", e)
	}
	return nil
}

func (t *trial) noneSilently(context.Context) error {
	for _, a := range t.attempts {
		if !a.got.Tokens() {
			return unmet("getting tokens by "+a.what, errOf(a.got))
		}
		documented := a.what != "client credentials" && t.target.Refresh.Silent
		if a.got.Text("refresh_token") != "" && !documented {
			return &report.Finding{Expected: "a refresh token only after a consent that the customer gives on the page", Got: "a refresh token for " + a.what}
		}
	}
	return nil
}

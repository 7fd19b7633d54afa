package checks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
)

// rotationTimeSteps are the sentences about the life of rotating refresh
// tokens, their grace, and requests at the same instant.
func (t *trial) rotationTimeSteps() []sentence {
	return []sentence{
		given(`two clients' connections rotate once, half-way through the life of their refresh tokens`, t.rotateHalfWay),
		when(`one refreshes an hour before the documented end, the other an hour after it`, t.aroundTheEnd),
		when(`the client refreshes many times at the same instant with the same refresh token`, t.refreshAtOnce),
		when(`the client loses the answer to a refresh and repeats it within the grace`, t.repeatWithin),
		when(`the client loses the answer to a refresh and repeats it after the grace`, t.repeatAfter),
		then(`the first works, and the second is refused`, t.aliveThenDead),
		then(`one living family is left at most`, t.oneFamily),
		then(`the server gives a pair that works, if it documents a grace`, t.graceWorks),
	}
}

// rotateHalfWay takes two grants of the client, since each is tried once.
func (t *trial) rotateHalfWay(ctx context.Context) error {
	life, err := t.idleLife()
	if err != nil {
		return report.Unable(err)
	}
	if t.first, err = t.granted(ctx, t.client); err != nil {
		return unmet("getting tokens", err)
	}
	if t.grant, err = t.granted(ctx, t.client); err != nil {
		return unmet("getting tokens once more", err)
	}
	if err := t.pass(ctx, life/2); err != nil {
		return err
	}
	for _, g := range []*grant{&t.first, &t.grant} {
		if err := t.refreshed(ctx, "rotate half-way", g); err != nil {
			return unmet("rotating half-way", err)
		}
	}
	t.controls++
	return nil
}

// aroundTheEnd counts from the rotation or from the first issue, as documented.
func (t *trial) aroundTheEnd(ctx context.Context) error {
	life, err := t.idleLife()
	if err != nil {
		return report.Unable(err)
	}
	left := life
	if t.target.Refresh.Renewed == "inherited" {
		left = life / 2
	}
	if cap := t.target.Refresh.Absolute; cap > 0 {
		left = min(left, cap-life/2)
	}
	margin := min(time.Hour, left/4)
	if err := t.pass(ctx, left-margin); err != nil {
		return err
	}
	e, err := t.tryRefresh(ctx, "refresh before the documented end", t.first.client, t.first.refresh())
	if err != nil {
		return err
	}
	t.tried(fmt.Sprintf("%s before the documented end", margin), e)
	if err := t.pass(ctx, 2*margin); err != nil {
		return err
	}
	e, err = t.tryRefresh(ctx, "refresh after the documented end", t.grant.client, t.grant.refresh())
	t.tried(fmt.Sprintf("%s after the documented end", margin), e)
	return err
}

func (t *trial) aliveThenDead(context.Context) error {
	if alive := t.attempts[0]; !alive.got.Tokens() {
		return &report.Finding{Expected: "a refresh token that lives as long as is documented", Got: alive.what + ": " + alive.got.String()}
	}
	t.controls++
	t.attempts = t.attempts[1:]
	return t.judge()
}

// refreshAtOnce sends the same refresh over as many connections.
func (t *trial) refreshAtOnce(ctx context.Context) error {
	requests := make([]exchange.Request, 10)
	for i := range requests {
		requests[i] = t.order(t.grant.client, refreshForm(t.grant.refresh(), nil)).request("refresh, all at once")
	}
	answers, err := t.race(ctx, requests)
	for _, e := range answers {
		t.tried("one of the refreshes", e)
	}
	return err
}

// oneFamily follows each refresh token that the race has brought: those that
// can be used one after the other are families of their own.
func (t *trial) oneFamily(ctx context.Context) error {
	seen := map[string]bool{}
	var branches []string
	var lost error
	for _, a := range t.attempts {
		if a.got.Err != "" {
			lost = errors.New(a.got.Err)
		}
		next := a.got.Text("refresh_token")
		if a.got.Tokens() && next != "" && !seen[next] {
			seen[next] = true
			branches = append(branches, next)
		}
	}
	t.attempts = nil
	if len(branches) == 0 {
		return unmet("refreshing many times at once", fmt.Errorf("no refresh succeeded"))
	}
	living := 0
	for _, refresh := range branches {
		if len(branches) == 1 {
			break // spare the one that there is
		}
		e, err := t.tryRefresh(ctx, "follow one branch of the race", t.grant.client, refresh)
		if err != nil {
			return err
		}
		if e.Tokens() {
			living++
		}
	}
	if living > 1 {
		return &report.Finding{Expected: "one living family at most", Got: fmt.Sprintf("%d refresh tokens that all work", living)}
	}
	if lost != nil { // it may have brought another family
		return unmet("refreshing many times at once", lost)
	}
	return nil
}

// repeat refreshes a new grant twice with the same token, some time apart.
func (t *trial) repeat(ctx context.Context, pause time.Duration, about string) error {
	g, err := t.granted(ctx, t.client)
	if err != nil {
		return unmet("getting tokens", err)
	}
	lost, err := t.tryRefresh(ctx, "refresh, and lose the answer", g.client, g.refresh())
	if err != nil {
		return err
	}
	if !lost.Tokens() {
		return unmet("refreshing", errOf(lost))
	}
	t.controls++
	if err := t.pass(ctx, pause); err != nil {
		return err
	}
	e, err := t.tryRefresh(ctx, "repeat the refresh "+about, g.client, g.refresh())
	t.tried("the refresh repeated "+about, e)
	t.grant = g
	if e.Tokens() {
		t.grant.keep(e)
	}
	return err
}

func (t *trial) repeatWithin(ctx context.Context) error {
	t.attempts = nil
	if t.target.Refresh.Grace == 0 {
		return nil
	}
	return t.repeat(ctx, t.target.Refresh.Grace/2, "within the grace")
}

func (t *trial) graceWorks(ctx context.Context) error {
	if t.target.Refresh.Grace == 0 {
		return nil
	}
	again := t.attempts[0].got
	if !again.Tokens() {
		return &report.Finding{Expected: "an answer to the repeated refresh, as the documented grace promises", Got: again.String()}
	}
	if t.target.Resource != nil {
		if err := t.mustServe(ctx, "with the access token of the repeated refresh", again.Text("access_token")); err != nil {
			return err
		}
	}
	next, err := t.newest(ctx, "refresh with the refresh token of the repeated answer")
	if err != nil {
		return err
	}
	if !next.Tokens() {
		return &report.Finding{Expected: "a refresh token that works in the answer to the repeated refresh", Got: next.String()}
	}
	return nil
}

func (t *trial) repeatAfter(ctx context.Context) error {
	t.attempts = nil
	return t.repeat(ctx, t.outside(), "after the grace")
}

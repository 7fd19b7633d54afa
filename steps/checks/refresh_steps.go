package checks

import (
	"context"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/report"
)

// refreshSteps are the sentences about refreshing, whatever the mode.
func (t *trial) refreshSteps() []sentence {
	return []sentence{
		given(`the second client refreshes with a token of its own`, t.secondRefreshes),
		given(`the API opens for the access token`, t.apiOpens),
		when(`the client refreshes`, t.refresh),
		when(`a refresh is tried`, t.refreshEach),
		when(`the client leaves its refresh token unused past its life, and then presents it`, t.presentLate),
		when(`the client calls the API with its refresh token`, t.callWithRefresh),
		when(`the client refreshes with its access token`, t.refreshWithAccess),
		when(`the client refreshes shortly before the end of its access token`, t.refreshBeforeEnd),
		when(`it refreshes again shortly after the end of an access token`, t.refreshAfterEnd),
		then(`the server gives another access token`, t.gaveAnother),
		then(`the server answers as it documents`, t.answersAsDocumented),
		then(`the client's own refresh still works`, t.stillWorks),
		then(`a refresh made in the right way works`, t.rightRefresh),
		then(`a new refresh token works`, t.newRefreshWorks),
	}
}

// refresh keeps the answer of the newest request apart from the tokens before.
func (t *trial) refresh(ctx context.Context) error {
	before := t.grant.access()
	e, err := t.newest(ctx, "refresh")
	t.attempts = append(t.attempts, attempt{what: "the refresh", got: e})
	t.before = before
	return err
}

func (t *trial) gaveAnother(context.Context) error {
	e := t.attempts[len(t.attempts)-1].got
	switch {
	case !e.Tokens():
		return &report.Finding{Expected: "an access token", Got: e.String()}
	case e.Text("access_token") == t.before:
		return &report.Finding{Expected: "another access token", Got: "the one that the client had before"}
	}
	t.controls++
	return nil
}

// refreshEach tries one refresh with the newest token for each row.
func (t *trial) refreshEach(ctx context.Context, table *godog.Table) error {
	return eachRow(table, func(change string) error {
		return t.try(ctx, t.order(t.grant.client, refreshForm(t.grant.refresh(), nil)), change)
	})
}

// secondRefreshes shows that the second client's credentials are good.
func (t *trial) secondRefreshes(ctx context.Context) error {
	g, err := t.granted(ctx, t.target.Clients.Second)
	if err == nil {
		err = t.refreshed(ctx, "refresh as the second client", &g)
	}
	if err != nil {
		return unmet("refreshing as the second client", err)
	}
	t.controls++
	return nil
}

func (t *trial) apiOpens(ctx context.Context) error {
	e, err := t.call(ctx, "control: the access token", t.grant.access())
	if err != nil {
		return err
	}
	return t.controlled("the access token at the API", served(e), e)
}

// stillWorks is judged: a refusal has to leave the token as it was.
func (t *trial) stillWorks(ctx context.Context) error {
	e, err := t.newest(ctx, "refresh in the right way afterwards")
	if err != nil {
		return err
	}
	if !e.Tokens() {
		return &report.Finding{Expected: "a refresh token that works as before", Got: e.String()}
	}
	t.controls++
	return nil
}

// rightRefresh is the positive control of refusals.
func (t *trial) rightRefresh(ctx context.Context) error {
	e, err := t.newest(ctx, "control: refresh in the right way")
	if err != nil {
		return err
	}
	return t.controlled("a refresh in the right way", e.Tokens(), e)
}

// newRefreshWorks is the positive control where time has passed.
func (t *trial) newRefreshWorks(ctx context.Context) error {
	g, err := t.granted(ctx, t.client)
	if err != nil {
		return unmet("getting tokens", err)
	}
	t.grant = g
	return t.rightRefresh(ctx)
}

func (t *trial) presentLate(ctx context.Context) error {
	life, err := t.idleLife()
	if err != nil {
		return report.Unable(err)
	}
	if err := t.pass(ctx, life+time.Minute); err != nil {
		return err
	}
	e, err := t.tryRefresh(ctx, "refresh past the end of the refresh token", t.grant.client, t.grant.refresh())
	t.tried("the refresh token a minute past its end", e)
	return err
}

func (t *trial) callWithRefresh(ctx context.Context) error {
	e, err := t.call(ctx, "call the API with the refresh token", t.grant.refresh())
	t.tried("the refresh token at the API", e)
	return err
}

func (t *trial) refreshWithAccess(ctx context.Context) error {
	e, err := t.tryRefresh(ctx, "refresh with the access token", t.grant.client, t.grant.access())
	t.tried("the access token as a refresh token", e)
	return err
}

func (t *trial) refreshBeforeEnd(ctx context.Context) error {
	life, err := t.accessLife(t.grant)
	if err != nil {
		return report.Unable(err)
	}
	if err := t.pass(ctx, life-min(10*time.Second, life/4)); err != nil {
		return err
	}
	e, err := t.newest(ctx, "refresh before the end of the access token")
	t.tried("before the end", e)
	return err
}

func (t *trial) refreshAfterEnd(ctx context.Context) error {
	life, err := t.accessLife(t.grant)
	if err != nil {
		return report.Unable(err)
	}
	if err := t.pass(ctx, life+5*time.Second); err != nil {
		return err
	}
	e, err := t.newest(ctx, "refresh after the end of the access token")
	t.tried("after the end", e)
	return err
}

// answersAsDocumented judges a refresh before the access token's end, and one
// after it.
func (t *trial) answersAsDocumented(context.Context) error {
	var against []string
	for i, a := range t.attempts {
		early := i == 0 && t.target.Refresh.AfterExpiry
		if early {
			t.judged = true
			if bad := a.accepted(); bad != "" {
				against = append(against, a.what+", where a refusal is documented: "+bad)
			}
			continue
		}
		if !a.got.Tokens() {
			against = append(against, a.what+": "+a.got.String())
			continue
		}
		t.controls++
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "refreshes that work around the end of an access token", Got: strings.Join(against, "; ")}
	}
	return nil
}

package checks

import (
	"context"
	"time"

	"github.com/mint-conformance/mint/steps/report"
)

// codeSteps are the sentences about authorization codes.
func (t *trial) codeSteps() []sentence {
	return []sentence{
		when(`the client redeems the code`, t.redeemCode),
		then(`the server gives an access token`, t.gaveToken),
		when(`the client redeems the same code again, two seconds later`, t.redeemAgain),
	}
}

func (t *trial) redeemCode(ctx context.Context) error {
	e, err := t.token(ctx, "redeem the code", t.grant.client, t.grant.exchange())
	t.grant.answer = e
	return err
}

func (t *trial) gaveToken(context.Context) error {
	if !t.grant.answer.Tokens() {
		return &report.Finding{Expected: "an access token", Got: t.grant.answer.String()}
	}
	return nil
}

func (t *trial) redeemAgain(ctx context.Context) error {
	if err := t.pass(ctx, 2*time.Second); err != nil {
		return err
	}
	e, err := t.token(ctx, "redeem the same code again", t.grant.client, t.grant.exchange())
	t.tried("the code a second time", e)
	return err
}

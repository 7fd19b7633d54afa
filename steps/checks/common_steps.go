package checks

import (
	"context"
	"fmt"
	"strings"

	"github.com/mint-conformance/mint/steps/report"
)

// commonSteps are the sentences that many groups share.
func (t *trial) commonSteps() []sentence {
	return []sentence{
		given(`the client has a code`, t.hasCode),
		given(`the client has tokens`, t.hasTokens),
		then(`the server refuses (?:it|each)`, t.refused),
	}
}

// hasCode: a customer's consent has given the client a code.
func (t *trial) hasCode(ctx context.Context) error {
	t.grant = t.newGrant(t.client)
	if err := t.consent(ctx, &t.grant, nil); err != nil {
		return unmet("getting a code", err)
	}
	return nil
}

// hasTokens: the client has been through the whole flow. It counts as a
// positive control of the token endpoint.
func (t *trial) hasTokens(ctx context.Context) error {
	var err error
	if t.grant, err = t.granted(ctx, t.client); err != nil {
		return unmet("getting tokens", err)
	}
	t.controls++
	return nil
}

// refused judges every attempt: the server refused it by intent.
func (t *trial) refused(context.Context) error {
	if len(t.attempts) == 0 {
		return fmt.Errorf("nothing was tried that could be refused")
	}
	t.judged = true
	var against []string
	for _, a := range t.attempts {
		if bad := a.accepted(); bad != "" {
			against = append(against, a.what+": "+bad)
		}
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "a refusal", Got: strings.Join(against, "; ")}
	}
	return nil
}

// accepted says how an attempt was not refused, "" if it was.
func (a attempt) accepted() string {
	if a.landing != nil {
		switch {
		case a.landing.Code() != "":
			return "the client was given a code"
		case a.landing.Params.Get("access_token") != "":
			return "the client was given a token"
		case a.landing.Redirected && a.landing.Params.Get("error") != "":
			return ""
		case !a.landing.Redirected && a.landing.Page.Status >= 400 && a.landing.Page.Status < 500:
			return ""
		}
		return describe(*a.landing)
	}
	if ok, why := a.got.Refused(); !ok {
		return why + " (" + a.got.String() + ")"
	}
	return ""
}

package checks

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/cucumber/godog"

	"github.com/mint-conformance/mint/steps/report"
)

// commonSteps are the sentences that many groups share.
func (t *trial) commonSteps() []sentence {
	return []sentence{
		given(`the (?:(second|public|native) )?client has a code`, t.hasCode),
		given(`the (?:(second|public|native) )?client has tokens`, t.hasTokens),
		then(`the server refuses (?:it|each)`, t.refused),
	}
}

// hasCode: a customer's consent has given the client a code.
func (t *trial) hasCode(ctx context.Context, client string) error {
	t.client = t.named(client)
	var err error
	if t.grant, err = t.coded(ctx, t.client); err != nil {
		return unmet("getting a code", err)
	}
	return nil
}

// hasTokens: the client has been through the whole flow. It counts as a
// positive control of the token endpoint.
func (t *trial) hasTokens(ctx context.Context, client string) error {
	t.client = t.named(client)
	var err error
	if t.grant, err = t.granted(ctx, t.client); err != nil {
		return unmet("getting tokens", err)
	}
	t.controls++
	return nil
}

// eachRow calls do with the words of every row of a table of one column.
func eachRow(table *godog.Table, do func(words string) error) error {
	for _, row := range table.Rows {
		if err := do(row.Cells[0].Value); err != nil {
			return err
		}
	}
	return nil
}

func (t *trial) refused(context.Context) error { return t.judge() }

// judge asks of every attempt that the server refused it by intent.
func (t *trial) judge() error {
	if len(t.attempts) == 0 {
		return errors.New("nothing was tried that could be refused")
	}
	t.judged = true
	var against []string
	for _, a := range t.attempts {
		if a.limited() {
			return unmet(a.what, errLimit)
		}
		if bad := a.accepted(); bad != "" {
			against = append(against, a.what+": "+bad)
		} else if odd := a.oddlyRefused(); odd != "" {
			t.warn("%s: %s", a.what, odd)
		}
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "a refusal", Got: strings.Join(against, "; ")}
	}
	return nil
}

// gaveEach judges every attempt: the server gave tokens. Each that did is a
// positive control besides.
func (t *trial) gaveEach(context.Context) error {
	if len(t.attempts) == 0 {
		return errors.New("nothing was tried that could be accepted")
	}
	var against []string
	for _, a := range t.attempts {
		if a.landing == nil && a.got.Tokens() {
			t.controls++
			continue
		}
		against = append(against, a.what+": "+a.String())
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "an access token each time", Got: strings.Join(against, "; ")}
	}
	return nil
}

// String says what came of the attempt, without secrets.
func (a attempt) String() string {
	if a.landing != nil {
		return describe(*a.landing)
	}
	return a.got.String()
}

// errLimit says that an attempt was not answered, for now.
var errLimit = errors.New("the server limits the rate of requests, and answered nothing else")

// limited says whether the server asked to be left alone instead of answering.
func (a attempt) limited() bool {
	if a.landing == nil {
		return a.got.Limited()
	}
	return !a.landing.Redirected && !a.landing.Away && a.landing.Page.Status == http.StatusTooManyRequests
}

// accepted says how an attempt was not refused, "" if it was.
func (a attempt) accepted() string {
	if a.landing != nil {
		switch {
		case a.landing.Code() != "":
			return "the client was given a code"
		case a.landing.Params.Get("access_token") != "":
			return "the client was given a token"
		case a.answer != ownPage && a.landing.Redirected && a.landing.Params.Get("error") != "":
			return ""
		case saidOnPage(*a.landing):
			return ""
		case a.answer == "" && !a.landing.Redirected && !a.landing.Away && a.landing.Page.Status >= 400 && a.landing.Page.Status < 500 && !a.limited():
			return ""
		}
		return describe(*a.landing)
	}
	if ok, why := a.got.Refused(); !ok {
		return why + " (" + a.got.String() + ")"
	}
	return ""
}

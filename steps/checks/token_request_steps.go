package checks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// tokenRequestSteps are the sentences about how token requests may be sent.
func (t *trial) tokenRequestSteps() []sentence {
	return []sentence{
		then(`the server gives no token to a GET`, t.nothingForGet),
		then(`the form alone is how it is done`, t.formAlone),
		when(`the client redeems a new code by each documented way of authentication`, t.everyMethod),
		when(`a client whose secret has reserved characters does so too`, t.reservedSecret),
		then(`one of the ways is the one that every server has`, t.usualMethods),
		given(`the client has shown its right secret`, t.rightSecret),
		when(`somebody tries 30 wrong secrets in a row`, t.guessSecrets),
		then(`the server slows the guessing down`, t.slowedDown),
		then(`the right secret is good again after the pause`, t.rightAfterPause),
	}
}

// nothingForGet: any refusal will do, even that of a router which does not know
// the method (404, or a page); only trouble is none.
func (t *trial) nothingForGet(context.Context) error {
	t.judged = true
	for _, a := range t.attempts {
		e := a.got
		switch is, why := e.Refused(); {
		case is:
		case a.limited():
			return unmet(a.what, errLimit)
		case e.Leaks() || e.Err != "" || e.Status >= 500:
			return &report.Finding{Expected: "a refusal, best 405", Got: a.what + ": " + why + " (" + e.String() + ")"}
		default:
			t.warn("%s, the server answers %s; 405 is clearer", a.what, e)
		}
	}
	return nil
}

// formAlone: RFC 6749 section 4.1.3 knows no other body. One that works besides
// does no harm, but hides faulty clients.
func (t *trial) formAlone(ctx context.Context) error {
	g, err := t.coded(ctx, t.client)
	if err != nil {
		return unmet("getting a code", err)
	}
	o := t.order(g.client, g.exchange())
	o.asJSON = true
	e, err := t.send.Do(ctx, o.request("as JSON"))
	if err == nil && e.Tokens() {
		t.warn("a JSON body gives tokens too; RFC 6749 section 4.1.3 knows a form only")
	}
	return err
}

// everyMethod redeems a code by each of the target's methods, by a client that
// uses it.
func (t *trial) everyMethod(ctx context.Context) error {
	for _, method := range t.target.Methods {
		client, change := t.client, ""
		switch method {
		case "basic":
			change = "over Basic"
		case "body":
			change = "with credentials in the body"
		case "query":
			change = "with credentials in the query"
		case "none":
			if client = t.target.Clients.Public; client == nil {
				continue
			}
			change = "in the right way"
		default:
			t.warn("the method %s was not tried, since it needs a key of the client", method)
			continue
		}
		if err := t.redeemAs(ctx, client, change); err != nil {
			return err
		}
	}
	return nil
}

func (t *trial) redeemAs(ctx context.Context, client *target.Client, change string) error {
	g, err := t.coded(ctx, client)
	if err != nil {
		return unmet("getting a code", err)
	}
	if err := t.try(ctx, t.order(client, g.exchange()), change); err != nil {
		return err
	}
	last := &t.attempts[len(t.attempts)-1]
	last.what += ", client " + client.Name
	return nil
}

// reservedSecret: colon, percent, plus, slash and space, each of which is
// lost if one decoding is left out or done twice.
func (t *trial) reservedSecret(ctx context.Context) error {
	client := t.target.Clients.Special
	if client == nil {
		if !strings.ContainsAny(t.client.Secret, ":%+/ ") {
			t.warn("no client has a secret with reserved characters, so that their encoding was not tried")
		}
		return nil
	}
	for _, method := range t.target.Methods {
		switch method {
		case "basic":
			if err := t.redeemAs(ctx, client, "over Basic"); err != nil {
				return err
			}
		case "body":
			if err := t.redeemAs(ctx, client, "with credentials in the body"); err != nil {
				return err
			}
		}
	}
	return nil
}

// usualMethods: RFC 6749 section 2.3.1 has every server support Basic, the
// OAuth 2.1 draft (section 2.4.1) the body.
func (t *trial) usualMethods(context.Context) error {
	for _, one := range [][2]string{
		{"basic", "RFC 6749 section 2.3.1 has every server support HTTP Basic"},
		{"body", "the OAuth 2.1 draft has every server support credentials in the body"},
	} {
		method, clause := one[0], one[1]
		if !slices.Contains(t.target.Methods, method) {
			t.warn("clients cannot authenticate by the method %s; %s", method, clause)
		}
	}
	return nil
}

// secretTry is a request that says whether a client's secret was accepted.
func (t *trial) secretTry(ctx context.Context, about string, client target.Client) (exchange.Exchange, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	if !t.target.Has("client_credentials") {
		form = url.Values{"grant_type": {"authorization_code"}, "code": {random(32)}, "redirect_uri": {client.Redirect()}}
	}
	return t.token(ctx, about, &client, form)
}

// guessed is the client whose secret is guessed.
func (t *trial) guessed() target.Client {
	if t.target.Has("client_credentials") && t.target.Clients.Machine != nil {
		return *t.target.Clients.Machine
	}
	return *t.client
}

// knew says whether an answer shows that the secret was right.
func knew(e exchange.Exchange) bool {
	return e.Tokens() || e.Text("error") == "invalid_grant"
}

func (t *trial) rightSecret(ctx context.Context) error {
	e, err := t.secretTry(ctx, "control: the right secret", t.guessed())
	if err != nil {
		return err
	}
	return t.controlled("the right secret", knew(e), e)
}

func (t *trial) guessSecrets(ctx context.Context) error {
	client := t.guessed()
	for i := range 30 {
		client.Secret = "guess-" + strconv.Itoa(i)
		e, err := t.secretTry(ctx, "guess a secret", client)
		if err != nil {
			return err
		}
		t.tried("guess "+strconv.Itoa(i+1), e)
	}
	return nil
}

// slow is from when on an answer counts as held back.
const slow = 500 * time.Millisecond

func (t *trial) slowedDown(context.Context) error {
	t.judged = true
	limited, told, held := 0, false, 0
	for _, a := range t.attempts {
		is, why := a.got.Refused()
		switch {
		case a.got.Limited():
			limited++
			told = told || a.got.Header.Get("Retry-After") != ""
		case !is:
			return &report.Finding{Expected: "a refusal, " + a.what, Got: why}
		case a.got.Took >= slow:
			held++
		}
	}
	switch {
	case limited == 0 && held < 3:
		return &report.Finding{Expected: "429, a lock or growing delays", Got: fmt.Sprintf("%d wrong secrets judged at full speed", len(t.attempts))}
	case !told:
		t.warn("the pause comes without Retry-After")
	}
	return nil
}

// longestPause is how long the right secret may be kept waiting if nobody says.
const longestPause = 15 * time.Minute

func (t *trial) rightAfterPause(ctx context.Context) error {
	pause := longestPause
	last := t.attempts[len(t.attempts)-1].got
	if seconds, err := strconv.Atoi(last.Header.Get("Retry-After")); err == nil {
		pause = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(last.Header.Get("Retry-After")); err == nil {
		pause = at.Sub(last.At)
	}
	if err := t.pass(ctx, max(pause, time.Second)); err != nil {
		return err
	}
	e, err := t.secretTry(ctx, "the right secret after the pause", t.guessed())
	switch {
	case err != nil:
		return err
	case e.Status == 0:
		return unmet("asking again", errors.New(e.Err))
	case !knew(e):
		return &report.Finding{Expected: fmt.Sprintf("that the right secret works after %s", pause), Got: e.String()}
	}
	return nil
}

package checks

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// introspectionSteps are the sentences about the introspection endpoint.
func (t *trial) introspectionSteps() []sentence {
	return []sentence{
		given(`the server tells the client about a token`, t.introspectionWorks),
		given(`the server calls the access token active`, t.calledActive),
		when(`somebody asks without credentials, with an id alone and with a wrong secret`, t.strangersAsk),
		when(`the second client asks about the first one's access token`, t.secondAsks),
		when(`the client asks about its access token`, t.asksOwn),
		when(`the client asks about a token that never was, a revoked one and an expired one`, t.asksDead),
		then(`the server answers none of them`, t.strangersRefused),
		then(`the server tells the second client nothing about it`, t.secondLearnsNothing),
		then(`the answer agrees with the grant`, t.agreesWithGrant),
		then(`the server calls each inactive and says no more`, t.eachInactive),
	}
}

func (t *trial) introspect(ctx context.Context, about string, client *target.Client, token string) (exchange.Exchange, error) {
	return t.post(ctx, about, t.target.Endpoints.Introspect, client, url.Values{"token": {token}})
}

func (t *trial) introspectionWorks(ctx context.Context) error {
	e, err := t.introspect(ctx, "ask with the right credentials", t.client, rand.Text())
	if err != nil {
		return err
	}
	_, told := e.JSON["active"].(bool)
	return t.controlled("introspection with the right credentials", told && e.Status == http.StatusOK, e)
}

func (t *trial) calledActive(ctx context.Context) error {
	e, err := t.introspect(ctx, "ask about the live access token", t.client, t.grant.access())
	if err != nil {
		return err
	}
	return t.controlled("introspection of a live token", active(e), e)
}

func active(e exchange.Exchange) bool {
	is, _ := e.JSON["active"].(bool)
	return is && e.Status == http.StatusOK
}

func (t *trial) strangersAsk(ctx context.Context) error {
	nameless := *t.client
	nameless.Secret, nameless.Method = "", "none"
	for _, who := range []struct {
		what   string
		client *target.Client
	}{{"without credentials", nil}, {"with a client id alone", &nameless}, {"with a wrong secret", impostor(t.client)}} {
		e, err := t.introspect(ctx, "ask "+who.what, who.client, rand.Text())
		if err != nil {
			return err
		}
		t.tried(who.what, e)
	}
	return nil
}

// strangersRefused: 401 (RFC 7662 section 2.3); another refusal is odd but
// tells nothing either.
func (t *trial) strangersRefused(context.Context) error {
	t.judged = true
	for _, a := range t.attempts {
		if _, told := a.got.JSON["active"]; told {
			return &report.Finding{Expected: "401 " + a.what, Got: "a word on the token's state (" + a.got.String() + ")"}
		}
		if bad := a.accepted(); bad != "" {
			return &report.Finding{Expected: "401 " + a.what, Got: bad}
		}
		if a.got.Status != http.StatusUnauthorized {
			t.warn("introspection %s is refused with %s instead of 401", a.what, a.got)
		}
	}
	return nil
}

func (t *trial) asksOwn(ctx context.Context) error {
	e, err := t.introspect(ctx, "ask about the access token", t.client, t.grant.access())
	t.answers = append(t.answers, e)
	return err
}

// agreesWithGrant compares the members that are there; all but active may be
// left out (RFC 7662 section 2.2).
func (t *trial) agreesWithGrant(context.Context) error {
	e := t.answers[0]
	if !active(e) {
		return &report.Finding{Expected: "active true for a live token", Got: e.String()}
	}
	var off []string
	differs := func(member, want string) {
		if got, there := e.JSON[member]; there && got != want {
			off = append(off, fmt.Sprintf("%s is %q and not %q", member, got, want))
		}
	}
	differs("client_id", t.grant.client.ID)
	if t.target.Issuer != "" {
		differs("iss", t.target.Issuer)
	}
	granted := t.grant.answer.Text("scope")
	if granted == "" {
		granted = t.grant.scope
	}
	if got, there := e.JSON["scope"]; there && !sameScope(fmt.Sprint(got), granted) {
		off = append(off, fmt.Sprintf("scope is %q and not %q", got, granted))
	}
	if sub, there := e.JSON["sub"]; there && (sub == "" || sub == t.grant.client.ID) {
		off = append(off, "sub is not the customer")
	}
	if bad := wrongEnd(e, t.grant.answer); bad != "" {
		off = append(off, bad)
	}
	if len(off) > 0 {
		return &report.Finding{Expected: "what was granted", Got: strings.Join(off, "; ")}
	}
	return nil
}

// sameScope compares scopes, whose order says nothing (RFC 6749 section 3.3).
func sameScope(a, b string) bool {
	one, other := strings.Fields(a), strings.Fields(b)
	slices.Sort(one)
	slices.Sort(other)
	return slices.Equal(one, other)
}

// wrongEnd compares exp with what the token endpoint said, by the server's own
// clock. Five seconds are for rounding and the way.
func wrongEnd(e, answer exchange.Exchange) string {
	told, there := e.JSON["exp"]
	if !there {
		return ""
	}
	exp, number := told.(float64)
	if !number || exp != math.Trunc(exp) {
		return "exp is no whole number of seconds"
	}
	if life(answer) == 0 {
		return ""
	}
	issued := answer.At
	if date, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		issued = date
	}
	late := time.Unix(int64(exp), 0).Sub(issued.Add(life(answer))).Round(time.Second)
	if late.Abs() > 5*time.Second {
		return fmt.Sprintf("exp is %s off the end that the token endpoint told", late)
	}
	return ""
}

// asksDead asks about a token that never was, one whose revocation the API has
// confirmed, and one past its end.
func (t *trial) asksDead(ctx context.Context) error {
	ask := func(what, token string) error {
		e, err := t.introspect(ctx, "ask about "+what, t.client, token)
		t.tried(what, e)
		return err
	}
	if err := ask("a token that never was", rand.Text()+rand.Text()); err != nil {
		return err
	}
	revoked, err := t.revokedAccess(ctx)
	if err != nil {
		return err
	}
	if revoked != "" {
		if err := ask("a revoked access token", revoked); err != nil {
			return err
		}
	}
	lives := life(t.grant.answer)
	if lives == 0 {
		lives = t.target.Lifetimes.Access
	}
	if err := t.pass(ctx, lives+2*time.Second); err != nil {
		return err
	}
	return ask("an expired access token", t.grant.access())
}

// revokedAccess is an access token that the server has revoked and the API
// refuses; "" where revoking does not get that far, which other checks judge.
func (t *trial) revokedAccess(ctx context.Context) (string, error) {
	if !t.target.Has("revocation") || t.target.Resource == nil {
		return "", nil
	}
	g, err := t.granted(ctx, t.client)
	if err != nil {
		return "", unmet("getting tokens to revoke", err)
	}
	for _, token := range []string{g.access(), g.refresh()} {
		if token == "" {
			continue
		}
		if _, err := t.revoke(ctx, "revoke a token", t.client, token, ""); err != nil {
			return "", err
		}
	}
	e, err := t.call(ctx, "see that the API refuses it", g.access())
	if err != nil || !turnedAway(e) {
		return "", err
	}
	return g.access(), nil
}

func (t *trial) eachInactive(context.Context) error {
	t.judged = true
	for _, a := range t.attempts {
		if bad := notInactive(a.got); bad != "" {
			return &report.Finding{Expected: "200 with `active` false and nothing else for " + a.what, Got: bad}
		}
	}
	return nil
}

// notInactive says what an answer has that the one about a dead token has not,
// or "".
func notInactive(e exchange.Exchange) string {
	is, told := e.JSON["active"].(bool)
	switch {
	case e.Status != http.StatusOK || !told:
		return e.String()
	case is:
		return "`active` true"
	case len(e.JSON) > 1:
		return "these members: " + strings.Join(slices.Sorted(maps.Keys(e.JSON)), ", ")
	}
	return ""
}

func (t *trial) secondAsks(ctx context.Context) error {
	e, err := t.introspect(ctx, "ask as the second client", t.target.Clients.Second, t.grant.access())
	t.tried("the second client", e)
	return err
}

// secondLearnsNothing: inactive and no more, or a refusal.
func (t *trial) secondLearnsNothing(context.Context) error {
	t.judged = true
	a := t.attempts[0]
	if a.accepted() == "" {
		return nil
	}
	if bad := notInactive(a.got); bad != "" {
		return &report.Finding{Expected: "`active` false for a client that the token was not issued to", Got: bad}
	}
	return nil
}

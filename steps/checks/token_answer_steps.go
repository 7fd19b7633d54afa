package checks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
)

// tokenAnswerSteps are the sentences about what the token endpoint answers
// when it gives tokens.
func (t *trial) tokenAnswerSteps() []sentence {
	return []sentence{
		when(`the client gets tokens by each grant that the server offers`, t.everyGrant),
		then(`each answer is a flat JSON object with members of the right types`, t.rightTypes),
		then(`each answer has the token type Bearer, in any spelling`, t.bearerType),
		then(`the access token works until five seconds before the end that its answer states`, t.livesAsStated),
		when(`a customer allows less than the client asks for`, t.allowLess),
		then(`the answer states the smaller scope`, t.smallerScope),
	}
}

// everyGrant keeps an answer for every grant of the target that needs no more
// than the target's clients and customers. One that gives no token is the
// matter of other checks, as long as there is one that does.
func (t *trial) everyGrant(ctx context.Context) error {
	var trouble []error
	keep := func(e exchange.Exchange, err error) {
		if err == nil && !e.Leaks() {
			err = errors.New(e.String())
		}
		if err != nil {
			trouble = append(trouble, err)
			return
		}
		t.answers = append(t.answers, e)
	}
	if t.target.Has("authorization_code") {
		g, err := t.coded(ctx, t.client)
		if err == nil {
			g.answer, err = t.token(ctx, "redeem the code", g.client, g.exchange())
		}
		keep(g.answer, err)
		if g.refresh() != "" {
			keep(t.token(ctx, "refresh", g.client, g.renewal()))
		}
	}
	if t.target.Has("client_credentials") && t.target.Clients.Machine != nil {
		keep(t.token(ctx, "ask with the client's credentials", t.target.Clients.Machine, url.Values{"grant_type": {"client_credentials"}}))
	}
	if who := t.target.Customers.First; t.target.Has("password") && who != nil {
		keep(t.token(ctx, "ask with the customer's password", t.client, url.Values{
			"grant_type": {"password"}, "username": {who.Username}, "password": {who.Password},
		}))
	}
	if len(t.answers) == 0 {
		return unmet("getting tokens", errors.Join(trouble...))
	}
	return ctx.Err()
}

func (t *trial) rightTypes(context.Context) error {
	var against []string
	for _, e := range t.answers {
		for _, flaw := range typeFlaws(e) {
			against = append(against, e.About+": "+flaw)
		}
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "200, application/json, and members as in RFC 6749 section 5.1", Got: strings.Join(against, "; ")}
	}
	return nil
}

// typeFlaws says what is wrong with a token answer as a document (RFC 6749
// section 5.1); members that it does not know are none of its business.
func typeFlaws(e exchange.Exchange) (flaws []string) {
	if e.Status != 200 {
		flaws = append(flaws, fmt.Sprintf("the status is %d", e.Status))
	}
	if media, _, err := mime.ParseMediaType(e.Header.Get("Content-Type")); err != nil || media != "application/json" {
		flaws = append(flaws, fmt.Sprintf("the media type is %q", e.Header.Get("Content-Type")))
	}
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(e.Body), &members); err != nil {
		return append(flaws, "the body is no JSON object")
	}
	for _, name := range []string{"access_token", "token_type", "refresh_token", "scope"} {
		raw, there := members[name]
		text := ""
		switch {
		case !there && name != "access_token" && name != "token_type":
		case !there:
			flaws = append(flaws, name+" is missing")
		case json.Unmarshal(raw, &text) != nil || string(raw) == "null":
			flaws = append(flaws, name+" is no string")
		case text == "" && name != "scope":
			flaws = append(flaws, name+" is empty")
		}
	}
	if raw, there := members["expires_in"]; there {
		if _, err := strconv.ParseUint(string(raw), 10, 63); err != nil {
			flaws = append(flaws, "expires_in is no whole number")
		}
	}
	return flaws
}

func (t *trial) bearerType(context.Context) error {
	for _, e := range t.answers {
		if said := e.Text("token_type"); !strings.EqualFold(said, "bearer") {
			return &report.Finding{Expected: "token_type Bearer, in any spelling", Got: fmt.Sprintf("token_type %q", said)}
		}
	}
	return nil
}

// spare is how long before its stated end a token must still work.
const spare = 5 * time.Second

// longLife is from when on the life of an access token is long (RFC 6750
// section 5.3).
const longLife = time.Hour

// livesAsStated takes the first answer, which is that for a code where there
// are codes.
func (t *trial) livesAsStated(ctx context.Context) error {
	answer := t.answers[0]
	access := answer.Text("access_token")
	life, stated := expiresIn(answer)
	switch {
	case !stated && t.target.Lifetimes.Access == 0:
		return &report.Finding{Expected: "expires_in in the answer, or a documented life", Got: "neither"}
	case !stated:
		life = t.target.Lifetimes.Access
	}
	if life > longLife {
		t.warn("access tokens live for %s; RFC 6750 section 5.3 recommends an hour at most", life)
	}
	err := t.mustServe(ctx, "with a new access token", access)
	if err != nil && len(t.answers) > 1 && t.answers[1].Text("access_token") != "" {
		// The refresh that came after it may have ended it.
		access = t.answers[1].Text("access_token")
		err = t.mustServe(ctx, "with a newer access token", access)
	}
	if err != nil {
		return unmet("using the access token", err)
	}
	if life > spare {
		if err := t.pass(ctx, life-spare); err != nil {
			return err
		}
	}
	return t.mustServe(ctx, fmt.Sprintf("with the access token %s before its end", spare), access)
}

// expiresIn reads the life of an access token, also from a string: its type is
// the matter of another check.
func expiresIn(e exchange.Exchange) (life time.Duration, stated bool) {
	text := ""
	switch said := e.JSON["expires_in"].(type) {
	case float64:
		return time.Duration(said * float64(time.Second)), true
	case string:
		text = said
	}
	seconds, err := strconv.ParseFloat(text, 64)
	return time.Duration(seconds * float64(time.Second)), err == nil
}

// allowLess: the customer takes the tick from the last scope that is asked for.
func (t *trial) allowLess(ctx context.Context) error {
	all := t.target.Scopes
	if len(all) < 2 {
		return report.DoesNotApply("the client asks for one scope only, which cannot be narrowed")
	}
	if err := t.asked(ctx, t.allScopes()); err != nil {
		return err
	}
	g := t.newGrant(t.client)
	v, customer, err := t.visitor(ctx, t.question.of)
	if err != nil {
		return err
	}
	g.landing, err = v.Walk(ctx, pages.Walk{
		URL: t.authorizeURL(g.parameters()), Username: customer.Username, Password: customer.Password,
		Decision: pages.Allow, Untick: []string{strings.ToLower(all[len(all)-1])}, Redirects: t.redirects(),
	})
	if err != nil {
		return err
	}
	g.code = g.landing.Code()
	switch {
	case g.code == "":
		return unmet("getting a code for less than all scopes", errors.New(describe(g.landing)))
	case !g.landing.SawConsent:
		return unmet("narrowing the consent", errors.New("no consent was asked for"))
	case !selectable(g.landing.ConsentPage):
		return report.DoesNotApply("customers cannot choose among scopes on the consent page")
	}
	if err := t.redeem(ctx, &g); err != nil {
		return unmet("getting tokens", err)
	}
	t.grant = g
	return nil
}

// selectable says whether a page has boxes to tick.
func selectable(p pages.Page) bool {
	return slices.ContainsFunc(p.Forms, func(f pages.Form) bool {
		return slices.ContainsFunc(f.Fields, func(one pages.Field) bool { return one.Type == "checkbox" })
	})
}

func (t *trial) smallerScope(context.Context) error {
	refused := t.target.Scopes[len(t.target.Scopes)-1]
	said := strings.Fields(t.grant.answer.Text("scope"))
	switch {
	case len(said) == 0:
		return &report.Finding{Expected: "the scope that the customer left", Got: "an answer without scope"}
	case slices.Contains(said, refused):
		return &report.Finding{Expected: "the scope that the customer left", Got: fmt.Sprintf("a scope that still has %s in it", refused)}
	}
	return nil
}

package checks

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/report"
)

// responseSteps are the sentences about the answers that reach the client by
// way of the customer's browser.
func (t *trial) responseSteps() []sentence {
	return []sentence{
		when(`the customer denies, errs and allows, with states that are hard to carry`, t.carryStates),
		then(`every state comes back as it was sent, and none where none was`, t.statesCarried),
		when(`requests of the client fail in several ways`, t.failVariously),
		then(`every error reaches the client with a known code, in the query, in plain characters`, t.errorsWellFormed),
		when(`the customer logs in and denies`, t.denies),
		then(`the client is told access_denied, and gets no code`, t.toldDenied),
		when(`the client is answered with a code and with an error`, t.answeredBothWays),
		then(`both answers name the issuer, as the metadata says they do`, t.issuerNamed),
	}
}

// hardState holds all characters that RFC 6749 appendix A.5 allows and that
// have a meaning in addresses, and escapes that must not be decoded.
const hardState = `a b+c&d=e%20f%2Bg%2526?h=/i;j#k:l@m!n$o'p(q)r*s,t[u]{v}|w\x^y~z"<>` + "`"

// passed is a state that was sent, and what came of the request.
type passed struct {
	when, state string
	succeeds    bool // a good request, which a server that carries its state answers with a code
	landing     pages.Landing
}

// carryStates denies first: a remembered consent would leave nothing to deny.
func (t *trial) carryStates(ctx context.Context) error {
	long := strings.Repeat("0123456789abcdef", 64)
	for _, one := range []struct {
		when, state string
		decision    pages.Decision
		fails       bool
	}{
		{"on a denial", hardState, pages.Deny, false},
		{"on an error", hardState, pages.Allow, true},
		{"on an error, 1 kB long", long, pages.Allow, true},
		{"on an error, without one", "", pages.Allow, true},
		{"on success", hardState, pages.Allow, false},
		{"on success, 1 kB long", long, pages.Allow, false},
		{"on success, without one", "", pages.Allow, false},
	} {
		g := t.newGrant(t.client)
		g.state = one.state
		q := g.parameters()
		if one.fails {
			q.Set("response_type", "telepathy")
		}
		l, err := t.walkAsked(ctx, t.authorizeURL(q), one.decision)
		if err != nil {
			return err
		}
		if one.decision == pages.Deny && l.Remembered() {
			t.shared.Recorder.Note(t.scenario.Id, "no denial was seen, since the server remembers the consent of the test customers: "+
				"have prompt=consent heeded, or name a second customer who has not consented")
			continue
		}
		t.passed = append(t.passed, passed{one.when, one.state, one.state != "" && !one.fails && one.decision == pages.Allow, l})
	}
	return nil
}

func (t *trial) statesCarried(context.Context) error {
	var against []string
	succeeded := false
	for _, p := range t.passed {
		if (attempt{landing: &p.landing}).limited() {
			return unmet(p.when, errLimit)
		}
		succeeded = succeeded || p.landing.Code() != ""
		if p.succeeds && p.landing.Code() == "" {
			against = append(against, fmt.Sprintf("%s: no code for a state of %d characters, but %s", p.when, len(p.state), describe(p.landing)))
			continue
		}
		if !p.landing.Redirected {
			continue // whether it should be is another check's question
		}
		got, there := p.landing.Params["state"]
		switch {
		case p.state == "" && there && got[0] == "":
			t.warn("%s: an empty state came back, where none was sent", p.when)
		case p.state == "" && there:
			against = append(against, p.when+": a state was invented")
		case p.state != "" && !there:
			against = append(against, p.when+": the state was dropped")
		case p.state != "" && (len(got) != 1 || got[0] != p.state):
			against = append(against, fmt.Sprintf("%s: the state of %d characters came back changed, with %d", p.when, len(p.state), len(got[0])))
		}
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "the state as it was sent", Got: strings.Join(against, "; ")}
	}
	if !succeeded {
		return unmet("an answer with a code", fmt.Errorf("there was none"))
	}
	return nil
}

func (t *trial) failVariously(ctx context.Context) error {
	for _, one := range []struct{ what, parameter, value string }{
		{"an unknown response type", "response_type", "telepathy"},
		{"no response type", "response_type", ""},
		{"an unknown scope", "scope", noScope},
		{"a scope of quotation marks and foreign letters", "scope", `"é\` + "\u2013"},
		{"an unknown response mode", "response_mode", "telepathy"},
	} {
		err := t.ask(ctx, one.what, "", func(q url.Values) {
			q.Del(one.parameter)
			if one.value != "" {
				q.Set(one.parameter, one.value)
			}
		})
		if err != nil {
			return err
		}
	}
	l, err := t.walk(ctx, t.authorizeURL(t.newGrant(t.client).parameters()), nil, pages.Deny)
	t.walked("a denial", l)
	return err
}

// errorCodes are those of RFC 6749 section 4.1.2.1 and those that extensions
// have registered for authorization responses.
var errorCodes = []string{
	"invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type", "invalid_scope", "server_error",
	"temporarily_unavailable", "interaction_required", "login_required", "session_selection_required", "account_selection_required",
	"consent_required", "invalid_request_uri", "invalid_request_object", "request_not_supported", "request_uri_not_supported",
	"registration_not_supported", "invalid_target", "invalid_authorization_details", "unmet_authentication_requirements",
	"insufficient_user_authentication", "need_info", "vp_formats_not_supported",
}

func (t *trial) errorsWellFormed(context.Context) error {
	var against []string
	seen := 0
	for _, a := range t.attempts {
		if !a.landing.Redirected || a.landing.Params.Get("error") == "" {
			continue // whether it should be is another check's question
		}
		seen++
		if bad := malformed(*a.landing); bad != "" {
			against = append(against, a.what+": "+bad)
		}
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "an error answer as RFC 6749 section 4.1.2.1 has it", Got: strings.Join(against, "; ")}
	}
	if seen == 0 {
		return unmet("an error that reaches the client", fmt.Errorf("none of %d requests led to one", len(t.attempts)))
	}
	return nil
}

// malformed says what is wrong with an error answer, "" if nothing is.
func malformed(l pages.Landing) string {
	switch {
	case !slices.Contains(errorCodes, l.Params.Get("error")):
		return "the error is no known code"
	case l.Fragment:
		return "it is in the fragment"
	case l.Code() != "":
		return "there is a code beside the error"
	}
	for _, name := range []string{"error", "error_description", "error_uri"} {
		for _, c := range l.Params.Get(name) {
			if c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == ' ' && name == "error_uri" {
				return fmt.Sprintf("%s has the character %q", name, c)
			}
		}
	}
	return ""
}

func (t *trial) denies(ctx context.Context) error {
	if err := t.asked(ctx, t.allScopes()); err != nil {
		return err
	}
	l, err := t.walk(ctx, t.authorizeURL(t.newGrant(t.client).parameters()), t.question.of, pages.Deny)
	if err != nil {
		return err
	}
	if !l.SawConsent {
		return unmet("the consent page", fmt.Errorf("the way ended at %s", describe(l)))
	}
	t.walked("a denial", l)
	return nil
}

func (t *trial) toldDenied(context.Context) error {
	l := *t.attempts[0].landing
	if l.Redirected && l.Code() == "" && l.Params.Get("access_token") == "" && l.Params.Get("error") == "access_denied" {
		return nil
	}
	return &report.Finding{Expected: "a redirect to the client with access_denied", Got: describe(l)}
}

func (t *trial) answeredBothWays(ctx context.Context) error {
	for _, one := range []struct{ what, responseType string }{{"an error", "telepathy"}, {"a code", "code"}} {
		q := t.newGrant(t.client).parameters()
		q.Set("response_type", one.responseType)
		l, err := t.walk(ctx, t.authorizeURL(q), nil, pages.Allow)
		if err != nil {
			return err
		}
		if l.Redirected {
			t.walked(one.what, l)
		}
	}
	if !slices.ContainsFunc(t.attempts, func(a attempt) bool { return a.landing.Code() != "" }) {
		return unmet("an answer with a code", fmt.Errorf("there was none"))
	}
	return nil
}

func (t *trial) issuerNamed(ctx context.Context) error {
	var against []string
	for _, a := range t.attempts {
		switch got := a.landing.Params["iss"]; {
		case len(got) == 0:
			against = append(against, a.what+" came without iss")
		case len(got) > 1 || got[0] != t.target.Issuer:
			against = append(against, "iss beside "+a.what+" is not the issuer")
		}
	}
	if t.target.Endpoints.Metadata != "" {
		e, err := t.send.Do(ctx, exchange.Request{About: "read the metadata", URL: t.target.Endpoints.Metadata})
		if err != nil {
			return err
		}
		if announced, _ := e.JSON["authorization_response_iss_parameter_supported"].(bool); e.Status == 200 && !announced {
			against = append(against, "the metadata does not announce it")
		}
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "iss, equal to the issuer, in every answer, and announced", Got: strings.Join(against, "; ")}
	}
	return nil
}

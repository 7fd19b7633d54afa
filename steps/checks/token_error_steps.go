package checks

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/report"
)

// tokenErrorSteps are the sentences about errors of the token endpoint (RFC
// 6749 section 5.2).
func (t *trial) tokenErrorSteps() []sentence {
	return []sentence{
		when(`the client sends requests without grant type, without and with an unknown grant, and one that is not encoded`, t.wrongRequests),
		then(`each answer is a JSON error with a fitting code`, t.fittingErrors),
		when(`the client asks with grant_type "([^"]*)"`, t.askGrantType),
		then(`the server calls the grant type unsupported`, t.calledUnsupported),
		when(`the client asks by a grant that only another client may use`, t.foreignGrant),
		then(`the client that may use it gets a token`, t.ownGrant),
		then(`the server calls the client unauthorized for the grant`, t.calledUnauthorized),
		then(`a failed Basic attempt is answered with 401 and a Basic challenge`, t.basicChallenge),
	}
}

// presents names a grant of the target by which a client presents something
// that the server has given out, and the parameter for it.
func (t *trial) presents() (grantType, parameter string) {
	switch {
	case t.target.Has("authorization_code"):
		return "authorization_code", "code"
	case t.target.Has("refresh"):
		return "refresh_token", "refresh_token"
	}
	return "", ""
}

// wrong is one request that cannot succeed, and the codes that fit it.
type wrong struct {
	request exchange.Request
	codes   []string
	status  []int
}

func (t *trial) wrongRequests(ctx context.Context) error {
	var all []wrong
	bad := []int{http.StatusBadRequest}
	put := func(about string, form url.Values, status []int, codes ...string) {
		all = append(all, wrong{t.order(t.client, form).request(about), codes, status})
	}
	put("without grant_type", url.Values{"scope": {"any"}}, bad, "invalid_request")
	grant, parameter := t.presents()
	if grant != "" {
		put("without "+parameter, url.Values{"grant_type": {grant}}, bad, "invalid_request")
		put("with an unknown "+parameter, url.Values{"grant_type": {grant}, parameter: {random(32)}, "redirect_uri": {t.target.Redirect}},
			[]int{http.StatusBadRequest, t.target.InvalidGrantStatus}, "invalid_grant")
	}
	broken := t.order(t.client, url.Values{}).request("a body that is not encoded")
	broken.Body, broken.ContentType = broken.Form.Encode()+"&grant_type="+grant+"&"+parameter+"=%zz", "application/x-www-form-urlencoded"
	broken.Form = nil
	all = append(all, wrong{broken, []string{"invalid_request", "invalid_grant", "invalid_client", "unsupported_grant_type"},
		[]int{http.StatusBadRequest, http.StatusUnauthorized, t.target.InvalidGrantStatus}})
	for _, one := range all {
		e, err := t.send.Do(ctx, one.request)
		if err != nil {
			return err
		}
		if flaw := errorFlaw(e, one.status, one.codes); flaw != "" {
			t.flaws = append(t.flaws, one.request.About+": "+flaw)
		}
	}
	return nil
}

func (t *trial) fittingErrors(context.Context) error {
	if len(t.flaws) > 0 {
		return &report.Finding{Expected: "JSON errors as in RFC 6749 section 5.2", Got: strings.Join(t.flaws, "; ")}
	}
	return nil
}

// errorFlaw says what is wrong with an error answer of the token endpoint, ""
// for nothing (RFC 6749 section 5.2).
func errorFlaw(e exchange.Exchange, status []int, codes []string) string {
	media, _, _ := mime.ParseMediaType(e.Header.Get("Content-Type"))
	switch {
	case e.Err != "" || e.HTML() || !slices.Contains(status, e.Status):
		return e.String()
	case media != "application/json" || e.JSON == nil:
		return fmt.Sprintf("no JSON object of the media type application/json, but %q", e.Header.Get("Content-Type"))
	case e.Leaks():
		return "a token in an error"
	case !slices.Contains(codes, e.Text("error")):
		return fmt.Sprintf("error %q, where %s fits", e.Text("error"), strings.Join(codes, " or "))
	case !quotable(e.Text("error")) || !quotable(e.Text("error_description")):
		return "characters that RFC 6749 section 5.2 does not allow"
	}
	return ""
}

// quotable says whether text has only the characters that error and
// error_description may have.
func quotable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < 0x20 || r > 0x7e || r == '"' || r == '\\' })
}

func (t *trial) askGrantType(ctx context.Context, grantType string) error {
	e, err := t.token(ctx, "ask with grant_type "+grantType, t.client, url.Values{"grant_type": {grantType}})
	t.grant.answer = e
	return err
}

func (t *trial) calledUnsupported(context.Context) error {
	if flaw := errorFlaw(t.grant.answer, []int{http.StatusBadRequest}, []string{"unsupported_grant_type"}); flaw != "" {
		return &report.Finding{Expected: "400 and error unsupported_grant_type", Got: flaw}
	}
	return nil
}

// foreignGrant: client credentials are the one grant that needs nothing else,
// so that nothing but the registration can be the reason of a refusal.
func (t *trial) foreignGrant(ctx context.Context) error {
	machine := t.target.Clients.Machine
	if !t.target.Has("client_credentials") || machine == nil || machine.ID == t.client.ID || t.client.Secret == "" {
		return report.DoesNotApply("there is no grant that one confidential client may use and another may not")
	}
	e, err := t.token(ctx, "ask by client credentials", t.client, url.Values{"grant_type": {"client_credentials"}})
	t.tried("client credentials of a client that may not use them", e)
	return err
}

func (t *trial) ownGrant(ctx context.Context) error {
	r := t.order(t.target.Clients.Machine, url.Values{"grant_type": {"client_credentials"}}).request("control: the client that may use it")
	r.Control = true
	e, err := t.send.Do(ctx, r)
	if err != nil {
		return err
	}
	return t.controlled("the client that may use the grant", e.Tokens(), e)
}

func (t *trial) calledUnauthorized(context.Context) error {
	if code := t.attempts[0].got.Text("error"); code != "unauthorized_client" {
		t.warn("the refusal has the error %q; RFC 6749 section 5.2 has unauthorized_client for it", code)
	}
	return nil
}

// basicChallenge looks at the attempts that were made over Basic: a 401 with a
// challenge of the same scheme (RFC 6749 section 5.2).
func (t *trial) basicChallenge(context.Context) error {
	for _, a := range t.attempts {
		if a.got.RequestHeader.Get("Authorization") == "" {
			continue
		}
		offered := slices.ContainsFunc(a.got.Header.Values("WWW-Authenticate"), func(v string) bool {
			scheme, _, _ := strings.Cut(strings.TrimSpace(v), " ")
			return strings.EqualFold(scheme, "Basic")
		})
		if a.got.Status != http.StatusUnauthorized || !offered {
			got := a.got.String()
			if !offered {
				got += ", without a Basic challenge"
			}
			return &report.Finding{Expected: "401 with WWW-Authenticate: Basic, " + a.what, Got: got}
		}
	}
	return nil
}

package issuer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// mode reads how the answer shall travel (OAuth 2.0 Multiple Response Type
// Encoding Practices section 2.1). Whatever is wrong, req keeps a mode that the
// error can travel by: the default one of the response type. A token is never
// put into a query.
func (i *Issuer) mode(req *AuthorizeRequest, asked string) *oauth.Error {
	modes := i.profile.ResponseModes()
	req.Mode = modes[0]
	if req.ResponseType == oauth.ResponseTypeToken && slices.Contains(i.profile.Authorize.ResponseTypes, req.ResponseType) {
		modes = append(slices.DeleteFunc(modes, func(m string) bool { return m == oauth.ModeQuery }), oauth.ModeFragment)
		if req.Mode != oauth.ModeWebMessage {
			req.Mode = oauth.ModeFragment
		}
	}
	switch {
	case asked == "":
		return nil
	case !slices.Contains(modes, asked):
		return oauth.NewError(oauth.InvalidRequest, "this Platform does not answer by that response_mode: use one of "+strings.Join(modes, ", "))
	}
	req.Mode = asked
	return nil
}

// Redirect answers an error of an authorization request with a trusted
// redirect URI on ChannelRedirect: error, state and iss in the request's
// response mode (RFC 6749 section 4.1.2.1, RFC 9207 section 2).
func (i *Issuer) Redirect(req *AuthorizeRequest, e *oauth.Error) *oauth.Error {
	description := oauth.Printable(e.Description)
	if i.profile.Breaks(deviation.ErrorCharacters) {
		description = "\"" + e.Description + "\" \u2013 d\u00e9sol\u00e9"
	}
	return e.Redirected(i.answer(req, "error", e.Code, "error_description", description))
}

// answer is the response with name and value pairs, state and iss; empty values
// are left out.
func (i *Issuer) answer(req *AuthorizeRequest, pairs ...string) oauth.Response {
	if i.profile.Authorize.Iss {
		pairs = append(pairs, "state", req.State, "iss", i.issuer)
	} else {
		pairs = append(pairs, "state", req.State)
	}
	r := oauth.Response{Mode: req.Mode, RedirectURI: req.RedirectURI}
	if len(i.profile.Break) > 0 {
		i.spoil(&r, pairs)
	}
	for n := 0; n+1 < len(pairs); n += 2 {
		if pairs[n+1] != "" {
			r.Members = append(r.Members, oauth.Member{Name: pairs[n], Value: pairs[n+1]})
		}
	}
	return r
}

// implicit issues an access token at once (RFC 6749 section 4.2.2): no refresh
// token, and nothing for the client to prove.
func (i *Issuer) implicit(a *approval) (oauth.Response, error) {
	t := &tokenRequest{
		now: a.now, grant: oauth.Implicit, app: a.request.Client, customer: a.customer, scope: a.scope, exchange: a.exchange,
	}
	m := manager{i}
	next, err := m.pair(t)
	if err != nil {
		return oauth.Response{}, err
	}
	t.issued = i.store.PutGrant(a.grant(oauth.Implicit), t.now, i.policy, next)
	i.noteIssued(t)
	answer := i.response(t)
	expiresIn := ""
	if answer.Expiry != nil {
		expiresIn = fmt.Sprint(answer.Expiry)
	}
	return i.answer(a.request, "access_token", answer.AccessToken, "token_type", answer.TokenType,
		"expires_in", expiresIn, "scope", answer.Scope), nil
}

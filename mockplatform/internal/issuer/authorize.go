package issuer

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// AuthorizeRequest is an authorization request that passed every check.
type AuthorizeRequest struct {
	Client          application.Application
	RedirectURI     string      // the one to answer at
	RedirectURISent bool        // it was in the request, not filled in
	ResponseType    string      // oauth.ResponseTypeCode or oauth.ResponseTypeToken
	Mode            string      // response mode of the answer, errors included
	State           string      // "" when not sent
	Scope           oauth.Scope // asked for, or all the client's own when nothing was asked
	CodeChallenge   string      // S256, "" without PKCE
	// AskAgain says that the client wants the customer asked, whatever he has
	// consented to before: prompt=consent.
	AskAgain bool
	// Remembered is set by the web layer when no page was shown, since an
	// earlier consent covers the request.
	Remembered bool

	pushed string // request_uri that the request came by, "" without one
}

// ParseAuthorize judges the query of an authorization request (RFC 6749 section
// 4.1.1), or finds the pushed one that it names (RFC 9126 section 4). An error
// says its channel: ChannelPage must be shown on a page and never redirected,
// ChannelRedirect carries the complete Response.
func (i *Issuer) ParseAuthorize(now time.Time, q url.Values) (*AuthorizeRequest, *oauth.Error) {
	if !i.profile.Offers(oauth.AuthorizationCode) {
		return nil, oauth.NewError(oauth.UnsupportedResponseType, "this Platform has no authorization endpoint").OnPage()
	}
	if count(q) > MaxParameters {
		return nil, tooMany().OnPage()
	}
	if i.profile.Breaks(deviation.LastParameterWins) {
		q = lastOnly(q)
	}
	q, pushed, err := i.unpack(now, q)
	if err != nil {
		return nil, err.OnPage()
	}
	req, err := i.whoAsks(now, q)
	if err != nil && err.Code == oauth.InvalidClient && i.profile.Breaks(deviation.UnknownClientRedirect) {
		return nil, i.Redirect(&AuthorizeRequest{RedirectURI: value(q, "redirect_uri"), Mode: oauth.ModeQuery, State: value(q, "state")}, err)
	}
	if err != nil {
		return nil, err.OnPage()
	}
	if req.pushed = pushed; pushed == "" {
		if err := i.presentsSecret(now, req, q); err != nil {
			return nil, err.OnPage()
		}
	}
	// From here on the redirect URI is trusted, and so errors go there.
	if err := i.whatIsAsked(req, q); err != nil {
		return nil, i.Redirect(req, err)
	}
	if pushed == "" && i.profile.Breaks(deviation.UnknownParameterRejected) && unknownParameter(q) {
		return nil, i.Redirect(req, oauth.NewError(oauth.InvalidRequest, "the request has an unknown parameter"))
	}
	return req, nil
}

// whoAsks finds client and redirect URI; while either is in doubt nothing may
// be redirected (RFC 6749 section 4.1.2.1, RFC 9700 section 4.1.3).
func (i *Issuer) whoAsks(now time.Time, q url.Values) (*AuthorizeRequest, *oauth.Error) {
	id, err := single(q, "client_id")
	if err != nil {
		return nil, err
	}
	if id == "" {
		return nil, oauth.NewError(oauth.InvalidRequest, "client_id is missing")
	}
	app, known := i.applications.Lookup(id)
	if !known {
		return nil, oauth.NewError(oauth.InvalidClient, "the client_id is unknown")
	}
	uri, err := single(q, "redirect_uri")
	if err != nil {
		return nil, err
	}
	req := &AuthorizeRequest{Client: app, RedirectURISent: uri != ""}
	if req.RedirectURI, err = i.returnsTo(now, app, q, uri); err != nil {
		return nil, err
	}
	return req, nil
}

// whatIsAsked judges the rest and fills in req. How the answer travels comes
// first, so that every error travels like that.
func (i *Issuer) whatIsAsked(req *AuthorizeRequest, q url.Values) *oauth.Error {
	req.ResponseType = value(q, "response_type")
	req.AskAgain = slices.Contains(strings.Fields(value(q, "prompt")), "consent")
	if i.profile.Breaks(deviation.ResponseTypeAssumed) && req.ResponseType != oauth.ResponseTypeToken {
		req.ResponseType = oauth.ResponseTypeCode
	}
	modeErr := i.mode(req, value(q, "response_mode"))
	var err *oauth.Error
	if req.State, err = single(q, "state"); err != nil {
		return err
	}
	for _, name := range []string{"response_type", "response_mode", "scope", "code_challenge", "code_challenge_method"} {
		if _, err := single(q, name); err != nil {
			return err
		}
	}
	switch {
	case modeErr != nil:
		return modeErr
	case i.profile.Authorize.ClientIdentification == "par" && req.pushed == "":
		return oauth.NewError(oauth.InvalidRequest, "push the authorization request first and send its request_uri (RFC 9126)")
	case req.ResponseType == "":
		return oauth.NewError(oauth.InvalidRequest, "response_type is missing")
	case !slices.Contains(i.profile.Authorize.ResponseTypes, req.ResponseType):
		return oauth.NewError(oauth.UnsupportedResponseType, "use response_type=code")
	case !req.Client.MayAsk(req.ResponseType):
		return oauth.NewError(oauth.UnauthorizedClient, "this client is not registered for response_type="+req.ResponseType)
	}
	if req.ResponseType == oauth.ResponseTypeCode {
		if err := i.challenge(req, q); err != nil {
			return err
		}
	}
	return i.askedOf(req, value(q, "scope"))
}

// presentsSecret authenticates the client by client_secret in the query where
// the profile reads S001-06 literally; RFC 6749 section 2.3.1 forbids what it
// asks for.
func (i *Issuer) presentsSecret(now time.Time, req *AuthorizeRequest, q url.Values) *oauth.Error {
	if i.profile.Authorize.ClientIdentification != "secret_in_query" {
		return nil
	}
	secret, err := single(q, "client_secret")
	if err != nil {
		return err
	}
	if err := paused(i.secrets, now, req.Client.ID, "secrets for this client"); err != nil {
		return err
	}
	switch {
	case secret == "":
		return oauth.NewError(oauth.InvalidClient, "client_secret is missing: this Platform wants it in the authorization request")
	case !req.Client.SecretIs(secret):
		i.secrets.Failed(now, req.Client.ID)
		return oauth.NewError(oauth.InvalidClient, "client_secret is wrong")
	}
	i.secrets.Succeeded(now, req.Client.ID)
	return nil
}

// challenge judges PKCE (RFC 7636 section 4.3): S256 only, and demanded where
// the profile says so or the client is public (RFC 9700 section 2.1.1).
func (i *Issuer) challenge(req *AuthorizeRequest, q url.Values) *oauth.Error {
	rule, challenge, method := i.profile.Authorize.PKCE, value(q, "code_challenge"), value(q, "code_challenge_method")
	switch {
	case rule == "off":
		return nil
	case challenge == "" && method != "":
		return oauth.NewError(oauth.InvalidRequest, "code_challenge is missing beside code_challenge_method")
	case challenge == "" && (rule == "required" || req.Client.Public && !i.profile.Breaks(deviation.PKCEPublicWithout)):
		return oauth.NewError(oauth.InvalidRequest, "code_challenge is missing: PKCE with S256 is required")
	case challenge == "":
		return nil
	case method != oauth.MethodS256:
		if stored, accepted := i.unverifiable(method, challenge); accepted {
			req.CodeChallenge = stored
			return nil
		}
		return oauth.NewError(oauth.InvalidRequest, "use code_challenge_method=S256")
	case !oauth.ValidChallenge(challenge):
		return oauth.NewError(oauth.InvalidRequest, "code_challenge is not 43 characters of base64url")
	}
	req.CodeChallenge = challenge
	return nil
}

// askedOf reads the scope; nothing asked means all that the client may have
// (RFC 6749 section 3.3 wants a documented default).
func (i *Issuer) askedOf(req *AuthorizeRequest, raw string) *oauth.Error {
	asked, err := i.askedScope(raw)
	switch {
	case err != nil && i.profile.Breaks(deviation.UnknownScopeGranted):
		req.Scope, _ = oauth.ParseScope(raw)
	case err != nil:
		return err
	case len(i.allScopes) == 0:
		return nil
	case len(asked) == 0:
		req.Scope = req.Client.Scope
	case !asked.Within(req.Client.Scope):
		return oauth.NewError(oauth.InvalidScope, "scope goes beyond the client's registration")
	default:
		req.Scope = asked
	}
	return nil
}

// single is the value of a parameter that must not be repeated; empty ones
// count as absent (RFC 6749 section 3.1).
func single(q url.Values, name string) (string, *oauth.Error) {
	found := ""
	for _, v := range q[name] {
		if v == "" {
			continue
		}
		if found != "" {
			return "", oauth.NewError(oauth.InvalidRequest, name+" is repeated")
		}
		found = v
	}
	return found, nil
}

// value is the value of a parameter that single accepted.
func value(q url.Values, name string) string {
	v, _ := single(q, name)
	return v
}

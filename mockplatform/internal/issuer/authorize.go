package issuer

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// AuthorizeRequest is an authorization request that passed every check.
type AuthorizeRequest struct {
	Client          application.Application
	RedirectURI     string      // the one to answer at
	RedirectURISent bool        // it was in the request, not filled in
	State           string      // "" when not sent
	Scope           oauth.Scope // asked for, or all the client's own when nothing was asked
	CodeChallenge   string      // S256, "" without PKCE
	// Remembered is set by the web layer when no page was shown, since an
	// earlier consent covers the request.
	Remembered bool
}

// ParseAuthorize judges the query (or form) of an authorization request (RFC
// 6749 section 4.1.1). An error says its channel: ChannelPage must be shown on
// a page and never redirected, ChannelRedirect carries the complete Location.
func (i *Issuer) ParseAuthorize(now time.Time, q url.Values) (*AuthorizeRequest, *oauth.Error) {
	if !i.profile.Offers(oauth.AuthorizationCode) {
		return nil, oauth.NewError(oauth.UnsupportedResponseType, "this Platform has no authorization endpoint").OnPage()
	}
	if count(q) > MaxParameters {
		return nil, tooMany().OnPage()
	}
	req, err := i.whoAsks(now, q)
	if err != nil {
		return nil, err.OnPage()
	}
	// From here on the redirect URI is trusted, and so errors go there.
	if err := i.whatIsAsked(req, q); err != nil {
		return nil, i.Redirect(req, err)
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

// whatIsAsked judges the rest and fills in req.
func (i *Issuer) whatIsAsked(req *AuthorizeRequest, q url.Values) *oauth.Error {
	var err *oauth.Error
	if req.State, err = single(q, "state"); err != nil {
		return err
	}
	for _, name := range []string{"response_type", "scope", "code_challenge", "code_challenge_method"} {
		if _, err := single(q, name); err != nil {
			return err
		}
	}
	switch responseType := value(q, "response_type"); {
	case responseType == "":
		return oauth.NewError(oauth.InvalidRequest, "response_type is missing")
	case !slices.Contains(i.profile.Authorize.ResponseTypes, responseType):
		return oauth.NewError(oauth.UnsupportedResponseType, "use response_type=code")
	case !req.Client.MayUse(oauth.AuthorizationCode):
		return oauth.NewError(oauth.UnauthorizedClient, "this client is not registered for the authorization_code grant")
	}
	if err := i.challenge(req, q); err != nil {
		return err
	}
	return i.askedOf(req, value(q, "scope"))
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
	case challenge == "" && (rule == "required" || req.Client.Public):
		return oauth.NewError(oauth.InvalidRequest, "code_challenge is missing: PKCE with S256 is required")
	case challenge == "":
		return nil
	case method != oauth.MethodS256:
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

// Redirect answers an error of an authorization request with a trusted
// redirect URI on ChannelRedirect: error, state and iss in the query (RFC 6749
// section 4.1.2.1, RFC 9207 section 2).
func (i *Issuer) Redirect(req *AuthorizeRequest, e *oauth.Error) *oauth.Error {
	return e.Redirected(i.answerURL(req, "error", e.Code, "error_description", oauth.Printable(e.Description)))
}

// answerURL appends name and value pairs, state and iss to the redirect URI,
// whose own query stays as it was registered (RFC 6749 section 3.1.2).
func (i *Issuer) answerURL(req *AuthorizeRequest, pairs ...string) string {
	if req.State != "" {
		pairs = append(pairs, "state", req.State)
	}
	if i.profile.Authorize.Iss {
		pairs = append(pairs, "iss", i.issuer)
	}
	var b strings.Builder
	b.WriteString(req.RedirectURI)
	sep := "?"
	if strings.Contains(req.RedirectURI, "?") {
		sep = "&"
	}
	for n := 0; n+1 < len(pairs); n += 2 {
		if pairs[n+1] == "" {
			continue
		}
		b.WriteString(sep + pairs[n] + "=" + url.QueryEscape(pairs[n+1]))
		sep = "&"
	}
	return b.String()
}

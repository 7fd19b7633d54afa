package issuer

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// tokenRequest is one token request on its way through gate, server steps and
// manager; the request's context carries it.
type tokenRequest struct {
	now      time.Time
	params   parameters
	grant    oauth.GrantType
	app      application.Application
	customer profile.Customer // of the password grant, the code or the refresh token
	scope    oauth.Scope      // for the access token
	// remembered says that the grant came without a person's consent.
	remembered bool
	issued     token.Issued
	born       time.Time      // of the presented code or refresh token; zero without one
	fault      *control.Fault // that fired, and lets the work be done
	exchange   *control.Exchange
	// http is what the library's steps read; its context carries this request.
	http http.Request
}

type tokenRequestKey struct{}

// tokenRequests keeps the room of those that are over: memory that is still in
// the processor's cache costs less than new one.
var tokenRequests = sync.Pool{New: func() any {
	t, bare := &tokenRequest{}, &http.Request{Method: http.MethodPost}
	t.http = *bare.WithContext(context.WithValue(context.Background(), tokenRequestKey{}, t))
	return t
}}

// over gives the room of t back. Nothing may hold t any more.
func (t *tokenRequest) over() {
	t.http.Form = nil
	*t = tokenRequest{http: t.http}
	tokenRequests.Put(t)
}

// Token serves the token endpoint. before may be nil.
func (i *Issuer) Token(now time.Time, r Request, before Before) Outcome[TokenResponse] {
	out := outcome[TokenResponse](r)
	r = i.misread(r)
	params, shown, err := i.open(r)
	out.Exchange.Parameters = shown
	out.Exchange.GrantType = cut(params.get("grant_type"))
	if err != nil {
		return out.refuse(err)
	}
	if err := i.overstrict(params); err != nil {
		return out.refuse(err)
	}
	i.assumeClient(r, params)
	app, creds, err := i.authenticate(now, r, params)
	out.Exchange.ClientID, out.Exchange.AuthMethod = cut(creds.id), creds.method
	if err = i.unauthenticated(app, params, err); err != nil && !i.pardons(now, app, params) {
		return out.refuse(err)
	}
	t, _ := tokenRequests.Get().(*tokenRequest)
	defer t.over()
	t.now, t.params, t.app, t.exchange = now, params, app, out.Exchange
	if t.grant, err = i.grantType(app, params); err != nil {
		return out.refuse(err)
	}
	if err := i.acceptable(params.get("resource")); err != nil {
		return out.refuse(err)
	}
	if err := i.defective(t); err != nil {
		return out.refuse(err)
	}
	request := t.httpRequest()
	step, tgr, stepErr := i.server.ValidationTokenRequest(request)
	if stepErr != nil {
		return out.refuse(i.protocolError(stepErr))
	}
	if err := i.validate(t); err != nil {
		return out.refuse(err)
	}
	if out.stopped(before, fault.Request{
		Endpoint: fault.EndpointToken, GrantType: string(t.grant), Client: app.ID,
		Customer: t.customer.Key, Family: out.Exchange.Family, Method: r.Method, Aged: !t.born.IsZero(), Age: now.Sub(t.born),
	}) {
		return out
	}
	t.fault = out.Fault
	if _, stepErr = i.server.GetAccessToken(request.Context(), step, tgr); stepErr != nil {
		return out.refuse(i.protocolError(stepErr))
	}
	if i.left(now, app) {
		return out.refuse(i.invalidClient(ErrUnregistered.Error()))
	}
	out.Answer = i.response(t)
	i.noteIssued(t)
	return out
}

// httpRequest is the form in which the library's steps read a token request;
// it holds what passed the gate, and nothing else.
func (t *tokenRequest) httpRequest() *http.Request {
	form := t.params.values
	if t.grant == oauth.AuthorizationCode && form.Get("redirect_uri") == "" {
		form = maps.Clone(form)
		form.Set("redirect_uri", "not-sent:") // the step demands one; validate judges what was sent
	}
	t.http.Form = form
	return &t.http
}

// grantType judges grant_type and whether the client may use it.
func (i *Issuer) grantType(app application.Application, p parameters) (oauth.GrantType, *oauth.Error) {
	g := oauth.GrantType(p.get("grant_type"))
	switch {
	case g == "":
		return g, oauth.NewError(oauth.InvalidRequest, "grant_type is missing")
	case !g.Known() && i.profile.Breaks(deviation.TokenUnknownGrant):
		return g, oauth.NewError(oauth.InvalidRequest, "grant_type is not right")
	case i.serves(app, g):
	case !g.Known() || !i.profile.Offers(g):
		return g, oauth.NewError(oauth.UnsupportedGrantType, "this Platform offers the grant types "+strings.Join(i.profile.Grants, ", "))
	case !i.mayUse(app, g):
		return g, oauth.NewError(oauth.UnauthorizedClient, "this client is not registered for the grant_type "+string(g))
	}
	for _, name := range needs[g] {
		if p.get(name) == "" {
			return g, oauth.NewError(oauth.InvalidRequest, name+" is missing")
		}
	}
	return g, nil
}

// needs are the parameters without which a grant cannot be judged.
var needs = map[oauth.GrantType][]string{
	oauth.AuthorizationCode: {"code"},
	oauth.Password:          {"username", "password"},
	oauth.RefreshToken:      {"refresh_token"},
}

// protocolError finds our own error in what a server step answered. Anything
// else would be a fault of this package.
func (i *Issuer) protocolError(err error) *oauth.Error {
	var e *oauth.Error
	if errors.As(err, &e) {
		return e
	}
	return oauth.NewError(oauth.ServerError, "the Platform could not work on the request").WithReason(err.Error())
}

// invalidGrant has the status that the profile gives it (S004-20).
func (i *Issuer) invalidGrant(description string) *oauth.Error {
	return oauth.NewError(oauth.InvalidGrant, description).WithStatus(i.profile.Token.InvalidGrantStatus)
}

// noteIssued tells the journal what went out.
func (i *Issuer) noteIssued(t *tokenRequest) {
	a := t.issued.Access
	t.exchange.Family, t.exchange.Customer, t.exchange.Scope = a.Grant.ID, a.Grant.Customer, a.Scope.String()
	t.exchange.Issued = map[string]string{oauth.KindAccessToken: i.fingerprints.Fingerprint(a.Value)}
	if t.issued.Refresh != "" {
		t.exchange.Issued[oauth.KindRefreshToken] = i.fingerprints.Fingerprint(t.issued.Refresh)
	}
}

// notePresented tells the journal what came in.
func (i *Issuer) notePresented(ex *control.Exchange, kind, value string) {
	if ex.Presented == nil {
		ex.Presented = map[string]string{}
	}
	ex.Presented[kind] = i.fingerprints.Fingerprint(value)
}

package front

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/issuer"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// Authorize is the authorization endpoint (RFC 6749 section 3.1): it judges
// the request, then shows the login or the consent page.
func (s *Site) Authorize(e *wire.Exchange) wire.Answer {
	who := s.visitor(e)
	if onward, ok := s.opened(e); ok {
		return onward
	}
	request, refusal := s.request(e, &who)
	if refusal != nil {
		return *refusal
	}
	armed, fires := e.Meet(s.platform.Faults(), fault.Request{
		Endpoint: fault.EndpointAuthorize, Client: request.Client.ID, Customer: who.customer.Key, Method: e.Method,
	})
	work := func() wire.Answer {
		if !who.loggedIn() {
			return s.loginPage(e, who, request, loginAttempt{})
		}
		return s.decide(e, who, request)
	}
	if fires {
		return s.faulted(e, who, request, armed, work)
	}
	return work()
}

// opened spends a fresh request_uri and sends the browser to the address by
// which the flow goes on (RFC 9126 section 4).
func (s *Site) opened(e *wire.Exchange) (wire.Answer, bool) {
	query, err := url.ParseQuery(e.URL.RawQuery)
	if err != nil {
		return wire.Answer{}, false
	}
	onward, ok := s.platform.Auth().OpenPushed(e.Now, query)
	if !ok {
		return wire.Answer{}, false
	}
	e.Entry.ClientID, e.Entry.Reason = onward.Get("client_id"), "the pushed request is opened"
	return wire.SeeOther(s.path + s.platform.Profile().Paths.Authorize + "?" + onward.Encode()), true
}

// request judges the authorization request in the query, which every step of
// the flow carries, and lets its client frame the pages where the profile has a
// widget. Where errors wait for a login, what a visitor gets before it is no
// more than the client and where it will be answered.
func (s *Site) request(e *wire.Exchange, who *visitor) (*issuer.AuthorizeRequest, *wire.Answer) {
	query, err := url.ParseQuery(e.URL.RawQuery)
	if err != nil {
		answer := s.badRequest(e, *who, oauth.NewError(oauth.InvalidRequest, "the query is not well formed").OnPage())
		return nil, &answer
	}
	request, refusal := s.platform.Auth().ParseAuthorize(e.Now, query)
	if refusal != nil {
		e.Entry.ClientID = query.Get("client_id")
		if client, known := s.platform.Auth().Applications().Lookup(e.Entry.ClientID); known && refusal.Response != nil {
			who.framers = s.framers(client)
			if s.platform.Profile().Authorize.Errors == "after_login" && !who.loggedIn() {
				return &issuer.AuthorizeRequest{Client: client, RedirectURI: refusal.Response.RedirectURI, Mode: refusal.Response.Mode}, nil
			}
		}
		answer := s.badRequest(e, *who, refusal)
		return nil, &answer
	}
	e.Entry.ClientID, e.Entry.Scope = request.Client.ID, request.Scope.String()
	who.framers = s.framers(request.Client)
	return request, nil
}

// framers are the origins that a client has registered, for a widget's pages;
// any other page stands alone (RFC 9700 section 4.16).
func (s *Site) framers(client application.Application) []string {
	if s.platform.Profile().Consent.Kind != "iframe_widget" {
		return nil
	}
	var origins []string
	for _, uri := range client.RedirectURIs {
		if origin := oauth.Origin(uri); !slices.Contains(origins, origin) {
			origins = append(origins, origin)
		}
	}
	return origins
}

// badRequest answers an authorization request that failed: back to the client
// where that is safe, else on a page (RFC 6749 section 4.1.2.1).
func (s *Site) badRequest(e *wire.Exchange, who visitor, err *oauth.Error) wire.Answer {
	e.Failed(err)
	if err.Channel == oauth.ChannelRedirect {
		return s.deliver(e, who, *err.Response)
	}
	view := &page.Message{Frame: s.frame(who, "This request cannot be answered")}
	view.Alert = "The application that sent you here made a request that " + s.look.Title + " does not accept."
	view.Paragraphs = []string{"Nothing was shared, and you were not sent on. Go back to the application and start again; if that does not help, tell the people who run it."}
	view.Ways = []page.Door{{Name: "To the start page of " + s.look.Title, URL: s.look.Home}}
	view.Detail = err.Error()
	answer := s.show(who, err.Status, view)
	if s.platform.Profile().Breaks(deviation.ErrorPageJSON) {
		answer.Body = []byte(`{"error":"` + err.Code + `"}` + "\n")
		answer.Header.Set("Content-Type", "application/json")
	}
	return answer
}

// decide goes on with a customer who is logged in. Where the Platform's operator
// is the resource owner (S000-01), he has approved every registered client
// beforehand and nobody is asked.
func (s *Site) decide(e *wire.Exchange, who visitor, request *issuer.AuthorizeRequest) wire.Answer {
	if who.customer.Role == profile.RoleNone {
		return s.notPermitted(e, who, request, who.customer.Name+" has no permission on an advertising account of "+s.look.Title+".")
	}
	grantable, withheld := s.platform.Auth().Grantable(request, who.customer)
	if len(grantable) == 0 && len(withheld) > 0 {
		return s.notPermitted(e, who, request, who.customer.Name+" may look at this advertising account and not change it, which is all that "+request.Client.Name+" asks for.")
	}
	if s.platform.Profile().ResourceOwner == "operator" {
		return s.approve(e, who, request, grantable)
	}
	if s.platform.Auth().Remembered(e.Now, request, who.customer) {
		request.Remembered = true
		return s.approve(e, who, request, grantable)
	}
	return s.consentPage(e, who, request, "")
}

// notPermitted tells a customer which permission he lacks (S000-24) and offers
// the way back to the application, which carries access_denied. There is no
// code.
func (s *Site) notPermitted(e *wire.Exchange, who visitor, request *issuer.AuthorizeRequest, why string) wire.Answer {
	denied := s.lacking(request)
	e.Failed(denied)
	view := &page.Message{Frame: s.frame(who, "Permission missing")}
	view.Transaction = true
	view.Alert = why
	view.Paragraphs = []string{
		"Somebody who owns the advertising account has to give this permission. Nothing was shared with " + request.Client.Name + ".",
	}
	if denied.Response.Direct() {
		view.Ways = []page.Door{{Name: "Back to " + request.Client.Name, URL: denied.Location()}}
	} else {
		view.Leave = page.Door{Name: "Back to " + request.Client.Name, URL: s.here(e, "/consent")}
	}
	return s.show(who, http.StatusForbidden, view)
}

// lacking is what the client learns of a permission that is missing.
func (s *Site) lacking(request *issuer.AuthorizeRequest) *oauth.Error {
	return s.platform.Auth().Redirect(request, oauth.NewError(oauth.AccessDenied, "the customer has no permission on an advertising account"))
}

// faulted answers an armed fault: an error goes back to the client, since that
// is how this endpoint reports its errors; anything else is taken literally.
func (s *Site) faulted(e *wire.Exchange, who visitor, request *issuer.AuthorizeRequest, armed control.Fault, work func() wire.Answer) wire.Answer {
	answer := e.UnderFault(armed, "", work)
	if armed.Action.Kind == fault.KindError && armed.Action.Status < 400 && answer.Status == armed.Action.Status {
		err := s.platform.Auth().Redirect(request, oauth.NewError(armed.Action.Error, armed.Action.Description))
		return s.deliver(e, who, *err.Response)
	}
	return answer
}

// targets are the places outside this Platform where a form of the flow may
// end: the redirect URI's origin where the browser is sent there.
func targets(request *issuer.AuthorizeRequest) []string {
	if request.Mode != oauth.ModeQuery && request.Mode != oauth.ModeFragment {
		return nil
	}
	return []string{oauth.Origin(request.RedirectURI)}
}

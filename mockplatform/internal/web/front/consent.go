package front

import (
	"errors"
	"net/http"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/issuer"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// Consent takes the customer's decision.
func (s *Site) Consent(e *wire.Exchange) wire.Answer {
	who := s.visitor(e)
	request, refusal := s.request(e, &who)
	if refusal != nil {
		return *refusal
	}
	form, refusal := s.form(e, who)
	if refusal != nil {
		return *refusal
	}
	if !who.loggedIn() && s.platform.Profile().Breaks(deviation.ConsentWithoutLogin) {
		who.customer, _ = s.platform.Customer(s.people()[0].Key)
	}
	if !who.loggedIn() { // the session ended meanwhile
		return wire.SeeOther(s.here(e, s.platform.Profile().Paths.Authorize))
	}
	switch form.Get("decision") {
	case "allow":
		return s.approve(e, who, request, s.chosen(request, who.customer, form["scope"]))
	case "deny":
		return s.deny(e, who, request)
	case "leave":
		return s.leave(e, who, request)
	default:
		return s.problem(e, who, http.StatusBadRequest, oauth.NewError(oauth.InvalidRequest, "the form says neither allow nor deny"))
	}
}

// chosen is what the customer ticked, or everything he can grant on a Platform
// where scopes cannot be chosen.
func (s *Site) chosen(request *issuer.AuthorizeRequest, customer profile.Customer, ticked []string) oauth.Scope {
	if s.platform.Profile().Consent.ScopesSelectable {
		return oauth.Scope(ticked)
	}
	grantable, _ := s.platform.Auth().Grantable(request, customer)
	return grantable
}

// approve has a code issued and sends the browser to the client with it.
func (s *Site) approve(e *wire.Exchange, who visitor, request *issuer.AuthorizeRequest, granted oauth.Scope) wire.Answer {
	response, known, err := s.platform.Auth().Approve(e.Now, request, who.customer, granted)
	switch {
	case errors.Is(err, issuer.ErrNothingGranted):
		e.Failed(&oauth.Error{Code: oauth.InvalidScope, Reason: "the customer allowed, but ticked nothing"})
		return s.consentPage(e, who, request, "Tick at least one thing that "+request.Client.Name+" may do, or deny.")
	case errors.Is(err, issuer.ErrNoPermission):
		return s.notPermitted(e, who, request, who.customer.Name+" has no permission on an advertising account of "+s.look.Title+".")
	case errors.Is(err, issuer.ErrAnswered):
		return s.badRequest(e, who, oauth.NewError(oauth.InvalidRequestURI, err.Error()).OnPage())
	case errors.Is(err, issuer.ErrUnregistered): // nobody is left to be told
		return s.badRequest(e, who, oauth.NewError(oauth.InvalidClient, err.Error()).OnPage())
	case err != nil:
		failed := s.platform.Auth().Redirect(request, oauth.NewError(oauth.ServerError, "no code could be issued").WithReason(err.Error()))
		e.Failed(failed)
		return s.finish(e, who, *failed.Response)
	}
	e.Adopt(known)
	return s.finish(e, who, response)
}

// leave sends a customer back who could not grant anything.
func (s *Site) leave(e *wire.Exchange, who visitor, request *issuer.AuthorizeRequest) wire.Answer {
	denied := s.lacking(request)
	e.Failed(denied)
	return s.finish(e, who, *denied.Response)
}

// deny sends the browser back with access_denied, or stays where the profile
// says so.
func (s *Site) deny(e *wire.Exchange, who visitor, request *issuer.AuthorizeRequest) wire.Answer {
	if s.platform.Profile().Breaks(deviation.DenyGrants) {
		return s.approve(e, who, request, request.Scope)
	}
	denied := s.platform.Auth().Deny(e.Now, request, "the customer pressed Deny")
	e.Failed(denied)
	if denied.Channel == oauth.ChannelRedirect {
		return s.finish(e, who, *denied.Response)
	}
	s.forget(e, who)
	view := &page.Message{Frame: s.frame(who, "You declined")}
	view.Status = request.Client.Name + " got no access to your " + s.look.Title + " account."
	view.Ways = []page.Door{{Name: "To the start page of " + s.look.Title, URL: s.look.Home}}
	return s.show(who, http.StatusOK, view)
}

func (s *Site) consentPage(e *wire.Exchange, who visitor, request *issuer.AuthorizeRequest, alert string) wire.Answer {
	view := &page.Consent{
		Frame:        s.frame(who, request.Client.Name+" asks for access to your "+s.look.Title+" account"),
		Action:       s.here(e, "/consent"),
		SwitchAction: s.here(e, "/logout"),
		Client: page.Application{
			ClientID: request.Client.ID, Name: request.Client.Name,
			Website: request.Client.Website, Description: request.Client.Description,
		},
		Selectable: s.platform.Profile().Consent.ScopesSelectable,
	}
	view.Transaction, view.Alert = true, alert
	grantable, _ := s.platform.Auth().Grantable(request, who.customer)
	for _, name := range request.Scope {
		one := s.platform.Profile().Scopes[name]
		asked := page.Scope{Name: name, Text: one.Text(), Changes: one.Writes()}
		if !grantable.Has(name) {
			asked.Refusal = "You cannot grant this: as a " + who.customer.Role + " you may look at this advertising account, not change it."
		}
		view.Scopes = append(view.Scopes, asked)
	}
	status := http.StatusOK
	if alert != "" {
		status = http.StatusUnprocessableEntity
	}
	s.spoilConsent(view)
	return s.show(who, status, view, targets(request)...)
}

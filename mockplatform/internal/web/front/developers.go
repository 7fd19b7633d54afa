package front

import (
	"errors"
	"net/http"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// Developers shows the form that registers an application (S003-15).
func (s *Site) Developers(e *wire.Exchange) wire.Answer {
	who := s.visitor(e)
	if refusal := s.portalDown(e, who); refusal != nil {
		return *refusal
	}
	return s.developersPage(who, application.Form{}, nil)
}

// Register takes the form. The credentials are shown on the page that follows,
// once: a reload of an answer to a POST would register a second application.
func (s *Site) Register(e *wire.Exchange) wire.Answer {
	who := s.visitor(e)
	if refusal := s.portalDown(e, who); refusal != nil {
		return *refusal
	}
	values, refusal := s.form(e, who)
	if refusal != nil {
		return *refusal
	}
	form := application.Form{
		Name: values.Get("name"), Website: values.Get("website"),
		RedirectURI: values.Get("redirect_uri"), Description: values.Get("description"),
		Logo: values.Get("logo"), Contact: values.Get("contact"),
	}
	registered, err := s.platform.Auth().Applications().Register(form)
	if err != nil {
		var faults application.FieldErrors
		if !errors.As(err, &faults) {
			return s.problem(e, who, http.StatusServiceUnavailable, oauth.NewError(oauth.TemporarilyUnavailable, err.Error()))
		}
		e.Failed(oauth.NewError(oauth.InvalidRequest, faults.Error()))
		return s.developersPage(who, form, faults)
	}
	e.Entry.ClientID = registered.ID
	s.unseen.Put(e.Now, who.id, registered.ID)
	return wire.SeeOther(s.path + s.platform.Profile().Paths.Developers + "/registered")
}

// Registered shows the credentials of the application that this visitor just
// registered, and never again (RFC 6749 section 10.10; the secret is of use to
// whoever reads it).
func (s *Site) Registered(e *wire.Exchange) wire.Answer {
	who := s.visitor(e)
	again := s.path + s.platform.Profile().Paths.Developers
	registered, ok := s.platform.Auth().Applications().Lookup(s.unseen.Take(e.Now, who.id))
	if !ok {
		view := &page.Message{Frame: s.frame(who, "Nothing to show here any more")}
		view.Here = "Developers"
		view.Alert = "The client secret of an application is shown once, right after its registration."
		view.Ways = []page.Door{{Name: "Register an application", URL: again}}
		return s.show(who, http.StatusGone, view)
	}
	e.Entry.ClientID = registered.ID
	view := &page.Registered{
		Frame:    s.frame(who, registered.Name+" is registered"),
		ClientID: registered.ID, ClientSecret: registered.Secret, Again: again,
	}
	view.Here = "Developers"
	view.Status = "Copy both values now: the secret is not shown again."
	if len(registered.RedirectURIs) > 0 {
		view.RedirectURI = registered.RedirectURIs[0]
	}
	return s.show(who, http.StatusOK, view)
}

// portalDown answers with whom to ask when the portal cannot be used (S001-22).
func (s *Site) portalDown(e *wire.Exchange, who visitor) *wire.Answer {
	rule := s.platform.Profile().Registration
	if rule.Portal != "down" {
		return nil
	}
	e.Failed(oauth.NewError(oauth.TemporarilyUnavailable, "the developer portal is down"))
	view := &page.Message{Frame: s.frame(who, "The developer portal is not available")}
	view.Here = "Developers"
	view.Alert = "Applications cannot be registered here at the moment."
	if rule.Support != "" {
		view.Paragraphs = []string{"Please ask " + rule.Support + ". The support can hand out a client id and a client secret as well."}
	}
	view.Ways = []page.Door{{Name: "To the start page of " + s.look.Title, URL: s.look.Home}}
	answer := s.show(who, http.StatusServiceUnavailable, view)
	return &answer
}

// extraField is a field that only some Platforms ask for (S003-19).
func extraField(name string, form application.Form) page.Field {
	switch name {
	case "logo":
		return page.Field{
			Name: name, Label: "Logo", Type: "url", Value: form.Logo, Limit: 500,
			Hint: "Optional. The web address of a picture.",
		}
	case "contact":
		return page.Field{
			Name: name, Label: "Contact", Type: "email", Value: form.Contact, Limit: 254,
			Hint: "Optional. An e-mail address for questions about the application.",
		}
	}
	return page.Field{Name: name, Label: "Description", Value: form.Description, Long: true, Limit: 1000, Hint: "Optional."}
}

func (s *Site) developersPage(who visitor, form application.Form, faults application.FieldErrors) wire.Answer {
	view := &page.Developers{
		Frame:  s.frame(who, "Register an application"),
		Action: s.path + s.platform.Profile().Paths.Developers,
		Fields: []page.Field{
			{
				Name: "name", Label: "Application name", Type: "text", Value: form.Name, Required: true, Limit: 100,
				Hint: "Customers read it when they are asked for consent.",
			},
			{Name: "website", Label: "Application website", Type: "url", Value: form.Website, Required: true, Limit: 500},
			{
				Name: "redirect_uri", Label: "Redirect URI", Type: "url", Value: form.RedirectURI, Required: true, Limit: 500,
				Hint: "Also called callback URL. Customers come back to exactly this address.",
			},
		},
	}
	for _, name := range s.platform.Profile().Registration.ExtraFields {
		view.Fields = append(view.Fields, extraField(name, form))
	}
	view.Here = "Developers"
	status := http.StatusOK
	for i := range view.Fields {
		view.Fields[i].Error = capital(faults[view.Fields[i].Name])
	}
	if len(faults) > 0 {
		status = http.StatusUnprocessableEntity
		view.Alert = "Nothing was registered yet. Please mend what is marked below."
	}
	return s.show(who, status, view)
}

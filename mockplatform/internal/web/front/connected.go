package front

import (
	"net/http"
	"net/url"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/issuer"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// Connected shows a customer which applications may use his account (S000-02).
func (s *Site) Connected(e *wire.Exchange) wire.Answer {
	who := s.visitor(e)
	if !who.loggedIn() {
		return s.connectedLoginPage(e, who, loginAttempt{})
	}
	connections := s.platform.Auth().Connections(e.Now, who.customer.Key)
	view := &page.Connected{
		Frame:  s.frame(who, "Connected applications"),
		Action: s.path + s.platform.Profile().Paths.Connected,
	}
	view.Here = view.Heading
	for _, connection := range connections {
		view.Applications = append(view.Applications, s.application(connection))
	}
	view.Status = s.withdrawn(e.URL.Query().Get("withdrawn"), connections)
	return s.show(who, http.StatusOK, view)
}

func (s *Site) application(connection issuer.Connection) page.Application {
	shown := page.Application{
		ClientID: connection.Client.ID, Name: connection.Client.Name,
		Website: connection.Client.Website, Description: connection.Client.Description,
		Since:    connection.Since.UTC().Format("2 January 2006, 15:04 UTC"),
		SinceISO: connection.Since.UTC().Format(time.RFC3339),
	}
	for _, name := range connection.Scope {
		one := s.platform.Profile().Scopes[name]
		verb := "read "
		if one.Writes() {
			verb = "change "
		}
		shown.Scopes = append(shown.Scopes, verb+one.Text())
	}
	return shown
}

// withdrawn is the good news after a withdrawal, told only if it is true.
func (s *Site) withdrawn(clientID string, connections []issuer.Connection) string {
	if clientID == "" {
		return ""
	}
	for _, connection := range connections {
		if connection.Client.ID == clientID {
			return ""
		}
	}
	client, ok := s.platform.Auth().Applications().Lookup(clientID)
	if !ok {
		return ""
	}
	return client.Name + " may no longer use your " + s.look.Title + " account."
}

// Withdraw ends everything that a customer granted to one application.
func (s *Site) Withdraw(e *wire.Exchange) wire.Answer {
	who := s.visitor(e)
	form, refusal := s.form(e, who)
	if refusal != nil {
		return *refusal
	}
	here := s.path + s.platform.Profile().Paths.Connected
	if !who.loggedIn() { // the session ended meanwhile
		return wire.SeeOther(here)
	}
	clientID := form.Get("client_id")
	e.Entry.ClientID = clientID
	if s.platform.Auth().Withdraw(e.Now, who.customer.Key, clientID) == 0 {
		return s.problem(e, who, http.StatusNotFound, oauth.NewError(oauth.InvalidRequest, "this application is not connected to your account, perhaps you withdrew it already"))
	}
	e.Entry.Reason = "withdrawn by the customer"
	return wire.SeeOther(here + "?" + url.Values{"withdrawn": {clientID}}.Encode())
}

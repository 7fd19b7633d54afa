package front

import (
	"encoding/json"
	"net/http"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// finish delivers the answer of a flow that is over.
func (s *Site) finish(e *wire.Exchange, who visitor, r oauth.Response) wire.Answer {
	s.forget(e, who)
	return s.deliver(e, who, r)
}

// forget ends a login that counted for one authorization alone.
func (s *Site) forget(e *wire.Exchange, who visitor) {
	if !s.platform.Profile().SignIn.Remembers() {
		s.sessions.Logout(e.Now, who.id)
	}
}

// deliver carries an authorization response to the client in its mode. Error
// responses take the same way as codes.
func (s *Site) deliver(e *wire.Exchange, who visitor, r oauth.Response) wire.Answer {
	if r.Direct() {
		answer := wire.SeeOther(r.Location())
		if s.platform.Profile().Breaks(deviation.Redirect307) {
			answer.Status = http.StatusTemporaryRedirect
		}
		return answer
	}
	name := "the application"
	if client, known := s.platform.Auth().Applications().Lookup(e.Entry.ClientID); known {
		name = client.Name
	}
	view := &page.Deliver{Frame: s.frame(who, "Back to "+name), Asking: name}
	view.Transaction = true
	for _, m := range r.Members {
		view.Members = append(view.Members, page.Member{Name: m.Name, Value: m.Value})
	}
	origin := oauth.Origin(r.RedirectURI)
	switch r.Mode {
	case oauth.ModeFormPost:
		view.Action = r.RedirectURI
		return s.show(who, http.StatusOK, view, origin)
	case oauth.ModeWebMessage:
		message := make(map[string]string, len(r.Members))
		for _, m := range r.Members {
			message[m.Name] = m.Value
		}
		text, err := json.Marshal(message)
		if err != nil { // strings always fit
			text = []byte("{}")
		}
		view.Origin, view.Message = origin, string(text)
		if s.platform.Profile().Breaks(deviation.WidgetTellsAnybody) {
			view.Origin = "*"
		}
		return s.show(who, http.StatusOK, view)
	}
	view.Heading = "Copy this to " + name
	view.Members = shownMembers(r)
	if code := r.Get("error"); code != "" {
		view.Heading = name + " gets no access"
		view.Alert = "Nothing was shared with " + name + "."
	}
	return s.show(who, http.StatusOK, view)
}

// shownMembers are what a customer copies or reads, with their names in words.
func shownMembers(r oauth.Response) []page.Member {
	var out []page.Member
	for _, m := range []page.Member{
		{Name: "code", Label: "Code"}, {Name: "access_token", Label: "Access token"}, {Name: "expires_in", Label: "Lifetime in seconds"},
		{Name: "error", Label: "Error"}, {Name: "error_description", Label: "Reason"}, {Name: "state", Label: "State"},
	} {
		if m.Value = r.Get(m.Name); m.Value != "" {
			out = append(out, m)
		}
	}
	return out
}

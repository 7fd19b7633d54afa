package front

import (
	"maps"
	"net/http"
	"slices"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// The ways to log in beside the password (S000-16).
const (
	oneClick = "one_click"
	ssoStub  = "sso_stub"
)

// identityProvider is what the pretended identity provider is called.
const identityProvider = "Example Identity"

// identityPath is where the pretended identity provider lives.
const identityPath = "/sso"

// purpose is what a login of this exchange counts for: "" for everything where
// the profile remembers sessions, else this authorization or the customer's own
// pages.
func (s *Site) purpose(e *wire.Exchange) string {
	switch {
	case s.platform.Profile().SignIn.Remembers():
		return ""
	case e.URL.Query().Has("client_id"):
		return "authorization?" + e.URL.RawQuery
	}
	return "own pages"
}

// offers reports whether the Platform lets a customer in by the way.
func (s *Site) offers(way string) bool {
	return slices.Contains(s.platform.Profile().SignIn.Methods, way)
}

// people are the customers that can be chosen, by key.
func (s *Site) people() []page.Person {
	customers := s.platform.Profile().Customers
	var out []page.Person
	for _, key := range slices.Sorted(maps.Keys(customers)) {
		out = append(out, page.Person{Key: key, Name: customers[key].Name})
	}
	return out
}

// chosenCustomer logs in whoever was clicked, without any proof.
func (s *Site) chosenCustomer(e *wire.Exchange, who visitor, key, way string) (profile.Customer, *wire.Answer) {
	customer, known := s.platform.Customer(key)
	if !known || !s.offers(way) {
		answer := s.problem(e, who, http.StatusBadRequest, oauth.NewError(oauth.InvalidRequest, "nobody can log in to this Platform like that"))
		return profile.Customer{}, &answer
	}
	e.Entry.Customer, e.Entry.Reason = customer.Key, "logged in by "+way
	return customer, nil
}

// onward is where a login leads: back to the authorization that waits for it,
// or to the connected applications.
func (s *Site) onward(e *wire.Exchange) string {
	if to := e.URL.Query().Get("continue"); to != "" && s.platform.Profile().Breaks(deviation.ContinueAnywhere) {
		return to
	}
	if e.URL.Query().Has("client_id") {
		return s.here(e, s.platform.Profile().Paths.Authorize)
	}
	return s.path + s.platform.Profile().Paths.Connected
}

// identityURL is the identity provider's page within this flow.
func (s *Site) identityURL(e *wire.Exchange) string {
	if e.URL.RawQuery == "" {
		return s.path + identityPath
	}
	return s.here(e, identityPath)
}

// Identity is the page of a pretended identity provider (S000-16).
func (s *Site) Identity(e *wire.Exchange) wire.Answer {
	who := s.visitor(e)
	if e.URL.Query().Has("client_id") {
		if _, refusal := s.request(e, &who); refusal != nil {
			return *refusal
		}
	}
	view := &page.Identity{Frame: s.frame(who, identityProvider), Action: s.identityURL(e), People: s.people()}
	view.Transaction = true
	return s.show(who, http.StatusOK, view)
}

// Identified takes what the pretended identity provider says and leads back.
func (s *Site) Identified(e *wire.Exchange) wire.Answer {
	who := s.visitor(e)
	within := e.URL.Query().Has("client_id")
	if within {
		if _, refusal := s.request(e, &who); refusal != nil {
			return *refusal
		}
	}
	form, refusal := s.form(e, who)
	if refusal != nil {
		return *refusal
	}
	if form.Get("decision") == "cancel" {
		return s.cancelled(e, who, within)
	}
	customer, refusal := s.chosenCustomer(e, who, form.Get("customer"), ssoStub)
	if refusal != nil {
		return *refusal
	}
	return s.welcome(e, who, customer, s.onward(e))
}

// cancelled ends an authorization whose customer turned round at the identity
// provider.
func (s *Site) cancelled(e *wire.Exchange, who visitor, within bool) wire.Answer {
	if !within {
		return wire.SeeOther(s.look.Home)
	}
	request, refusal := s.request(e, &who)
	if refusal != nil {
		return *refusal
	}
	return s.deny(e, who, request)
}

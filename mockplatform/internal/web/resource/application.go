package resource

import (
	"errors"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// account is an application as it sees itself, without its secret.
type account struct {
	ClientID     string   `json:"client_id"`
	Name         string   `json:"name"`
	Website      string   `json:"website"`
	Description  string   `json:"description"`
	Logo         string   `json:"logo,omitempty"`
	Contacts     []string `json:"contacts,omitempty"`
	RedirectURIs []string `json:"redirect_uris"`
}

func accountOf(one application.Application) account {
	return account{one.ID, one.Name, one.Website, one.Description, one.Logo, one.Contacts, append([]string{}, one.RedirectURIs...)}
}

// Application shows an application its own account (S003-25).
func (a *API) Application(e *wire.Exchange) wire.Answer {
	return a.serve(e, readApplication, func(who caller) (act, *oauth.Error) {
		id := who.access.ClientID
		if other := e.URL.Query().Get("client_id"); other != "" && a.platform.Profile().Breaks(deviation.AccountOpen) {
			id = other
		} else if _, err := query(e); err != nil {
			return nil, err
		}
		one, known := a.platform.Auth().Applications().Lookup(id)
		if !known {
			return nil, notFound("this application is no longer registered")
		}
		return always(accountOf(one)), nil
	})
}

// UpdateApplication lets an application change its own account, with the
// registration form's rules (S003-23, S003-24).
func (a *API) UpdateApplication(e *wire.Exchange) wire.Answer {
	return a.serve(e, updateApplication, func(who caller) (act, *oauth.Error) {
		var change application.Change
		if err := decode(e, &change); err != nil {
			return nil, err
		}
		registered := a.platform.Auth().Applications()
		if err := registered.Check(who.access.ClientID, change); err != nil {
			return nil, misregistered(err)
		}
		a.misapply(who.access.ClientID, &change)
		return func() wire.Answer {
			changed, err := registered.Update(who.access.ClientID, change)
			if err != nil {
				return refuse(e, misregistered(err))
			}
			e.Entry.Changed = true
			return a.changed(accountOf(changed))
		}, nil
	})
}

// misapply gives a change the defects that the profile has on purpose.
func (a *API) misapply(client string, change *application.Change) {
	p := a.platform.Profile()
	one, _ := a.platform.Auth().Applications().Lookup(client)
	if change.Description != nil && p.Breaks(deviation.AccountSameText) {
		change.Description = &one.Description
	}
	if change.RedirectURIs != nil && p.Breaks(deviation.AccountAddsRedirect) {
		both := append(one.RedirectURIs, *change.RedirectURIs...)
		change.RedirectURIs = &both
	}
}

func misregistered(err error) *oauth.Error {
	if errors.Is(err, application.ErrUnknown) {
		return notFound("this application is no longer registered")
	}
	return refused(err)
}

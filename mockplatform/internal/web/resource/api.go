package resource

import (
	"maps"
	"net/http"
	"slices"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/issuer"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// API is one Platform's advertising API. It is safe for concurrent use.
type API struct {
	platform *platform.Platform
	// reading and writing name the scope to ask for; empty on a Platform
	// without scopes.
	reading, writing string
}

// New makes the API of p.
func New(p *platform.Platform) *API {
	a := &API{platform: p}
	scopes := p.Profile().Scopes
	for _, name := range slices.Sorted(maps.Keys(scopes)) {
		switch {
		case scopes[name].Writes() && a.writing == "":
			a.writing = name
		case !scopes[name].Writes() && a.reading == "":
			a.reading = name
		}
	}
	return a
}

// caller is whom a good access token stands for.
type caller struct {
	access   issuer.Access
	customer profile.Customer // zero for an application
}

// act does what was judged to be right and answers.
type act func() wire.Answer

// serve is the path of every API request: token, right, operation's own
// judgement, fault, act.
func (a *API) serve(e *wire.Exchange, op operation, judge func(caller) (act, *oauth.Error)) wire.Answer {
	e.Entry.Operation = op.word
	who, err := a.admit(e, a.needs(op))
	if err != nil {
		return refuse(e, err)
	}
	work, err := judge(who)
	if err != nil {
		return refuse(e, err)
	}
	if a.platform.Profile().ResourceServer.Mutates(op.word) && !op.changes {
		work = marked(e, work)
	}
	challenge := a.challenge(oauth.InvalidToken, "the access token was refused")
	if a.platform.Hostile().Refuses() {
		return e.Faulted(wire.Refusal, challenge)
	}
	armed, fires := e.Meet(a.platform.Faults(), fault.Request{
		Endpoint: fault.EndpointAPI, Client: who.access.ClientID, Customer: who.access.Customer,
		Family: who.access.Family, Method: e.Method,
	}.Presenting(who.access.IssuedAt, e.Now))
	if !fires {
		return work()
	}
	return e.UnderFault(armed, challenge, work)
}

func refuse(e *wire.Exchange, err *oauth.Error) wire.Answer {
	e.Failed(err)
	return wire.OAuthError(err)
}

// admit judges the access token and whether it carries the right.
func (a *API) admit(e *wire.Exchange, need right) (caller, *oauth.Error) {
	if len(a.platform.Profile().Break) > 0 {
		a.defective(e)
	}
	token, present, err := oauth.BearerToken(e.Header.Values("Authorization"))
	if err != nil {
		return caller{}, err.WithChallenge(a.challenge(err.Code, err.Description))
	}
	if !present {
		return caller{}, a.platform.Auth().NoToken()
	}
	e.Entry.Presented = map[string]string{oauth.KindAccessToken: a.platform.Journal().Fingerprint(token)}
	access, err := a.platform.Auth().Bearer(e.Now, token)
	if err != nil {
		return caller{}, err
	}
	e.Entry.ClientID, e.Entry.Customer = access.ClientID, access.Customer
	e.Entry.Scope, e.Entry.Family = access.Scope.String(), access.Family
	who := caller{access: access}
	if access.Customer != "" {
		who.customer, _ = a.platform.Customer(access.Customer)
	}
	if id, yes := a.platform.Faults().Lagging(e.Entry.Presented[oauth.KindAccessToken], e.Now); yes {
		e.Entry.Fault = id
		return who, a.platform.Auth().NotYetKnown()
	}
	if access.Customer == "" && need != ownAccount && a.platform.Profile().Breaks(deviation.MachineReach) {
		who.customer, who.access.Customer = a.anybody()
	}
	return who, a.lacks(who, need)
}

// lacks is the refusal of a good token that does not carry the right.
func (a *API) lacks(who caller, need right) *oauth.Error {
	if need == ownAccount {
		if who.access.Customer != "" {
			return oauth.NewError(oauth.AccessDenied, "this token stands for a customer: an application's own account opens with a client credentials token")
		}
		return nil
	}
	if who.access.Customer == "" {
		return oauth.NewError(oauth.AccessDenied, "this token stands for an application: a customer's data opens with that customer's token")
	}
	if need == readAds && !a.scoped(who.access.Scope, a.reading, false) {
		return a.platform.Auth().InsufficientScope(a.reading)
	}
	if need == writeAds && !a.platform.Profile().Breaks(deviation.ScopeUnchecked) && !a.scoped(who.access.Scope, a.writing, true) {
		return a.platform.Auth().InsufficientScope(a.writing)
	}
	return nil
}

// scoped reports whether the scope holds one of the kind asked for. A Platform
// that knows no scope of the kind asks for none (S004-14).
func (a *API) scoped(granted oauth.Scope, needed string, writes bool) bool {
	if needed == "" {
		return true
	}
	for _, name := range granted {
		if scope, known := a.platform.Profile().Scopes[name]; known && scope.Writes() == writes {
			return true
		}
	}
	return false
}

func (a *API) challenge(code, description string) string {
	return oauth.BearerChallenge{Realm: a.platform.Profile().Title, Error: code, Description: description}.String()
}

// notFound answers what does not exist for this caller.
func notFound(what string) *oauth.Error {
	return &oauth.Error{Code: "not_found", Description: what, Status: http.StatusNotFound}
}

// Me tells whom the token stands for.
func (a *API) Me(e *wire.Exchange) wire.Answer {
	return a.serve(e, readMe, func(who caller) (act, *oauth.Error) {
		if _, err := query(e); err != nil {
			return nil, err
		}
		return always(me{who.customer.Username, who.customer.Name, who.customer.Role, who.customer.Account}), nil
	})
}

type me struct {
	Username string `json:"username"`
	Name     string `json:"name"`
	Role     string `json:"role"`
	Account  string `json:"account"`
}

// always answers with a document that is already there.
func always(document any) act {
	return func() wire.Answer { return wire.JSON(http.StatusOK, document).Uncached() }
}

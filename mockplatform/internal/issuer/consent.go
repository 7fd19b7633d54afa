package issuer

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-oauth2/oauth2/v4"
	"github.com/go-oauth2/oauth2/v4/server"
	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// ErrNoPermission answers a customer who has no right on an advertising
// account: no code may be issued (S000-24).
var ErrNoPermission = errors.New("this customer has no permission on an advertising account")

// ErrNothingGranted answers an approval without any scope on a Platform that
// has scopes.
var ErrNothingGranted = errors.New("no scope was granted")

// ErrAnswered answers an approval of a pushed request that has had its answer
// (RFC 9126 section 4).
var ErrAnswered = errors.New("this authorization request was answered before")

// approval is one consent on its way through the server steps; the request's
// context carries it.
type approval struct {
	now      time.Time
	request  *AuthorizeRequest
	customer profile.Customer
	scope    oauth.Scope
	code     token.Code
	exchange *control.Exchange
}

// grant is what the approval begins.
func (a *approval) grant(kind oauth.GrantType) token.Grant {
	return token.Grant{
		ClientID: a.request.Client.ID, Customer: a.customer.Key, GrantType: kind,
		Scope: a.scope, BornAt: a.now, Remembered: a.request.Remembered,
	}
}

type approvalKey struct{}

// Grantable splits the requested scope into what the customer may grant and
// what he may not (a viewer cannot grant writing; S000-24).
func (i *Issuer) Grantable(req *AuthorizeRequest, c profile.Customer) (grantable, withheld oauth.Scope) {
	return i.grantable(req.Scope, c)
}

func (i *Issuer) grantable(asked oauth.Scope, c profile.Customer) (grantable, withheld oauth.Scope) {
	for _, name := range asked {
		if c.Role == profile.RoleOwner || c.Role == profile.RoleViewer && !i.profile.Scopes[name].Writes() {
			grantable = append(grantable, name)
		} else {
			withheld = append(withheld, name)
		}
	}
	return grantable, withheld
}

// Remembered reports whether consent may be skipped: the profile remembers the
// same scope, the client is confidential (RFC 6749 section 10.2) and one live
// grant covers all of the request that the customer can grant. A client that
// wants the customer asked is heeded if the profile obeys prompt.
func (i *Issuer) Remembered(now time.Time, req *AuthorizeRequest, c profile.Customer) bool {
	if i.profile.Consent.Remember != "same_scope" || req.Client.Public || req.AskAgain && i.profile.Consent.Prompt == "obeyed" {
		return false
	}
	wanted, _ := i.grantable(req.Scope, c)
	if i.profile.Breaks(deviation.ConsentCoversAnything) {
		wanted = nil
	}
	remembered := false
	i.store.Live(now, token.Selector{Client: req.Client.ID, Customer: c.Key}, func(g token.Grant) bool {
		remembered = wanted.Within(g.Scope)
		return !remembered
	})
	return remembered
}

// Approve issues a code (or the token of an implicit grant) and answers what
// the client is told. Scopes that were not requested or that the customer may
// not grant are dropped; errors: ErrNoPermission, ErrNothingGranted,
// ErrAnswered, ErrUnregistered. The exchange carries what the journal should know.
func (i *Issuer) Approve(now time.Time, req *AuthorizeRequest, c profile.Customer, granted oauth.Scope) (answer oauth.Response, ex control.Exchange, err error) {
	ex = control.Exchange{ClientID: req.Client.ID, Customer: c.Key}
	if c.Role == profile.RoleNone {
		return answer, ex, ErrNoPermission
	}
	may, _ := i.grantable(req.Scope, c)
	scope := may.Without(may.Without(granted))
	if len(i.allScopes) > 0 && len(scope) == 0 {
		return answer, ex, ErrNothingGranted
	}
	if !i.answered(now, req) {
		return answer, ex, ErrAnswered
	}
	a := &approval{now: now, request: req, customer: c, scope: scope, exchange: &ex}
	if req.ResponseType == oauth.ResponseTypeToken {
		answer, err = i.implicit(a)
		if err == nil && i.left(now, req.Client) {
			return oauth.Response{}, ex, ErrUnregistered
		}
		return answer, ex, err
	}
	ctx := context.WithValue(context.Background(), approvalKey{}, a)
	info, err := i.server.GetAuthorizeToken(ctx, &server.AuthorizeRequest{
		ResponseType: oauth2.Code, ClientID: req.Client.ID, Scope: scope.String(), RedirectURI: req.RedirectURI,
		State: req.State, UserID: c.Key, Request: (&http.Request{Method: http.MethodPost}).WithContext(ctx),
	})
	if err != nil {
		return answer, ex, err
	}
	code, _ := i.server.GetAuthorizeData(oauth2.Code, info)["code"].(string)
	ex.Scope, ex.Family = scope.String(), a.code.Grant.ID
	ex.Issued = map[string]string{oauth.KindCode: i.fingerprints.Fingerprint(code)}
	return i.answer(req, "code", code), ex, nil
}

// Deny answers the access_denied error: on ChannelRedirect with its Response,
// or on ChannelPage when the profile's consent.deny is page. The request is
// answered with it.
func (i *Issuer) Deny(now time.Time, req *AuthorizeRequest, reason string) *oauth.Error {
	i.answered(now, req)
	e := oauth.NewError(i.profile.Consent.DenyError, "the customer declined").WithReason(reason)
	if i.profile.Consent.Deny == "page" {
		return e.OnPage().WithStatus(http.StatusOK)
	}
	return i.Redirect(req, e)
}

// Connection is one application that a customer has connected, for the
// Platform's page of connected applications.
type Connection struct {
	Client application.Application
	Scope  oauth.Scope // all that working tokens allow
	Since  time.Time   // of the oldest live grant
}

// Connections lists a customer's live grants, one entry per application,
// ordered by client name.
func (i *Issuer) Connections(now time.Time, customer string) []Connection {
	byClient := map[string]*Connection{}
	if customer == "" {
		return []Connection{}
	}
	i.store.Live(now, token.Selector{Customer: customer}, func(g token.Grant) bool {
		c, known := byClient[g.ClientID]
		if !known {
			c = &Connection{Since: g.BornAt}
			byClient[g.ClientID] = c
		}
		c.Scope = append(c.Scope, g.Scope.Without(c.Scope)...)
		return true
	})
	out := make([]Connection, 0, len(byClient))
	for id, c := range byClient {
		c.Client, _ = i.applications.Lookup(id)
		c.Scope = c.Scope.Sorted()
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Connection) int {
		return cmp.Or(strings.Compare(a.Client.Name, b.Client.Name), strings.Compare(a.Client.ID, b.Client.ID))
	})
	return out
}

// Withdraw ends all grants of a customer to a client, codes not yet used
// included, and answers how many ended.
func (i *Issuer) Withdraw(_ time.Time, customer, clientID string) int {
	if customer == "" || clientID == "" {
		return 0
	}
	if i.profile.Breaks(deviation.WithdrawalWithoutEnd) {
		return 1
	}
	return i.store.EndFamilies(token.Selector{Customer: customer, Client: clientID}, token.ReasonByCustomer)
}

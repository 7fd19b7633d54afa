package pages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/exchange"
)

// Decision is what the person does on the consent page.
type Decision string

// The decisions.
const (
	Allow   Decision = "allow"
	Deny    Decision = "deny"
	Abandon Decision = "abandon" // looks at the page and goes no further
)

// Walk is one authorization, as a person would go through it.
type Walk struct {
	URL                string   // of the authorization request
	Username, Password string   // to log in with if asked
	Decision           Decision // on the consent page if there is one
	// Untick are words; a scope whose label or name holds one is unticked.
	Untick []string
	// Redirects are addresses of clients: the walk ends when it is sent to one
	// of them, which is not visited.
	Redirects []string
	// Switch has the person leave the account that the browser is logged in to,
	// where the consent page offers that.
	Switch bool
	// Begin, if set, is sent in the place of URL: a form that somebody posts.
	// Only visitors in plain HTTP know it.
	Begin *exchange.Request
	// Change, if set, alters a request before it is sent: what an attacker could
	// do to a link or a form. Only visitors in plain HTTP know it.
	Change func(r exchange.Request) exchange.Request

	login []Step // of the visitor
}

// Landing is where a walk ended.
type Landing struct {
	URL string
	// Redirected says that the way ended at one of the Redirects, with what
	// Params holds: of the query, or of the fragment if there is one.
	Redirected bool
	Params     url.Values
	Fragment   bool
	// Posted says that the answer came as a form (response_mode form_post), which
	// Params holds beside the query.
	Posted bool
	// Away says that the way ended at another host than the server's, which is
	// none of the Redirects either and was not visited.
	Away bool
	Kind Kind // of the last page, if not redirected
	Page Page // the last page seen
	// SawLogin and SawConsent say which pages were on the way. A landing with
	// a code and without consent means that consent was remembered.
	SawLogin, SawConsent bool
	ConsentPage          Page // as shown, if it was
	// ByHand says that a person went part of the way.
	ByHand bool
	// Refused is true if the login was asked for again after the credentials.
	Refused bool
	// Message is what the last page says about what went wrong, "" if nothing.
	Message string
	Steps   int // pages and redirects on the way
}

// Remembered says that a code came without consent being asked for.
func (l Landing) Remembered() bool {
	return l.Redirected && l.Code() != "" && !l.SawConsent && !l.ByHand
}

// redirected is the end of the way at a client's address.
func (l Landing) redirected(end Landing) Landing {
	end.SawLogin, end.SawConsent, end.ConsentPage = l.SawLogin, l.SawConsent, l.ConsentPage
	end.Steps, end.Page, end.Refused, end.ByHand = l.Steps, l.Page, l.Refused, l.ByHand
	return end
}

// Code is the authorization code that the landing brought, "" without one.
func (l Landing) Code() string { return l.Params.Get("code") }

// Visitor is a person with cookies of her own. A Visitor is used by one
// goroutine.
type Visitor interface {
	// Walk goes through one authorization. An error means that no verdict is
	// possible: a server that does not answer is part of the landing.
	Walk(ctx context.Context, w Walk) (Landing, error)
	// Cookies are those that the person's browser would send to address.
	Cookies(address *url.URL) []*http.Cookie
	// Close forgets the cookies.
	Close() error
}

// arrived says whether address is one of the redirects, which are compared up
// to their query; a loopback address may come with another port.
func arrived(address *url.URL, redirects []string) bool {
	return slices.ContainsFunc(redirects, func(redirect string) bool {
		want, err := url.Parse(redirect)
		return err == nil && want.Scheme == address.Scheme && want.Host == address.Host && want.Path == address.Path
	})
}

// landed reads a redirect to a client.
func landed(address *url.URL) Landing {
	l := Landing{URL: address.String(), Redirected: true, Params: address.Query()}
	if address.Fragment != "" {
		if params, err := url.ParseQuery(address.Fragment); err == nil && strings.Contains(address.Fragment, "=") {
			l.Params, l.Fragment = params, true
		}
	}
	return l
}

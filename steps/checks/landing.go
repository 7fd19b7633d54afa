package checks

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/mint-conformance/mint/steps/pages"
)

// landed is a landing as a Stringer.
type landed pages.Landing

// String says where the way ended, without secrets.
func (l landed) String() string { return describe(pages.Landing(l)) }

// originOf is scheme and host of an address.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address that is none"
	}
	return u.Scheme + "://" + u.Host
}

// ownPage marks an attempt that must end on a page of the server: its client
// or redirect URI cannot be trusted.
const ownPage = "page"

// saidOnPage says whether a way ended on a page of the server that tells of
// trouble: no form to go on with, and no failure of the server.
func saidOnPage(l pages.Landing) bool {
	return !l.Redirected && !l.Away && !l.Refused && l.Kind == pages.Other && l.Page.Status >= 200 && l.Page.Status < 500 &&
		l.Page.Status != http.StatusTooManyRequests
}

// oddlyRefused says what is unusual about a refusal, "" if nothing is.
func (a attempt) oddlyRefused() string {
	if a.landing == nil {
		return ""
	}
	code := a.landing.Params.Get("error")
	switch {
	case !a.landing.Redirected && a.landing.Page.Status < 400:
		return fmt.Sprintf("the error page has the status %d", a.landing.Page.Status)
	case a.answer == "" || a.answer == ownPage:
		return ""
	case !a.landing.Redirected:
		return "refused on a page only, so that the client never hears of it"
	case code != a.answer:
		return fmt.Sprintf("the error is %s instead of %s", code, a.answer)
	}
	return ""
}

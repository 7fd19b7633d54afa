package issuer

import (
	"net/url"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

const (
	// drainTime is how long an authorization that began before a change of
	// redirect URIs may still finish, in Platform time.
	drainTime = time.Hour
	// maxBegun bounds the authorizations that are remembered.
	maxBegun = 10_000
)

// begun remembers authorization requests and the redirect URI that each began
// with, so that registration.redirect_change drain can let them finish
// (S003-24). Each step of an authorization repeats its query, which is what it
// is known by.
type begun struct{ seen lapse.Table }

// note keeps the first sight of a request.
func (b begun) note(now time.Time, q url.Values, redirectURI string) {
	if b.with(now, q) == "" {
		lapse.Put(b.seen, now, q.Encode(), redirectURI, now.Add(drainTime))
	}
}

// with is the redirect URI that the request began with, "" for a new request.
func (b begun) with(now time.Time, q url.Values) string { return b.seen.Get(now, q.Encode()) }

func (i *Issuer) drains() bool { return i.profile.Registration.RedirectChange == "drain" }

// returnsTo is the redirect URI at which a request is answered: the one it
// names, or the client's only one. Where the profile drains, a request that
// began before the client's registration changed keeps the one it began with.
func (i *Issuer) returnsTo(now time.Time, app application.Application, q url.Values, sent string) (string, *oauth.Error) {
	if i.drains() {
		if old := i.begun.with(now, q); old != "" && app.Lost(old) {
			return old, nil
		}
	}
	uri := sent
	switch {
	case sent == "" && len(app.RedirectURIs) == 1 && i.profile.Breaks(deviation.MissingRedirectNowhere):
		uri = i.issuer
	case sent == "" && (len(app.RedirectURIs) == 1 || len(app.RedirectURIs) > 1 && i.profile.Breaks(deviation.MissingRedirectFirst)):
		uri = app.RedirectURIs[0]
	case sent == "":
		return "", oauth.NewError(oauth.InvalidRequest, "redirect_uri is missing: this client has not exactly one")
	case !i.registered(app, sent):
		return "", oauth.NewError(oauth.InvalidRequest, "redirect_uri is not one that the client has registered")
	}
	if i.drains() {
		i.begun.note(now, q, uri)
	}
	return uri, nil
}

// withdrawn refuses a code whose redirect URI the client has given up
// meanwhile, where the profile does not drain.
func (i *Issuer) withdrawn(app application.Application, redirectURI string) *oauth.Error {
	if app.Lost(redirectURI) && !i.drains() {
		return i.invalidGrant("the redirect URI of the authorization request is no longer registered")
	}
	return nil
}

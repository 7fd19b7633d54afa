package application

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Judge says what Enroll would answer to the metadata, and changes nothing.
// The error is invalid_redirect_uri or invalid_client_metadata.
func (r *Registry) Judge(m Metadata) *oauth.Error {
	_, err := r.described(m)
	return err
}

// Enroll registers a client that describes itself (RFC 7591 section 3): id,
// secret and management token are its own and never chosen by the client. The
// error is an *oauth.Error of Judge, or ErrTooMany.
func (r *Registry) Enroll(now time.Time, m Metadata) (Application, error) {
	a, refusal := r.described(m)
	if refusal != nil {
		return Application{}, refusal
	}
	var random [60]byte
	if _, err := io.ReadFull(r.rand, random[:]); err != nil {
		return Application{}, fmt.Errorf("no randomness for a client's secrets: %w", err)
	}
	a.ID = "app-" + hex.EncodeToString(random[:12])
	a.ManagementToken = base64.RawURLEncoding.EncodeToString(random[12:36])
	if !a.Public {
		a.Secret = base64.RawURLEncoding.EncodeToString(random[36:])
	}
	if a.Name == "" {
		a.Name = a.ID // what people read where there is no name (RFC 7591 section 2)
	}
	a.RegisteredAt = now
	return r.keep(a)
}

// Managed finds the client whose id and management token these are. It takes
// as long for an unknown id as for a wrong token.
func (r *Registry) Managed(id, managementToken string) (Application, bool) {
	a, known := r.Lookup(id)
	fits := same(a.ManagementToken, managementToken)
	if !known || !fits {
		return Application{}, false
	}
	return a, true
}

// JudgeReplacement says what Replace would answer, and changes nothing.
func (r *Registry) JudgeReplacement(id string, m Metadata, c Claim) *oauth.Error {
	a, known := r.Lookup(id)
	switch {
	case c.Forbidden != "":
		return badMetadata(c.Forbidden + " must not be in an update (RFC 7592 section 2.2): remove it")
	case c.ClientID == "":
		return badMetadata("client_id is missing: an update repeats it (RFC 7592 section 2.2)")
	case !known || c.ClientID != id:
		return badMetadata("client_id is not that of this registration")
	case c.ClientSecret != "" && !a.SecretIs(c.ClientSecret):
		return badMetadata("client_secret is not the present one, and a client cannot choose it: leave it out")
	}
	return r.Judge(m)
}

// Replace puts new metadata in place of all the old; what the update leaves out
// falls back to its default (RFC 7592 section 2.2). The secret stays, unless
// the client became public or confidential. The error is an *oauth.Error of
// JudgeReplacement, or ErrUnknown.
func (r *Registry) Replace(id string, m Metadata, c Claim) (Application, error) {
	if refusal := r.JudgeReplacement(id, m, c); refusal != nil {
		return Application{}, refusal
	}
	next, refusal := r.described(m)
	if refusal != nil {
		return Application{}, refusal
	}
	var random [24]byte
	if _, err := io.ReadFull(r.rand, random[:]); err != nil {
		return Application{}, fmt.Errorf("no randomness for a client's secret: %w", err)
	}
	changed, known := r.shelf.Change(id, func(a *Application) {
		a.describe(next, base64.RawURLEncoding.EncodeToString(random[:]))
	})
	if !known {
		return Application{}, ErrUnknown
	}
	return changed, nil
}

// describe takes over what next says; secret is for a client that has none and
// needs one now.
func (a *Application) describe(next Application, secret string) {
	next = next.clone()
	next.ID, next.Secret = a.ID, a.Secret
	next.RegisteredAt, next.ManagementToken = a.RegisteredAt, a.ManagementToken
	switch {
	case next.Public:
		next.Secret = ""
	case a.Secret == "":
		next.Secret = secret
	}
	if next.Name == "" {
		next.Name = next.ID
	}
	uris := next.RedirectURIs
	next.RedirectURIs, next.Former = a.RedirectURIs, a.Former
	next.redirect(uris)
	*a = next
}

// Remove forgets an application and reports whether it was there. Its tokens
// are the issuer's to end.
func (r *Registry) Remove(id string) bool { return r.shelf.Remove(id) }

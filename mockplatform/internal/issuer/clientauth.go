package issuer

import (
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// assumeClient lets a request that names no client at all come from the
// Platform's only public client, where token.client_id_required is false
// (S004-33). It is for the token endpoint alone.
func (i *Issuer) assumeClient(r Request, p parameters) {
	if len(r.Authorization) > 0 || p.get("client_id") != "" || p.get("client_secret") != "" {
		return
	}
	if id := i.profile.Assumed(); id != "" {
		p.values.Set("client_id", id)
	}
}

// credentials are what a request shows of its client.
type credentials struct {
	id, secret string
	method     string // basic, body, query, none
}

// authenticate finds and authenticates the client (RFC 6749 section 2.3.1).
// It comes before anything else that a grant asks for, at every grant. The
// credentials are answered with an error too, for the journal; only id and
// method of them may be shown.
func (i *Issuer) authenticate(now time.Time, r Request, p parameters) (application.Application, credentials, *oauth.Error) {
	c, err := i.credentials(r.Authorization, p)
	if err != nil {
		return application.Application{}, c, err
	}
	if c.method != oauth.AuthNone {
		if err := paused(i.secrets, now, c.id, "secrets for this client"); err != nil {
			return application.Application{}, c, err
		}
	}
	app, known := i.applications.Lookup(c.id)
	fits := app.SecretIs(c.secret) // also for unknown ids, so that both take as long
	switch {
	case c.method == oauth.AuthQuery && i.profile.Breaks(deviation.MachineQueryRefused) && p.get("grant_type") == string(oauth.ClientCredentials):
		return app, c, i.invalidClient("send the credentials in the body")
	case c.method == oauth.AuthNone && !known:
		if app, is := i.stands(p); is {
			return app, c, nil
		}
		return app, c, i.invalidClient("the client_id is unknown")
	case c.method == oauth.AuthNone && !app.Public:
		return app, c, i.invalidClient("this client must authenticate with its secret")
	case c.method == oauth.AuthNone:
		return app, c, nil
	case known && app.Public:
		return app, c, i.invalidClient("this client is public and has no secret: send client_id alone")
	case !known || !fits:
		if !i.profile.Breaks(deviation.SecretsUnguarded) {
			i.secrets.Failed(now, c.id)
		}
		return app, c, i.invalidClient("client authentication failed: client_id or client_secret is wrong")
	case !i.takes(c.method) || !app.Authenticates(c.method):
		return app, c, i.invalidClient("this client must not authenticate by the method " + c.method)
	}
	i.secrets.Succeeded(now, c.id)
	return app, c, nil
}

// credentials reads where the client put its credentials; more than one place
// is refused (RFC 6749 section 2.3).
func (i *Issuer) credentials(authorization []string, p parameters) (credentials, *oauth.Error) {
	c := credentials{id: p.get("client_id"), secret: p.get("client_secret"), method: oauth.AuthNone}
	switch {
	case c.secret != "" && p.inQuery["client_secret"]:
		c.method = oauth.AuthQuery
	case c.secret != "":
		c.method = oauth.AuthBody
	}
	if len(authorization) == 0 {
		if c.id == "" {
			return c, i.invalidClient("client_id is missing")
		}
		return c, nil
	}
	if len(authorization) > 1 {
		return c, oauth.NewError(oauth.InvalidRequest, "send one Authorization header, not several")
	}
	id, secret, ok := basic(authorization[0])
	switch {
	case !ok:
		c.method = oauth.AuthBasic
		return c, i.invalidClient("the Authorization header holds no form-encoded Basic credentials").
			WithChallenge(oauth.BasicChallenge(i.profile.Title))
	case c.secret != "":
		return c, oauth.NewError(oauth.InvalidRequest, "send the client's credentials by one method, not two")
	case c.id != "" && c.id != id:
		return c, oauth.NewError(oauth.InvalidRequest, "client_id differs from the Authorization header")
	}
	return credentials{id: id, secret: secret, method: oauth.AuthBasic}, nil
}

// basic reads an Authorization header of scheme Basic whose two parts are
// form-encoded (RFC 6749 section 2.3.1).
func basic(header string) (id, secret string, ok bool) {
	scheme, encoded, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", "", false
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil {
		return "", "", false
	}
	id, secret, found := strings.Cut(string(raw), ":")
	if !found {
		return "", "", false
	}
	id, errID := url.QueryUnescape(id)
	secret, errSecret := url.QueryUnescape(secret)
	if errID != nil || errSecret != nil || id == "" {
		return "", "", false
	}
	return id, secret, true
}

// invalidClient is a 401; it carries a challenge where the Platform takes
// Basic at all (RFC 6749 section 5.2, RFC 9110 section 15.5.2).
func (i *Issuer) invalidClient(description string) *oauth.Error {
	e := oauth.NewError(oauth.InvalidClient, description)
	if i.takes(oauth.AuthBasic) {
		e = e.WithChallenge(oauth.BasicChallenge(i.profile.Title))
	}
	return e
}

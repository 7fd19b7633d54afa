// Package register serves the endpoints at which a client registers itself
// (RFC 7591) and manages that registration (RFC 7592). What may be registered
// is the application package's to judge; this package carries it over HTTP.
//
// # Decisions
//
//   - An update or a deletion does not rotate registration_access_token: a
//     client that lost the answer could never manage itself again.
//   - A wrong token and an unknown client answer the same 401, so that nobody
//     learns which ids exist (RFC 7592 section 2.1).
//   - Where the Platform keeps no more clients, a registration answers 503
//     temporarily_unavailable; RFC 7591 has no word for it.
package register

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// Endpoint is where clients of one Platform register themselves. It is safe
// for concurrent use.
type Endpoint struct{ platform *platform.Platform }

// New makes the endpoint of p.
func New(p *platform.Platform) *Endpoint { return &Endpoint{platform: p} }

// information is the client information response of RFC 7591 section 3.2.1
// with the members of RFC 7592 section 3.
type information struct {
	ClientID string `json:"client_id"`
	Secret   string `json:"client_secret,omitempty"`
	// SecretExpiresAt is there with a secret; 0 is never.
	SecretExpiresAt *int64 `json:"client_secret_expires_at,omitempty"`
	IssuedAt        int64  `json:"client_id_issued_at"` // Unix seconds of the Platform's clock
	Token           string `json:"registration_access_token"`
	URI             string `json:"registration_client_uri"`
	application.Metadata
}

func (o *Endpoint) answer(status int, a application.Application) wire.Answer {
	info := information{
		ClientID: a.ID, Secret: a.Secret, IssuedAt: a.RegisteredAt.Unix(),
		Token: a.ManagementToken, URI: o.platform.Endpoints().Register + "/" + a.ID,
		Metadata: application.MetadataOf(a),
	}
	if a.Secret != "" {
		info.SecretExpiresAt = new(int64)
	}
	return wire.JSON(status, info).Uncached()
}

func (o *Endpoint) registry() *application.Registry { return o.platform.Auth().Applications() }

// Register takes a client in (RFC 7591 section 3.1).
func (o *Endpoint) Register(e *wire.Exchange) wire.Answer {
	if err := o.initial(e); err != nil {
		return refuse(e, err)
	}
	metadata, _, err := metadata(e)
	if err == nil {
		err = o.registry().Judge(metadata)
	}
	if err != nil {
		return refuse(e, err)
	}
	return o.work(e, "", func() wire.Answer {
		a, failure := o.registry().Enroll(e.Now, metadata)
		if failure != nil {
			return refuse(e, protocolError(failure))
		}
		e.Entry.ClientID = a.ID
		status := http.StatusCreated
		if o.platform.Profile().Breaks(deviation.DCRStatus200) {
			status = http.StatusOK
		}
		return o.answer(status, a)
	})
}

// Read shows a client its registration (RFC 7592 section 2.1).
func (o *Endpoint) Read(e *wire.Exchange) wire.Answer {
	a, err := o.managed(e)
	if err != nil {
		return refuse(e, err)
	}
	return o.work(e, a.ID, func() wire.Answer { return o.answer(http.StatusOK, a) })
}

// Replace puts new metadata in place of all the old (RFC 7592 section 2.2).
func (o *Endpoint) Replace(e *wire.Exchange) wire.Answer {
	a, err := o.managed(e)
	if err != nil {
		return refuse(e, err)
	}
	metadata, claim, err := metadata(e)
	if err == nil {
		err = o.registry().JudgeReplacement(a.ID, metadata, claim)
	}
	if err != nil {
		return refuse(e, err)
	}
	return o.work(e, a.ID, func() wire.Answer {
		changed, failure := o.registry().Replace(a.ID, metadata, claim)
		if failure != nil {
			return refuse(e, protocolError(failure))
		}
		return o.answer(http.StatusOK, changed)
	})
}

// Remove forgets the client and ends its grants (RFC 7592 section 2.3).
func (o *Endpoint) Remove(e *wire.Exchange) wire.Answer {
	a, err := o.managed(e)
	if err != nil {
		return refuse(e, err)
	}
	return o.work(e, a.ID, func() wire.Answer {
		if !o.platform.Profile().Breaks(deviation.DCRKeepsClient) {
			o.platform.Auth().Unregister(e.Now, a.ID)
		}
		return wire.Empty(http.StatusNoContent).Uncached()
	})
}

// work is done now that the request proved valid, unless a fault has it
// otherwise.
func (o *Endpoint) work(e *wire.Exchange, client string, do func() wire.Answer) wire.Answer {
	armed, fires := e.Meet(o.platform.Faults(), fault.Request{Endpoint: fault.EndpointRegister, Client: client, Method: e.Method})
	if !fires {
		return do()
	}
	return e.UnderFault(armed, "", do)
}

// initial judges the initial access token, where the profile asks for one (RFC
// 7591 section 3).
func (o *Endpoint) initial(e *wire.Exchange) *oauth.Error {
	wanted := o.platform.Profile().Registration.InitialToken
	if wanted == "" {
		return nil
	}
	token, err := o.bearer(e, "initial_access_token")
	if err != nil {
		return err
	}
	want, got := sha256.Sum256([]byte(wanted)), sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(want[:], got[:]) != 1 {
		return o.invalidToken("the initial access token is not the right one")
	}
	return nil
}

// managed finds the client that the path names and whose registration access
// token the request carries.
func (o *Endpoint) managed(e *wire.Exchange) (application.Application, *oauth.Error) {
	token, err := o.bearer(e, "registration_access_token")
	if err != nil {
		return application.Application{}, err
	}
	a, ok := o.registry().Managed(e.Params["id"], token)
	if !ok {
		return a, o.invalidToken("the registration access token does not belong to this client")
	}
	e.Entry.ClientID = a.ID
	return a, nil
}

// bearer reads the token of the request and notes its fingerprint.
func (o *Endpoint) bearer(e *wire.Exchange, kind string) (string, *oauth.Error) {
	token, present, err := oauth.BearerToken(e.Header.Values("Authorization"))
	switch {
	case err != nil:
		return "", err.WithChallenge(o.challenge(err.Code, err.Description))
	case !present:
		return "", o.platform.Auth().NoToken()
	}
	e.Entry.Presented = map[string]string{kind: o.platform.Journal().Fingerprint(token)}
	return token, nil
}

func (o *Endpoint) invalidToken(description string) *oauth.Error {
	return oauth.NewError(oauth.InvalidToken, description).WithChallenge(o.challenge(oauth.InvalidToken, description))
}

func (o *Endpoint) challenge(code, description string) string {
	return oauth.BearerChallenge{Realm: o.platform.Profile().Title, Error: code, Description: description}.String()
}

// metadata reads the body.
func metadata(e *wire.Exchange) (application.Metadata, application.Claim, *oauth.Error) {
	if !e.Has("application/json") {
		err := oauth.NewError(oauth.InvalidRequest, "send the client metadata as application/json")
		return application.Metadata{}, application.Claim{}, err.WithStatus(http.StatusUnsupportedMediaType)
	}
	return application.ParseMetadata(e.Payload)
}

// protocolError is what a registry's failure becomes on the wire.
func protocolError(failure error) *oauth.Error {
	var err *oauth.Error
	switch {
	case errors.As(failure, &err):
		return err
	case errors.Is(failure, application.ErrTooMany):
		return oauth.NewError(oauth.TemporarilyUnavailable, "this Platform keeps no more clients: delete one first")
	}
	return oauth.NewError(oauth.ServerError, "the Platform could not work on the registration").WithReason(failure.Error())
}

func refuse(e *wire.Exchange, err *oauth.Error) wire.Answer {
	e.Failed(err)
	return wire.OAuthError(err)
}

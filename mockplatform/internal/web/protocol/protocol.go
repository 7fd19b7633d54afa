// Package protocol serves the endpoints that OAuth clients call directly:
// token, revocation, introspection, metadata and keys. It carries the request
// to the issuer and the issuer's outcome into an answer; it judges nothing.
package protocol

import (
	"net/http"
	"net/url"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/issuer"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// Endpoints are those of one Platform. They are safe for concurrent use.
type Endpoints struct{ platform *platform.Platform }

// New makes the endpoints of p.
func New(p *platform.Platform) *Endpoints { return &Endpoints{platform: p} }

// Token is the token endpoint (RFC 6749 section 3.2).
func (o *Endpoints) Token(e *wire.Exchange) wire.Answer {
	outcome := o.platform.Auth().Token(e.Now, request(e), o.before(e))
	if outcome.Fault != nil && outcome.Answer != nil {
		o.platform.Faults().Issued(*outcome.Fault, outcome.Exchange.Issued[oauth.KindAccessToken], e.Now)
	}
	if outcome.Err != nil && o.platform.Profile().Breaks(deviation.TokenErrorPage) {
		if _, err := url.ParseQuery(string(e.Payload)); err != nil {
			return wire.New(http.StatusBadRequest, "text/html; charset=utf-8", []byte("<!doctype html><title>Bad Request</title><h1>Bad Request</h1>"))
		}
	}
	return answer(e, outcome, func(token *issuer.TokenResponse) wire.Answer {
		if g := outcome.Exchange.GrantType; o.platform.Profile().Breaks(deviation.HeadersTokenStored) &&
			(g == string(oauth.AuthorizationCode) || g == string(oauth.RefreshToken)) {
			return wire.JSON(http.StatusOK, token)
		}
		return wire.JSON(http.StatusOK, token).Uncached()
	})
}

// Push takes pushed authorization requests (RFC 9126 section 2).
func (o *Endpoints) Push(e *wire.Exchange) wire.Answer {
	outcome := o.platform.Auth().Push(e.Now, request(e), o.before(e))
	return answer(e, outcome, func(pushed *issuer.Pushed) wire.Answer {
		status := http.StatusCreated
		if o.platform.Profile().Breaks(deviation.PARStatus200) {
			status = http.StatusOK
		}
		return wire.JSON(status, pushed).Uncached()
	})
}

// Revoke is the revocation endpoint (RFC 7009 section 2).
func (o *Endpoints) Revoke(e *wire.Exchange) wire.Answer {
	outcome := o.platform.Auth().Revoke(e.Now, request(e), o.before(e))
	return answer(e, outcome, func(*issuer.Revoked) wire.Answer {
		return wire.Empty(http.StatusOK).Uncached()
	})
}

// Introspect is the introspection endpoint (RFC 7662 section 2).
func (o *Endpoints) Introspect(e *wire.Exchange) wire.Answer {
	outcome := o.platform.Auth().Introspect(e.Now, request(e), o.before(e))
	return answer(e, outcome, func(found *issuer.Introspection) wire.Answer {
		return wire.JSON(http.StatusOK, found).Uncached()
	})
}

// Metadata publishes what clients may learn by discovery (RFC 8414 section 3).
func (o *Endpoints) Metadata(e *wire.Exchange) wire.Answer {
	document, published := o.platform.Auth().Metadata()
	if !published || o.platform.Profile().Breaks(deviation.MetadataNowhere) {
		err := &oauth.Error{Code: "not_found", Status: http.StatusNotFound, Description: "this Platform publishes no metadata"}
		e.Failed(err)
		return wire.OAuthError(err)
	}
	return wire.JSON(http.StatusOK, document).With("Cache-Control", "public, max-age=300")
}

// before asks for faults once a request proved valid.
func (o *Endpoints) before(e *wire.Exchange) issuer.Before {
	return func(r fault.Request) (control.Fault, bool) { return e.Meet(o.platform.Faults(), r) }
}

// JWKS publishes the public keys of access tokens (RFC 7517 section 5). The
// Platform routes here only when there are some.
func (o *Endpoints) JWKS(e *wire.Exchange) wire.Answer {
	set, _ := o.platform.Auth().JWKS(e.Now)
	return wire.JSON(http.StatusOK, set).With("Content-Type", "application/jwk-set+json").With("Cache-Control", "public, max-age=300")
}

func request(e *wire.Exchange) issuer.Request {
	return issuer.Request{
		Method:        e.Method,
		ContentType:   e.Header.Get("Content-Type"),
		RawQuery:      e.URL.RawQuery,
		Body:          e.Payload,
		Authorization: e.Header.Values("Authorization"),
		Exchange:      &e.Entry,
	}
}

// answer writes what became of a request: error or success, and what the fault
// that fired makes of it.
func answer[T any](e *wire.Exchange, outcome issuer.Outcome[T], success func(*T) wire.Answer) wire.Answer {
	normal := func() wire.Answer {
		if outcome.Err != nil {
			return wire.OAuthError(outcome.Err)
		}
		return success(outcome.Answer)
	}
	if outcome.Fault != nil {
		return e.UnderFault(*outcome.Fault, "", normal)
	}
	return normal()
}

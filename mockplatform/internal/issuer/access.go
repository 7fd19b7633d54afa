package issuer

import (
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/keyring"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// newRing makes the keys of the profile's access tokens.
func newRing(cfg Config) (*keyring.Ring, error) {
	a := cfg.Profile.AccessToken
	ring := keyring.Config{
		Alg: a.Alg, Secret: []byte(a.Key), Encrypted: a.Format == "jwe", RFC9068: a.Profile == "rfc9068" && !cfg.Profile.Breaks(deviation.JWTPlainType),
		Issuer: cfg.Issuer, Lifetime: a.Lifetime.Std(), Rand: cfg.Rand,
	}
	if ring.RFC9068 {
		ring.Audience = audience(cfg)
	}
	own, err := keyring.New(ring)
	if err != nil || cfg.ShareKeys == nil {
		return own, err
	}
	exported, err := own.Export()
	if err != nil {
		return nil, err
	}
	if ring.Keys, err = cfg.ShareKeys(exported); err != nil {
		return nil, err
	}
	return keyring.New(ring)
}

// audience is the API, as the claim aud names it: the profile's own word, else
// the address.
func audience(cfg Config) string {
	if own := cfg.Profile.AccessToken.Claims["aud"]; own != "" {
		return own
	}
	if cfg.Audience != "" {
		return cfg.Audience
	}
	return cfg.Issuer
}

// accessValue makes an access token in the profile's format. Signed ones live
// in whole seconds, since their claims do, and differ by jti (RFC 7519 section
// 4.1.7) even within one second.
func (i *Issuer) accessValue(t *tokenRequest) (value string, expires time.Time, err error) {
	lifetime := fault.Lifetime(t.fault, i.profile.AccessToken.Lifetime.Std())
	if i.keys == nil {
		value, err = i.tokenValue()
		return value, t.now.Add(lifetime), err
	}
	id, err := token.UUID(i.random)
	if err != nil {
		return "", time.Time{}, err
	}
	issued := t.now.Truncate(time.Second)
	expires = issued.Add(lifetime)
	value, err = i.keys.Sign(id, issued, expires, i.claims(t))
	return value, expires, err
}

// claims are the profile's, and those by which a resource server recognises the
// caller where tokens follow RFC 9068 (section 2.2) or the API reads them alone.
func (i *Issuer) claims(t *tokenRequest) map[string]string {
	a := i.profile.AccessToken
	all := a.ClaimsFor(t.customer, t.app.ID, t.scope.String())
	if a.Profile == "rfc9068" {
		all["aud"] = i.audience
	}
	if a.Profile == "rfc9068" || i.profile.ResourceServer.Validation == "local" {
		all["client_id"], all["sub"] = t.app.ID, t.app.ID
		if t.customer.Username != "" {
			all["sub"] = t.customer.Username
		}
		if len(t.scope) > 0 {
			all["scope"] = t.scope.String()
		}
	}
	if i.profile.Breaks(deviation.JWTDropCookey) {
		delete(all, "cookey")
	}
	return all
}

// JWKS are the public keys of access tokens (RFC 7517); ok is false when there
// is nothing to publish.
func (i *Issuer) JWKS(now time.Time) (set jose.JSONWebKeySet, ok bool) {
	if !i.profile.AccessToken.Published() {
		return set, false
	}
	return i.keys.Public(now), true
}

// ErrNoKeys is why opaque tokens' keys do not rotate.
var ErrNoKeys = errors.New("opaque access tokens have no keys")

// AdoptKeys takes over what RotateKey told in another process that issues for
// the same Platform.
func (i *Issuer) AdoptKeys(exported []byte) error {
	if i.keys == nil {
		return ErrNoKeys
	}
	return i.keys.Adopt(exported)
}

// RotateKey lets a new key sign access tokens from now on and answers its id.
// What the old one signed stays valid until it expires. tell and the errors are
// those of keyring.Rotate, and ErrNoKeys.
func (i *Issuer) RotateKey(now time.Time, tell func(id string, exported []byte)) (id string, err error) {
	if i.keys == nil {
		return "", ErrNoKeys
	}
	return i.keys.Rotate(now, tell)
}

package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

var keySteps = []definition{
	given(`the platform has rotated its signing key`, (*world).keyRotated),

	then(`the access token is signed with ([A-Z][A-Za-z]+[0-9]*) by a key that the platform publishes`, (*world).signedByPublished),
	then(`the access tokens so far are signed by {number} different keys`, (*world).signedByKeys),
	then(`the access token has the type at\+jwt and the claims of RFC 9068`, (*world).isProfiled),
	then(`nobody but the platform can read the access token`, (*world).isEncrypted),
}

func (w *world) keyRotated(ctx context.Context) error {
	p, err := w.platform(ctx, "")
	if err != nil {
		return err
	}
	if _, err := p.control.RotateKey(ctx, p.Name); err != nil {
		return fmt.Errorf("rotating the key of the %s platform: %w", p.profile, err)
	}
	return nil
}

// published fetches the key of a kid from the platform's JWK Set (RFC 7517).
func (c *oauthClient) published(ctx context.Context, kid string) (jose.JSONWebKey, error) {
	r, err := newRequest(ctx, http.MethodGet, c.platform.Endpoints.JWKS, nil)
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	a, err := send(c.http, r)
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(a.Body, &set); err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("the JWK Set: %w (%s)", err, a)
	}
	for _, key := range set.Keys {
		if !key.IsPublic() {
			return jose.JSONWebKey{}, fmt.Errorf("the JWK Set gives the private key %s away", key.KeyID)
		}
	}
	found := set.Key(kid)
	if len(found) != 1 {
		return jose.JSONWebKey{}, fmt.Errorf("expected one published key %s, got %d", kid, len(found))
	}
	return found[0], nil
}

// everyAlgorithm is what a signature may be made with; which one is asked for
// is compared apart.
var everyAlgorithm = []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.EdDSA}

// verify checks an access token's signature with the platform's published key
// and answers the token's header.
func (c *oauthClient) verify(ctx context.Context, token string) (jose.Header, error) {
	signed, err := jose.ParseSignedCompact(token, everyAlgorithm)
	if err != nil {
		return jose.Header{}, fmt.Errorf("the access token: %w", err)
	}
	header := signed.Signatures[0].Protected
	key, err := c.published(ctx, header.KeyID)
	if err != nil {
		return header, err
	}
	if key.Algorithm != header.Algorithm || key.Use != "sig" {
		return header, fmt.Errorf("the key %s is published for %s and %q, the token is signed with %s", key.KeyID, key.Algorithm, key.Use, header.Algorithm)
	}
	if _, err := signed.Verify(key); err != nil {
		return header, fmt.Errorf("the access token's signature does not fit the key %s: %w", header.KeyID, err)
	}
	return header, nil
}

func (w *world) signedByPublished(ctx context.Context, algorithm string) error {
	header, err := w.client.verify(ctx, w.client.newest().access)
	if err != nil {
		return err
	}
	return expectEqual("alg", header.Algorithm, algorithm)
}

func (w *world) signedByKeys(ctx context.Context, want int) error {
	var keys []string
	for _, pair := range w.client.tokens {
		header, err := w.client.verify(ctx, pair.access)
		if err != nil {
			return err
		}
		if !slices.Contains(keys, header.KeyID) {
			keys = append(keys, header.KeyID)
		}
	}
	return expectEqual("the number of keys", len(keys), want)
}

func (w *world) isProfiled(context.Context) error {
	t, err := parseJWT(w.client.newest().access)
	if err != nil {
		return err
	}
	if err := expectEqual("typ", t.Header["typ"], any("at+jwt")); err != nil {
		return err
	}
	for _, claim := range []string{"iss", "exp", "aud", "sub", "client_id", "iat", "jti"} {
		if t.Claims[claim] == nil {
			return fmt.Errorf("expected the claim %s (RFC 9068 section 2.2), got none", claim)
		}
	}
	if err := expectEqual("iss", t.text("iss"), w.client.platform.Issuer); err != nil {
		return err
	}
	if err := expectEqual("client_id", t.text("client_id"), w.client.id); err != nil {
		return err
	}
	life := time.Duration(t.number("exp")-t.number("iat")) * time.Second
	return expectEqual("the time between iat and exp", life, factsOf[w.client.platform.profile].access)
}

func (w *world) isEncrypted(context.Context) error {
	token := w.client.newest().access
	if _, err := jose.ParseEncryptedCompact(token, []jose.KeyAlgorithm{jose.RSA_OAEP_256}, []jose.ContentEncryption{jose.A256GCM}); err != nil {
		return fmt.Errorf("the access token: %w", err)
	}
	if _, err := parseJWT(token); err == nil {
		return errors.New("expected a token of five parts, got a readable one")
	}
	return nil
}

// Package keyring makes and reads signed access tokens (RFC 7519) and holds
// the keys for it. A token may be wrapped for the resource server alone (RFC
// 7516), and have the form of RFC 9068.
//
// One key signs at a time. Rotate puts another in its place; the public half of
// the old one stays published and trusted for as long as a token that it signed
// can live. The package knows no HTTP, no customers and no clock.
//
// # Decisions
//
//   - One library for all algorithms: go-jose. golang-jwt does not encrypt.
//   - The key that opens encrypted tokens is the resource server's. It is never
//     published, since clients have nothing to encrypt, and Rotate leaves it.
//   - Beyond maxKeys a rotation is refused rather than an old key forgotten:
//     forgetting would end tokens that are still good.
//   - Keys are made when the ring is, so that a lack shows at once. An RSA key
//     takes a tenth of a second or more, the others some microseconds.
package keyring

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	// maxKeys bounds the published keys.
	maxKeys = 16
	// rsaBits is what RFC 7518 sections 3.3 and 4.3 ask at least.
	rsaBits = 2048
	// secretBytes is the length of a made HS256 key (RFC 7518 section 3.2).
	secretBytes = 32
)

// Config says what tokens a Ring makes.
type Config struct {
	Alg       string        // HS256, RS256, ES256, EdDSA (RFC 7518 section 3.1, RFC 8037)
	Secret    []byte        // for HS256, 32 bytes or more; nil has one made
	Encrypted bool          // wrap each token with RSA-OAEP-256 and A256GCM
	RFC9068   bool          // header typ at+jwt, demanded when read
	Issuer    string        // claim iss, demanded when read
	Audience  string        // demanded among aud when read; "" demands none
	Lifetime  time.Duration // how long a token lives at most
	Rand      io.Reader     // for HS256 and EdDSA keys; nil: crypto/rand
}

// Ring makes and reads tokens. It is safe for concurrent use.
type Ring struct {
	cfg       Config
	alg       jose.SignatureAlgorithm
	unwrap    *rsa.PrivateKey // nil unless encrypted
	encrypter jose.Encrypter  // nil unless encrypted

	rotating sync.Mutex
	state    atomic.Pointer[state]
}

// state is replaced as a whole.
type state struct {
	signer jose.Signer
	keys   []key // the newest, which signs, first
}

// key is what a token's signature is checked with.
type key struct {
	id        string // "" for HS256
	verify    any    // public key, or the secret of HS256
	retiredAt time.Time
}

// New makes a ring with its first key.
func New(cfg Config) (*Ring, error) {
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	r := &Ring{cfg: cfg, alg: jose.SignatureAlgorithm(cfg.Alg)}
	if cfg.Encrypted {
		if err := r.wrap(); err != nil {
			return nil, err
		}
	}
	first, signer, err := r.make()
	if err != nil {
		return nil, err
	}
	r.state.Store(&state{signer, []key{first}})
	return r, nil
}

// make makes a key and what signs with it.
func (r *Ring) make() (key, jose.Signer, error) {
	private, public, err := r.material()
	if err != nil {
		return key{}, nil, fmt.Errorf("no %s key: %w", r.cfg.Alg, err)
	}
	made := key{verify: public}
	signing := jose.SigningKey{Algorithm: r.alg, Key: private}
	if r.alg != jose.HS256 {
		sum, err := (&jose.JSONWebKey{Key: public}).Thumbprint(crypto.SHA256) // RFC 7638
		if err != nil {
			return key{}, nil, fmt.Errorf("no id for a key: %w", err)
		}
		made.id = base64.RawURLEncoding.EncodeToString(sum)
		signing.Key = jose.JSONWebKey{Key: private, KeyID: made.id}
	}
	signer, err := jose.NewSigner(signing, (&jose.SignerOptions{}).WithType(r.typ()))
	return made, signer, err
}

func (r *Ring) typ() jose.ContentType {
	if r.cfg.RFC9068 {
		return "at+jwt"
	}
	return "JWT"
}

func (r *Ring) material() (private, public any, err error) {
	switch r.alg {
	case jose.HS256:
		secret := r.cfg.Secret
		if len(secret) == 0 {
			secret = make([]byte, secretBytes)
			_, err = io.ReadFull(r.cfg.Rand, secret)
		}
		return secret, secret, err
	case jose.EdDSA:
		seed := make([]byte, ed25519.SeedSize)
		if _, err = io.ReadFull(r.cfg.Rand, seed); err != nil {
			return nil, nil, err
		}
		k := ed25519.NewKeyFromSeed(seed)
		return k, k.Public(), nil
	case jose.ES256:
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, nil, err
		}
		return k, k.Public(), nil
	case jose.RS256:
		k, err := rsa.GenerateKey(rand.Reader, rsaBits)
		if err != nil {
			return nil, nil, err
		}
		return k, k.Public(), nil
	}
	return nil, nil, errors.New("the algorithm is none of HS256, RS256, ES256 and EdDSA")
}

// wrap makes the resource server's key.
func (r *Ring) wrap() (err error) {
	if r.unwrap, err = rsa.GenerateKey(rand.Reader, rsaBits); err != nil {
		return fmt.Errorf("no key for encrypted tokens: %w", err)
	}
	r.encrypter, err = jose.NewEncrypter(jose.A256GCM,
		jose.Recipient{Algorithm: jose.RSA_OAEP_256, Key: r.unwrap.Public()},
		(&jose.EncrypterOptions{}).WithContentType("JWT")) // RFC 7519 section 5.2
	return err
}

// Published reports whether there are public keys to show: not with HS256.
func (r *Ring) Published() bool { return r.alg != jose.HS256 }

// Public is the JWK Set (RFC 7517 section 5) of the keys with which tokens that
// may live at now are checked, the newest first. It is empty for HS256.
func (r *Ring) Public(now time.Time) jose.JSONWebKeySet {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	if !r.Published() {
		return set
	}
	for _, k := range r.needed(now) {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: k.verify, KeyID: k.id, Algorithm: r.cfg.Alg, Use: "sig"})
	}
	return set
}

// needed are the keys that may have signed a token which lives at now.
func (r *Ring) needed(now time.Time) []key {
	var out []key
	for _, k := range r.state.Load().keys {
		if k.retiredAt.IsZero() || now.Before(k.retiredAt.Add(r.cfg.Lifetime)) {
			out = append(out, k)
		}
	}
	return out
}

// ErrSecret is why HS256 does not rotate.
var ErrSecret = errors.New("HS256 has one key, which nobody publishes")

// ErrFull is why a ring does not rotate for the time being.
var ErrFull = fmt.Errorf("%d keys still stand for tokens that live", maxKeys)

// Rotate lets a new key sign from now on and answers its id. The error is
// ErrSecret, ErrFull, or a lack of randomness.
func (r *Ring) Rotate(now time.Time) (id string, err error) {
	if !r.Published() {
		return "", ErrSecret
	}
	r.rotating.Lock()
	defer r.rotating.Unlock()
	old := r.needed(now)
	if len(old) >= maxKeys {
		return "", ErrFull
	}
	next, signer, err := r.make()
	if err != nil {
		return "", err
	}
	old[0].retiredAt = now // needed answers a copy
	r.state.Store(&state{signer, append([]key{next}, old...)})
	return next.id, nil
}

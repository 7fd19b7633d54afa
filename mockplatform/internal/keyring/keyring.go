// Package keyring makes and reads signed access tokens (RFC 7519) and holds
// the keys for it. A token may be wrapped for the resource server alone (RFC
// 7516), and have the form of RFC 9068.
//
// One key signs at a time. Rotate puts another in its place; the public half of
// the old one stays published and trusted for as long as a token that it signed
// can live. Processes that issue for one Platform share its keys by Export and
// Adopt. The package knows no HTTP, no customers and no clock.
//
// # Decisions
//
//   - One library for all algorithms: go-jose. golang-jwt does not encrypt. Only
//     signing is our own (2026-11): with the library a token took 143 allocations
//     instead of 82, mostly for a header that is always the same.
//   - The key that opens encrypted tokens is the resource server's. It is never
//     published, since clients have nothing to encrypt, and Rotate leaves it.
//   - Beyond maxKeys a rotation is refused rather than an old key forgotten:
//     forgetting would end tokens that are still good.
//   - RSA keys take a tenth of a second or more each, so that they are made when
//     the first token is signed or read, or somebody looks at the public ones
//     (2026-11): most Platforms that a test creates never get that far. All other
//     keys take some microseconds and are made with the ring, so that a seeded
//     Rand is read in a fixed order.
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
	"slices"
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
	Keys      []byte        // what another ring with this Config exported; nil has a key made
}

// Ring makes and reads tokens. It is safe for concurrent use.
type Ring struct {
	cfg    Config
	alg    jose.SignatureAlgorithm
	opener func() *opener // of encrypted tokens; makes it at the first call

	first    func() // sees to it that there are keys; call all
	changing sync.Mutex
	keys     atomic.Pointer[[]key] // the newest, which signs, first; replaced as a whole
}

// opener encrypts tokens for the resource server, and opens them.
type opener struct {
	private   *rsa.PrivateKey
	encrypter jose.Encrypter
}

// key makes and checks signatures. Once another is born it only checks.
type key struct {
	id      string // "" for HS256
	bornAt  time.Time
	private any // what signs; the secret of HS256
	verify  any // public key; the secret of HS256
	signer  *signer
}

// New makes a ring; its RSA keys are made when they are needed first.
func New(cfg Config) (*Ring, error) {
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	r := &Ring{cfg: cfg, alg: jose.SignatureAlgorithm(cfg.Alg), first: func() {}}
	if cfg.Keys != nil {
		if err := r.take(cfg.Keys); err != nil {
			return nil, err
		}
		return r, nil
	}
	r.opener = sync.OnceValue(func() *opener {
		private, err := rsa.GenerateKey(rand.Reader, rsaBits)
		if err != nil {
			panic(fmt.Errorf("no key for encrypted tokens: %w", err)) // the system's randomness never ends
		}
		return openerOf(private)
	})
	if r.alg == jose.RS256 {
		r.first = sync.OnceFunc(func() {
			if err := r.begin(); err != nil {
				panic(err) // as above
			}
		})
		return r, nil
	}
	if err := r.begin(); err != nil {
		return nil, err
	}
	return r, nil
}

// begin makes the first key.
func (r *Ring) begin() error {
	first, err := r.make(time.Time{})
	if err == nil {
		r.keys.Store(&[]key{first})
	}
	return err
}

// all are the keys, the newest first.
func (r *Ring) all() []key {
	r.first()
	return *r.keys.Load()
}

// make makes a key.
func (r *Ring) make(now time.Time) (key, error) {
	private, err := r.material()
	if err != nil {
		return key{}, fmt.Errorf("no %s key: %w", r.cfg.Alg, err)
	}
	return r.key(private, now)
}

// key puts together what a private key, or the secret of HS256, is used with.
func (r *Ring) key(private any, bornAt time.Time) (key, error) {
	k := key{private: private, verify: private, bornAt: bornAt}
	if pair, is := private.(crypto.Signer); is {
		k.verify = pair.Public()
		sum, err := (&jose.JSONWebKey{Key: k.verify}).Thumbprint(crypto.SHA256) // RFC 7638
		if err != nil {
			return key{}, fmt.Errorf("no id for a key: %w", err)
		}
		k.id = base64.RawURLEncoding.EncodeToString(sum)
	}
	var err error
	k.signer, err = newSigner(r.alg, private, k.id, r.typ())
	return k, err
}

func (r *Ring) typ() string {
	if r.cfg.RFC9068 {
		return "at+jwt"
	}
	return "JWT"
}

func (r *Ring) material() (private any, err error) {
	switch r.alg {
	case jose.HS256:
		secret := r.cfg.Secret
		if len(secret) == 0 {
			secret = make([]byte, secretBytes)
			_, err = io.ReadFull(r.cfg.Rand, secret)
		}
		return secret, err
	case jose.EdDSA:
		seed := make([]byte, ed25519.SeedSize)
		if _, err = io.ReadFull(r.cfg.Rand, seed); err != nil {
			return nil, err
		}
		return ed25519.NewKeyFromSeed(seed), nil
	case jose.ES256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.RS256:
		return rsa.GenerateKey(rand.Reader, rsaBits)
	}
	return nil, errors.New("the algorithm is none of HS256, RS256, ES256 and EdDSA")
}

// openerOf puts together what the resource server's key is used with.
func openerOf(private *rsa.PrivateKey) *opener {
	encrypter, err := jose.NewEncrypter(jose.A256GCM,
		jose.Recipient{Algorithm: jose.RSA_OAEP_256, Key: private.Public()},
		(&jose.EncrypterOptions{}).WithContentType("JWT")) // RFC 7519 section 5.2
	if err != nil {
		panic(err) // the algorithms are fixed and fit the key
	}
	return &opener{private, encrypter}
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

// needed are the keys that may have signed a token which lives at now: each but
// the newest stopped signing when the next was born.
func (r *Ring) needed(now time.Time) []key {
	keys := r.all()
	for n := 1; n < len(keys); n++ {
		if !now.Before(keys[n-1].bornAt.Add(r.cfg.Lifetime)) {
			return slices.Clip(keys[:n]) // those that follow are older still
		}
	}
	return slices.Clip(keys)
}

// ErrSecret is why HS256 does not rotate.
var ErrSecret = errors.New("HS256 has one key, which nobody publishes")

// ErrFull is why a ring does not rotate for the time being.
var ErrFull = fmt.Errorf("%d keys still stand for tokens that live", maxKeys)

// Rotate lets a new key sign from now on and answers its id. Before anything is
// signed with it, tell hears what the ring exports then, so that other
// processes can Adopt it; nil when there are none. The error is ErrSecret,
// ErrFull, or a lack of randomness.
func (r *Ring) Rotate(now time.Time, tell func(id string, exported []byte)) (id string, err error) {
	if !r.Published() {
		return "", ErrSecret
	}
	r.changing.Lock()
	defer r.changing.Unlock()
	old := r.needed(now)
	if len(old) >= maxKeys {
		return "", ErrFull
	}
	next, err := r.make(now)
	if err != nil {
		return "", err
	}
	all := append([]key{next}, old...)
	if tell != nil {
		exported, err := r.export(all)
		if err != nil {
			return "", err
		}
		tell(next.id, exported)
	}
	r.keys.Store(&all)
	return next.id, nil
}

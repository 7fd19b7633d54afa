package keyring

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"
)

// signer makes compact JWS (RFC 7515 section 7.1) with one key. The library
// would write the same header anew, by reflection, for each token.
type signer struct {
	header    string // encoded, the dot behind it included
	signature func(input []byte) ([]byte, error)
}

// newSigner takes the private key of alg, or the secret of HS256, whose id is "".
func newSigner(alg jose.SignatureAlgorithm, private any, id, typ string) (*signer, error) {
	signature, err := signature(alg, private)
	if err != nil {
		return nil, err
	}
	header, err := json.Marshal(struct {
		Alg string `json:"alg"`
		Kid string `json:"kid,omitempty"`
		Typ string `json:"typ"`
	}{string(alg), id, typ})
	return &signer{base64.RawURLEncoding.EncodeToString(header) + ".", signature}, err
}

// sign answers a token with this payload.
func (s *signer) sign(payload []byte) (string, error) {
	const usualSignature = 96 // of ES256 and EdDSA, encoded and with its dot
	token := make([]byte, 0, len(s.header)+base64.RawURLEncoding.EncodedLen(len(payload))+usualSignature)
	token = base64.RawURLEncoding.AppendEncode(append(token, s.header...), payload)
	signature, err := s.signature(token)
	if err != nil {
		return "", fmt.Errorf("no signature: %w", err)
	}
	return string(base64.RawURLEncoding.AppendEncode(append(token, '.'), signature)), nil
}

// signature is how alg signs with a key (RFC 7518 section 3, RFC 8037 section 3.1).
func signature(alg jose.SignatureAlgorithm, private any) (func(input []byte) ([]byte, error), error) {
	switch key := private.(type) {
	case []byte:
		if alg == jose.HS256 && len(key) >= secretBytes {
			return func(input []byte) ([]byte, error) {
				mac := hmac.New(sha256.New, key)
				mac.Write(input)
				return mac.Sum(nil), nil
			}, nil
		}
	case *rsa.PrivateKey:
		if alg == jose.RS256 {
			return func(input []byte) ([]byte, error) {
				digest := sha256.Sum256(input)
				return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
			}, nil
		}
	case *ecdsa.PrivateKey:
		if alg == jose.ES256 {
			return func(input []byte) ([]byte, error) {
				digest := sha256.Sum256(input)
				r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
				if err != nil {
					return nil, err
				}
				both := make([]byte, 64) // RFC 7518 section 3.4: two numbers of one length
				r.FillBytes(both[:32])
				s.FillBytes(both[32:])
				return both, nil
			}, nil
		}
	case ed25519.PrivateKey:
		if alg == jose.EdDSA {
			return func(input []byte) ([]byte, error) { return ed25519.Sign(key, input), nil }, nil
		}
	}
	return nil, errors.New("the key does not fit the algorithm " + string(alg))
}

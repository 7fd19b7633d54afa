package token

import (
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Signer makes and checks signed access tokens (RFC 7519) with HS256 and one
// key. It is safe for concurrent use.
type Signer struct {
	key    []byte
	issuer string
}

// NewSigner keeps the key, 32 bytes or more (RFC 7518 section 3.2), and the
// issuer that every token names.
func NewSigner(key []byte, issuer string) *Signer {
	return &Signer{key: append([]byte(nil), key...), issuer: issuer}
}

// Sign makes a token of id with the given claims, issued and expiring at whole
// seconds. iss, iat, exp and jti are added and win over claims of that name.
func (s *Signer) Sign(id string, issued, expires time.Time, claims map[string]string) (string, error) {
	all := make(jwt.MapClaims, len(claims)+4)
	for name, value := range claims {
		all[name] = value
	}
	all["iss"], all["jti"] = s.issuer, id
	all["iat"], all["exp"] = issued.Unix(), expires.Unix()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, all).SignedString(s.key)
}

// Verify checks algorithm, signature, issuer and expiry at now (RFC 8725
// section 3.1). The error never holds the token.
func (s *Signer) Verify(value string, now time.Time) error {
	_, err := jwt.ParseWithClaims(value, jwt.MapClaims{},
		func(*jwt.Token) (any, error) { return s.key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithTimeFunc(func() time.Time { return now }),
		jwt.WithIssuer(s.issuer), jwt.WithExpirationRequired())
	return err
}

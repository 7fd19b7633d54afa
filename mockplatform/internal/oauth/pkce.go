package oauth

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// MethodS256 is the only code challenge method the Platform accepts (RFC 7636
// section 4.2; RFC 9700 section 2.1.1 advises against plain).
const MethodS256 = "S256"

// challengeLength is the length of an unpadded base64url SHA-256 sum.
const challengeLength = 43

// ValidChallenge reports whether c can be an S256 code challenge: 43
// characters of base64url without padding (RFC 7636 section 4.2).
func ValidChallenge(c string) bool {
	if len(c) != challengeLength {
		return false
	}
	for i := range len(c) {
		if !unreserved(c[i]) || c[i] == '.' || c[i] == '~' {
			return false
		}
	}
	return true
}

// ValidVerifier reports whether v has the form of a code verifier: 43 to 128
// unreserved characters (RFC 7636 section 4.1).
func ValidVerifier(v string) bool {
	if len(v) < 43 || len(v) > 128 {
		return false
	}
	for i := range len(v) {
		if !unreserved(v[i]) {
			return false
		}
	}
	return true
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

// S256 is the code challenge of a verifier (RFC 7636 section 4.2).
func S256(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// VerifyS256 reports whether verifier is well formed and fits challenge (RFC
// 7636 section 4.6). An empty challenge or verifier never fits.
func VerifyS256(challenge, verifier string) bool {
	if challenge == "" || !ValidVerifier(verifier) {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(S256(verifier)), []byte(challenge)) == 1
}

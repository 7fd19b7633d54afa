package issuer

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
)

// gullible believes a signed token's claims without its signature, where the
// profile has that defect on purpose: one of the algorithm none, or one that
// names the right algorithm and has a signature of whatever value.
func (i *Issuer) gullible(now time.Time, value string) (Access, bool) {
	none, unverified := i.profile.Breaks(deviation.JWTNone), i.profile.Breaks(deviation.JWTUnverified)
	if !none && !unverified {
		return Access{}, false
	}
	parts := strings.Split(value, ".")
	if _, issued := i.store.Access(value); issued || len(parts) != 3 { // genuine ones are judged as ever
		return Access{}, false
	}
	var header struct {
		Alg string `json:"alg"`
	}
	var claims struct {
		Issuer  string `json:"iss"`
		Subject string `json:"sub"`
		Expires int64  `json:"exp"`
	}
	if !readPart(parts[0], &header) || !readPart(parts[1], &claims) {
		return Access{}, false
	}
	const signature = 43 // characters of one by HS256: a token that was cut short is still refused
	switch {
	case none && strings.EqualFold(header.Alg, "none"):
	case unverified && header.Alg == i.profile.AccessToken.Alg && len(parts[2]) == signature:
	default:
		return Access{}, false
	}
	customer, known := i.profile.CustomerByUsername(claims.Subject)
	expires := time.Unix(claims.Expires, 0)
	if !known || claims.Issuer != i.issuer || !now.Before(expires) {
		return Access{}, false
	}
	return Access{Customer: customer.Key, Scope: i.allScopes, ExpiresAt: expires}, true
}

// readPart reads one part of a token in the compact form.
func readPart(part string, into any) bool {
	document, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(document, into) == nil
}

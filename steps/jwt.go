package steps

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// jwt is an access token taken apart, unverified: the harness only reads it.
type jwt struct {
	Header, Claims map[string]any
	parts          []string
}

// parseJWT takes a compact JWS (RFC 7515 section 3.1) apart.
func parseJWT(token string) (jwt, error) {
	t := jwt{parts: strings.Split(token, ".")}
	if len(t.parts) != 3 {
		return t, fmt.Errorf("expected a JWT of three parts, got %d", len(t.parts))
	}
	for i, into := range []*map[string]any{&t.Header, &t.Claims} {
		document, err := base64.RawURLEncoding.DecodeString(t.parts[i])
		if err != nil {
			return t, fmt.Errorf("part %d of the JWT: %w", i+1, err)
		}
		if err := json.Unmarshal(document, into); err != nil {
			return t, fmt.Errorf("part %d of the JWT: %w", i+1, err)
		}
	}
	return t, nil
}

// text is a claim that is a string, else "".
func (t jwt) text(claim string) string {
	s, _ := t.Claims[claim].(string)
	return s
}

// number is a claim that is a number, else 0.
func (t jwt) number(claim string) float64 {
	n, _ := t.Claims[claim].(float64)
	return n
}

// forge changes a JWT without its key.
func forge(token string, how credential) (string, error) {
	t, err := parseJWT(token)
	if err != nil {
		return "", err
	}
	switch how {
	case "its access token with alg none":
		t.Header["alg"] = "none"
		t.parts[2] = ""
	case "its access token made Oskar's":
		for _, claim := range []string{"sub", "email"} {
			t.Claims[claim] = "oskar@example.test"
		}
	case "its access token without signature":
		t.parts[2] = ""
	}
	for i, part := range []map[string]any{t.Header, t.Claims} {
		document, err := json.Marshal(part)
		if err != nil {
			return "", err
		}
		t.parts[i] = base64.RawURLEncoding.EncodeToString(document)
	}
	return strings.Join(t.parts, "."), nil
}

package exchange

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// readClaims decodes what is readable of signed tokens in the answer.
func (e *Exchange) readClaims() {
	for _, member := range []string{"access_token", "id_token"} {
		if text := claims(e.Text(member)); text != "" {
			if e.Claims == nil {
				e.Claims = map[string]string{}
			}
			e.Claims[member] = text
		}
	}
}

// claims is the header and the payload of a JWT (RFC 7519), "" for any other
// token.
func claims(token string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return ""
	}
	var shown []string
	for _, part := range parts[:2] {
		raw, err := base64.RawURLEncoding.DecodeString(part)
		var indented bytes.Buffer
		if err != nil || json.Indent(&indented, raw, "", "  ") != nil {
			return ""
		}
		shown = append(shown, indented.String())
	}
	return strings.Join(shown, "\n")
}

package steps

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// hide writes a text in the ways that a database might.
func hide(text string) []string {
	return []string{
		text,
		hex.EncodeToString([]byte(text)),
		strings.ToUpper(hex.EncodeToString([]byte(text))),
		base64.StdEncoding.EncodeToString([]byte(text)),
		base64.RawURLEncoding.EncodeToString([]byte(text)),
	}
}

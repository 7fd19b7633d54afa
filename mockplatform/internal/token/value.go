package token

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
)

// Opaque makes a value of 256 random bits, 43 characters of base64url (RFC
// 6749 section 10.10 asks for 160 bits).
func Opaque(random io.Reader) (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("no randomness for a token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// Hex32 makes a value of 128 random bits, 32 hex digits, as S004 documents its
// refresh tokens.
func Hex32(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("no randomness for a token: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}

// UUID makes a random UUID (RFC 9562, version 4).
func UUID(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("no randomness for an id: %w", err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:], nil
}

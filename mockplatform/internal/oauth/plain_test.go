package oauth

import (
	"strings"
	"testing"
)

// Words and small numbers are plain, whatever looks random is not.
func TestPlain(t *testing.T) {
	for _, text := range []string{
		"", "authorization_code", "ads.read ads.write", "/mint/oauth2/token", "S256", "service-mint", "c-101", "2026-11-14",
		"http://127.0.0.1:9500/oauth/callback", "the code was used before: its tokens are revoked", "RFC 6749 section 4.1.3",
		"Bearer", "GET", "maya@example.test", "urn:ietf:params:oauth:grant-type:device_code", "a%20b", "Würzburg",
	} {
		if !Plain(text) {
			t.Errorf("%q is taken for a secret", text)
		}
	}
	for _, text := range []string{
		"CANARY-7f3a", "7f3a9d0c", "d41d8cd98f00b204e9800998ecf8427e", "eyJhbGciOiJIUzI1NiJ9.e30.sig", "xY", "hunter2x",
		"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "12345678", "/mint/q7Zk/x", "scope q7Zk is unknown",
		strings.Repeat("a", 25), "550e8400-e29b-41d4-a716-446655440000", "%71%37Zk", "a%zz", "a%2525b", "p4ssw0rd",
	} {
		if Plain(text) {
			t.Errorf("%q passes as words", text)
		}
	}
}

// An error repeats words, not what could be a secret.
func TestEcho(t *testing.T) {
	for text, want := range map[string]string{
		"ads.delete": "ads.delete", "/mint/q7Zk/x": "/mint/[redacted]/x", "ü\"x": "??x",
		strings.Repeat("ab ", 100): strings.Repeat("ab ", 26) + "ab",
	} {
		if got := Echo(text); got != want {
			t.Errorf("%q is repeated as %q, want %q", text, got, want)
		}
	}
}

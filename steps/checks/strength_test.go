package checks

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"testing"
)

// TestStrength: what can be told of samples, and what must not be held against
// good ones.
func TestStrength(t *testing.T) {
	draw := func(n int, one func(i int) string) (all []string) {
		for i := range n {
			all = append(all, one(i))
		}
		return all
	}
	sum := func(i int) []byte { s := sha256.Sum256([]byte{byte(i)}); return s[:] }
	for name, c := range map[string]struct {
		samples  []string
		min, max float64
		flaw     bool
	}{
		"256 bits, base64url":     {draw(50, func(i int) string { return base64.RawURLEncoding.EncodeToString(sum(i)) }), 252, 258, false},
		"128 bits, hexadecimal":   {draw(50, func(i int) string { return hex.EncodeToString(sum(i)[:16]) }), 128, 128, false},
		"five of them":            {draw(5, func(i int) string { return hex.EncodeToString(sum(i)[:16]) }), 128, 128, false},
		"behind a prefix":         {draw(50, func(i int) string { return "code_live_v2_" + hex.EncodeToString(sum(i)[:8]) }), 1, 127, false},
		"base32":                  {draw(50, func(int) string { return rand.Text() }), 130, 130, false},
		"a counter":               {draw(50, func(i int) string { return fmt.Sprint(1000 + i) }), 0, 0, true},
		"a long counter, a few":   {draw(5, func(i int) string { return fmt.Sprintf("%040d", 1000+i) }), 1, 10, false},
		"a counter gone one up":   {draw(50, func(i int) string { return fmt.Sprint(95 + i) }), 0, 0, true},
		"a clock with a tail":     {draw(50, func(i int) string { return fmt.Sprintf("%d", 1763790000000000000+i*12345) }), 0, 0, true},
		"short":                   {draw(50, func(i int) string { return hex.EncodeToString(sum(i)[:4]) }), 32, 32, false},
		"one of them given twice": {[]string{"a1b2", "c3d4", "a1b2"}, 0, 0, true},
	} {
		bits, flaw := strength(c.samples)
		if bits < c.min || bits > c.max || (flaw != "") != c.flaw {
			t.Errorf("%s: %.1f bits, flaw %q; want %.0f to %.0f, %v", name, bits, flaw, c.min, c.max, c.flaw)
		}
	}
}

func TestSigned(t *testing.T) {
	for token, want := range map[string]bool{
		"eyJhbGciOiJSUzI1NiJ9.e30.c2ln": true, "abc.def.ghi": false, "opaque": false, "": false,
		"eyJ4IjoxfQ.e30.c2ln": false,
	} {
		if got := signed(token); got != want {
			t.Errorf("%q: %v", token, got)
		}
	}
}

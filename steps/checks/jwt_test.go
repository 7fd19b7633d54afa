package checks

import "testing"

// TestGuess: the example of RFC 7515 appendix A.1 has a random key; the same
// claims signed with a word are found out.
func TestGuess(t *testing.T) {
	w := webToken{header: map[string]any{"alg": "HS256"}, claims: map[string]any{"sub": "maya"}}
	for _, c := range []struct{ secret, want string }{
		{"your-256-bit-secret", "your-256-bit-secret"}, {"a-string-secret-at-least-256-bits-long", "a-string-secret-at-least-256-bits-long"},
		{"Zr4u7x!A%D*G-KaPdSgVkXp2s5v8y/B?", ""},
	} {
		if got := guess(w.signed([]byte(c.secret)).String(), weakSecrets); got != c.want {
			t.Errorf("signed with %q: guessed %q", c.secret, got)
		}
	}
	if n := len(weakSecrets); n > 196 {
		t.Errorf("%d words: at most 200 candidates with those of the target", n)
	}
}

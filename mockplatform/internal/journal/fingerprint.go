package journal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Prefix marks a parameter value that was replaced by a fingerprint.
const Prefix = "fp:"

const (
	maxParameters = 64
	maxName       = 64
	maxValue      = 512
	maxShown      = 8 << 10 // of all names and values of one exchange together
)

// Fingerprinter replaces secrets by keyed fingerprints.
type Fingerprinter struct{ key []byte }

// NewFingerprinter keeps key, 16 random bytes or more, for its fingerprints.
func NewFingerprinter(key []byte) Fingerprinter { return Fingerprinter{key: slices.Clone(key)} }

// Fingerprint is the keyed fingerprint of a secret: 16 hex digits of
// HMAC-SHA256, equal within one Platform and worthless outside. The empty
// secret has the empty fingerprint.
func (f Fingerprinter) Fingerprint(secret string) string {
	if secret == "" {
		return ""
	}
	mac := hmac.New(sha256.New, f.key)
	mac.Write([]byte(secret))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

// Parameters is what an exchange shows of query and form members: plain values
// for harmless names, Prefix and a fingerprint for secret ones. Repeated
// members are joined by ", ". Long values are cut and names beyond the 64th
// left out, as is what goes beyond 8 KiB, so that one request cannot fill the
// journal.
func (f Fingerprinter) Parameters(sets ...url.Values) map[string]string {
	merged := url.Values{}
	for _, set := range sets {
		for name, values := range set {
			merged[name] = append(merged[name], values...)
		}
	}
	if len(merged) == 0 {
		return nil
	}
	names := make([]string, 0, len(merged))
	for name := range merged {
		names = append(names, name)
	}
	slices.Sort(names)
	out := make(map[string]string, min(len(names), maxParameters))
	room := maxShown
	for _, name := range names[:min(len(names), maxParameters)] {
		shown := make([]string, 0, len(merged[name]))
		for _, value := range merged[name] {
			shown = append(shown, f.shown(name, value))
		}
		short, value := cut(name, maxName), cut(strings.Join(shown, ", "), maxValue)
		if room -= len(short) + len(value); room < 0 {
			break
		}
		out[short] = value
	}
	return out
}

func (f Fingerprinter) shown(name, value string) string {
	if value != "" && Secret(name) {
		return Prefix + f.Fingerprint(value)
	}
	return cut(value, maxValue)
}

// harmless are names that contain a secret's word and are none.
var harmless = []string{"code_challenge", "code_challenge_method", "token_type_hint", "token_type", "response_type"}

// words in a name that make its value a secret, whatever surrounds them.
var words = []string{"code", "token", "secret", "password", "passwd", "verifier", "state", "assertion", "csrf", "session", "cookie", "credential", "api_key"}

// Secret reports whether the value of a parameter of this name must not be
// shown. Names are compared without case, and a part is enough, so that
// misspelt and invented names fall on the safe side.
func Secret(name string) bool {
	name = strings.ToLower(name)
	if slices.Contains(harmless, name) {
		return false
	}
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
}

// cut shortens s to at most n bytes without splitting a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

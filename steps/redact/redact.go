// Package redact takes secrets out of what a report shows. It knows them by
// value, in every spelling they travel in, and by the names of the members,
// parameters and headers that hold them; in their place it writes a keyed
// fingerprint, so that equal secrets can still be seen to be equal.
package redact

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Key makes the fingerprints of one run: equal within it, meaningless outside.
type Key [32]byte

// NewKey returns a random key.
func NewKey() (k Key) {
	_, _ = rand.Read(k[:]) // never fails, see crypto/rand
	return k
}

// Fingerprint is what stands in a report for a secret: "‹access_token 3f9a02b1›".
func (k Key) Fingerprint(kind, value string) string {
	mac := hmac.New(sha256.New, k[:])
	mac.Write([]byte(value))
	return "‹" + plain(kind) + " " + hex.EncodeToString(mac.Sum(nil)[:4]) + "›"
}

// plain makes a name one that a shell takes for a variable: a report repeats
// requests with $CLIENT_SECRET.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r == '_' {
			return r
		}
		return '_'
	}, strings.ToLower(name))
}

// shortest is the length from which a secret is looked for by its value:
// replacing shorter ones would riddle a report with holes. Names still cover
// them, see Cleaner.
const shortest = 6

// Secrets are those that one check came across. They are not safe for use by
// several goroutines.
type Secrets struct {
	key   Key
	kinds map[string]string // by value
}

// NewSecrets returns an empty set whose fingerprints are made by the key.
func NewSecrets(key Key) *Secrets { return &Secrets{key: key, kinds: map[string]string{}} }

// Add makes a value a secret; kind is what the report calls it. The first kind
// of a value stays.
func (s *Secrets) Add(kind, value string) {
	if len(value) < shortest {
		return
	}
	if _, known := s.kinds[value]; !known {
		s.kinds[value] = kind
	}
}

// replacer replaces all secrets known so far in text, by their values.
func (s *Secrets) replacer() *strings.Replacer {
	type pair struct{ spelling, instead string }
	var pairs []pair
	for value, kind := range s.kinds {
		instead := s.key.Fingerprint(kind, value)
		for _, spelling := range spellings(value) {
			pairs = append(pairs, pair{spelling, instead})
		}
	}
	// the longest first: a secret may hold another one
	slices.SortFunc(pairs, func(a, b pair) int {
		if len(a.spelling) != len(b.spelling) {
			return len(b.spelling) - len(a.spelling)
		}
		return strings.Compare(a.spelling, b.spelling)
	})
	flat := make([]string, 0, 2*len(pairs))
	for _, p := range pairs {
		flat = append(flat, p.spelling, p.instead)
	}
	return strings.NewReplacer(flat...)
}

package journal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Prefix marks a parameter value that was replaced by a fingerprint.
const Prefix = "fp:"

const (
	maxParameters = 64
	maxName       = 64
	maxValue      = 512
	maxShown      = 8 << 10 // of all names and values of one exchange together

	fingerprintLength = 16 // hex digits
)

// Fingerprinter replaces secrets by keyed fingerprints. Its copies share what
// Recognise told one of them.
type Fingerprinter struct {
	macs  *sync.Pool // of *mac: making one costs as much as using it
	words *words
}

// NewFingerprinter keeps key, 16 random bytes or more, for its fingerprints.
func NewFingerprinter(key []byte) Fingerprinter {
	key = slices.Clone(key)
	macs := &sync.Pool{New: func() any { return &mac{Hash: hmac.New(sha256.New, key)} }}
	return Fingerprinter{macs: macs, words: &words{}}
}

// Fingerprint is the keyed fingerprint of a secret: 16 hex digits of
// HMAC-SHA256, equal within one Platform and worthless outside. The empty
// secret has the empty fingerprint.
func (f Fingerprinter) Fingerprint(secret string) string {
	if secret == "" {
		return ""
	}
	m, _ := f.macs.Get().(*mac)
	defer f.macs.Put(m)
	m.Reset()
	m.room = append(m.room[:0], secret...)
	m.Write(m.room)
	m.room = m.Sum(m.room[:0])
	return hex.EncodeToString(m.room[:fingerprintLength/2])
}

// mac is a keyed hash with room for what goes in and what comes out.
type mac struct {
	hash.Hash
	room []byte
}

// Parameters is what an exchange shows of query and form members. Those that
// name things (grant_type, scope, client_id, …) are shown as Readable answers
// them; all others, known secrets and unknown names alike, as Prefix and a
// fingerprint. Repeated members are joined by ", ". Long values are cut and
// names beyond the 64th left out, as is what goes beyond 8 KiB, so that one
// request cannot fill the journal.
func (f Fingerprinter) Parameters(sets ...url.Values) map[string]string {
	count := 0
	for _, set := range sets {
		count += len(set)
	}
	if count == 0 {
		return nil
	}
	names := make([]string, 0, count)
	for _, set := range sets {
		for name := range set {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	names = names[:min(len(names), maxParameters)]
	out := make(map[string]string, len(names))
	room := maxShown
	for _, name := range names {
		short, value := name, f.joined(name, sets)
		if _, listed := readable[name]; !listed {
			short = cut(f.Readable(name), maxName)
		}
		if room -= len(short) + len(value); room < 0 {
			break
		}
		out[short] = value
	}
	return out
}

// joined is what is shown of all values of a name.
func (f Fingerprinter) joined(name string, sets []url.Values) string {
	all, first := "", true
	for _, set := range sets {
		for _, value := range set[name] {
			if first {
				all, first = f.shown(name, value), false
				continue
			}
			if all += ", " + f.shown(name, value); len(all) > maxValue {
				return cut(all, maxValue)
			}
		}
	}
	return cut(all, maxValue)
}

func (f Fingerprinter) shown(name, value string) string {
	if value == "" {
		return ""
	}
	return cut(f.named(name, value), maxValue)
}

// named is what is shown of a value under the name that it came with.
func (f Fingerprinter) named(name, value string) string {
	switch name = strings.ToLower(name); {
	case !readable[name]:
		return Prefix + f.Fingerprint(value)
	case name == "redirect_uri":
		value = withoutQuery(value)
	}
	return f.Readable(value)
}

// readable are the parameters whose values name things; false for those whose
// names are known, and whose values are secrets. Everything else could be a
// secret: parameters are invented by those who send them.
var readable = map[string]bool{
	"grant_type": true, "response_type": true, "response_mode": true, "client_id": true, "scope": true,
	"redirect_uri": true, "code_challenge_method": true, "token_type_hint": true, "username": true,
	"prompt": true, "display": true, "ui_locales": true, "max_age": true, "decision": true,
	"from": true, "to": true, "status": true, "error": true,
	"client_secret": false, "password": false, "code": false, "code_verifier": false, "refresh_token": false, "token": false,
}

// withoutQuery cuts what a redirect URI carries beside its address: it is the
// client's own business and may be a secret.
func withoutQuery(address string) string {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		return address[:i+1] + "…"
	}
	return address
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

package journal

import (
	"sync/atomic"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Vocabulary is what a Platform knows of its own words, so that the journal
// can tell a name from a secret that stands in the wrong place. Both functions
// must be safe for concurrent use.
type Vocabulary struct {
	// Name reports whether the whole value is a name that may be read: a
	// client_id, a scope, a username, the Platform's own name.
	Name func(string) bool
	// Secret reports whether the whole value is a secret: a client's secret, a
	// customer's password.
	Secret func(string) bool
}

// words is the vocabulary that all copies of a Fingerprinter share.
type words struct{ known atomic.Pointer[Vocabulary] }

func (w *words) name(value string) bool {
	v := w.known.Load()
	return v != nil && v.Name != nil && v.Name(value)
}

func (w *words) secret(value string) bool {
	v := w.known.Load()
	return v != nil && v.Secret != nil && v.Secret(value)
}

// Recognise tells the fingerprinter and all its copies the Platform's words.
// Without them every value is judged by its look alone.
func (f Fingerprinter) Recognise(v Vocabulary) { f.words.known.Store(&v) }

// Readable answers text as people may see it: whole, or with each part that
// could be a secret replaced by Prefix and its fingerprint. A part could be one
// when it is a secret of the Platform, or when it looks random (see oauth.Plain)
// and the Platform knows it not as a name.
func (f Fingerprinter) Readable(text string) string {
	if f.words.secret(text) {
		return Prefix + f.Fingerprint(text)
	}
	if oauth.Plain(text) && (oauth.OnePart(text) || !oauth.AnyPart(text, f.words.secret)) || f.words.name(text) {
		return text
	}
	return oauth.ReplaceParts(text, func(part string) string {
		if f.words.secret(part) || !oauth.Plain(part) && !f.words.name(part) {
			return Prefix + f.Fingerprint(part)
		}
		return part
	})
}

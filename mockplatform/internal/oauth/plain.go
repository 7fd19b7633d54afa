package oauth

import (
	"net/url"
	"strings"
)

// Echo is how an error may repeat what a request said: without what could be a
// secret, in printable ASCII, and not endless.
func Echo(text string) string {
	const most = 80
	if len(text) > most {
		text = text[:most]
	}
	return Printable(Redacted(text))
}

// Redacted answers text with "[redacted]" in place of each part that is not
// Plain.
func Redacted(text string) string {
	if Plain(text) {
		return text
	}
	return ReplaceParts(text, func(part string) string {
		if plainPart(part) {
			return part
		}
		return "[redacted]"
	})
}

// OnePart reports whether nothing in text separates parts.
func OnePart(text string) bool { return end(text) == len(text) }

// AnyPart reports whether a part between separators is what is looked for.
func AnyPart(text string, wanted func(part string) bool) bool {
	for text != "" {
		part := text[:end(text)]
		if part == "" {
			text = text[1:]
			continue
		}
		if wanted(part) {
			return true
		}
		text = text[len(part):]
	}
	return false
}

// ReplaceParts answers text with each part between separators replaced.
func ReplaceParts(text string, replace func(part string) string) string {
	var out strings.Builder
	for text != "" {
		part := text[:end(text)]
		if part == "" {
			out.WriteByte(text[0])
			text = text[1:]
			continue
		}
		out.WriteString(replace(part))
		text = text[len(part):]
	}
	return out.String()
}

// Plain reports whether text reads like words and small numbers in all its
// parts, as names, paths and sentences do: letters, or digits, or letters with
// a short number behind them. Tokens, codes, hashes and generated secrets do
// not: they change between letters, capitals and digits, or are endless.
func Plain(text string) bool {
	for text != "" {
		part := text[:end(text)]
		if part == "" {
			text = text[1:]
			continue
		}
		if !plainPart(part) {
			return false
		}
		text = text[len(part):]
	}
	return true
}

// separators end a part. Hyphen and underscore do not: they stand inside
// base64url values, and a hyphenated name is judged as one.
const separators = " \t\r\n/?&=:;,.@()[]{}<>\"'|#+"

func end(text string) int {
	for i := range len(text) {
		if separator[text[i]] {
			return i
		}
	}
	return len(text)
}

// separator tells a byte quickly: every exchange of a journal is judged.
var separator = func() (is [256]bool) {
	for i := range len(separators) {
		is[separators[i]] = true
	}
	return is
}()

const (
	maxLetters = 24 // of one run; longer words are none
	maxDigits  = 6  // a port, an id, a year
	maxSuffix  = 3  // digits behind letters: oauth2, S256
	maxPart    = 64
)

// plainPart judges what stands between separators: runs of letters and digits
// joined by anything else.
func plainPart(part string) bool {
	if len(part) > maxPart {
		return false
	}
	if strings.Contains(part, "%") { // an escape hides what it stands for
		plain, err := url.PathUnescape(part)
		if err != nil || strings.Contains(plain, "%") {
			return false
		}
		return Plain(plain)
	}
	for i := 0; i < len(part); {
		start := i
		for i < len(part) && alphanumeric(part[i]) {
			i++
		}
		if i > start && !plainRun(part[start:i]) {
			return false
		}
		if i < len(part) {
			i++
		}
	}
	return true
}

// plainRun: lower case letters or capitals, the first of which may differ,
// then few digits; or digits alone.
func plainRun(run string) bool {
	letters := 0
	for letters < len(run) && !digit(run[letters]) {
		letters++
	}
	for i := letters; i < len(run); i++ {
		if !digit(run[i]) {
			return false
		}
	}
	digits := len(run) - letters
	switch {
	case letters == 0:
		return digits <= maxDigits
	case letters > maxLetters || digits > maxSuffix:
		return false
	}
	changes := 0
	for i := 1; i < letters; i++ {
		if upper(run[i]) != upper(run[i-1]) {
			changes++
		}
	}
	return changes == 0 || changes == 1 && upper(run[0]) && !upper(run[letters-1])
}

func digit(b byte) bool        { return b >= '0' && b <= '9' }
func upper(b byte) bool        { return b >= 'A' && b <= 'Z' }
func alphanumeric(b byte) bool { return digit(b) || upper(b) || b >= 'a' && b <= 'z' || b >= 0x80 }

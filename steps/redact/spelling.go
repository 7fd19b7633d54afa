package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// spellings are the ways a value is written in addresses, forms, headers, JSON
// and pages.
func spellings(value string) []string {
	all := []string{value, hex.EncodeToString([]byte(value))}
	all = append(all, inAddresses(value)...)
	all = append(all, inJSON(value)...)
	all = append(all, inPages(value)...)
	all = append(all, inBase64(value)...)
	if encoded := url.QueryEscape(value); encoded != value { // as RFC 6749 section 2.3.1 has it in Basic credentials
		all = append(all, inBase64(encoded)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// kept are the characters that encodeURIComponent of JavaScript leaves alone
// and Go does not.
var kept = strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*")

var escapes = regexp.MustCompile(`%[0-9A-F]{2}`)

// inAddresses are the ways of percent-encoding, also of an address inside
// another one.
func inAddresses(value string) (all []string) {
	query := url.QueryEscape(value)
	spaced := strings.ReplaceAll(query, "+", "%20")
	for _, one := range []string{query, spaced, url.PathEscape(value), kept.Replace(spaced)} {
		lower := escapes.ReplaceAllStringFunc(one, strings.ToLower)
		all = append(all, one, lower, url.QueryEscape(one), url.QueryEscape(lower))
	}
	return all
}

// inJSON are the ways of JSON strings: Go escapes what has a meaning in HTML,
// JavaScript does not, PHP escapes slashes, Python and PHP all but ASCII.
func inJSON(value string) (all []string) {
	for _, html := range []bool{true, false} {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(html)
		if e.Encode(value) != nil {
			continue // strings always work
		}
		quoted := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(b.String()), `"`), `"`)
		for _, one := range []string{quoted, strings.ReplaceAll(quoted, "/", `\/`)} {
			all = append(all, one, ascii(one))
		}
	}
	return all
}

// ascii escapes all that JSON may leave as it is.
func ascii(text string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		if unit < 0x80 {
			b.WriteByte(byte(unit))
		} else {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// inPages are the ways of HTML: of templates, and of browsers that are asked
// for their document.
func inPages(value string) []string {
	all := html.EscapeString(value)
	and := strings.ReplaceAll(value, "&", "&amp;")
	return []string{
		all, strings.NewReplacer("&#34;", "&quot;", "&#39;", "&#039;").Replace(all), strings.ReplaceAll(all, "&#34;", "&quot;"),
		and, strings.ReplaceAll(and, `"`, "&quot;"), strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(and),
	}
}

// inBase64 are the signs that stand for the value and for nothing beside it: it
// may begin at any of three places.
func inBase64(value string) (all []string) {
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			whole := encoding.EncodeToString([]byte(strings.Repeat("\x00", before) + value))
			start, end := (before*8+5)/6, len(whole)
			if (before+len(value))%3 != 0 {
				end-- // its last sign holds bits of what follows
			}
			if end-start >= shortest {
				all = append(all, whole[start:end], url.QueryEscape(whole[start:end]))
			}
		}
	}
	return all
}

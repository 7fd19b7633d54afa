package redact

import (
	"html"
	"regexp"
	"strings"
)

// Cleaner returns what takes secrets out of text: those known so far by their
// values, and whatever stands under the name of a secret in addresses, forms,
// JSON and fields of pages, however short it is.
func (s *Secrets) Cleaner() func(text string) string {
	known := s.replacer()
	return func(text string) string { return s.byName(known.Replace(text)) }
}

// secretly matches the names that IsSecret takes for those of secrets.
var secretly = `((?i:` + strings.Join(secretNames, "|") + `|[a-z0-9_.-]*_(?:secret|token)))`

var (
	parameters = regexp.MustCompile(`(^|[?&#;]|\\u0026)` + secretly + `(=)([^&#;\s"'<>\\]+)`)
	// inside a parameter that is an address itself
	inner   = regexp.MustCompile(`(%26|%3[fF])` + secretly + `(%3[dD])((?:[^&#;\s"'<>\\%]|%[013-9A-Fa-f][0-9A-Fa-f]|%2[0-57-9A-Fa-f])+)`)
	members = regexp.MustCompile(`(")` + secretly + `("\s*:\s*")((?:[^"\\]|\\.)+)`)

	inputs = regexp.MustCompile(`(?i)<input\b[^>]*>`)
	named  = regexp.MustCompile(`(?i)\bname\s*=\s*["']?([A-Za-z0-9_.-]+)`)
	valued = regexp.MustCompile(`(?i)(\bvalue\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)`)
)

func (s *Secrets) byName(text string) string {
	for _, pattern := range []*regexp.Regexp{parameters, inner, members} {
		text = groups(pattern, text, func(g []string) string { return g[1] + g[2] + g[3] + s.under(g[2], g[4]) })
	}
	return inputs.ReplaceAllStringFunc(text, func(tag string) string {
		name := named.FindStringSubmatch(tag)
		if name == nil || !IsSecret(name[1]) {
			return tag
		}
		return groups(valued, tag, func(g []string) string {
			return g[1] + `"` + s.under(name[1], html.UnescapeString(strings.Trim(g[2], `"'`))) + `"`
		})
	})
}

// under is what a report shows of a value under a name.
func (s *Secrets) under(name, value string) string {
	if value == "" || strings.Contains(value, "‹") {
		return value
	}
	return s.key.Fingerprint(name, value)
}

// groups replaces every match by what change makes of its groups.
func groups(pattern *regexp.Regexp, text string, change func(groups []string) string) string {
	return pattern.ReplaceAllStringFunc(text, func(match string) string { return change(pattern.FindStringSubmatch(match)) })
}

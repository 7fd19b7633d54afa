package exchange

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// mark is what package redact writes for a secret: its kind and a fingerprint.
var mark = regexp.MustCompile(`‹([a-z_]+) [0-9a-f]+›`)

// Curl is the request of a redacted exchange as a command line for a shell;
// secrets are variables that are named after their kind: $CLIENT_SECRET. Cookies
// are left out.
func (e Exchange) Curl() string {
	parts := []string{"curl -sS -i"}
	if e.Method != "GET" {
		parts = append(parts, "-X "+e.Method)
	}
	parts = append(parts, quoted(e.URL))
	if e.BasicID != "" {
		parts = append(parts, "-u "+quoted(e.BasicID+":‹client_secret 0›"))
	}
	var names []string
	for name := range e.RequestHeader {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if slices.Contains([]string{"Cookie", "User-Agent", "Content-Length"}, name) || name == "Authorization" && e.BasicID != "" {
			continue
		}
		for _, value := range e.RequestHeader[name] {
			parts = append(parts, "-H "+quoted(name+": "+value))
		}
	}
	if e.RequestBody != "" {
		parts = append(parts, e.curlBody()...)
	}
	return strings.Join(parts, " \\\n  ")
}

// curlBody writes a form member by member, anything else as it is.
func (e Exchange) curlBody() (parts []string) {
	if strings.HasPrefix(e.RequestHeader.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if _, err := url.ParseQuery(e.RequestBody); err == nil {
			for _, pair := range strings.Split(e.RequestBody, "&") {
				name, value, _ := strings.Cut(pair, "=")
				plainName, errName := url.QueryUnescape(name)
				plainValue, errValue := url.QueryUnescape(value)
				if errName != nil || errValue != nil {
					return []string{"--data-raw " + quoted(e.RequestBody)}
				}
				parts = append(parts, "--data-urlencode "+quoted(plainName+"="+plainValue))
			}
			return parts
		}
	}
	return []string{"--data-raw " + quoted(e.RequestBody)}
}

// quoted is text for a shell: in single quotes, with variables for secrets in
// double ones.
func quoted(text string) string {
	var b strings.Builder
	rest := text
	for {
		at := mark.FindStringSubmatchIndex(rest)
		if at == nil {
			if rest != "" || b.Len() == 0 {
				b.WriteString(single(rest))
			}
			return b.String()
		}
		if at[0] > 0 {
			b.WriteString(single(rest[:at[0]]))
		}
		b.WriteString(`"$` + strings.ToUpper(rest[at[2]:at[3]]) + `"`)
		rest = rest[at[1]:]
	}
}

func single(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

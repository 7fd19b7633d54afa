package runner

import (
	"strings"
	"testing"
)

// TestServersDoNotSteerTheTerminal: what a server says of an error is shown, its
// control characters and its megabytes are not.
func TestServersDoNotSteerTheTerminal(t *testing.T) {
	for text, want := range map[string]string{
		"expected a, got “\x1b[2Jgone\r\a”\nsecond\tline\n":       "expected a, got “\uFFFD[2Jgone\uFFFD\uFFFD”\n  second\tline",
		strings.Repeat("é", maxLine):                              strings.Repeat("é", maxLine),
		strings.Repeat("é", maxLine+1):                            strings.Repeat("é", maxLine) + "…",
		strings.TrimSpace(strings.Repeat("line\n", maxLines)):     strings.TrimSpace(strings.Repeat("line\n  ", maxLines)),
		strings.TrimSpace(strings.Repeat("line\n", 5*maxLines+1)): strings.Repeat("line\n  ", maxLines) + "…",
		"\u009b31mred": "\uFFFD31mred",
	} {
		if got := indented(text, "  "); got != want {
			t.Errorf("%.60q became\n%.90q, want\n%.90q", text, got, want)
		}
	}
}

package profile

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Fault is one thing wrong with a profile document.
type Fault struct {
	Path    string // like clients.mint-web.redirect_uris[0]
	Line    int    // in the document that was read; 0 when nothing stands there
	Message string // what is wrong and how to mend it
}

// String is one line: where, then what.
func (f Fault) String() string {
	where := f.Path
	if len(where) > 200 {
		where = where[:200] + "..."
	}
	where = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, where)
	if f.Line > 0 {
		where = fmt.Sprintf("line %d: %s", f.Line, where)
	}
	return strings.TrimSuffix(where, ": ") + ": " + f.Message
}

// Faults lists everything wrong with a document.
type Faults []Fault

// Error is one line per fault.
func (f Faults) Error() string {
	lines := make([]string, 0, len(f))
	for _, fault := range f {
		lines = append(lines, fault.String())
	}
	return strings.Join(lines, "\n")
}

// sorted orders faults by line, then path, for reading along the document.
func (f Faults) sorted() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return strings.Compare(a.Path, b.Path)
	})
	return f
}

// quoted shows untrusted text in a message, printable and short.
func quoted(s string) string {
	s = oauth.Printable(s)
	if len(s) > 60 {
		s = s[:60] + "..."
	}
	return `"` + s + `"`
}

// nearest answers the known word that got is probably meant to be, or "".
func nearest(got string, known []string) string {
	best, bestDistance := "", 1+max(2, len(got)/3)
	for _, k := range known {
		if d := distance(strings.ToLower(got), k); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two words; long ones are not worth
// comparing.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

package page

import (
	"crypto/sha256"
	"encoding/base64"
	"hash/fnv"
	"html/template"
	"net/url"
	"strings"
)

// Theme is how one kind of Platform looks: its accent colours and its mark.
type Theme struct {
	// Mark is the Platform's sign as an SVG element.
	Mark template.HTML
	// Icon is the same sign as a data URL, for the browser's tab.
	Icon template.URL
	// Style is the style element of every page.
	Style template.HTML
	// StyleSource admits Style in a content security policy.
	StyleSource string
}

// palette is what a theme is made from. Fill carries white words (contrast
// 4.5:1 or more), light stands on dark ground.
type palette struct {
	fill, light string
	mark        string // what is drawn on a square of 32 by 32 units
}

// Four Platforms of the spec, four looks; any other profile gets one of the
// spare looks by its name.
var (
	palettes = map[string]palette{
		"mint": {"#0b7264", "#6fe0cc",
			`<path d="M8 22.5C7.2 13 13 8 24.5 8c.6 10-4.3 16-13 16.2"/><path d="M7 26c2.2-6 6-9.5 11.5-12"/>`},
		"mailup": {"#2453d0", "#9dbcff",
			`<path d="M7 12.5v10.8c0 .7.5 1.2 1.2 1.2h15.6c.7 0 1.2-.5 1.2-1.2V12.5"/><path d="m8 13.5 8 5.5 8-5.5M16 13.5V6m-3.2 3L16 5.8 19.2 9"/>`},
		"service": {"#6b2fc9", "#cdb2ff",
			`<path d="m16 6 8.7 5v10L16 26l-8.7-5V11z"/><path d="m7.5 11.2 8.5 4.9 8.5-4.9M16 16.1V26"/>`},
		"mindbaz": {"#ad4206", "#ffb48a",
			`<path d="M6.5 19c2.4 0 2.4-6.5 4.8-6.5s2.4 10.5 4.7 10.5 2.4-14 4.7-14 2.4 10 4.8 10"/>`},
		// The page that lists all Platforms belongs to none of them.
		"mockplatform": {"#3f4756", "#c3cad8",
			`<path d="M7 8h7.5v7.5H7zM17.5 8H25v7.5h-7.5zM7 18.5h7.5V26H7zM17.5 18.5H25V26h-7.5z"/>`},
	}
	spare = []palette{
		{"#a11a5b", "#ff9fcb", `<circle cx="16" cy="16" r="9"/><circle cx="16" cy="16" r="3.5"/>`},
		{"#3f6212", "#bfe27f", `<path d="M8 24V14m5.3 10V8m5.4 16v-7M24 24V11"/>`},
		{"#155e75", "#83dbf2", `<path d="M16 6.5 25.5 16 16 25.5 6.5 16z"/><path d="M11.3 11.3 20.7 20.7"/>`},
		{"#44403c", "#d6d1cb", `<path d="M7 9h18v14H7zM7 14h18"/>`},
	}
)

// spareIndex picks a spare look by the profile's name.
func spareIndex(profile string) int {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(profile)) // a hash never fails
	return int(sum.Sum32() % uint32(len(spare)))
}

func newTheme(p palette, css string) *Theme {
	square := `<rect width="32" height="32" rx="8" fill="` + p.fill + `"/>`
	lines := `<g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">` + p.mark + `</g>`
	colours := ":root{--accent:" + p.fill + ";--accent-text:" + p.fill + ";--accent-light:" + p.light + "}\n"
	sheet := colours + css
	sum := sha256.Sum256([]byte(sheet))
	icon := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">` + square + lines + `</svg>`
	return &Theme{
		Mark:        template.HTML(`<svg viewBox="0 0 32 32" aria-hidden="true">` + square + lines + `</svg>`), //nolint:gosec // made of this file's constants
		Icon:        template.URL("data:image/svg+xml," + url.PathEscape(icon)),                                //nolint:gosec // made of this file's constants
		Style:       template.HTML("<style>" + sheet + "</style>"),                                             //nolint:gosec // made of this file's constants and the embedded sheet
		StyleSource: "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
	}
}

// squeeze takes comments and indentation out of the style sheet, which goes
// out with every page.
func squeeze(css string) string {
	var out strings.Builder
	for css != "" {
		before, rest, found := strings.Cut(css, "/*")
		out.WriteString(before)
		if !found {
			break
		}
		_, css, _ = strings.Cut(rest, "*/")
	}
	lines := strings.Split(out.String(), "\n")
	out.Reset()
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			out.WriteString(line)
			out.WriteByte('\n')
		}
	}
	return out.String()
}

package report

import (
	_ "embed" // report.html.tmpl
	"encoding/base64"
	"fmt"
	"html"
	"html/template"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

//go:embed report.html.tmpl
var htmlSource string

//go:embed report.css
var styleSheet string

//go:embed report.js
var script string

var page = template.Must(template.New("report").Funcs(template.FuncMap{
	"short":   Short,
	"word":    func(s Status) string { return strings.ToLower(strings.ReplaceAll(string(s), "_", " ")) },
	"class":   func(s Status) string { return strings.ToLower(strings.ReplaceAll(string(s), "_", "-")) },
	"anchor":  anchor,
	"utc":     func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05 UTC") },
	"iso":     func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"join":    strings.Join,
	"lower":   strings.ToLower,
	"excerpt": excerpt,
	"prose":   prose,
	"sentence": func(text string) string {
		first, size := utf8.DecodeRuneInString(text)
		return string(unicode.ToUpper(first)) + text[size:]
	},
	"diagram": diagram,
	"headers": headers,
	"six":     func(r *Run) []chip { return six(r.Count()) },
}).Parse(htmlSource))

// htmlPage is what the template sees.
type htmlPage struct {
	*Run
	Style      template.CSS
	Script     template.JS
	Verdict    string
	Class      string
	Sentence   string
	Chips      []chip
	Features   []htmlFeature
	Unfinished []Scenario // everything without a pass that is no finding of a check, worst first
	Fix        []Scenario // findings of checks, the most dangerous first
	Coverage   []Coverage
}

type chip struct {
	Status Status
	Count  int
}

type htmlFeature struct {
	File, Feature string
	Counts        Counts
	Duration      time.Duration
	Scenarios     []htmlScenario
}

type htmlScenario struct {
	Scenario
	Images []image
	// Find is what the text filter searches.
	Find string
}

type image struct {
	Source template.URL
	Alt    string
}

// WriteHTML writes r as one self-contained page: no other file, no network.
func WriteHTML(w io.Writer, r *Run) error {
	c := r.Count()
	p := htmlPage{
		Run:        r,
		Style:      template.CSS(styleSheet), //nolint:gosec // our own file
		Script:     template.JS(script),      //nolint:gosec // our own file
		Verdict:    r.Verdict(),
		Class:      strings.ReplaceAll(r.Verdict(), " ", "-"),
		Sentence:   sentence(c),
		Unfinished: unexplained(r.Scenarios),
		Fix:        r.FixFirst(),
		Coverage:   r.Coverage(),
	}
	for _, s := range Statuses {
		if n := c.Of(s); n > 0 {
			p.Chips = append(p.Chips, chip{s, n})
		}
	}
	for _, group := range byFeature(r.Scenarios) {
		p.Features = append(p.Features, htmlOf(group))
	}
	return page.Execute(w, p)
}

func htmlOf(group feature) htmlFeature {
	f := htmlFeature{File: group.File, Feature: group.Feature}
	f.Counts = (&Run{Scenarios: group.Scenarios}).Count()
	for _, sc := range group.Scenarios {
		f.Duration += sc.Duration
		h := htmlScenario{Scenario: sc}
		for _, picture := range sc.Pictures {
			data := base64.StdEncoding.EncodeToString(picture.Data)
			h.Images = append(h.Images, image{
				Source: template.URL("data:" + picture.MediaType + ";base64," + data), //nolint:gosec // a data URI of a picture
				Alt:    strings.TrimSuffix(picture.Name, ".jpeg") + ", at the end of: " + sc.Name,
			})
		}
		h.Find = strings.ToLower(strings.Join(append([]string{sc.Feature, sc.Rule, sc.Name, sc.Reason, sc.ID, sc.clauses()}, sc.Tags...), " "))
		f.Scenarios = append(f.Scenarios, h)
	}
	return f
}

// unexplained lists what is not among the findings of checks.
func unexplained(scenarios []Scenario) []Scenario {
	return slices.DeleteFunc(worstFirst(scenarios), func(sc Scenario) bool {
		return sc.Judged != nil && sc.Status != Error && sc.Status != CouldNotRun
	})
}

// six are the counts that every verdict shows, zeros included.
func six(c Counts) []chip {
	var all []chip
	for _, s := range []Status{Pass, Fail, Warn, Waived, NotApplicable, CouldNotRun} {
		all = append(all, chip{s, c.Of(s)})
	}
	return all
}

// prose is text in which what stands between backticks is code.
func prose(text string) template.HTML {
	parts := strings.Split(text, "`")
	for i := range parts {
		parts[i] = html.EscapeString(parts[i])
		if i%2 == 1 && i < len(parts)-1 {
			parts[i] = "<code>" + parts[i] + "</code>"
		} else if i%2 == 1 { // never closed
			parts[i] = "`" + parts[i]
		}
	}
	return template.HTML(strings.Join(parts, "")) //nolint:gosec // escaped part by part
}

// headers are the lines of a header in the order of their names.
func headers(h http.Header) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	return b.String()
}

// sentence says in words what the counts say.
func sentence(c Counts) string {
	parts := []string{}
	for _, part := range []struct {
		n          int
		one, other string
	}{
		{c.Error, "ended in a harness error", "ended in harness errors"},
		{c.Fail, "failed", "failed"},
		{c.CouldNotRun, "could not run", "could not run"},
		{c.Warn, "passed with a warning", "passed with a warning"},
		{c.Waived, "is waived", "are waived"},
		{c.NotApplicable, "does not apply", "do not apply"},
		{c.Pass, "passed", "passed"},
	} {
		switch {
		case part.n == 1:
			parts = append(parts, "1 "+part.one)
		case part.n > 1:
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.other))
		}
	}
	if len(parts) == 0 {
		return "No scenario was executed."
	}
	return fmt.Sprintf("%s: %s.", Scenarios(c.Total), strings.Join(parts, ", "))
}

// Scenarios is a number of scenarios in words: "1 scenario", "2 scenarios".
func Scenarios(n int) string {
	if n == 1 {
		return "1 scenario"
	}
	return fmt.Sprintf("%d scenarios", n)
}

var notInAnchor = regexp.MustCompile(`[^a-zA-Z0-9]+`)

// anchor is a scenario's fragment identifier, also used for its directory.
func anchor(id string) string {
	return strings.Trim(notInAnchor.ReplaceAllString(strings.ReplaceAll(id, ".feature", ""), "-"), "-")
}

// Anchor names a scenario in a URL fragment and as a directory:
// "journeys/connecting.feature:12" becomes "journeys-connecting-12".
func Anchor(id string) string { return anchor(id) }

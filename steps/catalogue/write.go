package catalogue

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// What the words of the vocabulary mean to a person.
var (
	actorWords  = strings.NewReplacer("_", " ")
	safetyWords = map[Safety]string{
		Safe:  "harmless",
		Grant: "uses up a code, a token or a grant of the test customer",
		Kills: "ends the test grant, so it runs last and a new login follows",
		OptIn: "leaves traces, makes many errors or may lock the account; it has to be allowed",
		Never: "never; the mock Platform only",
	}
	browserWords = map[Browser]string{
		NoBrowser:   "not needed",
		Login:       "somebody logs in; against the mock Platform plain HTTP will do",
		RealBrowser: "a real one, because the pages themselves are judged",
	}
	waitWords = map[Wait]string{
		ShortTokens: "tokens that the server issues with a short life",
		RealWait:    "a real wait",
		MockOnly:    "impossible",
	}
)

// JSON writes an explanation as one object.
func (e Explanation) JSON(w io.Writer) error { return writeJSON(w, e) }

// Text writes an explanation for people.
func (e Explanation) Text(w io.Writer) error {
	p := printer{}
	p.line("%s  %s", e.ID, e.Title)
	if e.Check != nil {
		p.check(e.Check, e.Gates)
	} else {
		p.line("%s", e.Kind.Words())
	}
	if e.Kind == KindRequirement {
		p.heading("Checks of the server that name it")
		p.names(e.Checks)
	}
	p.heading("Scenarios")
	for _, s := range e.Scenarios {
		p.line("  %s  %s", s.ID, s.Name)
	}
	if len(e.Scenarios) == 0 {
		p.line("  none yet")
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// printer gathers the text of an explanation.
type printer struct{ b strings.Builder }

func (p *printer) line(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

func (p *printer) heading(text string) { p.line("\n%s", text) }

func (p *printer) names(names []Name) {
	for _, n := range names {
		p.line("  %s  %s", n.ID, n.Title)
	}
	if len(names) == 0 {
		p.line("  none")
	}
}

func (p *printer) check(c *Check, gates []Name) {
	level := string(c.Level)
	if c.DraftLevel != c.Level {
		level += ", " + string(c.DraftLevel) + " in the OAuth 2.1 draft"
	}
	if c.LevelNote != "" {
		level += " (" + c.LevelNote + ")"
	}
	p.line("%s; binds the %s", level, actorWords.Replace(string(c.Actor)))
	p.heading("Why it matters")
	p.line("  %s", c.Why)
	p.heading("How to mend it")
	p.line("  %s", c.Mend)
	p.heading("Where it stands")
	for _, cited := range c.Citations {
		p.line("  %s  %s", cited, cited.Title)
		if cited.URL != "" {
			p.line("    %s", cited.URL)
		}
	}
	if len(c.Accepted) > 0 {
		p.heading("What passes as well")
		for _, a := range c.Accepted {
			var cited []string
			for _, x := range a.Citations {
				cited = append(cited, x.String())
			}
			p.line("  %s (%s)", a.What, strings.Join(cited, ", "))
		}
	}
	p.needs(c)
	if len(gates) > 0 {
		p.heading("Blocked if one of these fails")
		p.names(gates)
	}
	p.heading("Must fail on the mock Platform, profile " + c.Base + ", with")
	for _, d := range c.Deviations {
		if d.Base != c.Base {
			p.line("  break: %s (profile %s)", d, d.Base)
			continue
		}
		p.line("  break: %s", d)
	}
}

func (p *printer) needs(c *Check) {
	p.heading("What it needs")
	for _, name := range c.Features {
		p.line("  the server has %s, else it is not applicable", features[name])
	}
	for _, name := range c.Fixtures {
		p.line("  %s, else it could not run", fixtures[name])
	}
	p.line("  browser: %s", browserWords[c.Browser])
	if len(c.Time) > 0 {
		var ways []string
		for _, way := range c.Time {
			ways = append(ways, waitWords[way])
		}
		p.line("  time: the mock Platform's clock is moved; on a server in use %s%s",
			strings.Join(ways, ", or "), ending(": ", c.WaitFor))
	}
	p.line("  on a server in use: %s", safetyWords[c.RealServer])
	if c.NoWaiver {
		p.line("  no target file can waive it")
	}
}

// ending is text after what joins it to the words before; nothing without text.
func ending(join, text string) string {
	if text == "" {
		return ""
	}
	return join + text
}

// WriteRows writes checks as a table for people.
func WriteRows(w io.Writer, rows []Row) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		level := string(r.Level)
		if r.DraftLevel != r.Level {
			level += " (2.1: " + string(r.DraftLevel) + ")"
		}
		count := fmt.Sprintf("%d scenarios", r.Scenarios)
		if r.Scenarios == 1 {
			count = "1 scenario"
		}
		if _, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.ID, level, count, r.Title); err != nil {
			return err
		}
	}
	return table.Flush()
}

// WriteJSONRows writes checks as {"checks": […]}.
func WriteJSONRows(w io.Writer, rows []Row) error {
	return writeJSON(w, map[string]any{"checks": rows})
}

func writeJSON(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(value)
}

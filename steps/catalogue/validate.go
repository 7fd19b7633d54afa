package catalogue

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// deviation is name=value; names and values are words of a profile.
// A profile behind it is for a reading of the check that its own base profile
// does not have.
var deviation = regexp.MustCompile(`^([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)=([A-Za-z0-9][A-Za-z0-9_.:/-]*)(?: on ([a-z]+))?$`)

// check turns what is written into a Check. Faults are collected; what is
// wrong with other checks in view is found by link.
func (r *reader) check(g groupFile, e entry, at place) *Check {
	bad := func(key, format string, args ...any) {
		r.faults.add(at.file, at.line(key), "%s: %s", e.ID, fmt.Sprintf(format, args...))
	}
	c := &Check{
		ID: e.ID, Group: g.Group, Title: e.Title, at: at,
		Level: e.Level, DraftLevel: e.DraftLevel, LevelNote: e.LevelNote, NoWaiver: e.NoWaiver,
		Actor: e.Actor, Features: orEmpty(e.Needs), Fixtures: orEmpty(e.Fixtures), Gates: orEmpty(e.Gates),
		Accepted: []Accepted{}, Why: e.Why, Mend: e.Mend,
		RealServer: e.RealServer, Browser: e.Browser, Time: orEmpty(e.Time), WaitFor: e.WaitFor, Last: e.Last,
		Base: e.Base, Deviations: []Deviation{},
	}
	if c.DraftLevel == "" {
		c.DraftLevel = c.Level
	}
	if c.Browser == "" {
		c.Browser = NoBrowser
	}
	if c.Base == "" {
		c.Base = g.Base
	}
	if !idOf[KindServer].MatchString(e.ID) || !strings.HasPrefix(e.ID, g.Group+"-") {
		bad("id", "no id of the group %s; write %s-01", g.Group, g.Group)
	}
	c.Citations = r.citations(e.Cite, func(format string, args ...any) { bad("cite", format, args...) })
	for _, a := range e.Accepted {
		inAccepted := func(format string, args ...any) { bad("accepted", format, args...) }
		c.Accepted = append(c.Accepted, Accepted{What: a.What, Citations: r.citations(a.Cite, inAccepted)})
		if strings.TrimSpace(a.What) == "" {
			bad("accepted", "what is accepted has to be said")
		}
	}
	for _, text := range e.Break {
		m := deviation.FindStringSubmatch(text)
		if m == nil {
			bad("break", "%q is no deviation; write name=value as below break: in a profile, and behind it `on PROFILE` if it is staged on another one", text)
			continue
		}
		d := Deviation{Name: m[1], Value: m[2], Base: cmp.Or(m[3], c.Base)}
		if m[3] != "" && !slices.Contains(bases, m[3]) {
			bad("break", "%s cannot be staged on %q; use %s", d, m[3], strings.Join(bases, ", "))
		}
		c.Deviations = append(c.Deviations, d)
	}
	checkWords(c, e, bad)
	checkSentences(c, bad)
	return c
}

// checkWords refuses words that are not in the vocabulary.
func checkWords(c *Check, e entry, bad func(key, format string, args ...any)) {
	one := func(key, word string, known []string) {
		if fault := among(word, known); fault != "" {
			bad(key, "%s: %s", key, fault)
		}
	}
	all := func(key string, list, known []string) {
		for i, word := range list {
			one(key, word, known)
			if slices.Contains(list[:i], word) {
				bad(key, "%s: %q stands there twice", key, word)
			}
		}
	}
	one("level", string(c.Level), words(Must, Should, May, Profile))
	one("draft_level", string(c.DraftLevel), words(Must, Should, May, Profile, None))
	if e.DraftLevel != "" && e.DraftLevel == e.Level {
		bad("draft_level", "draft_level: it is the level; leave it out")
	}
	one("actor", string(c.Actor), words(AuthorizationServer, ResourceServer, DeveloperPortal))
	one("real_server", string(c.RealServer), words(Safe, Grant, Kills, OptIn, Never))
	one("browser", string(c.Browser), words(NoBrowser, Login, RealBrowser))
	one("base", c.Base, bases)
	all("time", words(c.Time...), words(ShortTokens, RealWait, MockOnly))
	all("needs", c.Features, slices.Sorted(maps.Keys(features)))
	all("fixtures", c.Fixtures, slices.Sorted(maps.Keys(fixtures)))
	all("gates", c.Gates, c.Gates)
	all("cite", e.Cite, e.Cite)
	all("break", e.Break, e.Break)
	if len(e.Cite) == 0 {
		bad("cite", "a check cites at least one clause or requirement")
	}
	if len(e.Break) == 0 {
		bad("break", "a check that no deviation can make fail proves nothing; name one")
	}
	if slices.Contains(c.Time, RealWait) != (c.WaitFor != "") {
		bad("time", "wait_for says what a real wait waits for; it goes with time: [wait], and only with that")
	}
}

// checkSentences holds the texts to the form in which reports print them.
func checkSentences(c *Check, bad func(key, format string, args ...any)) {
	if fault := sentence(c.Title); fault != "" {
		bad("title", "the title %s", fault)
	}
	for _, text := range []struct{ key, text string }{{"why", c.Why}, {"mend", c.Mend}} {
		switch {
		case !strings.HasSuffix(text.text, "."):
			bad(text.key, "%s: one or two sentences that end with a full stop", text.key)
		case strings.Count(text.text, ". ") > 1:
			bad(text.key, "%s: that is more than two sentences", text.key)
		case len(text.text) > 260:
			bad(text.key, "%s: %d characters; 260 are enough", text.key, len(text.text))
		}
	}
}

// sentence says what is wrong with a title, or "".
func sentence(text string) string {
	switch {
	case text == "" || text != strings.TrimSpace(text) || strings.Contains(text, "\n"):
		return "is one line of words"
	case strings.HasSuffix(text, "."):
		return "has no full stop"
	case len(text) > 100:
		return fmt.Sprintf("has %d characters; 100 are enough", len(text))
	}
	return ""
}

// citations reads citations and looks their clauses up.
func (r *reader) citations(texts []string, bad func(format string, args ...any)) []Citation {
	all := []Citation{}
	if texts == nil {
		bad("there is no citation beside it")
	}
	for _, text := range texts {
		c, err := parseCitation(text)
		if err != nil {
			bad("%v", err)
			continue
		}
		if c.Kind == Requirement {
			name, ok := r.catalogue.names[c.ID]
			if !ok {
				bad("there is no requirement %s in ids/requirements.yaml", c.ID)
			}
			c.Title = name.Title
		} else {
			title, ok := r.catalogue.documents[c.Document].Sections[c.Section]
			if !ok {
				bad("sections.yaml has no section %s of %s; add it under its title, or mend the number", c.Section, c.Document)
			}
			c.Title = title
		}
		all = append(all, c)
	}
	return all
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

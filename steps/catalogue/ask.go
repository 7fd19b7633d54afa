package catalogue

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Groups lists the groups in the order of a run.
func (k *Catalogue) Groups() []*Group { return slices.Clone(k.groups) }

// All lists every check, by group and number.
func (k *Catalogue) All() []*Check {
	var all []*Check
	for _, g := range k.groups {
		all = append(all, g.Checks...)
	}
	return all
}

// Check finds a check by its id.
func (k *Catalogue) Check(id string) (*Check, bool) {
	c, ok := k.checks[id]
	return c, ok
}

// Name finds whatever an id names, a check or one of the others.
func (k *Catalogue) Name(id string) (Name, bool) {
	n, ok := k.names[id]
	return n, ok
}

// Names lists everything that has an id: requirements, steps of journeys,
// checks of the client, bugs, and checks of the server.
func (k *Catalogue) Names() []Name {
	all := make([]Name, len(k.order))
	for i, id := range k.order {
		all[i] = k.names[id]
	}
	return all
}

// Gates lists all checks that id builds on, directly or through others, the
// first ones in front. If one of them has failed, id is blocked by it; a gate
// that is not applicable blocks nothing.
func (k *Catalogue) Gates(id string) []string { return slices.Clone(k.gates[id]) }

// ByRequirement lists the checks that name a requirement of a spec document,
// such as S001-11, as their rule or as what permits an exception. The way back
// is Check.Cited.
func (k *Catalogue) ByRequirement(id string) []*Check { return k.find(k.requirements[id]) }

// Deviations maps every deviation, written name=value, to the ids of the
// checks that it must make fail: those and no others.
func (k *Catalogue) Deviations() map[string][]string {
	all := map[string][]string{}
	for d, ids := range k.deviations {
		all[d] = slices.Clone(ids)
	}
	return all
}

// StagedOn is the profile of the mock Platform on which a deviation has to be
// staged.
func (k *Catalogue) StagedOn(deviation string) string { return k.staged[deviation] }

// ByRFC lists the checks that name an RFC, by its number; "2.1" means the
// OAuth 2.1 draft. section narrows it to that section and those below; empty
// means all.
func (k *Catalogue) ByRFC(number, section string) []*Check {
	var all []*Check
	for _, c := range k.All() {
		if slices.ContainsFunc(c.Cited(), func(cited Citation) bool {
			return cited.Kind != Requirement && cited.Document == documentName(number) &&
				(section == "" || cited.Section == section || strings.HasPrefix(cited.Section, section+"."))
		}) {
			all = append(all, c)
		}
	}
	return all
}

func documentName(number string) string {
	if number == "2.1" {
		return "OAuth 2.1"
	}
	return "RFC " + number
}

// Clause is one cited section and the checks that name it.
type Clause struct {
	Document string   `json:"document"`
	Section  string   `json:"section"`
	Title    string   `json:"title"`
	URL      string   `json:"url"`
	Checks   []string `json:"checks"`
}

// Clauses lists every cited section, by document and number.
func (k *Catalogue) Clauses() []Clause {
	var all []Clause
	for text, ids := range k.clauses {
		c, err := parseCitation(text)
		if err != nil {
			continue // it was read from this very text
		}
		title := k.documents[c.Document].Sections[c.Section]
		all = append(all, Clause{c.Document, c.Section, title, c.URL, slices.Clone(ids)})
	}
	slices.SortFunc(all, func(a, b Clause) int {
		return cmp.Or(CompareNumbers(a.Document, b.Document), CompareNumbers(a.Section, b.Section))
	})
	return all
}

// CompareNumbers compares names part by part, numbers by their value, so that
// 4.10 comes after 4.2.
func CompareNumbers(a, b string) int {
	parts := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == ' ' })
	}
	return slices.CompareFunc(parts(a), parts(b), func(x, y string) int {
		m, errM := strconv.Atoi(x)
		n, errN := strconv.Atoi(y)
		if errM == nil && errN == nil {
			return cmp.Compare(m, n)
		}
		return strings.Compare(x, y)
	})
}

// Document is the title of a cited document, such as "RFC 6749".
func (k *Catalogue) Document(name string) string { return k.documents[name].Title }

func (k *Catalogue) find(ids []string) []*Check {
	var all []*Check
	for _, id := range ids {
		all = append(all, k.checks[id])
	}
	return all
}

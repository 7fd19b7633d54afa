package catalogue

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Kind tells what an id names.
type Kind string

// The kinds. All but KindServer have a file of their names below ids/.
const (
	KindServer      Kind = "check"
	KindClient      Kind = "client"
	KindRequirement Kind = "requirement"
	KindJourney     Kind = "journey"
	KindBug         Kind = "bug"
)

// Words names the kind for people.
func (k Kind) Words() string {
	switch k {
	case KindServer:
		return "check of the server"
	case KindClient:
		return "check of the client"
	case KindJourney:
		return "step of a customer's journey"
	default:
		return string(k)
	}
}

// idOf is the form of each kind's ids.
var idOf = map[Kind]*regexp.Regexp{
	KindServer:      regexp.MustCompile(`^[A-Z]{2}-\d\d$`),
	KindClient:      regexp.MustCompile(`^CL-\d\d$`),
	KindRequirement: requirement,
	KindJourney:     regexp.MustCompile(`^U-\d\d$`),
	KindBug:         regexp.MustCompile(`^(TX|E)-\d\d$`),
}

// Name is any id that a scenario may be tagged with.
type Name struct {
	ID    string `json:"id"`
	Kind  Kind   `json:"kind"`
	Title string `json:"title"`
}

// Catalogue is all checks and names. It is never changed after Load and may be
// used by many at once.
type Catalogue struct {
	groups    []*Group
	documents map[string]document
	names     map[string]Name
	order     []string // all ids: requirements first, checks last

	checks       map[string]*Check
	gates        map[string][]string // transitive
	requirements map[string][]string // requirement to checks
	clauses      map[string][]string // "RFC 6749 §4.1.2" to checks
	deviations   map[string][]string // "code.reuse=allow_after_1s" to checks
	staged       map[string]string   // the same to the profile on which it is staged
}

func newCatalogue() *Catalogue {
	return &Catalogue{
		names: map[string]Name{}, checks: map[string]*Check{}, gates: map[string][]string{},
		requirements: map[string][]string{}, clauses: map[string][]string{}, deviations: map[string][]string{},
		staged: map[string]string{},
	}
}

// groupOrder is the order of a run and of every list.
var groupOrder = strings.Fields("TL MD RG AZ UI PK CG TK PW CC RF RR RS RV IN PR JT PA")

// link makes the indexes and finds what is wrong between checks.
func (k *Catalogue) link(f *faults) {
	for _, g := range k.groups {
		if !slices.Contains(groupOrder, g.ID) {
			f.add("checks/"+strings.ToLower(g.ID)+".yaml", 1, "the group %q has no place in the order of a run", g.ID)
		}
	}
	slices.SortFunc(k.groups, func(a, b *Group) int {
		return cmp.Compare(slices.Index(groupOrder, a.ID), slices.Index(groupOrder, b.ID))
	})
	for _, g := range k.groups {
		for _, c := range g.Checks {
			k.checks[c.ID] = c
			for _, citation := range c.Cited() {
				index := k.clauses
				if citation.Kind == Requirement {
					index = k.requirements
				}
				index[citation.String()] = append(index[citation.String()], c.ID)
			}
			for _, d := range c.Deviations {
				if other, known := k.staged[d.String()]; known && other != d.Base {
					f.add(c.at.file, c.at.line("break"), "%s: %s is staged on %s elsewhere, not on %s", c.ID, d, other, d.Base)
				}
				k.staged[d.String()] = d.Base
				k.deviations[d.String()] = append(k.deviations[d.String()], c.ID)
			}
		}
	}
	for _, c := range k.All() {
		k.gates[c.ID] = k.climb(c, nil, f)
	}
}

// climb lists all gates of a check, those that come first in front. path is
// how it was reached; a gate on it is a cycle.
func (k *Catalogue) climb(c *Check, path []string, f *faults) []string {
	var all []string
	path = append(slices.Clone(path), c.ID)
	for _, id := range c.Gates {
		gate, ok := k.checks[id]
		switch {
		case !ok:
			f.add(c.at.file, c.at.line("gates"), "%s: the gate %s is no check", c.ID, id)
		case slices.Contains(path, id):
			f.add(c.at.file, c.at.line("gates"), "%s: its gates lead back to it: %s", c.ID, strings.Join(append(path, id), ", "))
		default:
			for _, id := range append(k.climb(gate, path, f), id) {
				if !slices.Contains(all, id) {
					all = append(all, id)
				}
			}
		}
	}
	return all
}

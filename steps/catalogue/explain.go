package catalogue

import (
	"slices"
)

// Scenario is a scenario that carries an id as its tag.
type Scenario struct {
	ID   string `json:"id"` // file and line
	Name string `json:"name"`
}

// Explanation is everything the catalogue knows of one id. Fields are only
// ever added.
type Explanation struct {
	Name
	Check     *Check     `json:"check,omitempty"` // if the id is one
	Gates     []Name     `json:"gates"`           // all that a check builds on, see Catalogue.Gates
	Checks    []Name     `json:"checks"`          // those that name it, if the id is a requirement
	Scenarios []Scenario `json:"scenarios"`
}

// Explain tells what an id stands for; false if nothing has it. scenarios are
// those that carry it.
func (k *Catalogue) Explain(id string, scenarios []Scenario) (Explanation, bool) {
	name, ok := k.names[id]
	if !ok {
		return Explanation{}, false
	}
	e := Explanation{Name: name, Gates: []Name{}, Checks: []Name{}, Scenarios: orEmpty(scenarios)}
	e.Check = k.checks[id]
	for _, gate := range k.gates[id] {
		e.Gates = append(e.Gates, k.names[gate])
	}
	for _, check := range k.requirements[id] {
		e.Checks = append(e.Checks, k.names[check])
	}
	return e, true
}

// Row is one check in a list.
type Row struct {
	ID         string `json:"id"`
	Group      string `json:"group"`
	Title      string `json:"title"`
	Level      Level  `json:"level"`
	DraftLevel Level  `json:"oauth21_level"`
	Scenarios  int    `json:"scenarios"` // how many carry its id
}

// Rows lists checks with the number of scenarios that carry each id.
func Rows(checks []*Check, scenarios map[string][]Scenario) []Row {
	rows := make([]Row, len(checks))
	for i, c := range checks {
		rows[i] = Row{c.ID, c.Group, c.Title, c.Level, c.DraftLevel, len(scenarios[c.ID])}
	}
	return rows
}

// Selection narrows a list of checks. Its zero value selects all.
type Selection struct {
	Requirement string // id of a requirement that the check names
	RFC         string // number of an RFC that it names, or "2.1" for the draft
	Section     string // of that document
}

// Select lists the checks that fit all of a selection, by group and number.
func (k *Catalogue) Select(s Selection) []*Check {
	picked := k.All()
	keep := func(found []*Check) {
		picked = slices.DeleteFunc(picked, func(c *Check) bool { return !slices.Contains(found, c) })
	}
	if s.Requirement != "" {
		keep(k.ByRequirement(s.Requirement))
	}
	if s.RFC != "" {
		keep(k.ByRFC(s.RFC, s.Section))
	}
	return picked
}

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/catalogue"
)

// Coverage is one clause or requirement and what the checks that name it came
// to in this run.
type Coverage struct {
	Clause string   `json:"clause"` // "RFC 6749 §4.1.2", "S001-11"
	Title  string   `json:"title"`
	URL    string   `json:"url,omitempty"`
	Checks []Marked `json:"checks"`
}

// Marked is a check with its status.
type Marked struct {
	ID     string `json:"id"`
	Status Status `json:"status"`
}

// Coverage lists every clause and requirement that the checks of the run name:
// requirements first, then documents and sections in their order.
func (r *Run) Coverage() []Coverage {
	found := map[string]*Coverage{}
	cited := map[string]catalogue.Citation{}
	for _, sc := range r.Scenarios {
		if sc.Judged == nil {
			continue
		}
		for _, c := range sc.Judged.Cited() {
			if found[c.String()] == nil {
				found[c.String()] = &Coverage{Clause: c.String(), Title: c.Title, URL: c.URL}
				cited[c.String()] = c
			}
			one := found[c.String()]
			one.Checks = append(one.Checks, Marked{sc.Check, sc.Status})
		}
	}
	all := make([]Coverage, 0, len(found))
	for _, c := range found {
		slices.SortFunc(c.Checks, func(a, b Marked) int { return strings.Compare(a.ID, b.ID) })
		all = append(all, *c)
	}
	slices.SortFunc(all, func(a, b Coverage) int {
		ofSpec := func(c Coverage) int {
			if cited[c.Clause].Kind == catalogue.Requirement {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(ofSpec(a), ofSpec(b)), catalogue.CompareNumbers(a.Clause, b.Clause))
	})
	return all
}

// FixFirst lists the checks that the target fails, the most dangerous first:
// rules that nobody may excuse before others, MUST before what only a profile
// or a SHOULD asks for, and what a gate hides behind it.
func (r *Run) FixFirst() []Scenario {
	var failed []Scenario
	for _, sc := range r.Scenarios {
		if sc.Judged != nil && (sc.Status == Fail || sc.Status == Warn) {
			failed = append(failed, sc)
		}
	}
	slices.SortStableFunc(failed, func(a, b Scenario) int {
		return cmp.Or(cmp.Compare(danger(b), danger(a)), cmp.Compare(r.blocks(b.Check), r.blocks(a.Check)))
	})
	return failed
}

// danger orders findings by the threat they leave open.
func danger(sc Scenario) int {
	d := map[catalogue.Level]int{catalogue.Must: 30, catalogue.Profile: 20, catalogue.Should: 10}[sc.Judged.Level]
	if sc.Judged.NoWaiver {
		d += 100
	}
	if sc.Status == Fail {
		d += 1000
	}
	return d
}

// blocks counts the checks that a failed gate kept from being judged.
func (r *Run) blocks(id string) int {
	n := 0
	for _, sc := range r.Scenarios {
		if sc.Status == CouldNotRun && strings.Contains(sc.Reason, "blocked by "+id) {
			n++
		}
	}
	return n
}

// Bytes is a size for people: "812 bytes", "3 kB".
func Bytes(n int) string {
	if n < 1000 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%d kB", (n+500)/1000)
}

// clauses are those that the check of a scenario cites, as text to search.
func (sc Scenario) clauses() string {
	if sc.Judged == nil {
		return ""
	}
	var all []string
	for _, c := range sc.Judged.Cited() {
		all = append(all, c.String())
	}
	return strings.Join(all, " ")
}

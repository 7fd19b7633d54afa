package verdict

import (
	"fmt"
	"slices"
	"time"

	"github.com/mint-conformance/mint/steps/document"
	"github.com/mint-conformance/mint/steps/report"
)

// Book is all that excuses something in one run. Its entries have passed
// Check. A nil Book excuses nothing.
type Book struct {
	pages []page
	now   time.Time
}

// page is the entries of one file.
type page struct {
	kind    Kind
	file    string
	entries []Entry
}

// NewBook makes a Book without entries for a run that began at now.
func NewBook(now time.Time) *Book { return &Book{now: now} }

// Add puts the entries of a file into the book. A check that another file
// excuses already is a fault.
func (b *Book) Add(kind Kind, file string, entries []Entry) []document.Fault {
	var faults []document.Fault
	for _, e := range entries {
		if _, where, ok := b.find(e.Check); ok {
			faults = append(faults, document.Fault{Line: e.Line, Text: fmt.Sprintf("%s: %s is excused in %s already; leave one entry", kind, e.Check, where.file)})
		}
	}
	b.pages = append(b.pages, page{kind, file, entries})
	return faults
}

func (b *Book) find(check string) (Entry, page, bool) {
	if b == nil {
		return Entry{}, page{}, false
	}
	for _, p := range b.pages {
		if i := slices.IndexFunc(p.entries, func(e Entry) bool { return e.Check == check }); i >= 0 {
			return p.entries[i], p, true
		}
	}
	return Entry{}, page{}, false
}

// Excuse turns a failure or a warning of a check that has an entry into WAIVED.
// An entry that has ended makes a failure of it.
func (b *Book) Excuse(r *report.Scenario) {
	e, from, ok := b.find(r.Check)
	if !ok || r.Status != report.Fail && r.Status != report.Warn {
		return
	}
	measured := r.Reason
	if e.ended(b.now) {
		r.Status = report.Fail
		r.Reason = fmt.Sprintf("%s; the %s of %s ended on %s", measured, from.kind, e.Owner, e.Until)
		return
	}
	r.Status = report.Waived
	r.Reason = fmt.Sprintf("%s (%s of %s", e.Reason, from.kind, e.Owner)
	if e.Until != "" {
		r.Reason += " until " + e.Until
	}
	r.Reason += ")"
	r.Notes = append(r.Notes, "measured: "+measured)
	if e.Risk != "" {
		r.Notes = append(r.Notes, "risk: "+e.Risk)
	}
}

// Close fails the checks whose entry nobody needs: the server has been mended,
// and the entry would hide it when the defect comes back.
func (b *Book) Close(scenarios []report.Scenario) {
	if b == nil {
		return
	}
	for _, p := range b.pages {
		for _, e := range p.entries {
			first, stale := -1, true
			for i, r := range scenarios {
				if r.Check != e.Check {
					continue
				}
				switch r.Status {
				case report.Pass:
					if first < 0 {
						first = i
					}
				case report.NotApplicable:
				default:
					stale = false
				}
			}
			if stale && first >= 0 {
				scenarios[first].Status = report.Fail
				scenarios[first].Reason = fmt.Sprintf("the %s is stale: the check passes; take %s out of %s", p.kind, e.Check, p.file)
			}
		}
	}
}

package verdict

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/document"
)

// Entry excuses one check.
type Entry struct {
	Check  string `yaml:"check" doc:"id of the check, such as TK-12"`
	Reason string `yaml:"reason" doc:"why the server does not do what the rule asks"`
	Owner  string `yaml:"owner" doc:"who answers for it"`
	Risk   string `yaml:"risk" doc:"what can happen because of it"`
	// Until is the last day (2006-01-02, UTC) on which it counts.
	Until string `yaml:"until" doc:"the last day on which it counts, such as 2027-01-31"`

	// Line is where it is written.
	Line int `yaml:"-"`
}

// dateForm is how days are written.
const dateForm = "2006-01-02"

// Kind is where an entry stands, and what reports call it.
type Kind string

// The kinds: a waiver is documented behaviour of the server, a baseline entry
// a failure that is known and to be mended.
const (
	Waiver   Kind = "waiver"
	Baseline Kind = "baseline entry"
)

// Server is what decides whether an excuse is permitted.
type Server struct {
	// Loopback says that all of its addresses are on this machine: TL-01 and
	// TL-02 can be waived there, and nowhere else.
	Loopback bool
	// Public says that its main client has no secret: TK-10 can be waived.
	Public bool
}

// Check lists what is wrong with entries, each fault with the line and the
// mend. An ended entry is no fault: its check fails in the run.
func Check(kind Kind, entries []Entry, known *catalogue.Catalogue, server Server) (faults []document.Fault) {
	seen := map[string]bool{}
	for _, e := range entries {
		bad := func(format string, args ...any) {
			faults = append(faults, document.Fault{Line: e.Line, Text: fmt.Sprintf("%s: ", kind) + fmt.Sprintf(format, args...)})
		}
		check, ok := known.Check(e.Check)
		switch {
		case e.Check == "":
			bad("check is missing; name the id that it excuses, such as TK-12")
		case !ok:
			bad("the catalogue has no check %q; `conformance list --checks` shows all", e.Check)
		case check.NoWaiver && !server.permits(e.Check):
			bad("%s cannot be waived: %s Mend the server, or take the entry out", e.Check, check.Why)
		case seen[e.Check]:
			bad("%s stands twice; leave one entry", e.Check)
		}
		seen[e.Check] = true
		if strings.TrimSpace(e.Reason) == "" {
			bad("%s has no reason; say why the server does not do what the rule asks", orThis(e.Check))
		}
		if strings.TrimSpace(e.Owner) == "" {
			bad("%s has no owner; name who answers for it", orThis(e.Check))
		}
		if kind == Baseline && e.Until == "" {
			bad("%s has no last day; write until: and a date, since a known failure is to be mended", orThis(e.Check))
		}
		if _, err := time.Parse(dateForm, e.Until); e.Until != "" && err != nil {
			bad("%s: until %q is no date; write year, month and day, such as 2027-01-31", orThis(e.Check), e.Until)
		}
	}
	return faults
}

// permits says whether a check that is otherwise never waived may be here.
func (s Server) permits(id string) bool {
	return s.Loopback && slices.Contains([]string{"TL-01", "TL-02"}, id) || s.Public && id == "TK-10"
}

func orThis(id string) string {
	if id == "" {
		return "it"
	}
	return id
}

// ended says whether the entry counts no more.
func (e Entry) ended(now time.Time) bool {
	last, err := time.Parse(dateForm, e.Until)
	return err == nil && !now.UTC().Before(last.AddDate(0, 0, 1))
}

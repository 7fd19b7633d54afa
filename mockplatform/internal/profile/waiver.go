package profile

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Waiver is a rule that the Platform breaks as documented. It changes nothing
// about the Platform: a conformance run that has the profile for its target
// measures the check all the same, and shows it as waived.
//
// Which checks there are, and which may never be waived, only the catalogue of
// `conformance` knows; here counts what can be told without it.
type Waiver struct {
	Check  string `yaml:"check" doc:"id of the check, such as TK-12"`
	Reason string `yaml:"reason" doc:"why the Platform does not do what the rule asks"`
	Risk   string `yaml:"risk" doc:"what can happen because of it"`
	Until  string `yaml:"until" doc:"the last day on which it counts, such as 2027-01-31; without one it always counts"`
}

// checkForm is how the catalogue names checks.
var checkForm = regexp.MustCompile(`^[A-Z]{2}-[0-9]{2}$`)

func (c *checker) waivers() {
	first := map[string]int{}
	for i, w := range c.p.Waivers {
		at := fmt.Sprintf("waivers[%d]", i)
		switch before, twice := first[w.Check]; {
		case w.Check == "":
			c.fault(at+".check", "is missing: name the check that is waived, such as TK-12")
		case !checkForm.MatchString(w.Check):
			c.fault(at+".check", "%s is no id of a check: write it as `conformance list --checks` does, such as TK-12", quoted(w.Check))
		case twice:
			c.fault(at+".check", "%s is waived by waivers[%d] already: remove one", w.Check, before)
		default:
			first[w.Check] = i
		}
		if strings.TrimSpace(w.Reason) == "" {
			c.fault(at+".reason", "is missing: say why the Platform does not do what the rule asks")
		}
		if _, err := time.Parse(time.DateOnly, w.Until); w.Until != "" && err != nil {
			c.fault(at+".until", "%s is no date: write year, month and day, such as 2027-01-31", quoted(w.Until))
		}
	}
}

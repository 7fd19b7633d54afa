package profile

import (
	"fmt"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
)

// deviations refuses defects that do not exist, and those of a whole server.
func (c *checker) deviations() {
	known := words(deviation.All())
	for i, name := range c.p.Break {
		if entry, ok := deviation.Find(deviation.Deviation(name)); ok {
			if entry.Server != "" {
				c.fault(fmt.Sprintf("break[%d]", i), "%s belongs to the whole server, not to a Platform: leave it out here and serve with --tls auto --tls-fault %s", quoted(name), entry.Server)
			}
			continue
		}
		mend := "see `mockplatform profiles deviations` for all of them"
		if guess := nearest(name, known); guess != "" {
			mend = "did you mean " + guess + "?"
		}
		c.fault(fmt.Sprintf("break[%d]", i), "%s is no deviation: %s", quoted(name), mend)
	}
}

// deviate lays the settings of its deviations over p. They may make what
// validation refuses: that is their purpose.
func (p *Profile) deviate() error {
	for _, name := range p.Break {
		entry, ok := deviation.Find(deviation.Deviation(name))
		if !ok || entry.Settings == "" {
			continue
		}
		root, err := document([]byte(entry.Settings))
		if err != nil {
			return fmt.Errorf("settings of the deviation %s: %w", name, err)
		}
		d := &decoder{partial: true, lines: map[string]int{}}
		d.value(root, p, "")
		if len(d.faults) > 0 {
			return fmt.Errorf("settings of the deviation %s: %w", name, d.faults.sorted())
		}
	}
	return nil
}

func words(all []deviation.Deviation) []string {
	plain := make([]string, len(all))
	for i, d := range all {
		plain[i] = string(d)
	}
	return plain
}

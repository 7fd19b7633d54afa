package verdict

import (
	"fmt"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/document"
)

// AddProfile puts the waivers of a mock Platform's profile into the book. The
// mock knows no checks: ids that do not exist, and those that are never waived,
// are faults here.
func (b *Book) AddProfile(profile []byte, known *catalogue.Catalogue) error {
	about, err := mockplatform.CheckProfile(profile)
	if err != nil {
		return fmt.Errorf("the profile has faults:\n%w", err)
	}
	where := "the profile " + about.Name
	var entries []Entry
	for _, w := range about.Waivers {
		entries = append(entries, Entry{Check: w.Check, Reason: w.Reason, Owner: where, Risk: w.Risk, Until: w.Until})
	}
	faults := append(Check(Waiver, entries, known, Server{Loopback: true}), b.Add(Waiver, where, entries)...)
	if len(faults) > 0 {
		return &document.Faults{File: where, All: faults}
	}
	return nil
}

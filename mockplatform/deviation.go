package mockplatform

import "github.com/mint-conformance/mint/mockplatform/internal/deviation"

// Deviation is a defect that a Platform can be given on purpose, by `break` in
// its profile, so that a conformance check can be seen failing.
type Deviation struct {
	Name string // "code.reuse=allow_after_1s"
	Doc  string // what the Platform then does
	// TLSFault is the TLS.Fault that makes a defect of the whole server, which
	// no Platform can be given alone; empty for all others.
	TLSFault string
}

// Deviations lists all of them, sorted by name.
func Deviations() []Deviation {
	all := []Deviation{}
	for _, d := range deviation.All() {
		entry, _ := deviation.Find(d)
		all = append(all, Deviation{Name: string(d), Doc: entry.Doc, TLSFault: entry.Server})
	}
	return all
}

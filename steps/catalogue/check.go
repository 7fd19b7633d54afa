package catalogue

import "slices"

// Check is one rule that a server is held to. Nobody may change one: all
// callers share it.
type Check struct {
	ID    string `json:"id"` // "CG-02"
	Group string `json:"group"`
	Title string `json:"title"` // a sentence without a full stop

	Level      Level       `json:"level"`                // by the RFCs, or by the profile
	DraftLevel Level       `json:"oauth21_level"`        // by the OAuth 2.1 draft; Level unless it differs
	LevelNote  string      `json:"level_note,omitempty"` // where one word is not enough
	NoWaiver   bool        `json:"never_waived"`         // no target file may excuse it
	Citations  []Citation  `json:"citations"`            // where the rule stands, at least one
	Actor      Actor       `json:"actor"`                // whom it binds
	Features   []string    `json:"features"`             // without one of them: not applicable
	Fixtures   []string    `json:"fixtures"`             // without one of them: could not run
	Gates      []string    `json:"gates"`                // checks that must not have failed, see Catalogue.Gates
	Accepted   []Accepted  `json:"accepted"`             // other behaviour that passes
	Why        string      `json:"why"`                  // the threat
	Mend       string      `json:"mend"`                 // what the server's developer can do
	RealServer Safety      `json:"real_server"`          // what it does to a server in use
	Browser    Browser     `json:"browser"`              // whether a person's decision is needed
	Time       []Wait      `json:"time"`                 // empty: needs no time; else what serves on a partner's server
	Last       bool        `json:"last,omitempty"`       // runs when all others have ended, since it needs what they saw
	WaitFor    string      `json:"wait_for,omitempty"`   // what a real wait waits for
	Base       string      `json:"base_profile"`         // profile on which the deviations are staged, unless one names its own
	Deviations []Deviation `json:"deviations"`           // each of them must make it fail

	at place // where it is written, for faults that show later
}

// Cited lists every clause and requirement the check names, those of the rule
// in front and those that permit something else behind, each once.
func (c *Check) Cited() []Citation {
	all := slices.Clone(c.Citations)
	for _, a := range c.Accepted {
		for _, cited := range a.Citations {
			if !slices.Contains(all, cited) {
				all = append(all, cited)
			}
		}
	}
	return all
}

// Accepted is behaviour that differs from the rule's plain reading and passes
// all the same, with the clause that permits it.
type Accepted struct {
	What      string     `json:"what"`
	Citations []Citation `json:"citations"`
}

// Deviation is one setting below `break:` in a profile of the mock Platform:
// a defect that is named, narrow, and off by default.
type Deviation struct {
	Name  string `json:"name"`  // "code.reuse"
	Value string `json:"value"` // "allow_after_1s"
	// Base is the profile on which it is staged.
	Base string `json:"base_profile"`
}

// String is how it is written: "code.reuse=allow_after_1s".
func (d Deviation) String() string { return d.Name + "=" + d.Value }

// Group is the checks of one subject, in the order of their numbers.
type Group struct {
	ID     string // "CG"
	Title  string
	Checks []*Check
}

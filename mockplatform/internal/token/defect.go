package token

import "time"

// Defects are rules that a policy breaks on purpose, so that conformance checks
// can be seen to fail; see package deviation. The zero value breaks none.
type Defects struct {
	Widens          bool // a refresh may ask for more scopes than were granted
	FirstForEver    bool // the first token of a family that rotates does not expire
	SpentAlive      bool // a spent token is good for another successor
	Races           bool // … within raceTime of its first use
	Shrinks         bool // from the third rotation on only the first scope is given
	HalvesSuccessor bool // a successor lives for half the IdleLifetime
	Stands          bool // a use does not prolong a token that slides
	AddsToken       bool // a token that slides has a successor as well
}

// raceTime is how long a store that does not spend tokens atomically would at
// most believe a spent one to be good.
const raceTime = time.Second

// overlooks says whether a spent token passes for a fresh one.
func (d Defects) overlooks(t Presented, now time.Time) bool {
	return d.SpentAlive || d.Races && now.Before(t.SpentAt.Add(raceTime))
}

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
	CodeReusable    bool // a spent code is good again after raceTime
	CodeRaces       bool // a spent code is good within raceTime of its use
	ReplayForgiven  bool // a spent code that is presented again ends nothing
}

// raceTime is how long a store that does not spend tokens atomically would at
// most believe a spent one to be good.
const raceTime = time.Second

// OverlooksCode says whether a code that was spent passes for a fresh one.
func (d Defects) OverlooksCode(spent, now time.Time) bool {
	late := !now.Before(spent.Add(raceTime))
	return d.CodeReusable && late || d.CodeRaces && !late
}

// overlooks says whether a spent token passes for a fresh one.
func (d Defects) overlooks(t Presented, now time.Time) bool {
	return d.SpentAlive || d.Races && now.Before(t.SpentAt.Add(raceTime))
}

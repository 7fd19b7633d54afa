// Package deviation names the defects that a mock Platform can be given on
// purpose, one by one, with `break:` in its profile: each lets exactly one
// check of the conformance catalogue fail, so that the harness can be shown to
// be able to fail. None is ever on by default.
//
// A deviation is narrow: one grant, one endpoint, one path. Code asks
// Profile.Breaks at the one place where the rule is kept; what an option of
// the profile can do already is an overlay and needs no code.
package deviation

import (
	"maps"
	"slices"
)

// Deviation is one defect, written "name=value" as in the catalogue:
// "code.reuse=allow_after_1s".
type Deviation string

// Entry describes a deviation.
type Entry struct {
	Doc string // what the Platform then does, one sentence without a full stop
	// Settings is a partial profile in YAML that makes the defect; empty for a
	// defect that code makes.
	Settings string
	// Server is the --tls-fault of a defect that the whole server has, with all
	// of its Platforms; empty for one of a single Platform.
	Server string
}

var declared = gather(tokenEntries, codeEntries, pkceEntries, refreshEntries, authorizeEntries, pageEntries,
	registrationEntries, documentEntries, resourceEntries, apiEntries, grantEntries, serverEntries)

// gather joins the groups; a deviation stands in one group only.
func gather(groups ...map[Deviation]Entry) map[Deviation]Entry {
	all := map[Deviation]Entry{}
	for _, g := range groups {
		maps.Copy(all, g)
	}
	return all
}

// All lists every deviation, sorted.
func All() []Deviation { return slices.Sorted(maps.Keys(declared)) }

// Find answers what is known of a deviation.
func Find(d Deviation) (Entry, bool) {
	e, ok := declared[d]
	return e, ok
}

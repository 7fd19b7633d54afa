package fault

import (
	"fmt"
	"slices"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// beside are the kinds that can accompany another action: each leaves room for
// it. A barrier counts requests and so is a fault of its own, and what answers,
// breaks or drops can happen to an exchange only once.
var beside = []string{KindRewrite, KindHeaders, KindDelayBefore, KindDelayAfter, KindExpiry, KindLag}

// actions are all that a fault does to an exchange.
func actions(f control.Fault) []control.FaultAction {
	return append([]control.FaultAction{f.Action}, f.Also...)
}

// actionOf finds the action of a kind.
func actionOf(f control.Fault, kind string) (control.FaultAction, bool) {
	for _, a := range actions(f) {
		if a.Kind == kind {
			return a, true
		}
	}
	return control.FaultAction{}, false
}

// also judges the actions that accompany the fault's own.
func (j *judge) also(f control.Fault, own trait) {
	taken := []string{f.Action.Kind}
	instead, replaces := own.instead && !f.Action.After, Replaces(f.Action)
	defer func() { j.at = "" }()
	for i, a := range f.Also {
		j.at = fmt.Sprintf("also[%d].", i)
		t, known := traitOf(a.Kind)
		switch {
		case !known || !slices.Contains(beside, a.Kind):
			j.oneOf("action.kind", a.Kind, beside)
			continue
		case slices.Contains(taken, a.Kind):
			j.refuse("action.kind", "the fault does %q already: leave one out", a.Kind)
		case replaces && a.Kind == KindRewrite:
			j.refuse("action.kind", "kind %q answers by itself, so that there is nothing to rewrite: leave it out", own.kind)
		case instead && (a.Kind == KindExpiry || a.Kind == KindLag):
			j.refuse("action.kind", "kind %q lets no access token be issued: leave %q out, or set after", own.kind, a.Kind)
		case !own.answers && a.Kind == KindHeaders && own.kind != KindDropBody:
			j.refuse("action.kind", "kind %q sends no headers: leave it out", own.kind)
		}
		taken = append(taken, a.Kind)
		j.action(t, f.Match, a)
	}
}

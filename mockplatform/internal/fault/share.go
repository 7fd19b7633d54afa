package fault

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
)

// Sharing is what the plans of several processes have in common. What is nil
// stays the plan's own.
type Sharing struct {
	Tally Tally
	// Lags remembers MaxLags access tokens that the API does not know yet.
	Lags lapse.Table
	// Tell is told of faults by their ids, "" for one that was disarmed, and of
	// barriers that opened; the plans of other processes Adopt it in this order.
	Tell func(news []News)
}

// News is what changed under a name.
type News struct{ Name, Document string }

// Share makes the plan one of several. Call it before the plan is used.
func (p *Plan) Share(with Sharing) {
	if with.Tally != nil {
		p.tally = with.Tally
	}
	if with.Lags != nil {
		p.lags = with.Lags
	}
	if with.Tell != nil {
		p.tell = with.Tell
	}
}

// opened marks the news of a barrier that opened: before the id of its fault.
const opened = "open "

func newsOf(f control.Fault) (News, error) {
	document, err := json.Marshal(f)
	return News{f.ID, string(document)}, err
}

// Adopt takes over what another process told. What is known already changes
// nothing.
func (p *Plan) Adopt(name, document string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, opens := strings.CutPrefix(name, opened)
	at, known := p.find(id)
	switch {
	case opens && known:
		p.faults[at].barrier.release(document)
	case opens:
	case document == "" && known:
		p.faults = slices.Delete(p.faults, at, at+1)
	case document != "" && !known:
		var f control.Fault
		if json.Unmarshal([]byte(document), &f) == nil { // nothing else writes there
			p.insert(f)
		}
	}
}

// find answers where the fault is, or belongs: they are ordered by number. The
// lock is held.
func (p *Plan) find(id string) (at int, known bool) {
	return slices.BinarySearchFunc(p.faults, numberOf(id), func(f *armed, number int) int { return numberOf(f.ID) - number })
}

package fault

import (
	"encoding/json"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
)

// MaxLags is how many access tokens the API does not know yet at a time; the
// rest is simply known.
const MaxLags = 10_000

// lag is an access token that the API does not know yet (slow
// read-after-issue).
type lag struct {
	Fault string    `json:"fault"` // id
	Until time.Time `json:"until"` // zero: for Uses calls
	Uses  int       `json:"uses"`
}

// Issued takes note of an access token, by its fingerprint, that was issued at
// now under a fault; lag faults concern it.
func (p *Plan) Issued(f control.Fault, fingerprint string, now time.Time) {
	wanted, is := actionOf(f, KindLag)
	if !is || fingerprint == "" {
		return
	}
	l := lag{Fault: f.ID, Uses: wanted.Uses}
	if wanted.Lag != "" {
		l.Until = now.Add(span(wanted.Lag))
	}
	lapse.Put(p.lags, now, fingerprint, l.document(), l.Until)
}

func (l lag) document() string {
	document, _ := json.Marshal(l) // plain data always has a JSON form
	return string(document)
}

// Lagging reports whether the API does not know the access token yet, and by
// which fault. Each call that it does not is one use.
func (p *Plan) Lagging(fingerprint string, now time.Time) (id string, yes bool) {
	p.lags.Change(now, fingerprint, func(value string) (string, time.Time) {
		if id, yes = "", value != ""; !yes {
			return "", time.Time{}
		}
		var l lag
		_ = json.Unmarshal([]byte(value), &l) // nothing else writes there
		id = l.Fault
		if l.Uses--; l.Until.IsZero() && l.Uses <= 0 {
			return "", time.Time{}
		}
		return l.document(), l.Until
	})
	return id, yes
}

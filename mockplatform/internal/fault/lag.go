package fault

import (
	"slices"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// maxLags bounds how many access tokens the API does not know yet.
const maxLags = 10_000

// lag is an access token that the API does not know yet (slow
// read-after-issue).
type lag struct {
	fault string    // id
	until time.Time // zero: for uses calls
	uses  int
}

// Issued takes note of an access token, by its fingerprint, that was issued at
// now under a fault; lag faults concern it.
func (p *Plan) Issued(f control.Fault, fingerprint string, now time.Time) {
	if f.Action.Kind != KindLag || fingerprint == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.lagging) >= maxLags { // the oldest is simply known from now on
		delete(p.lags, p.lagging[0])
		p.lagging = p.lagging[1:]
	}
	p.lagging = append(p.lagging, fingerprint)
	l := &lag{fault: f.ID, uses: f.Action.Uses}
	if f.Action.Lag != "" {
		l.until = now.Add(span(f.Action.Lag))
	}
	p.lags[fingerprint] = l
}

func (l *lag) over(now time.Time) bool {
	if !l.until.IsZero() {
		return !now.Before(l.until)
	}
	return l.uses <= 0
}

// Lagging reports whether the API does not know the access token yet, and by
// which fault. Each call that it does not is one use.
func (p *Plan) Lagging(fingerprint string, now time.Time) (id string, yes bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, known := p.lags[fingerprint]
	if !known {
		return "", false
	}
	if l.over(now) {
		delete(p.lags, fingerprint)
		return "", false
	}
	l.uses--
	return l.fault, true
}

// Sweep forgets access tokens that the API knows by now.
func (p *Plan) Sweep(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lagging = slices.DeleteFunc(p.lagging, func(fingerprint string) bool {
		l, known := p.lags[fingerprint]
		if known && !l.over(now) {
			return false
		}
		delete(p.lags, fingerprint)
		return true
	})
}

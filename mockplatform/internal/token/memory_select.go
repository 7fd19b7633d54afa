package token

import (
	"slices"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

const (
	// sweepFrom is how many families a store keeps before it looks for ended
	// ones to forget, so that short runs can explain everything.
	sweepFrom = 4096
	// maxFamilies bounds a store; beyond it the oldest families are forgotten.
	maxFamilies = 1 << 20
	// maxMembers bounds one family's access and refresh tokens each; beyond it
	// ended ones are forgotten first, then the oldest.
	maxMembers = 256
)

// The states of a token, as the control API says them.
const (
	StateLive    = "live"
	StateSpent   = "spent"
	StateExpired = "expired"
	StateRevoked = "revoked"
)

// state needs the family's lock.
func (a *access) state(now time.Time) string {
	switch {
	case a.revoked || a.family.revoked:
		return StateRevoked
	case over(a.expiresAt, now):
		return StateExpired
	}
	return StateLive
}

// state needs the family's lock.
func (r *refresh) state(now time.Time) string {
	switch {
	case r.revoked || r.displaced || r.family.revoked:
		return StateRevoked
	case !r.spentAt.IsZero():
		return StateSpent
	case over(r.expiresAt, now):
		return StateExpired
	}
	return StateLive
}

func (s Selector) picks(g Grant) bool {
	return (s.Client == "" || s.Client == g.ClientID) &&
		(s.Customer == "" || s.Customer == g.Customer) &&
		(s.Family == "" || s.Family == g.ID)
}

func (s Selector) kind(kind string) bool { return s.Kind == "" || s.Kind == kind }

// each calls do for every family with its lock held.
func (m *Memory) each(do func(f *family)) {
	m.mu.Lock()
	families := slices.Clone(m.families)
	m.mu.Unlock()
	for _, f := range families {
		f.mu.Lock()
		do(f)
		f.mu.Unlock()
	}
}

// Expire implements Store.
func (m *Memory) Expire(now time.Time, s Selector) int {
	return m.change(now, s,
		func(a *access) { a.expiresAt = now },
		func(r *refresh) { r.expiresAt = now },
		func(*family) {})
}

// Revoke implements Store.
func (m *Memory) Revoke(now time.Time, s Selector, reason string) int {
	return m.change(now, s,
		func(a *access) { a.revoked = true },
		func(r *refresh) { r.revoked = true },
		func(f *family) {
			if s.Kind == "" {
				f.end(reason)
			}
		})
}

func (m *Memory) change(now time.Time, s Selector, onAccess func(*access), onRefresh func(*refresh), after func(*family)) int {
	changed := 0
	m.each(func(f *family) {
		if !s.picks(f.grant) {
			return
		}
		for _, a := range f.access {
			if s.kind(oauth.KindAccessToken) && a.state(now) == StateLive {
				onAccess(a)
				changed++
			}
		}
		for _, r := range f.refresh {
			if s.kind(oauth.KindRefreshToken) && r.state(now) == StateLive {
				onRefresh(r)
				changed++
			}
		}
		after(f)
	})
	return changed
}

// Families implements Store.
func (m *Memory) Families(now time.Time) []Family {
	out := []Family{}
	m.each(func(f *family) {
		v := Family{Grant: f.grant, Revoked: f.revoked, Reason: f.reason, Tokens: []Member{}}
		for _, a := range f.access {
			v.Tokens = append(v.Tokens, Member{
				Kind: oauth.KindAccessToken, Value: a.value, Parent: a.parent,
				IssuedAt: a.issuedAt, ExpiresAt: a.expiresAt, State: a.state(now),
			})
		}
		for _, r := range f.refresh {
			v.Tokens = append(v.Tokens, Member{
				Kind: oauth.KindRefreshToken, Value: r.value, Parent: r.parent,
				IssuedAt: r.issuedAt, ExpiresAt: r.expiresAt, SpentAt: r.spentAt, State: r.state(now),
			})
		}
		out = append(out, v)
	})
	return out
}

// ended reports whether nothing of the family can be used any more.
func (f *family) ended(now time.Time) bool {
	if f.revoked {
		return true
	}
	if f.code != nil && f.code.SpentAt.IsZero() && !over(f.code.ExpiresAt, now) {
		return false
	}
	return !slices.ContainsFunc(f.access, func(a *access) bool { return a.state(now) == StateLive }) &&
		!slices.ContainsFunc(f.refresh, func(r *refresh) bool { return r.state(now) == StateLive })
}

// Sweep implements Store. It does nothing while there are few families, since
// ended ones explain refusals.
func (m *Memory) Sweep(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.families) < sweepFrom {
		return
	}
	drop := max(0, len(m.families)-maxFamilies*3/4)
	if len(m.families) < maxFamilies {
		drop = 0
	}
	kept := m.families[:0]
	for i, f := range m.families {
		f.mu.Lock()
		if i < drop || f.ended(now) && i < len(m.families)-sweepFrom/2 {
			m.forget(f)
		} else {
			kept = append(kept, f)
		}
		f.mu.Unlock()
	}
	clear(m.families[len(kept):])
	m.families = kept
	m.sweepAt = max(sweepFrom, min(2*len(kept), maxFamilies))
}

// forget needs the store's and the family's lock.
func (m *Memory) forget(f *family) {
	delete(m.byID, f.grant.ID)
	if f.code != nil {
		s := m.at(f.code.Value)
		s.mu.Lock()
		delete(s.codes, f.code.Value)
		s.mu.Unlock()
	}
	for _, a := range f.access {
		m.forgetAccess(a)
	}
	for _, r := range f.refresh {
		m.forgetRefresh(r)
	}
}

func (m *Memory) forgetAccess(a *access) {
	s := m.at(a.value)
	s.mu.Lock()
	delete(s.access, a.value)
	s.mu.Unlock()
}

func (m *Memory) forgetRefresh(r *refresh) {
	s := m.at(r.value)
	s.mu.Lock()
	delete(s.refresh, r.value)
	s.mu.Unlock()
}

// trim keeps a family that is refreshed for ever within its bound; the family
// is locked.
func (m *Memory) trim(f *family, now time.Time) {
	if len(f.access) > maxMembers {
		f.access = shrink(f.access, func(a *access) bool { return a.state(now) != StateLive }, m.forgetAccess)
	}
	if len(f.refresh) > maxMembers {
		f.refresh = shrink(f.refresh, func(r *refresh) bool { return r.state(now) != StateLive }, func(r *refresh) {
			m.forgetRefresh(r)
			r.successor, r.answer = nil, nil // or the chain would keep everything alive
		})
	}
}

// shrink drops the older half of list: first members that ended, then any.
func shrink[T any](list []T, ended func(T) bool, forget func(T)) []T {
	drop := len(list) / 2
	kept := make([]T, 0, len(list)-drop)
	for _, x := range list {
		if drop > 0 && ended(x) {
			drop--
			forget(x)
			continue
		}
		kept = append(kept, x)
	}
	for _, x := range kept[:drop] {
		forget(x)
	}
	return kept[drop:]
}

package token

import "time"

func (m *Memory) findRefresh(value string) *refresh {
	s := m.at(value)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.refresh[value]
}

// Refresh implements Store.
func (m *Memory) Refresh(value string) (Refresh, bool) {
	rec := m.findRefresh(value)
	if rec == nil {
		return Refresh{}, false
	}
	rec.family.mu.Lock()
	defer rec.family.mu.Unlock()
	return Refresh{
		Value: rec.value, Grant: rec.family.grant, IssuedAt: rec.issuedAt, ExpiresAt: rec.expiresAt,
		State: rec.presented(),
	}, true
}

// presented needs the family's lock.
func (r *refresh) presented() Presented {
	f := r.family
	p := Presented{
		BornAt: f.grant.BornAt, ExpiresAt: r.expiresAt, SpentAt: r.spentAt,
		SuccessorSpent: r.successor != nil && !r.successor.spentAt.IsZero(),
		Revoked:        r.revoked || f.revoked, Uses: f.uses,
	}
	for _, a := range f.access {
		if !a.revoked && a.expiresAt.After(p.AccessExpiresAt) {
			p.AccessExpiresAt = a.expiresAt
		}
	}
	return p
}

// UseRefresh implements Store.
func (m *Memory) UseRefresh(value string, now time.Time, p RefreshPolicy, next Pair) (Issued, Verdict) {
	rec := m.findRefresh(value)
	if rec == nil {
		return Issued{}, Unknown
	}
	f := rec.family
	f.mu.Lock()
	defer f.mu.Unlock()
	verdict := p.Judge(rec.presented(), now)
	switch verdict {
	case Rotate, NewSibling:
		return m.succeed(rec, now, p, next), verdict
	case Slide:
		return m.slide(rec, now, p, next), verdict
	case RepeatPair:
		return f.issued(rec.answer, rec.successor), verdict
	case Reused:
		f.end(ReasonRefreshReused)
	}
	return Issued{}, verdict
}

// succeed spends rec, if it is not spent yet, and issues a successor.
func (m *Memory) succeed(rec *refresh, now time.Time, p RefreshPolicy, next Pair) Issued {
	f := rec.family
	f.uses++
	f.killAccess(p)
	a, r := m.issue(f, now, p, next, rec.value)
	if rec.spentAt.IsZero() {
		rec.spentAt = now
		rec.answer, rec.successor = a, r
	}
	return f.issued(a, r)
}

// slide prolongs rec and issues an access token; the answer repeats rec's
// value if the policy returns refresh tokens.
func (m *Memory) slide(rec *refresh, now time.Time, p RefreshPolicy, next Pair) Issued {
	f := rec.family
	f.uses++
	f.killAccess(p)
	rec.expiresAt = p.ExpiresAt(f.grant.BornAt, now)
	next.Refresh = ""
	a, _ := m.issue(f, now, p, next, rec.value)
	out := f.issued(a, nil)
	if p.Returned {
		out.Refresh = rec.value
	}
	return out
}

func (f *family) killAccess(p RefreshPolicy) {
	if !p.KillsPrevious {
		return
	}
	for _, a := range f.access {
		a.revoked = true
	}
}

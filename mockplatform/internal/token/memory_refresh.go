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
		Value: rec.value, Grant: rec.family.grant, Scope: rec.scope,
		IssuedAt: rec.issuedAt, ExpiresAt: rec.expiresAt, State: rec.presented(),
	}, true
}

// presented needs the family's lock.
func (r *refresh) presented() Presented {
	f := r.family
	p := Presented{
		BornAt: f.grant.BornAt, RenewedAt: r.renewedAt, ExpiresAt: r.expiresAt, SpentAt: r.spentAt,
		SuccessorUsed: r.successorUsed, Displaced: r.displaced,
		Revoked: r.revoked || f.revoked, Uses: f.uses,
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
	issued, successor, verdict := m.use(rec, now, p, next)
	m.displace(successor, now, p)
	if verdict == ReusedWidely {
		m.endGrants(rec.family, ReasonRefreshReused)
	}
	return issued, verdict
}

func (m *Memory) use(rec *refresh, now time.Time, p RefreshPolicy, next Pair) (Issued, *refresh, Verdict) {
	f := rec.family
	f.mu.Lock()
	defer f.mu.Unlock()
	verdict := p.Judge(rec.presented(), now)
	switch {
	case verdict == Rotate || verdict == NewSibling:
		a, r := m.succeed(rec, now, p, next)
		return f.issued(a, r), r, verdict
	case verdict == Slide:
		return m.slide(rec, now, p, next), nil, verdict
	case verdict == RepeatPair:
		return f.issued(rec.answer, rec.successor), nil, verdict
	case verdict.Ends():
		f.end(ReasonRefreshReused)
	}
	return Issued{}, nil, verdict
}

// succeed spends rec, if it is not spent yet, and issues a successor.
func (m *Memory) succeed(rec *refresh, now time.Time, p RefreshPolicy, next Pair) (*access, *refresh) {
	rec.used(p, &next)
	a, r := m.issue(rec.family, now, next, p.Renewed(rec.family.grant.BornAt, rec.expiresAt, now), rec)
	if !rec.spentAt.IsZero() {
		return a, r
	}
	rec.spentAt, rec.answer, rec.successor = now, a, r
	if before := m.findRefresh(rec.parent); before != nil {
		before.successorUsed = true
	}
	return a, r
}

// slide prolongs rec and issues an access token; the answer repeats rec's
// value if the policy returns refresh tokens.
func (m *Memory) slide(rec *refresh, now time.Time, p RefreshPolicy, next Pair) Issued {
	rec.used(p, &next)
	rec.renewedAt, rec.expiresAt = now, p.Renewed(rec.family.grant.BornAt, rec.expiresAt, now)
	next.Refresh = ""
	a, _ := m.issue(rec.family, now, next, time.Time{}, rec)
	out := rec.family.issued(a, nil)
	if p.Returned {
		out.Refresh = rec.value
	}
	return out
}

// used counts a use and keeps the scopes of rec and of what is next within
// what rec may still ask for: another use may have narrowed it meanwhile.
func (r *refresh) used(p RefreshPolicy, next *Pair) {
	r.family.uses++
	r.family.killAccess(p)
	if !next.Scope.Within(r.scope) {
		next.Scope = next.Scope.Without(next.Scope.Without(r.scope))
	}
	r.scope = p.ScopeAfter(r.scope, next.Scope)
}

func (f *family) killAccess(p RefreshPolicy) {
	if !p.KillsPrevious {
		return
	}
	for _, a := range f.access {
		a.revoked = true
	}
}

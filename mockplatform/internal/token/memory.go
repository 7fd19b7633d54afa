package token

import (
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// shards spread lookups over several locks.
const shards = 16

// Memory is a Store in this process. Its locks are taken in the order list,
// family, shard; a family's lock makes each operation on its tokens atomic.
type Memory struct {
	shard [shards]shard
	last  atomic.Int64 // number of the newest family

	mu       sync.Mutex // guards what follows
	byID     map[string]*family
	families []*family // in the order of birth
	live     map[Owner]*liveTokens
	sweepAt  int // number of families at which ended ones are forgotten
}

type shard struct {
	mu      sync.RWMutex
	codes   map[string]*code
	access  map[string]*access
	refresh map[string]*refresh
}

type family struct {
	grant Grant // never changes

	mu      sync.Mutex // guards what follows and the records it lists
	revoked bool
	reason  string
	uses    int
	code    *code
	access  []*access
	refresh []*refresh
}

type code struct {
	family *family
	Code
}

type access struct {
	family    *family
	value     string
	parent    string
	scope     oauth.Scope
	issuedAt  time.Time
	expiresAt time.Time
	revoked   bool
}

type refresh struct {
	family    *family
	value     string
	parent    string
	scope     oauth.Scope
	issuedAt  time.Time
	renewedAt time.Time
	expiresAt time.Time
	spentAt   time.Time
	revoked   bool
	displaced bool
	// successorUsed ends the grace, whichever successor it was.
	successorUsed bool
	// successor and answer are what the use that spent this token issued.
	successor *refresh
	answer    *access
}

// NewMemory makes an empty store.
func NewMemory() *Memory {
	m := &Memory{byID: map[string]*family{}, live: map[Owner]*liveTokens{}, sweepAt: sweepFrom}
	for i := range m.shard {
		s := &m.shard[i]
		s.codes, s.access, s.refresh = map[string]*code{}, map[string]*access{}, map[string]*refresh{}
	}
	return m
}

var _ Store = (*Memory)(nil)

// at picks a shard by the value's last characters, which are random in every
// token format.
func (m *Memory) at(value string) *shard {
	sum := 0
	for i := max(len(value)-4, 0); i < len(value); i++ {
		sum = sum*31 + int(value[i])
	}
	return &m.shard[sum%shards]
}

// begin gives a grant its id and lists its family.
func (m *Memory) begin(g Grant, now time.Time) *family {
	g.ID = "grant-" + strconv.FormatInt(m.last.Add(1), 10)
	f := &family{grant: g}
	m.mu.Lock()
	m.byID[g.ID] = f
	m.families = append(m.families, f)
	full := len(m.families) >= m.sweepAt
	m.mu.Unlock()
	if full {
		m.Sweep(now)
	}
	return f
}

// PutCode implements Store.
func (m *Memory) PutCode(c Code) Code {
	f := m.begin(c.Grant, c.Grant.BornAt)
	c.Grant = f.grant
	rec := &code{family: f, Code: c}
	f.mu.Lock()
	f.code = rec
	f.mu.Unlock()
	s := m.at(c.Value)
	s.mu.Lock()
	s.codes[c.Value] = rec
	s.mu.Unlock()
	return c
}

func (m *Memory) findCode(value string) *code {
	s := m.at(value)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.codes[value]
}

// Code implements Store.
func (m *Memory) Code(value string) (Code, bool) {
	rec := m.findCode(value)
	if rec == nil {
		return Code{}, false
	}
	rec.family.mu.Lock()
	defer rec.family.mu.Unlock()
	c := rec.Code
	c.Revoked = rec.family.revoked
	return c, true
}

// RedeemCode implements Store.
func (m *Memory) RedeemCode(value string, now time.Time, p RefreshPolicy, next Pair) (Issued, CodeVerdict) {
	rec := m.findCode(value)
	if rec == nil {
		return Issued{}, CodeUnknown
	}
	issued, r, verdict := m.redeem(rec, now, p, next)
	m.displace(r, now, p)
	return issued, verdict
}

func (m *Memory) redeem(rec *code, now time.Time, p RefreshPolicy, next Pair) (Issued, *refresh, CodeVerdict) {
	f := rec.family
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case !rec.SpentAt.IsZero():
		f.end(ReasonCodeReused)
		return Issued{}, nil, CodeReused
	case f.revoked:
		return Issued{}, nil, CodeRevoked
	case over(rec.ExpiresAt, now):
		return Issued{}, nil, CodeExpired
	}
	rec.SpentAt = now
	a, r := m.issue(f, now, next, p.ExpiresAt(f.grant.BornAt, now), nil)
	return f.issued(a, r), r, CodeRedeemed
}

// PutGrant implements Store.
func (m *Memory) PutGrant(g Grant, now time.Time, p RefreshPolicy, first Pair) Issued {
	f := m.begin(g, now)
	f.mu.Lock()
	a, r := m.issue(f, now, first, p.ExpiresAt(g.BornAt, now), nil)
	issued := f.issued(a, r)
	f.mu.Unlock()
	m.displace(r, now, p)
	return issued
}

// issue makes the records of a pair whose refresh token dies at end, from a
// refresh token or from nothing; the family is locked.
func (m *Memory) issue(f *family, now time.Time, next Pair, end time.Time, from *refresh) (*access, *refresh) {
	parent, scope := "", f.grant.Scope
	if from != nil {
		parent, scope = from.value, from.scope
	}
	a := &access{
		family: f, value: next.Access, parent: parent, scope: next.Scope,
		issuedAt: now, expiresAt: next.AccessExpiresAt,
	}
	f.access = append(f.access, a)
	s := m.at(a.value)
	s.mu.Lock()
	s.access[a.value] = a
	s.mu.Unlock()
	var r *refresh
	if next.Refresh != "" {
		r = &refresh{
			family: f, value: next.Refresh, parent: parent, scope: scope,
			issuedAt: now, renewedAt: now, expiresAt: end,
		}
		f.refresh = append(f.refresh, r)
		s := m.at(r.value)
		s.mu.Lock()
		s.refresh[r.value] = r
		s.mu.Unlock()
	}
	m.trim(f, now)
	return a, r
}

func (f *family) issued(a *access, r *refresh) Issued {
	out := Issued{Access: a.copy()}
	if r != nil {
		out.Refresh = r.value
	}
	return out
}

// copy needs the family's lock.
func (a *access) copy() Access {
	return Access{
		Value: a.value, Grant: a.family.grant, Scope: a.scope, IssuedAt: a.issuedAt, ExpiresAt: a.expiresAt,
		Revoked: a.revoked || a.family.revoked,
	}
}

// end needs the family's lock. The first reason stays.
func (f *family) end(reason string) bool {
	if f.revoked {
		return false
	}
	f.revoked, f.reason = true, reason
	return true
}

// Access implements Store.
func (m *Memory) Access(value string) (Access, bool) {
	rec := m.findAccess(value)
	if rec == nil {
		return Access{}, false
	}
	rec.family.mu.Lock()
	defer rec.family.mu.Unlock()
	return rec.copy(), true
}

func (m *Memory) findAccess(value string) *access {
	s := m.at(value)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.access[value]
}

// RevokeAccess implements Store.
func (m *Memory) RevokeAccess(value string) bool {
	rec := m.findAccess(value)
	if rec == nil {
		return false
	}
	rec.family.mu.Lock()
	defer rec.family.mu.Unlock()
	rec.revoked = true
	return true
}

// RevokeFamily implements Store.
func (m *Memory) RevokeFamily(id, reason string) bool {
	m.mu.Lock()
	f := m.byID[id]
	m.mu.Unlock()
	if f == nil {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.end(reason)
}

package token

import (
	"slices"
	"sync"
	"time"
)

// liveTokens are an Owner's live refresh tokens, oldest first. Its lock is
// taken before that of a family.
type liveTokens struct {
	mu   sync.Mutex
	list []*refresh
}

// displace counts r, if it was issued, among its Owner's live refresh tokens
// and ends the oldest ones beyond the policy's limit. No lock is held.
func (m *Memory) displace(r *refresh, now time.Time, p RefreshPolicy) {
	if r == nil || p.MaxLive == 0 || r.family.grant.Customer == "" {
		return
	}
	owner := r.family.grant.Owner()
	m.mu.Lock()
	l := m.live[owner]
	if l == nil {
		l = &liveTokens{}
		m.live[owner] = l
	}
	m.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = slices.DeleteFunc(append(l.list, r), func(x *refresh) bool {
		x.family.mu.Lock()
		defer x.family.mu.Unlock()
		return x.state(now) != StateLive
	})
	for len(l.list) > p.MaxLive {
		oldest := l.list[0]
		oldest.family.mu.Lock()
		oldest.displaced = oldest.state(now) == StateLive // it may have been spent a moment ago
		oldest.family.mu.Unlock()
		l.list = slices.Delete(l.list, 0, 1)
	}
}

// endGrants ends all that the family's Owner was given; a client's own grant
// ends alone. No lock is held.
func (m *Memory) endGrants(one *family, reason string) {
	if one.grant.Customer == "" {
		return
	}
	m.each(func(f *family) {
		if f.grant.Owner() == one.grant.Owner() {
			f.end(reason)
		}
	})
}

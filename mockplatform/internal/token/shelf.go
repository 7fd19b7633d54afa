package token

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// key is how a value is found: no store compares values themselves.
type key [16]byte

func keyOf(kind, value string) key {
	var b [128]byte
	sum := sha256.Sum256(append(append(append(b[:0], kind...), 0), value...))
	return key(sum[:16])
}

// familyKey is how a family is found by its number. Other than the hash of a
// value it begins with nothing but zeros; that of number 0 belongs to none.
func familyKey(number int64) (k key) {
	binary.BigEndian.PutUint64(k[8:], uint64(number))
	return k
}

// shelf keeps families. The functions it is handed run as one step with the
// families they get; they may run again when another process was faster, and
// so change nothing but the family.
type shelf interface {
	// begin gives the family its number and keeps it.
	begin(f *family, now instant)
	// look shows a family; false when there is none under the key.
	look(k key, show func(f *family)) bool
	// change lets do change a family and keeps what it made of it when do
	// answers true. When it answers false there is no such family, any more:
	// what do may have come to then counts for nothing.
	change(k key, now instant, do func(f *family) bool) bool
	// changeAll is change for every family that the selector picks, each a
	// step of its own; it sums up what do counted.
	changeAll(s Selector, now instant, do func(f *family) (count int, changed bool)) int
	// each shows the selected families in the order of birth until show
	// answers false.
	each(s Selector, show func(f *family) bool)
	// sweep forgets families that are over, when there are many.
	sweep(now instant)
}

// rules is a Store on a shelf.
type rules struct{ shelf }

// PutCode implements Store.
func (r rules) PutCode(c Code) Code {
	f := newFamily(c.Grant)
	f.Code = &secret{
		Value: c.Value, Redirect: c.RedirectURI, RedirectSent: c.RedirectURISent, Challenge: c.Challenge,
		Expires: instantOf(c.ExpiresAt), Spent: instantOf(c.SpentAt),
	}
	r.begin(f, f.Born)
	c.Grant.ID = idOf(f.Number)
	return c
}

// Code implements Store.
func (r rules) Code(value string) (c Code, known bool) {
	known = r.look(keyOf(oauth.KindCode, value), func(f *family) { c = f.codeCopy() })
	return c, known
}

// RedeemCode implements Store.
func (r rules) RedeemCode(value string, now time.Time, p RefreshPolicy, next Pair) (Issued, CodeVerdict) {
	var issued Issued
	var verdict CodeVerdict
	var who Owner
	known := r.change(keyOf(oauth.KindCode, value), instantOf(now), func(f *family) bool {
		who = f.owner()
		lived := f.Ended == ""
		issued, verdict = f.redeem(now, p, next)
		return verdict == CodeRedeemed || verdict == CodeReused && lived // what ended already need not be kept again
	})
	if !known {
		return Issued{}, CodeUnknown
	}
	r.displace(who, issued, now, p)
	return issued, verdict
}

// PutGrant implements Store.
func (r rules) PutGrant(g Grant, now time.Time, p RefreshPolicy, first Pair) Issued {
	f := newFamily(g)
	issued := f.first(now, p, first)
	r.begin(f, instantOf(now))
	issued.Access.Grant.ID = idOf(f.Number)
	r.displace(g.Owner(), issued, now, p)
	return issued
}

// Refresh implements Store.
func (r rules) Refresh(value string) (out Refresh, known bool) {
	r.look(keyOf(oauth.KindRefreshToken, value), func(f *family) {
		if m := f.find(true, value); m != nil {
			known = true
			out = f.refresh(m)
		}
	})
	return out, known
}

// UseRefresh implements Store.
func (r rules) UseRefresh(value string, now time.Time, p RefreshPolicy, next Pair) (Issued, Verdict) {
	var issued Issued
	var verdict Verdict
	var who Owner
	known := r.change(keyOf(oauth.KindRefreshToken, value), instantOf(now), func(f *family) bool {
		issued, verdict = Issued{}, Unknown
		if m := f.find(true, value); m != nil {
			who = f.owner()
			issued, verdict = f.use(m, now, p, next)
		}
		return verdict.Accepted() && verdict != RepeatPair || verdict.Ends()
	})
	switch {
	case !known:
		return Issued{}, Unknown
	case verdict == Rotate || verdict == NewSibling:
		r.displace(who, issued, now, p)
	case verdict == ReusedWidely && who.Customer != "":
		r.EndFamilies(Selector{Client: who.ClientID, Customer: who.Customer}, ReasonRefreshReused)
	}
	return issued, verdict
}

// Prolong implements Store.
func (r rules) Prolong(value string, now time.Time, p RefreshPolicy) (known bool) {
	r.change(keyOf(oauth.KindRefreshToken, value), instantOf(now), func(f *family) bool {
		m := f.find(true, value)
		if known = m != nil; known {
			m.Renewed, m.Expires = instantOf(now), instantOf(p.ExpiresAt(f.Born.time(), now))
		}
		return known
	})
	return known
}

// displace ends the oldest live refresh tokens of an owner beyond the policy's
// limit, if one was issued.
func (r rules) displace(who Owner, issued Issued, now time.Time, p RefreshPolicy) {
	if p.MaxLive == 0 || issued.Refresh == "" || who.Customer == "" {
		return
	}
	type token struct {
		issued instant
		family int64
		serial uint32
	}
	var living []token
	at, all := instantOf(now), Selector{Client: who.ClientID, Customer: who.Customer}
	r.each(all, func(f *family) bool {
		for i := range f.Tokens {
			if m := &f.Tokens[i]; m.Refresh && f.state(m, at) == StateLive {
				living = append(living, token{m.Issued, f.Number, m.Serial})
			}
		}
		return true
	})
	slices.SortFunc(living, func(a, b token) int {
		return cmp.Or(cmp.Compare(a.issued, b.issued), cmp.Compare(a.family, b.family), cmp.Compare(a.serial, b.serial))
	})
	for _, old := range living[:max(0, len(living)-p.MaxLive)] {
		r.change(familyKey(old.family), at, func(f *family) bool {
			m := f.serial(old.serial)
			gone := m == nil || f.state(m, at) != StateLive // it may have been spent a moment ago
			if !gone {
				m.Displaced = true
			}
			return !gone
		})
	}
}

// Access implements Store.
func (r rules) Access(value string) (a Access, known bool) {
	r.look(keyOf(oauth.KindAccessToken, value), func(f *family) {
		if m := f.find(false, value); m != nil {
			a, known = f.access(m), true
		}
	})
	return a, known
}

// RevokeAccess implements Store.
func (r rules) RevokeAccess(value string) (known bool) {
	r.change(keyOf(oauth.KindAccessToken, value), 0, func(f *family) bool {
		m := f.find(false, value)
		if known = m != nil; known {
			m.Revoked = true
		}
		return known
	})
	return known
}

// RevokeRefresh implements Store.
func (r rules) RevokeRefresh(value string) (known bool) {
	r.change(keyOf(oauth.KindRefreshToken, value), 0, func(f *family) bool {
		m := f.find(true, value)
		if known = m != nil; known {
			m.Revoked = true
		}
		return known
	})
	return known
}

// RevokeFamily implements Store.
func (r rules) RevokeFamily(id, reason string) (ended bool) {
	r.change(familyKey(numberOf(id)), 0, func(f *family) bool {
		ended = f.end(reason)
		return ended
	})
	return ended
}

// Expire implements Store.
func (r rules) Expire(now time.Time, s Selector) int {
	at := instantOf(now)
	return r.changeAll(s, at, func(f *family) (int, bool) {
		n := f.change(at, s, func(m *member) { m.Expires = at })
		return n, n > 0
	})
}

// Revoke implements Store.
func (r rules) Revoke(now time.Time, s Selector, reason string) int {
	at := instantOf(now)
	return r.changeAll(s, at, func(f *family) (int, bool) {
		n := f.change(at, s, func(m *member) { m.Revoked = true })
		return n, s.Kind == "" && f.end(reason) || n > 0
	})
}

// EndFamilies implements Store.
func (r rules) EndFamilies(s Selector, reason string) int {
	return r.changeAll(s, 0, func(f *family) (int, bool) {
		if !f.end(reason) {
			return 0, false
		}
		return 1, true
	})
}

// Families implements Store.
func (r rules) Families(now time.Time) []Family {
	out, at := []Family{}, instantOf(now)
	r.each(Selector{}, func(f *family) bool {
		out = append(out, f.copy(at))
		return true
	})
	return out
}

// Live implements Store.
func (r rules) Live(now time.Time, s Selector, show func(Grant) bool) {
	at := instantOf(now)
	r.each(s, func(f *family) bool {
		if !f.live(at) {
			return true
		}
		g := f.grant()
		g.Scope = f.standing(at)
		return show(g)
	})
}

// Sweep implements Store.
func (r rules) Sweep(now time.Time) { r.sweep(instantOf(now)) }

package token

import (
	"slices"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// redeem spends the family's code.
func (f *family) redeem(now time.Time, p RefreshPolicy, next Pair) (Issued, CodeVerdict) {
	at := instantOf(now)
	switch {
	case f.Code.Spent != 0 && !p.Defects.OverlooksCode(f.Code.Spent.time(), now):
		if !p.Defects.ReplayForgiven {
			f.end(ReasonCodeReused)
		}
		return Issued{}, CodeReused
	case f.Ended != "":
		return Issued{}, CodeRevoked
	case f.Code.Expires.over(at):
		return Issued{}, CodeExpired
	}
	f.Code.Spent = at
	return f.first(now, p, next), CodeRedeemed
}

// first issues the first pair of the family.
func (f *family) first(now time.Time, p RefreshPolicy, next Pair) Issued {
	end := p.ExpiresAt(f.Born.time(), now)
	if p.Rotates && p.Defects.FirstForEver {
		end = time.Time{}
	}
	return f.issued(f.issue(now, next, end, 0))
}

// issue adds the tokens of a pair whose refresh token dies at end, from a
// refresh token or from none (0), and answers their serials, 0 for no refresh
// token.
func (f *family) issue(now time.Time, next Pair, end time.Time, from uint32) (access, refresh uint32) {
	at, scope, more := instantOf(now), f.Subject.Scope, 1
	if parent := f.serial(from); parent != nil {
		scope = f.scope(parent)
	}
	if next.Refresh != "" {
		more = 2
	}
	f.Tokens = slices.Grow(f.Tokens, more)
	access = f.add(member{Value: next.Access, Issued: at, Expires: instantOf(next.AccessExpiresAt), Parent: from}, next.Scope)
	if next.Refresh != "" {
		refresh = f.add(member{
			Value: next.Refresh, Issued: at, Renewed: at, Expires: instantOf(end), Parent: from, Refresh: true,
		}, scope)
	}
	return access, refresh
}

func (f *family) add(m member, scope oauth.Scope) uint32 {
	f.Last++
	m.Serial = f.Last
	f.narrow(&m, scope)
	f.Tokens = append(f.Tokens, m)
	return m.Serial
}

// issued is the copy of two tokens that callers get.
func (f *family) issued(access, refresh uint32) Issued {
	var out Issued
	if a := f.serial(access); a != nil {
		out.Access = f.access(a)
	}
	if r := f.serial(refresh); r != nil {
		out.Refresh = r.Value
	}
	return out
}

// presented is what the policy has to know of a refresh token.
func (f *family) presented(m *member) Presented {
	var longest instant
	for i := range f.Tokens {
		if a := &f.Tokens[i]; !a.Refresh && !a.Revoked && a.Expires > longest {
			longest = a.Expires
		}
	}
	return Presented{
		BornAt: f.Born.time(), RenewedAt: m.Renewed.time(), ExpiresAt: m.Expires.time(), SpentAt: m.Spent.time(),
		SuccessorUsed: m.SuccessorUsed, Displaced: m.Displaced, Revoked: m.Revoked || f.Ended != "",
		Uses: int(f.Uses), AccessExpiresAt: longest.time(),
	}
}

// use judges a refresh token and does what the verdict says, as far as the
// family goes.
func (f *family) use(m *member, now time.Time, p RefreshPolicy, next Pair) (Issued, Verdict) {
	verdict := p.Judge(f.presented(m), now)
	switch {
	case verdict == Rotate || verdict == NewSibling:
		return f.succeed(m.Serial, now, p, next), verdict
	case verdict == Slide:
		return f.slide(m.Serial, now, p, next), verdict
	case verdict == RepeatPair && (f.serial(m.Answer) == nil || f.serial(m.Successor) == nil):
		return Issued{}, Spent // the answer is forgotten: there were hundreds of others within the grace
	case verdict == RepeatPair:
		return f.issued(m.Answer, m.Successor), verdict
	case verdict.Ends():
		f.end(ReasonRefreshReused)
	}
	return Issued{}, verdict
}

// succeed spends a token, if it is not spent yet, and issues a successor.
func (f *family) succeed(serial uint32, now time.Time, p RefreshPolicy, next Pair) Issued {
	m := f.serial(serial)
	f.used(m, p, &next)
	access, refresh := f.issue(now, next, p.Renewed(f.Born.time(), m.Expires.time(), now), serial)
	m = f.serial(serial) // issue may have moved it
	if m.Spent == 0 {
		m.Spent, m.Answer, m.Successor = instantOf(now), access, refresh
		if before := f.serial(m.Parent); before != nil {
			before.SuccessorUsed = true
		}
	}
	return f.issued(access, refresh)
}

// slide prolongs a token and issues an access token; the answer repeats its
// value if the policy returns refresh tokens.
func (f *family) slide(serial uint32, now time.Time, p RefreshPolicy, next Pair) Issued {
	m := f.serial(serial)
	f.used(m, p, &next)
	m.Renewed, m.Expires = instantOf(now), instantOf(p.Renewed(f.Born.time(), m.Expires.time(), now))
	if p.Defects.AddsToken {
		return f.issued(f.issue(now, next, m.Expires.time(), serial))
	}
	next.Refresh = ""
	access, _ := f.issue(now, next, time.Time{}, serial)
	if !p.Returned {
		serial = 0
	}
	return f.issued(access, serial)
}

// used counts a use and keeps the scopes of the token and of what is next
// within what the token may still ask for: another use may have narrowed it
// meanwhile.
func (f *family) used(m *member, p RefreshPolicy, next *Pair) {
	f.Uses++
	f.killAccess(p)
	scope := f.scope(m)
	if p.Rotates && p.Defects.Shrinks && f.Uses >= 3 && len(next.Scope) > 1 {
		next.Scope = next.Scope[:1]
	}
	if !next.Scope.Within(scope) && !p.Defects.Widens {
		next.Scope = next.Scope.Without(next.Scope.Without(scope))
	}
	f.narrow(m, p.ScopeAfter(scope, next.Scope))
}

func (f *family) killAccess(p RefreshPolicy) {
	if !p.KillsPrevious {
		return
	}
	for i := range f.Tokens {
		if !f.Tokens[i].Refresh {
			f.Tokens[i].Revoked = true
		}
	}
}

// change calls do for each live token of the selected kind and counts them.
func (f *family) change(now instant, s Selector, do func(*member)) int {
	changed := 0
	for i := range f.Tokens {
		m := &f.Tokens[i]
		if (s.Kind == "" || s.Kind == m.kind()) && f.state(m, now) == StateLive {
			do(m)
			changed++
		}
	}
	return changed
}

func (s Selector) picks(f *family) bool {
	return (s.Client == "" || s.Client == f.Subject.Client) &&
		(s.Customer == "" || s.Customer == f.Subject.Customer) &&
		(s.Family == "" || s.Family == idOf(f.Number))
}

// trim keeps a family that is refreshed for ever within its bound and answers
// what it forgot.
func (f *family) trim(now instant) (forgotten []member) {
	for _, refresh := range []bool{false, true} {
		count, ended := 0, 0
		for i := range f.Tokens {
			if m := &f.Tokens[i]; m.Refresh == refresh {
				count++
				if f.state(m, now) != StateLive {
					ended++
				}
			}
		}
		if count <= maxMembers {
			continue
		}
		drop := count / 2
		living := max(0, drop-ended) // of those that live as many as must go
		f.Tokens = slices.DeleteFunc(f.Tokens, func(m member) bool {
			if m.Refresh != refresh || drop == 0 {
				return false
			}
			if f.state(&m, now) == StateLive {
				if living == 0 {
					return false
				}
				living--
			}
			drop--
			forgotten = append(forgotten, m)
			return true
		})
	}
	return forgotten
}

// keys lists under what the family can be found.
func (f *family) keys() []key {
	keys := make([]key, 0, 2+len(f.Tokens))
	keys = append(keys, familyKey(f.Number))
	if f.Code != nil {
		keys = append(keys, keyOf(oauth.KindCode, f.Code.Value))
	}
	for i := range f.Tokens {
		keys = append(keys, f.Tokens[i].key())
	}
	return keys
}

func (m *member) key() key { return keyOf(m.kind(), m.Value) }

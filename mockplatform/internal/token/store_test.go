package token

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

var (
	rotating = RefreshPolicy{Issued: true, Rotates: true, Returned: true, IdleLifetime: 14 * day, Reuse: ReuseEndsFamily}
	sliding  = RefreshPolicy{Issued: true, IdleLifetime: 30 * day, AbsoluteLifetime: 180 * day}
)

func grant() Grant {
	return Grant{ClientID: "app", Customer: "maya", GrantType: oauth.AuthorizationCode, Scope: oauth.Scope{"ads.read"}, BornAt: born}
}

// pair makes token values that end in n.
func pair(n int) Pair {
	s := strconv.Itoa(n)
	return Pair{Access: "access-" + s, AccessExpiresAt: at(time.Hour), Scope: oauth.Scope{"ads.read"}, Refresh: "refresh-" + s}
}

// stores are all implementations; each must keep the same contract.
var stores = map[string]func() Store{"memory": func() Store { return NewMemory() }}

func eachStore(t *testing.T, test func(t *testing.T, s Store)) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) { test(t, open()) })
	}
}

// states shows every token of the only family: "access-1 live refresh-1 spent".
func states(t *testing.T, s Store, now time.Time) string {
	t.Helper()
	all := s.Families(now)
	if len(all) != 1 {
		t.Fatalf("%d families", len(all))
	}
	var out []string
	for _, m := range all[0].Tokens {
		out = append(out, m.Value+" "+m.State)
	}
	return strings.Join(out, ", ")
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}

func TestCodeIsGoodOnceAndEndsItsFamilyWhenReused(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		c := s.PutCode(Code{Value: "code-1", Grant: grant(), ExpiresAt: at(time.Minute), Challenge: "x"})
		if got, ok := s.Code("code-1"); !ok || got.Grant.ID != c.Grant.ID || c.Grant.ID == "" || !got.SpentAt.IsZero() {
			t.Fatalf("%+v %t", got, ok)
		}
		if _, v := s.RedeemCode("code-2", born, rotating, pair(1)); v != CodeUnknown {
			t.Errorf("unknown code: %s", v)
		}
		got, v := s.RedeemCode("code-1", at(time.Minute-eps), rotating, pair(1))
		if v != CodeRedeemed || got.Access.Value != "access-1" || got.Refresh != "refresh-1" || got.Access.Grant.Customer != "maya" {
			t.Fatalf("%+v %s", got, v)
		}
		expect(t, "after redemption", states(t, s, at(time.Minute)), "access-1 live, refresh-1 live")
		if _, v := s.RedeemCode("code-1", at(time.Hour), rotating, pair(2)); v != CodeReused {
			t.Errorf("reuse: %s", v)
		}
		expect(t, "after reuse", states(t, s, at(time.Minute)), "access-1 revoked, refresh-1 revoked")
		if f := s.Families(born)[0]; !f.Revoked || f.Reason != ReasonCodeReused {
			t.Errorf("family %+v", f)
		}
		if _, known := s.Access("access-2"); known {
			t.Error("a refused redemption left a token")
		}
	})
}

func TestCodeDies(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		c := s.PutCode(Code{Value: "code-1", Grant: grant(), ExpiresAt: at(time.Minute)})
		if _, v := s.RedeemCode("code-1", at(time.Minute), rotating, pair(1)); v != CodeExpired {
			t.Errorf("at its end: %s", v)
		}
		if !s.RevokeFamily(c.Grant.ID, ReasonByCustomer) || s.RevokeFamily(c.Grant.ID, ReasonByClient) || s.RevokeFamily("x", "") {
			t.Error("a family ends once")
		}
		if _, v := s.RedeemCode("code-1", born, rotating, pair(1)); v != CodeRevoked {
			t.Errorf("after withdrawal: %s", v)
		}
		if f := s.Families(born)[0]; f.Reason != ReasonByCustomer || len(f.Tokens) != 0 {
			t.Errorf("family %+v", f)
		}
	})
}

func TestSelectors(t *testing.T) {
	for _, tc := range []struct {
		name   string
		revoke bool
		s      Selector
		want   int
		maya   string // states of maya's family
	}{
		{"expire all", false, Selector{}, 4, "access-1 expired, refresh-1 expired"},
		{"expire access tokens", false, Selector{Kind: oauth.KindAccessToken}, 2, "access-1 expired, refresh-1 live"},
		{"expire refresh tokens", false, Selector{Kind: oauth.KindRefreshToken}, 2, "access-1 live, refresh-1 expired"},
		{"expire a customer's", false, Selector{Customer: "maya"}, 2, "access-1 expired, refresh-1 expired"},
		{"expire another's", false, Selector{Customer: "oskar"}, 2, "access-1 live, refresh-1 live"},
		{"expire a client's", false, Selector{Client: "other"}, 0, "access-1 live, refresh-1 live"},
		{"expire a family", false, Selector{Family: "grant-2"}, 2, "access-1 live, refresh-1 live"},
		{"revoke all", true, Selector{}, 4, "access-1 revoked, refresh-1 revoked"},
		{"revoke access tokens", true, Selector{Kind: oauth.KindAccessToken, Customer: "maya"}, 1, "access-1 revoked, refresh-1 live"},
	} {
		eachStore(t, func(t *testing.T, s Store) {
			s.PutGrant(grant(), born, rotating, pair(1))
			other := grant()
			other.Customer = "oskar"
			s.PutGrant(other, born, rotating, pair(2))
			got := 0
			if tc.revoke {
				got = s.Revoke(born, tc.s, ReasonByControl)
			} else {
				got = s.Expire(born, tc.s)
			}
			if got != tc.want {
				t.Errorf("%s: changed %d, want %d", tc.name, got, tc.want)
			}
			var maya []string
			for _, m := range s.Families(born)[0].Tokens {
				maya = append(maya, m.Value+" "+m.State)
			}
			expect(t, tc.name, strings.Join(maya, ", "), tc.maya)
			if f := s.Families(born)[0]; f.Revoked != (tc.revoke && tc.s.Kind == "") {
				t.Errorf("%s: family revoked %t", tc.name, f.Revoked)
			}
		})
	}
}

func TestRevokedAccessTokenIsAlone(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		s.PutGrant(grant(), born, rotating, pair(1))
		if !s.RevokeAccess("access-1") || s.RevokeAccess("nothing") {
			t.Error("known and unknown tokens")
		}
		expect(t, "after revocation", states(t, s, born), "access-1 revoked, refresh-1 live")
		if a, ok := s.Access("access-1"); !ok || !a.Revoked {
			t.Errorf("%+v", a)
		}
	})
}

// TestSingleUseIsAtomic lets 100 callers present one value at once, round
// after round: exactly one of them wins.
func TestSingleUseIsAtomic(t *testing.T) {
	const callers, rounds = 100, 50
	p := rotating
	p.Reuse = ReuseRejected
	eachStore(t, func(t *testing.T, s Store) {
		for round := range rounds {
			name := strconv.Itoa(round)
			s.PutCode(Code{Value: "code-" + name, Grant: grant(), ExpiresAt: at(time.Minute)})
			s.PutGrant(grant(), born, p, Pair{Access: "first-a-" + name, Refresh: "first-" + name, AccessExpiresAt: at(day)})
			var mu sync.Mutex
			codes, refreshes := 0, 0
			start := make(chan struct{})
			var wg sync.WaitGroup
			for i := range callers {
				wg.Go(func() {
					<-start
					own := name + "-" + strconv.Itoa(i)
					_, cv := s.RedeemCode("code-"+name, born, p, Pair{Access: "ca-" + own, Refresh: "cr-" + own, AccessExpiresAt: at(day)})
					_, rv := s.UseRefresh("first-"+name, born, p, Pair{Access: "ra-" + own, Refresh: "rr-" + own, AccessExpiresAt: at(day)})
					mu.Lock()
					defer mu.Unlock()
					if cv == CodeRedeemed {
						codes++
					}
					if rv.Accepted() {
						refreshes++
					}
				})
			}
			close(start)
			wg.Wait()
			if codes != 1 || refreshes != 1 {
				t.Fatalf("round %d: %d codes redeemed, %d refreshes done", round, codes, refreshes)
			}
		}
	})
}

func TestMemoryStaysBounded(t *testing.T) {
	m := NewMemory()
	m.PutGrant(grant(), born, rotating, pair(0))
	now := born
	for i := range 5 * maxMembers {
		now = now.Add(time.Hour) // every access token expires before the next comes
		next := pair(i + 1)
		next.AccessExpiresAt = now.Add(time.Minute)
		if _, v := m.UseRefresh("refresh-"+strconv.Itoa(i), now, rotating, next); v != Rotate {
			t.Fatalf("refresh %d: %s", i, v)
		}
	}
	if n := len(m.Families(now)[0].Tokens); n > 2*maxMembers {
		t.Errorf("one family holds %d tokens", n)
	}
	if n := m.indexed(); n > 2*maxMembers {
		t.Errorf("%d tokens are indexed", n)
	}

	m = NewMemory()
	for i := range 5 * sweepFrom {
		g := grant()
		g.BornAt = at(time.Duration(i) * time.Hour)
		m.PutGrant(g, g.BornAt, RefreshPolicy{}, Pair{Access: "a-" + strconv.Itoa(i), AccessExpiresAt: g.BornAt.Add(time.Minute)})
	}
	if n := len(m.families); n > sweepFrom || n != m.indexed() || n != len(m.byID) {
		t.Errorf("%d families, %d tokens, %d ids are kept", n, m.indexed(), len(m.byID))
	}
}

func TestSweepKeepsWhatLives(t *testing.T) {
	m := NewMemory()
	for i := range 3 * sweepFrom {
		m.PutGrant(grant(), born, rotating, pair(i))
	}
	m.Sweep(at(day)) // access tokens are over, refresh tokens live
	if n := len(m.families); n != 3*sweepFrom {
		t.Errorf("%d families left", n)
	}
}

// indexed counts what lookups can find.
func (m *Memory) indexed() int {
	n := 0
	for i := range m.shard {
		n += len(m.shard[i].codes) + len(m.shard[i].access) + len(m.shard[i].refresh)
	}
	return n
}

func BenchmarkRotate(b *testing.B) {
	m := NewMemory()
	m.PutGrant(grant(), born, rotating, pair(0))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, v := m.UseRefresh("refresh-"+strconv.Itoa(i), born, rotating, pair(i+1)); v != Rotate {
			b.Fatal(v)
		}
	}
}

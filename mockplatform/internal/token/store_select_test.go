package token

import (
	"strconv"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

func TestEndFamiliesAndLiveGoByOwner(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		for i, g := range []Grant{
			{ClientID: "app", Customer: "maya"}, {ClientID: "app", Customer: "oskar"},
			{ClientID: "other", Customer: "maya"}, {ClientID: "app", Customer: "maya"},
		} {
			g.BornAt = born
			s.PutGrant(g, born, rotating, pair(i))
		}
		live := func(sel Selector) (ids string) {
			s.Live(at(day), sel, func(g Grant) bool { ids += g.ID + " "; return len(ids) < 20 })
			return ids
		}
		s.PutCode(Code{Value: "c", Grant: Grant{ClientID: "app", Customer: "maya", BornAt: born}, ExpiresAt: at(time.Minute)})
		expect(t, "all, stopped after three", live(Selector{}), "grant-1 grant-2 grant-3 ")
		expect(t, "maya's", live(Selector{Customer: "maya"}), "grant-1 grant-3 grant-4 ")
		expect(t, "maya's of app", live(Selector{Customer: "maya", Client: "app"}), "grant-1 grant-4 ")
		if n := s.EndFamilies(Selector{Customer: "maya", Client: "app"}, ReasonByCustomer); n != 3 {
			t.Errorf("ended %d, want 3: the code's counts too", n)
		}
		if _, v := s.RedeemCode("c", born, rotating, pair(9)); v != CodeRevoked {
			t.Errorf("code: %s", v)
		}
		expect(t, "after the end", live(Selector{}), "grant-2 grant-3 ")
		s.Expire(at(day), Selector{Family: "grant-2"})
		expect(t, "after expiry", live(Selector{}), "grant-3 ")
	})
}

func TestLiveShowsTheScopeThatStands(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		both, read := oauth.Scope{"ads.read", "ads.write"}, oauth.Scope{"ads.read"}
		for n, tc := range []struct {
			policy       RefreshPolicy
			now, evening string
		}{
			{RefreshPolicy{Issued: true, Rotates: true}, "ads.read ads.write", "ads.read ads.write"},
			{RefreshPolicy{Issued: true, Rotates: true, NarrowsGrant: true}, "ads.read ads.write", "ads.read"},
			{RefreshPolicy{Issued: true, NarrowsGrant: true}, "ads.read ads.write", "ads.read"},
			{RefreshPolicy{Issued: true, NarrowsGrant: true, KillsPrevious: true}, "ads.read", "ads.read"},
		} {
			customer := strconv.Itoa(n)
			g, first, next := grant(), pair(10*n), pair(10*n+1)
			g.Customer, g.Scope, first.Scope, next.Scope = customer, both, both, read
			issued := s.PutGrant(g, born, tc.policy, first)
			s.UseRefresh(issued.Refresh, born, tc.policy, next)
			stands := func(now time.Time) (scope string) {
				s.Live(now, Selector{Customer: customer}, func(g Grant) bool { scope = g.Scope.String(); return true })
				return scope
			}
			expect(t, "while the first access token lives, "+customer, stands(born), tc.now)
			expect(t, "after it, "+customer, stands(first.AccessExpiresAt), tc.evening)
		}
	})
}

func TestSweepForgetsWhatIsOverInEveryStore(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		const many = sweepFrom + 100
		for i := range many {
			s.PutGrant(grant(), born, RefreshPolicy{}, Pair{Access: "a-" + strconv.Itoa(i), AccessExpiresAt: at(time.Minute)})
		}
		s.Sweep(at(time.Hour))
		left := len(s.Families(at(time.Hour)))
		_, oldest := s.Access("a-0")
		_, newest := s.Access("a-" + strconv.Itoa(many-1))
		if left > sweepFrom/2 || left < sweepFrom/2-1 || oldest || !newest {
			t.Errorf("%d families left, oldest known %t, newest known %t", left, oldest, newest)
		}
		if id := s.PutGrant(grant(), born, RefreshPolicy{}, pair(1)).Access.Grant.ID; id != idOf(many+1) {
			t.Errorf("after a sweep comes %s", id)
		}
	})
}

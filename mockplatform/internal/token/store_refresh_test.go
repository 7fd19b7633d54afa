package token

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

func TestRotationSpendsAndRemembersTheLineage(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		s.PutGrant(grant(), born, rotating, pair(1))
		got, v := s.UseRefresh("refresh-1", at(day), rotating, pair(2))
		if v != Rotate || got.Access.Value != "access-2" || got.Refresh != "refresh-2" {
			t.Fatalf("%+v %s", got, v)
		}
		f := s.Families(at(30 * time.Minute))[0]
		for _, m := range f.Tokens {
			wantParent, wantSpent := "", time.Time{}
			if strings.HasSuffix(m.Value, "-2") {
				wantParent = "refresh-1"
			}
			if m.Value == "refresh-1" {
				wantSpent = at(day)
			}
			if m.Parent != wantParent || !m.SpentAt.Equal(wantSpent) {
				t.Errorf("%+v", m)
			}
		}
		if r, ok := s.Refresh("refresh-2"); !ok || !r.ExpiresAt.Equal(at(15*day)) || r.State.Uses != 1 {
			t.Errorf("%+v %t", r, ok)
		}
		if _, v := s.UseRefresh("refresh-1", at(day), rotating, pair(3)); v != Reused {
			t.Errorf("replay: %s", v)
		}
		expect(t, "after replay", states(t, s, born), "access-1 revoked, access-2 revoked, refresh-1 revoked, refresh-2 revoked")
		if _, v := s.UseRefresh("refresh-2", at(day), rotating, pair(3)); v != Revoked {
			t.Errorf("the newest: %s", v)
		}
		if _, v := s.UseRefresh("access-1", at(day), rotating, pair(3)); v != Unknown {
			t.Errorf("an access token as refresh token: %s", v)
		}
	})
}

func TestRejectedReplayLeavesTheFamily(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		p := rotating
		p.Reuse = ReuseRejected
		s.PutGrant(grant(), born, p, pair(1))
		s.UseRefresh("refresh-1", born, p, pair(2))
		if _, v := s.UseRefresh("refresh-1", born, p, pair(3)); v != Spent {
			t.Errorf("replay: %s", v)
		}
		expect(t, "after replay", states(t, s, born), "access-1 live, access-2 live, refresh-1 spent, refresh-2 live")
	})
}

func TestSlidingKeepsTheValueAndMovesTheEnd(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		s.PutGrant(grant(), born, sliding, pair(1))
		for i, when := range []time.Duration{27 * day, 54 * day, 81 * day, 108 * day, 135 * day, 162 * day} {
			got, v := s.UseRefresh("refresh-1", at(when), sliding, pair(i+2))
			if v != Slide || got.Refresh != "" || got.Access.Value != "access-"+strconv.Itoa(i+2) {
				t.Fatalf("after %s: %+v %s", when, got, v)
			}
			if _, known := s.Refresh("refresh-" + strconv.Itoa(i+2)); known {
				t.Error("a sliding token got a successor")
			}
		}
		if r, _ := s.Refresh("refresh-1"); !r.ExpiresAt.Equal(at(180 * day)) {
			t.Errorf("capped at %s", r.ExpiresAt)
		}
		if _, v := s.UseRefresh("refresh-1", at(180*day), sliding, pair(9)); v != Expired {
			t.Errorf("at the cap: %s", v)
		}
		idle := sliding
		s.PutGrant(grant(), born, idle, Pair{Access: "a", Refresh: "idle", AccessExpiresAt: at(1)})
		for range 2 {
			if _, v := s.UseRefresh("idle", at(30*day), idle, pair(10)); v != Expired {
				t.Errorf("idle too long: %s", v)
			}
		}
		returned := sliding
		returned.Returned = true
		if got, _ := s.UseRefresh("idle", at(day), returned, pair(11)); got.Refresh != "idle" {
			t.Errorf("returned %q", got.Refresh)
		}
	})
}

func TestGraceShapes(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		p := rotating
		p.Grace, p.GraceWindow = GraceSamePair, 30*time.Second
		s.PutGrant(grant(), born, p, pair(1))
		first, _ := s.UseRefresh("refresh-1", born, p, pair(2))
		again, v := s.UseRefresh("refresh-1", at(29*time.Second), p, pair(3))
		if v != RepeatPair || again.Refresh != first.Refresh || again.Access.Value != first.Access.Value {
			t.Errorf("%+v, then %+v %s", first, again, v)
		}
		expect(t, "after the repetition", states(t, s, born), "access-1 live, access-2 live, refresh-1 spent, refresh-2 live")
		s.UseRefresh("refresh-2", at(29*time.Second), p, pair(4))
		if _, v := s.UseRefresh("refresh-1", at(29*time.Second), p, pair(5)); v != Reused {
			t.Errorf("after the successor's use: %s", v)
		}
	})
	eachStore(t, func(t *testing.T, s Store) {
		p := rotating
		p.Grace, p.GraceWindow = GraceNewSibling, 30*time.Second
		s.PutGrant(grant(), born, p, pair(1))
		s.UseRefresh("refresh-1", born, p, pair(2))
		if got, v := s.UseRefresh("refresh-1", at(29*time.Second), p, pair(3)); v != NewSibling || got.Refresh != "refresh-3" {
			t.Errorf("%+v %s", got, v)
		}
		expect(t, "two children", states(t, s, born), "access-1 live, access-2 live, access-3 live, refresh-1 spent, refresh-2 live, refresh-3 live")
	})
}

func TestPredecessorLivesUntilASuccessorIsUsed(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		p := rotating
		p.Grace = GraceUntilSuccessorUsed
		s.PutGrant(grant(), born, p, pair(1))
		s.UseRefresh("refresh-1", born, p, pair(2))
		if got, v := s.UseRefresh("refresh-1", at(day), p, pair(3)); v != NewSibling || got.Refresh != "refresh-3" {
			t.Errorf("a day later: %+v %s", got, v)
		}
		if _, v := s.UseRefresh("refresh-3", at(day), p, pair(4)); v != Rotate {
			t.Errorf("the younger sibling: %s", v)
		}
		if _, v := s.UseRefresh("refresh-1", at(day), p, pair(5)); v != Reused {
			t.Errorf("after a sibling's use: %s", v)
		}
	})
}

func TestReuseMayEndAllThatTheCustomerGaveTheClient(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		p := rotating
		p.Reuse = ReuseEndsAllGrants
		other := grant()
		other.ClientID = "other"
		own := grant()
		own.Customer = ""
		for i, g := range []Grant{grant(), grant(), other, own} {
			s.PutGrant(g, born, p, pair(i+1))
		}
		s.UseRefresh("refresh-1", born, p, pair(9))
		if _, v := s.UseRefresh("refresh-1", born, p, pair(10)); v != ReusedWidely {
			t.Errorf("replay: %s", v)
		}
		var ended []bool
		for _, f := range s.Families(born) {
			ended = append(ended, f.Revoked && f.Reason == ReasonRefreshReused)
		}
		if want := []bool{true, true, false, false}; !slices.Equal(ended, want) {
			t.Errorf("ended %v, want %v", ended, want)
		}
		s.UseRefresh("refresh-4", born, p, pair(11))
		s.UseRefresh("refresh-4", born, p, pair(12))
		if all := s.Families(born); !all[3].Revoked || all[2].Revoked {
			t.Error("a client's own grant ends alone")
		}
	})
}

func TestOldestLiveRefreshTokenIsDisplaced(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		p := rotating
		p.MaxLive = 2
		refreshable := func(value string) Verdict {
			r, _ := s.Refresh(value)
			return p.Judge(r.State, at(time.Hour))
		}
		other := grant()
		other.Customer = "oskar"
		s.PutGrant(grant(), born, p, pair(1))
		s.PutGrant(other, born, p, pair(2))
		s.UseRefresh("refresh-1", at(time.Minute), p, pair(3)) // takes its predecessor's place
		s.PutGrant(grant(), at(2*time.Minute), p, pair(4))
		if v := refreshable("refresh-3"); v != Rotate {
			t.Errorf("two live ones: the older is %s", v)
		}
		c := s.PutCode(Code{Value: "code", Grant: grant(), ExpiresAt: at(time.Hour)})
		s.RedeemCode(c.Value, at(3*time.Minute), p, pair(5))
		for value, want := range map[string]Verdict{"refresh-3": Displaced, "refresh-4": Rotate, "refresh-5": Rotate, "refresh-2": Rotate} {
			if v := refreshable(value); v != want {
				t.Errorf("%s: %s, want %s", value, v, want)
			}
		}
		if _, v := s.UseRefresh("refresh-3", at(time.Hour), p, pair(6)); v != Displaced {
			t.Errorf("used: %s", v)
		}
		if a, _ := s.Access("access-3"); a.Revoked {
			t.Error("the access token died with its refresh token")
		}
		if f := s.Families(at(time.Minute))[0]; f.Tokens[len(f.Tokens)-1].State != StateRevoked {
			t.Errorf("%+v", f.Tokens)
		}
	})
}

func TestNarrowingStays(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		both, read := oauth.Scope{"ads.read", "ads.write"}, oauth.Scope{"ads.read"}
		for _, rotates := range []bool{true, false} {
			for _, narrows := range []bool{true, false} {
				p := RefreshPolicy{Issued: true, Rotates: rotates, NarrowsGrant: narrows}
				n := map[bool]int{true: 10}[rotates] + map[bool]int{true: 5}[narrows]
				g, next := grant(), pair(n)
				g.Scope, next.Scope = both, both
				first := s.PutGrant(g, born, p, next)
				next = pair(n + 1)
				next.Scope = read
				got, _ := s.UseRefresh(first.Refresh, born, p, next)
				if got.Access.Scope.String() != "ads.read" {
					t.Errorf("rotates %t, narrows %t: %s", rotates, narrows, got.Access.Scope)
				}
				newest := first.Refresh
				if rotates {
					newest = got.Refresh
				}
				want := both
				if narrows {
					want = read
				}
				if r, _ := s.Refresh(newest); r.Scope.String() != want.String() {
					t.Errorf("rotates %t, narrows %t: may ask for %s, want %s", rotates, narrows, r.Scope, want)
				}
				next = pair(n + 2)
				next.Scope = both // judged before the narrowing
				if got, _ = s.UseRefresh(newest, born, p, next); got.Access.Scope.String() != want.String() {
					t.Errorf("rotates %t, narrows %t: got %s, want %s", rotates, narrows, got.Access.Scope, want)
				}
			}
		}
	})
}

func TestRefreshMayKillEarlierAccessTokens(t *testing.T) {
	eachStore(t, func(t *testing.T, s Store) {
		p := sliding
		p.KillsPrevious = true
		s.PutGrant(grant(), born, p, pair(1))
		s.UseRefresh("refresh-1", born, p, pair(2))
		expect(t, "after a refresh", states(t, s, born), "access-1 revoked, access-2 live, refresh-1 live")
	})
}

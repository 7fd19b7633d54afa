package token

import (
	"strconv"
	"testing"
	"time"
)

func (m *Memory) heap() *heap { return m.shelf.(*heap) }

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
	if n := len(m.Families(now)[0].Tokens); n > 2*maxMembers || n < maxMembers {
		t.Errorf("one family holds %d tokens", n)
	}
	if n := len(m.heap().index); n > 2*maxMembers+1 {
		t.Errorf("%d keys are indexed", n)
	}

	m = NewMemory()
	for i := range 5 * sweepFrom {
		g := grant()
		g.BornAt = at(time.Duration(i) * time.Hour)
		m.PutGrant(g, g.BornAt, RefreshPolicy{}, Pair{Access: "a-" + strconv.Itoa(i), AccessExpiresAt: g.BornAt.Add(time.Minute)})
	}
	h := m.heap()
	if h.live > sweepFrom || 2*h.live != len(h.index) || len(h.slots)-len(h.free) != h.live || len(m.Families(born)) != h.live {
		t.Errorf("%d families, %d keys, %d of %d slots free", h.live, len(h.index), len(h.free), len(h.slots))
	}
}

func TestSweepKeepsWhatLives(t *testing.T) {
	m := NewMemory()
	for i := range 3 * sweepFrom {
		m.PutGrant(grant(), born, rotating, pair(i))
	}
	m.Sweep(at(day)) // access tokens are over, refresh tokens live
	if n := m.heap().live; n != 3*sweepFrom {
		t.Errorf("%d families left", n)
	}
	m.Revoke(at(day), Selector{Family: idOf(3 * sweepFrom)}, ReasonByControl)
	m.Sweep(at(15 * day)) // all is over: only the newest stay to explain refusals
	if n := m.heap().live; n != sweepFrom/2 {
		t.Errorf("%d families left, want %d", n, sweepFrom/2)
	}
	for _, tc := range []struct {
		number int
		known  bool
	}{{0, false}, {5*sweepFrom/2 - 1, false}, {5 * sweepFrom / 2, true}, {3*sweepFrom - 1, true}} {
		if a, known := m.Access("access-" + strconv.Itoa(tc.number)); known != tc.known || known && a.Grant.ID != idOf(int64(tc.number+1)) {
			t.Errorf("access token %d: known %t, %s", tc.number, known, a.Grant.ID)
		}
	}
}

// counting counts the changes that a shelf is asked to keep.
type counting struct {
	shelf
	kept int
}

func (c *counting) change(k key, now instant, do func(f *family) bool) bool {
	return c.shelf.change(k, now, func(f *family) bool {
		changed := do(f)
		if changed {
			c.kept++
		}
		return changed
	})
}

// A code that comes again and again is not written again and again: on a shelf
// that many processes share, each write makes all others try anew.
func TestReplaysOfAnEndedFamilyWriteNothing(t *testing.T) {
	shelf := &counting{shelf: NewMemory().shelf}
	s := rules{shelf}
	s.PutCode(Code{Value: "code", Grant: grant(), ExpiresAt: at(time.Minute)})
	for i, row := range []struct {
		verdict CodeVerdict
		kept    int
	}{{CodeRedeemed, 1}, {CodeReused, 2}, {CodeReused, 2}, {CodeReused, 2}} {
		_, verdict := s.RedeemCode("code", born, rotating, pair(1+i))
		if verdict != row.verdict || shelf.kept != row.kept {
			t.Errorf("time %d: %s, %d changes kept, want %s and %d", i+1, verdict, shelf.kept, row.verdict, row.kept)
		}
	}
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

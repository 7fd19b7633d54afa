package token

import (
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

var born = time.Date(2026, 11, 14, 9, 0, 0, 0, time.UTC)

const (
	day = 24 * time.Hour
	eps = time.Nanosecond
)

func at(d time.Duration) time.Time { return born.Add(d) }

func TestRefreshTokenExpiry(t *testing.T) {
	for _, tc := range []struct {
		name           string
		idle, absolute time.Duration
		used           time.Duration
		want           time.Time
	}{
		{"idle only, at birth", 30 * day, 0, 0, at(30 * day)},
		{"idle only, after a use", 30 * day, 0, 29 * day, at(59 * day)},
		{"cap not near", 30 * day, 180 * day, 100 * day, at(130 * day)},
		{"cap reached exactly", 30 * day, 180 * day, 150 * day, at(180 * day)},
		{"cap wins", 30 * day, 180 * day, 170 * day, at(180 * day)},
		{"cap only", 0, 180 * day, 100 * day, at(180 * day)},
		{"no end", 0, 0, 100 * day, time.Time{}},
	} {
		p := RefreshPolicy{IdleLifetime: tc.idle, AbsoluteLifetime: tc.absolute}
		if got := p.ExpiresAt(born, at(tc.used)); !got.Equal(tc.want) {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestAUseProlongsByThePolicy(t *testing.T) {
	for _, tc := range []struct {
		name   string
		policy RefreshPolicy
		end    time.Time // before the use
		used   time.Duration
		want   time.Time
	}{
		{"starts anew", RefreshPolicy{IdleLifetime: 30 * day}, at(30 * day), 10 * day, at(40 * day)},
		{"starts anew, capped", RefreshPolicy{IdleLifetime: 30 * day, AbsoluteLifetime: 35 * day}, at(30 * day), 10 * day, at(35 * day)},
		{"adds a step to the present end", RefreshPolicy{IdleLifetime: 30 * day, SlidingStep: 5 * day}, at(30 * day), 10 * day, at(35 * day)},
		{"adds a step after a step", RefreshPolicy{IdleLifetime: 30 * day, SlidingStep: 5 * day}, at(35 * day), 10 * day, at(40 * day)},
		{"adds a step up to the cap", RefreshPolicy{IdleLifetime: 30 * day, SlidingStep: 5 * day, AbsoluteLifetime: 33 * day}, at(30 * day), 10 * day, at(33 * day)},
		{"a step needs an end", RefreshPolicy{SlidingStep: 5 * day}, time.Time{}, 10 * day, time.Time{}},
		{"a successor inherits", RefreshPolicy{Rotates: true, InheritsEnd: true, IdleLifetime: 7 * day}, at(7 * day), 6 * day, at(7 * day)},
		{"a successor lives anew", RefreshPolicy{Rotates: true, IdleLifetime: 7 * day}, at(7 * day), 6 * day, at(13 * day)},
		{"a sliding token inherits nothing", RefreshPolicy{InheritsEnd: true, IdleLifetime: 7 * day}, at(7 * day), 6 * day, at(13 * day)},
		{"no end stays none", RefreshPolicy{Rotates: true, InheritsEnd: true}, time.Time{}, 6 * day, time.Time{}},
	} {
		if got := tc.policy.Renewed(born, tc.end, at(tc.used)); !got.Equal(tc.want) {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestScopeAfterARefresh(t *testing.T) {
	both, read := oauth.Scope{"ads.read", "ads.write"}, oauth.Scope{"ads.read"}
	for _, tc := range []struct {
		narrows              bool
		present, asked, want oauth.Scope
	}{
		{false, both, read, both},
		{true, both, read, read},
		{true, both, both, both},
		{true, read, both, read},
	} {
		p := RefreshPolicy{NarrowsGrant: tc.narrows}
		if got := p.ScopeAfter(tc.present, tc.asked); got.String() != tc.want.String() {
			t.Errorf("narrows %t, %s refreshed for %s: %s, want %s", tc.narrows, tc.present, tc.asked, got, tc.want)
		}
	}
}

func TestVerdictsAtTheirBoundaries(t *testing.T) {
	rotating := RefreshPolicy{Issued: true, Rotates: true, Returned: true, IdleLifetime: 14 * day, Reuse: ReuseEndsFamily}
	sliding := RefreshPolicy{Issued: true, IdleLifetime: 30 * day, AbsoluteLifetime: 180 * day}
	rejecting := rotating
	rejecting.Reuse = ReuseRejected
	samePair := rotating
	samePair.Grace, samePair.GraceWindow = GraceSamePair, 30*time.Second
	sibling := samePair
	sibling.Grace = GraceNewSibling
	lazy := rotating
	lazy.AfterExpiryOnly = true
	counted := rotating
	counted.MaxUses = 3
	countedSibling := sibling
	countedSibling.MaxUses = 3
	widely := rotating
	widely.Reuse = ReuseEndsAllGrants
	until := rotating
	until.Grace = GraceUntilSuccessorUsed
	untilWindow := until
	untilWindow.GraceWindow = 30 * time.Second
	patient := sliding
	patient.EarliestRefresh = day

	live := Presented{BornAt: born, ExpiresAt: at(14 * day)}
	spent := Presented{BornAt: born, ExpiresAt: at(14 * day), SpentAt: at(time.Hour)}
	with := func(p Presented, f func(*Presented)) Presented { f(&p); return p }
	changed := func(p RefreshPolicy, f func(*RefreshPolicy)) RefreshPolicy { f(&p); return p }

	for _, tc := range []struct {
		name   string
		policy RefreshPolicy
		token  Presented
		now    time.Duration
		want   Verdict
	}{
		{"rotates at once", rotating, live, 0, Rotate},
		{"rotates just before its end", rotating, live, 14*day - eps, Rotate},
		{"is expired at its end", rotating, live, 14 * day, Expired},
		{"never expires without an end", rotating, Presented{BornAt: born}, 1000 * day, Rotate},
		{"slides", sliding, Presented{BornAt: born, ExpiresAt: at(30 * day)}, 30*day - eps, Slide},
		{"is not revived by an attempt", sliding, Presented{BornAt: born, ExpiresAt: at(30 * day)}, 30 * day, Expired},
		{"revoked beats everything", rotating, with(spent, func(p *Presented) { p.Revoked = true }), 0, Revoked},
		{"reuse ends the family", rotating, spent, time.Hour, Reused},
		{"reuse ends the family even after the token's end", rotating, spent, 15 * day, Reused},
		{"reuse is only rejected", rejecting, spent, time.Hour, Spent},
		{"same pair at once", samePair, spent, time.Hour, RepeatPair},
		{"same pair just inside the window", samePair, spent, time.Hour + 30*time.Second - eps, RepeatPair},
		{"same pair ends with the window", samePair, spent, time.Hour + 30*time.Second, Reused},
		{"same pair ends with the successor's use", samePair, with(spent, func(p *Presented) { p.SuccessorUsed = true }), time.Hour, Reused},
		{"new sibling inside the window", sibling, spent, time.Hour + 30*time.Second - eps, NewSibling},
		{"new sibling ends with the window", sibling, spent, time.Hour + 30*time.Second, Reused},
		{"after expiry only: still alive", lazy, with(live, func(p *Presented) { p.AccessExpiresAt = at(20 * time.Minute) }), 20*time.Minute - eps, TooEarly},
		{"after expiry only: just over", lazy, with(live, func(p *Presented) { p.AccessExpiresAt = at(20 * time.Minute) }), 20 * time.Minute, Rotate},
		{"after expiry only: no access token", lazy, live, 0, Rotate},
		{"last use", counted, with(live, func(p *Presented) { p.Uses = 2 }), 0, Rotate},
		{"one use too many", counted, with(live, func(p *Presented) { p.Uses = 3 }), 0, UsedUp},
		{"reuse ends all grants", widely, spent, time.Hour, ReusedWidely},
		{"displaced", rotating, with(live, func(p *Presented) { p.Displaced = true }), 0, Displaced},
		{"revoked is said before displaced", rotating, with(live, func(p *Presented) { p.Displaced, p.Revoked = true, true }), 0, Revoked},
		{"too young", patient, with(live, func(p *Presented) { p.RenewedAt = at(day) }), 2*day - eps, TooYoung},
		{"just old enough", patient, with(live, func(p *Presented) { p.RenewedAt = at(day) }), 2 * day, Slide},
		{"expired is said before too young", patient, with(live, func(p *Presented) { p.RenewedAt = at(14 * day) }), 14 * day, Expired},
		{"until the successor is used: at once", until, spent, time.Hour, NewSibling},
		{"until the successor is used: much later", until, spent, 14*day - eps, NewSibling},
		{"until the successor is used: at its own end", until, spent, 14 * day, Expired},
		{"until the successor is used: it was", until, with(spent, func(p *Presented) { p.SuccessorUsed = true }), time.Hour, Reused},
		{"until the successor is used: inside a window", untilWindow, spent, time.Hour + 30*time.Second - eps, NewSibling},
		{"until the successor is used: after the window", untilWindow, spent, time.Hour + 30*time.Second, Reused},
		{"a sibling needs a predecessor that would live", sibling, with(spent, func(p *Presented) { p.ExpiresAt = at(time.Hour) }), time.Hour, Expired},
		{"the same pair does not", samePair, with(spent, func(p *Presented) { p.ExpiresAt = at(time.Hour) }), time.Hour, RepeatPair},
		{"a new sibling ends with the successor's use", sibling, with(spent, func(p *Presented) { p.SuccessorUsed = true }), time.Hour, Reused},
		{"no grace by a window alone", changed(rotating, func(p *RefreshPolicy) { p.GraceWindow = time.Hour }), spent, time.Hour, Reused},
		{"a sibling counts as a use", countedSibling, with(spent, func(p *Presented) { p.Uses = 3 }), time.Hour, Reused},
	} {
		got := tc.policy.Judge(tc.token, at(tc.now))
		if got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
		if got.Ends() != (tc.want == Reused || tc.want == ReusedWidely) {
			t.Errorf("%s: ends %t", tc.name, got.Ends())
		}
		if got.Accepted() != (tc.want == Rotate || tc.want == Slide || tc.want == RepeatPair || tc.want == NewSibling) {
			t.Errorf("%s: accepted %t", tc.name, got.Accepted())
		}
	}
}

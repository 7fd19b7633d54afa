// Package token is the state behind a Platform's tokens: the refresh policy as
// pure arithmetic, families of tokens that descend from one grant, a memory
// store whose every operation is one atomic step, and the forms that token
// values have.
//
// It knows neither HTTP nor OAuth parameters, authenticates nobody and reads
// no clock: callers pass the Platform's time. What it answers are copies.
package token

import (
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// RefreshPolicy says what a refresh token is worth. It has two axes: Rotates
// decides the value (a new one with each use, or the same one for ever), the
// lifetimes decide the expiry. A policy without Rotates and with an
// IdleLifetime slides. The zero value of each field is the plain behaviour.
type RefreshPolicy struct {
	Issued           bool          // refresh tokens exist at all
	Rotates          bool          // each use answers a new token and spends the old
	Returned         bool          // a refresh answer carries a refresh token
	IdleLifetime     time.Duration // counted from the last use; 0 for none
	AbsoluteLifetime time.Duration // counted from the grant's birth; 0 for none
	SlidingStep      time.Duration // a use adds this to the present end; 0 starts IdleLifetime anew (S000-34)
	InheritsEnd      bool          // a successor ends when its predecessor would have (S004-05)
	MaxUses          int           // refreshes per family; 0 for no limit
	MaxLive          int           // live refresh tokens per Owner, the oldest is displaced; 0 for no limit
	Reuse            Reuse         // what a spent token presented again causes
	Grace            Grace         // forgiveness for a lost answer
	GraceWindow      time.Duration // counted from the first use; 0 is no limit for GraceUntilSuccessorUsed
	EarliestRefresh  time.Duration // refused until this long after the token was issued or last used
	AfterExpiryOnly  bool          // refused while the family's access token lives
	KillsPrevious    bool          // a refresh ends the family's earlier access tokens
	NarrowsGrant     bool          // fewer scopes at a refresh are all that later ones can have
	Defects          Defects       // rules that are broken on purpose
}

// Reuse is how far a spent token presented again reaches.
type Reuse int

// The reactions to reuse.
const (
	ReuseRejected      Reuse = iota // it is refused, nothing else happens
	ReuseEndsFamily                 // its family ends (RFC 9700 section 4.14.2)
	ReuseEndsAllGrants              // all that the Owner's customer gave its client ends
)

// Grace is what a token that was spent a moment ago still answers. Every shape
// forgives the immediate predecessor only: it ends when a successor is used.
type Grace int

// The shapes of a grace.
const (
	GraceNone               Grace = iota // nothing
	GraceSamePair                        // the same answer again
	GraceNewSibling                      // another pair, both live on
	GraceUntilSuccessorUsed              // another pair, for as long as the token itself would have lived
)

// Verdict is what a policy makes of a presented refresh token.
type Verdict int

// The verdicts: the first four are successes.
const (
	Rotate       Verdict = iota // spend it, issue a successor
	Slide                       // keep it, prolong it
	RepeatPair                  // answer what was answered before
	NewSibling                  // issue one more successor
	Unknown                     // never heard of, or forgotten
	Expired                     // idle too long, or the family is too old
	UsedUp                      // the family has had all its refreshes
	TooEarly                    // the access token still lives
	TooYoung                    // issued or used a moment ago
	Spent                       // used before; nothing else happens
	Reused                      // used before; its family ends
	ReusedWidely                // used before; all grants of its Owner end
	Displaced                   // newer ones took its place
	Revoked                     // ended by somebody
)

// Accepted reports whether the verdict is a success.
func (v Verdict) Accepted() bool { return v <= NewSibling }

// Ends reports whether the verdict ends a family, though it refuses the token.
func (v Verdict) Ends() bool { return v == Reused || v == ReusedWidely }

// String is a sentence for the journal.
func (v Verdict) String() string {
	return [...]string{
		Rotate: "the refresh token rotates", Slide: "the refresh token slides",
		RepeatPair:   "the refresh token is in its grace: the same pair is answered again",
		NewSibling:   "the refresh token is in its grace: another pair is issued",
		Unknown:      "the refresh token is unknown",
		Expired:      "the refresh token has expired",
		UsedUp:       "the grant has had all the refreshes it is good for",
		TooEarly:     "the access token has not expired yet",
		TooYoung:     "the refresh token was issued or used too short a time ago",
		Spent:        "the refresh token was used before",
		Reused:       "the refresh token was used before: its family is revoked",
		ReusedWidely: "the refresh token was used before: all that the customer gave this client is revoked",
		Displaced:    "the refresh token was displaced by newer ones of the same customer and client",
		Revoked:      "the refresh token is revoked",
	}[v]
}

// Presented is the state of a refresh token at the moment it is presented.
type Presented struct {
	BornAt          time.Time // of the family
	RenewedAt       time.Time // when the token was issued, or slid last
	ExpiresAt       time.Time // of the token; zero for never
	SpentAt         time.Time // of the first use; zero when unspent
	SuccessorUsed   bool      // a token issued in its place was used
	Displaced       bool      // by MaxLive
	Revoked         bool      // the token or its family
	Uses            int       // refreshes of the family so far
	AccessExpiresAt time.Time // of the family's longest living access token; zero for none
}

// ExpiresAt is when the first refresh token of a family dies: idle from now,
// capped by the family's absolute end. Zero means never.
func (p RefreshPolicy) ExpiresAt(born, now time.Time) time.Time {
	if p.IdleLifetime > 0 {
		return p.capped(born, now.Add(p.IdleLifetime))
	}
	return p.capped(born, time.Time{})
}

// Renewed is when a refresh token that was used now dies, or its successor:
// end is when the used one would have died. Zero means never.
func (p RefreshPolicy) Renewed(born, end, now time.Time) time.Time {
	switch {
	case p.Rotates && p.InheritsEnd, !p.Rotates && p.Defects.Stands:
		return end
	case p.Rotates && p.Defects.HalvesSuccessor:
		return p.capped(born, now.Add(p.IdleLifetime/2))
	case p.SlidingStep > 0 && !end.IsZero():
		return p.capped(born, end.Add(p.SlidingStep))
	}
	return p.ExpiresAt(born, now)
}

func (p RefreshPolicy) capped(born, end time.Time) time.Time {
	if p.AbsoluteLifetime == 0 {
		return end
	}
	if limit := born.Add(p.AbsoluteLifetime); end.IsZero() || limit.Before(end) {
		return limit
	}
	return end
}

// ScopeAfter is what a grant whose refresh tokens allow present may ask for
// once it was refreshed for asked.
func (p RefreshPolicy) ScopeAfter(present, asked oauth.Scope) oauth.Scope {
	if p.NarrowsGrant {
		return present.Without(present.Without(asked))
	}
	return present
}

// Judge decides what becomes of a presented refresh token. It changes nothing.
// An instant of expiry itself is expired, the instant at which a refresh is
// allowed is allowed.
func (p RefreshPolicy) Judge(t Presented, now time.Time) Verdict {
	switch {
	case t.Revoked:
		return Revoked
	case t.Displaced:
		return Displaced
	case !t.SpentAt.IsZero() && p.Defects.overlooks(t, now):
		return NewSibling
	case !t.SpentAt.IsZero():
		return p.judgeSpent(t, now)
	case over(t.ExpiresAt, now):
		return Expired
	case p.MaxUses > 0 && t.Uses >= p.MaxUses:
		return UsedUp
	case p.AfterExpiryOnly && now.Before(t.AccessExpiresAt):
		return TooEarly
	case now.Before(t.RenewedAt.Add(p.EarliestRefresh)):
		return TooYoung
	case p.Rotates:
		return Rotate
	}
	return Slide
}

// judgeSpent forgives within the grace. A repetition gives nothing new, so
// that the token's own end does not matter; another pair does.
func (p RefreshPolicy) judgeSpent(t Presented, now time.Time) Verdict {
	if p.forgives(t, now) {
		switch {
		case p.Grace == GraceSamePair:
			return RepeatPair
		case over(t.ExpiresAt, now):
			return Expired
		case p.MaxUses == 0 || t.Uses < p.MaxUses:
			return NewSibling
		}
	}
	switch p.Reuse {
	case ReuseEndsFamily:
		return Reused
	case ReuseEndsAllGrants:
		return ReusedWidely
	}
	return Spent
}

func (p RefreshPolicy) forgives(t Presented, now time.Time) bool {
	if p.Grace == GraceNone || t.SuccessorUsed {
		return false
	}
	unlimited := p.Grace == GraceUntilSuccessorUsed && p.GraceWindow == 0
	return unlimited || now.Before(t.SpentAt.Add(p.GraceWindow))
}

// over reports whether an end (zero for never) has come.
func over(end, now time.Time) bool { return !end.IsZero() && !now.Before(end) }

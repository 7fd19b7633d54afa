// Package token is the state behind a Platform's tokens: the refresh policy as
// pure arithmetic, families of tokens that descend from one grant, a memory
// store whose every operation is one atomic step, and the forms that token
// values have.
//
// It knows neither HTTP nor OAuth parameters, authenticates nobody and reads
// no clock: callers pass the Platform's time. What it answers are copies.
package token

import "time"

// RefreshPolicy says what a refresh token is worth. It has two axes: Rotates
// decides the value (a new one with each use, or the same one for ever), the
// lifetimes decide the expiry. A policy without Rotates and with an
// IdleLifetime slides.
type RefreshPolicy struct {
	Issued           bool          // refresh tokens exist at all
	Rotates          bool          // each use answers a new token and spends the old
	Returned         bool          // a refresh answer carries a refresh token
	IdleLifetime     time.Duration // counted from the last use; 0 for none
	AbsoluteLifetime time.Duration // counted from the grant's birth; 0 for none
	MaxUses          int           // refreshes per family; 0 for no limit
	ReuseRevokes     bool          // a spent token presented again ends its family
	Grace            Grace         // forgiveness for a lost answer
	GraceWindow      time.Duration // counted from the moment the token was spent
	AfterExpiryOnly  bool          // refused while the family's access token lives
	KillsPrevious    bool          // a refresh ends the family's earlier access tokens
}

// Grace is what a token that was spent a moment ago still answers.
type Grace int

// The shapes of a grace.
const (
	GraceNone       Grace = iota // nothing
	GraceSamePair                // the same answer again, until its successor is used
	GraceNewSibling              // another pair, both live on
)

// Verdict is what a policy makes of a presented refresh token.
type Verdict int

// The verdicts: the first four are successes.
const (
	Rotate     Verdict = iota // spend it, issue a successor
	Slide                     // keep it, prolong it
	RepeatPair                // answer what was answered before
	NewSibling                // issue one more successor
	Unknown                   // never heard of, or forgotten
	Expired                   // idle too long, or the family is too old
	UsedUp                    // the family has had all its refreshes
	TooEarly                  // the access token still lives
	Spent                     // used before; nothing else happens
	Reused                    // used before; its family ends
	Revoked                   // ended by somebody
)

// Accepted reports whether the verdict is a success.
func (v Verdict) Accepted() bool { return v <= NewSibling }

// String is a sentence for the journal.
func (v Verdict) String() string {
	return [...]string{
		Rotate: "the refresh token rotates", Slide: "the refresh token slides",
		RepeatPair: "the refresh token is in its grace: the same pair is answered again",
		NewSibling: "the refresh token is in its grace: another pair is issued",
		Unknown:    "the refresh token is unknown",
		Expired:    "the refresh token has expired",
		UsedUp:     "the grant has had all the refreshes it is good for",
		TooEarly:   "the access token has not expired yet",
		Spent:      "the refresh token was used before",
		Reused:     "the refresh token was used before: its family is revoked",
		Revoked:    "the refresh token is revoked",
	}[v]
}

// Presented is the state of a refresh token at the moment it is presented.
type Presented struct {
	BornAt          time.Time // of the family
	ExpiresAt       time.Time // of the token; zero for never
	SpentAt         time.Time // zero when unspent
	SuccessorSpent  bool      // the token issued in its place was used
	Revoked         bool      // the token or its family
	Uses            int       // refreshes of the family so far
	AccessExpiresAt time.Time // of the family's longest living access token; zero for none
}

// ExpiresAt is when a refresh token issued or used now dies: idle from now,
// capped by the family's absolute end. Zero means never.
func (p RefreshPolicy) ExpiresAt(born, now time.Time) time.Time {
	var end time.Time
	if p.IdleLifetime > 0 {
		end = now.Add(p.IdleLifetime)
	}
	if p.AbsoluteLifetime > 0 {
		if limit := born.Add(p.AbsoluteLifetime); end.IsZero() || limit.Before(end) {
			end = limit
		}
	}
	return end
}

// Judge decides what becomes of a presented refresh token. It changes nothing.
// An instant of expiry itself is expired.
func (p RefreshPolicy) Judge(t Presented, now time.Time) Verdict {
	switch {
	case t.Revoked:
		return Revoked
	case !t.SpentAt.IsZero():
		return p.judgeSpent(t, now)
	case over(t.ExpiresAt, now):
		return Expired
	case p.MaxUses > 0 && t.Uses >= p.MaxUses:
		return UsedUp
	case p.AfterExpiryOnly && now.Before(t.AccessExpiresAt):
		return TooEarly
	case p.Rotates:
		return Rotate
	}
	return Slide
}

func (p RefreshPolicy) judgeSpent(t Presented, now time.Time) Verdict {
	inGrace := now.Before(t.SpentAt.Add(p.GraceWindow)) && !t.SuccessorSpent
	switch {
	case inGrace && p.Grace == GraceSamePair:
		return RepeatPair
	case inGrace && p.Grace == GraceNewSibling && (p.MaxUses == 0 || t.Uses < p.MaxUses):
		return NewSibling
	case p.ReuseRevokes:
		return Reused
	}
	return Spent
}

// over reports whether an end (zero for never) has come.
func over(end, now time.Time) bool { return !end.IsZero() && !now.Before(end) }

package token

import (
	"slices"
	"strconv"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// maxMembers bounds one family's access and refresh tokens each; beyond it
// ended ones are forgotten first, then the oldest.
const maxMembers = 256

// family is a grant with its code and its tokens, as one value: every rule
// about them is a method here, and no method looks at another family, takes a
// lock or talks to anybody. Stores only keep families and make each change of
// one a single step. The exported fields are what a remote store writes down.
type family struct {
	Subject *subject `json:"s"`
	Number  int64    `json:"n"` // of the birth; never given twice in a store
	Born    instant  `json:"b"`
	Uses    int32    `json:"u,omitempty"` // refreshes so far
	Last    uint32   `json:"l"`           // serial of the newest token
	Ended   string   `json:"e,omitempty"` // why it ended; "" while it lives
	Code    *secret  `json:"c,omitempty"`
	Tokens  []member `json:"t"`

	slot uint32 // the memory store's own
}

// subject is what many families have in common; it never changes.
type subject struct {
	Client   string          `json:"c"`
	Customer string          `json:"u,omitempty"`
	Grant    oauth.GrantType `json:"g"`
	Scope    oauth.Scope     `json:"s,omitempty"`
	// Remembered is Grant.Remembered.
	Remembered bool `json:"m,omitempty"`
}

// secret is the code that a family began with.
type secret struct {
	Value        string  `json:"v"`
	Redirect     string  `json:"r,omitempty"`
	RedirectSent bool    `json:"rs,omitempty"`
	Challenge    string  `json:"ch,omitempty"`
	Expires      instant `json:"x"`
	Spent        instant `json:"sp,omitempty"`
}

// member is one token. Serials are counted within the family, from 1; 0 is
// none.
type member struct {
	Value     string       `json:"v"`
	Scope     *oauth.Scope `json:"s,omitempty"` // nil: the subject's
	Issued    instant      `json:"i"`
	Renewed   instant      `json:"w,omitempty"` // when a refresh token slid last
	Expires   instant      `json:"x,omitempty"`
	Spent     instant      `json:"sp,omitempty"`
	Serial    uint32       `json:"n"`
	Parent    uint32       `json:"p,omitempty"` // the refresh token it came from
	Successor uint32       `json:"su,omitempty"`
	Answer    uint32       `json:"a,omitempty"` // access token that came with the successor
	Refresh   bool         `json:"r,omitempty"`
	Revoked   bool         `json:"d,omitempty"`
	Displaced bool         `json:"o,omitempty"` // by RefreshPolicy.MaxLive
	// SuccessorUsed ends the grace, whichever successor it was.
	SuccessorUsed bool `json:"us,omitempty"`
}

// instant is a time in nanoseconds since 1970; 0 is no time. It saves two
// thirds of a time.Time, of which a token has three.
type instant int64

// lastInstant stands for all times that are too far to count.
var lastInstant = time.Unix(0, 1<<63-1)

func instantOf(t time.Time) instant {
	switch {
	case t.IsZero():
		return 0
	case t.After(lastInstant):
		return 1<<63 - 1
	}
	return instant(t.UnixNano())
}

func (i instant) time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(i)).UTC()
}

// over reports whether an end (0 for never) has come.
func (i instant) over(now instant) bool { return i != 0 && now >= i }

// idOf is how the world knows a family; one that no store has has no id yet.
func idOf(number int64) string {
	if number == 0 {
		return ""
	}
	return "grant-" + strconv.FormatInt(number, 10)
}

// numberOf is the reverse of idOf; 0 for what is no id.
func numberOf(id string) int64 {
	if len(id) < 7 || id[:6] != "grant-" {
		return 0
	}
	n, err := strconv.ParseInt(id[6:], 10, 64)
	if err != nil || idOf(n) != id {
		return 0
	}
	return n
}

func newFamily(g Grant) *family {
	return &family{
		Subject: &subject{
			Client: g.ClientID, Customer: g.Customer, Grant: g.GrantType, Scope: slices.Clone(g.Scope), Remembered: g.Remembered,
		},
		Born: instantOf(g.BornAt),
	}
}

// grant is a copy.
func (f *family) grant() Grant {
	return Grant{
		ID: idOf(f.Number), ClientID: f.Subject.Client, Customer: f.Subject.Customer, GrantType: f.Subject.Grant,
		Scope: slices.Clone(f.Subject.Scope), BornAt: f.Born.time(), Remembered: f.Subject.Remembered,
	}
}

// owner is who gave what to whom.
func (f *family) owner() Owner { return Owner{f.Subject.Client, f.Subject.Customer} }

// serial finds a token by its serial; nil for none, or a forgotten one.
func (f *family) serial(n uint32) *member {
	i, found := slices.BinarySearchFunc(f.Tokens, n, func(m member, n uint32) int { return int(m.Serial) - int(n) })
	if !found {
		return nil
	}
	return &f.Tokens[i]
}

// find finds a token by kind and value.
func (f *family) find(refresh bool, value string) *member {
	for i := len(f.Tokens) - 1; i >= 0; i-- {
		if m := &f.Tokens[i]; m.Refresh == refresh && m.Value == value {
			return m
		}
	}
	return nil
}

// end ends the family. The first reason stays.
func (f *family) end(reason string) bool {
	if f.Ended != "" {
		return false
	}
	f.Ended = reason
	return true
}

// state is live, spent, expired or revoked.
func (f *family) state(m *member, now instant) string {
	switch {
	case m.Revoked || m.Displaced || f.Ended != "":
		return StateRevoked
	case m.Spent != 0:
		return StateSpent
	case m.Expires.over(now):
		return StateExpired
	}
	return StateLive
}

// live reports whether a token of the family still works.
func (f *family) live(now instant) bool {
	return f.Ended == "" && slices.ContainsFunc(f.Tokens, func(m member) bool { return f.state(&m, now) == StateLive })
}

// over reports whether nothing of the family can be used any more, its code
// included.
func (f *family) over(now instant) bool {
	if f.Ended == "" && f.Code != nil && f.Code.Spent == 0 && !f.Code.Expires.over(now) {
		return false
	}
	return !f.live(now)
}

// scope is a token's scope; read it only.
func (f *family) scope(m *member) oauth.Scope {
	if m.Scope != nil {
		return *m.Scope
	}
	return f.Subject.Scope
}

// standing is what the tokens that still work allow, in the order of the
// subject's scope.
func (f *family) standing(now instant) oauth.Scope {
	var out oauth.Scope
	for _, name := range f.Subject.Scope {
		if slices.ContainsFunc(f.Tokens, func(m member) bool {
			return f.state(&m, now) == StateLive && slices.Contains(f.scope(&m), name)
		}) {
			out = append(out, name)
		}
	}
	return out
}

// narrow gives a token a scope of its own if it is not the subject's.
func (f *family) narrow(m *member, scope oauth.Scope) {
	m.Scope = nil
	if !slices.Equal(scope, f.Subject.Scope) {
		own := slices.Clone(scope)
		m.Scope = &own
	}
}

// refresh is a copy of a refresh token.
func (f *family) refresh(m *member) Refresh {
	return Refresh{
		Value: m.Value, Grant: f.grant(), Scope: slices.Clone(f.scope(m)),
		IssuedAt: m.Issued.time(), ExpiresAt: m.Expires.time(), State: f.presented(m),
	}
}

// access is a copy of an access token.
func (f *family) access(m *member) Access {
	return Access{
		Value: m.Value, Grant: f.grant(), Scope: slices.Clone(f.scope(m)), IssuedAt: m.Issued.time(), ExpiresAt: m.Expires.time(),
		Revoked: m.Revoked || f.Ended != "",
	}
}

// copy is the family as the control API shows it: access tokens, then refresh
// tokens, each in the order of birth.
func (f *family) copy(now instant) Family {
	out := Family{Grant: f.grant(), Revoked: f.Ended != "", Reason: f.Ended, Tokens: make([]Member, 0, len(f.Tokens))}
	for _, refresh := range []bool{false, true} {
		for i := range f.Tokens {
			m := &f.Tokens[i]
			if m.Refresh != refresh {
				continue
			}
			shown := Member{
				Kind: m.kind(), Value: m.Value, IssuedAt: m.Issued.time(), ExpiresAt: m.Expires.time(),
				SpentAt: m.Spent.time(), State: f.state(m, now),
			}
			if parent := f.serial(m.Parent); parent != nil {
				shown.Parent = parent.Value
			}
			out.Tokens = append(out.Tokens, shown)
		}
	}
	return out
}

func (m *member) kind() string {
	if m.Refresh {
		return oauth.KindRefreshToken
	}
	return oauth.KindAccessToken
}

// codeCopy is the family's code as callers see it.
func (f *family) codeCopy() Code {
	c := f.Code
	return Code{
		Value: c.Value, Grant: f.grant(), RedirectURI: c.Redirect, RedirectURISent: c.RedirectSent, Challenge: c.Challenge,
		ExpiresAt: c.Expires.time(), SpentAt: c.Spent.time(), Revoked: f.Ended != "",
	}
}

package token

import (
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// Grant is what every token of a family has in common. It never changes.
type Grant struct {
	ID        string // given by the Store
	ClientID  string
	Customer  string // customer key, "" for a client's own grant
	GrantType oauth.GrantType
	Scope     oauth.Scope
	BornAt    time.Time
	// Remembered says that no person consented this time: an earlier consent
	// of the same customer was taken as good (S000-31).
	Remembered bool
}

// Owner is who gave what to whom: RefreshPolicy.MaxLive and
// ReuseEndsAllGrants count by it.
type Owner struct{ ClientID, Customer string }

// Owner of the grant; a client's own grant belongs to nobody else.
func (g Grant) Owner() Owner { return Owner{g.ClientID, g.Customer} }

// Code is an authorization code and what it is bound to.
type Code struct {
	Value           string
	Grant           Grant
	RedirectURI     string
	RedirectURISent bool   // it stood in the authorization request
	Challenge       string // S256, "" without PKCE
	ExpiresAt       time.Time
	SpentAt         time.Time // zero when unspent
	Revoked         bool
}

// Access is an access token.
type Access struct {
	Value     string
	Grant     Grant
	Scope     oauth.Scope // within the grant's
	IssuedAt  time.Time
	ExpiresAt time.Time
	Revoked   bool // the token or its family
}

// Refresh is a refresh token.
type Refresh struct {
	Value     string
	Grant     Grant
	Scope     oauth.Scope // what it may still ask for, within the grant's
	IssuedAt  time.Time
	ExpiresAt time.Time // zero for never
	State     Presented
}

// Pair holds the values of the tokens to issue in one step. Without a Refresh
// value no refresh token is issued.
type Pair struct {
	Access          string
	AccessExpiresAt time.Time
	Scope           oauth.Scope
	Refresh         string
}

// Issued is what a step issued, or repeated.
type Issued struct {
	Access  Access
	Refresh string // "" for none
}

// CodeVerdict is what became of a presented code.
type CodeVerdict int

// The verdicts on a code.
const (
	CodeRedeemed CodeVerdict = iota
	CodeUnknown
	CodeExpired
	CodeReused // its family has ended now
	CodeRevoked
)

// String is a sentence for the journal.
func (v CodeVerdict) String() string {
	return [...]string{
		CodeRedeemed: "the code is redeemed", CodeUnknown: "the code is unknown", CodeExpired: "the code has expired",
		CodeReused: "the code was used before: its tokens are revoked", CodeRevoked: "the code is revoked",
	}[v]
}

// Why a family ended, as the control API says it.
const (
	ReasonCodeReused    = "code_reused"
	ReasonRefreshReused = "refresh_token_reused"
	ReasonByClient      = "revoked_by_client"
	ReasonByCustomer    = "withdrawn_by_customer"
	ReasonByControl     = "revoked_by_control"
	ReasonUnregistered  = "client_unregistered"
)

// The states of a token, as the control API says them.
const (
	StateLive    = "live"
	StateSpent   = "spent"
	StateExpired = "expired"
	StateRevoked = "revoked"
)

// Selector picks tokens; empty fields match everything.
type Selector struct {
	Kind     string // oauth.KindAccessToken, oauth.KindRefreshToken, or "" for both
	Client   string
	Customer string
	Family   string
}

// Family is a copy of a grant and all its tokens.
type Family struct {
	Grant   Grant
	Revoked bool
	Reason  string
	Tokens  []Member
}

// Member is one token of a Family.
type Member struct {
	Kind      string // oauth.KindAccessToken, oauth.KindRefreshToken
	Value     string
	Parent    string // value of the refresh token it came from
	IssuedAt  time.Time
	ExpiresAt time.Time // zero for never
	SpentAt   time.Time // zero when unspent
	State     string    // live, spent, expired, revoked
}

// Store keeps codes and tokens. Each method is one atomic step, however many
// callers present the same value at once; what it answers are copies. Codes,
// access tokens and refresh tokens are separate spaces: one is never taken for
// another. Every implementation keeps the contract of store_test.go.
//
// A store in another process may be out of reach. No method has an answer for
// that, since none would be true: it panics with *Unavailable, which the web
// layer turns into a 503.
type Store interface {
	// PutCode begins a family with a code; Grant.ID of the answer is its id.
	PutCode(c Code) Code
	// Code looks at a code without using it.
	Code(value string) (Code, bool)
	// RedeemCode spends a code and issues the pair. A spent code ends its
	// family; callers make sure first that the request is valid otherwise.
	RedeemCode(value string, now time.Time, p RefreshPolicy, next Pair) (Issued, CodeVerdict)
	// PutGrant begins a family with a pair of tokens.
	PutGrant(g Grant, now time.Time, p RefreshPolicy, first Pair) Issued
	// Refresh looks at a refresh token without using it.
	Refresh(value string) (Refresh, bool)
	// UseRefresh judges a refresh token and does what the verdict says. Like
	// RedeemCode and PutGrant it displaces the Owner's oldest live refresh
	// tokens beyond the policy's MaxLive before it returns.
	UseRefresh(value string, now time.Time, p RefreshPolicy, next Pair) (Issued, Verdict)
	// Prolong lets a refresh token live anew, as a use would, and uses nothing.
	Prolong(value string, now time.Time, p RefreshPolicy) bool
	// Access looks at an access token.
	Access(value string) (Access, bool)
	// RevokeAccess ends one access token.
	RevokeAccess(value string) bool
	// RevokeRefresh ends one refresh token, which may be spent already.
	RevokeRefresh(value string) bool
	// RevokeFamily ends a family and every token of it.
	RevokeFamily(id, reason string) bool
	// Expire lets the selected live tokens expire now and counts them.
	Expire(now time.Time, s Selector) int
	// Revoke ends the selected live tokens and counts them; without a Kind
	// their families end too.
	Revoke(now time.Time, s Selector, reason string) int
	// EndFamilies ends the selected families, codes not yet used included, and
	// counts them.
	EndFamilies(s Selector, reason string) int
	// Families answers copies in the order of birth.
	Families(now time.Time) []Family
	// Live shows the selected grants of which a token still works, in the order
	// of birth, until show answers false. Their Scope is what stands: what the
	// working tokens allow, which a narrowing refresh may have made less than
	// what was granted. show must not call the store.
	Live(now time.Time, s Selector, show func(Grant) bool)
	// Sweep forgets what has long ended, when there is much of it.
	Sweep(now time.Time)
}

// Unavailable is what a Store panics with when it cannot be reached.
type Unavailable struct{ Err error }

// Error says what failed.
func (u *Unavailable) Error() string {
	return "the store of tokens cannot be reached: " + u.Err.Error()
}

// Unwrap answers the cause.
func (u *Unavailable) Unwrap() error { return u.Err }

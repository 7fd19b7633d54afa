package connection

import (
	"net/url"
	"slices"
	"time"

	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/suggestion"
)

// State is where a connection stands; see the package comment.
type State string

// The states. StateNotConnected and StateUnavailable occur in a PlatformState
// only.
const (
	StateNotConnected   State = "not_connected"
	StateConnected      State = "connected"
	StateDegraded       State = "degraded"
	StateNeedsReconnect State = "needs_reconnect"
	StateDisconnected   State = "disconnected"
	StateUnreadable     State = "unreadable"
	StateUnavailable    State = "unavailable"
)

// Reason says why a connection is not simply connected.
type Reason string

// Reasons of needs_reconnect.
const (
	// ReasonRevoked: the platform refused the grant although its access token
	// had not expired, so somebody withdrew it.
	ReasonRevoked Reason = "revoked"
	// ReasonExpired: the platform refused the refresh token when it was due;
	// it ran out (idle or absolute end) or was withdrawn meanwhile.
	ReasonExpired Reason = "expired"
	// ReasonAnswerLost: an answer with a new refresh token never arrived, and
	// the platform does not take the old one again.
	ReasonAnswerLost Reason = "answer_lost"
	// ReasonNoRefreshToken: the access token ended and there never was a
	// refresh token.
	ReasonNoRefreshToken Reason = "no_refresh_token"
	// ReasonOtherAccount: after a reconnect the tokens proved to be another
	// account's.
	ReasonOtherAccount Reason = "other_account"
)

// Reasons of degraded.
const (
	ReasonUnreachable   Reason = "unreachable"    // network failure, 5xx
	ReasonThrottled     Reason = "throttled"      // 429 or Retry-After
	ReasonAnswerUnclear Reason = "answer_unclear" // a refresh was sent and its answer lost
	ReasonRefused       Reason = "refused"        // a fresh access token is refused
	ReasonConfiguration Reason = "configuration"  // the platform refuses MINT itself
	ReasonBadAnswer     Reason = "bad_answer"     // an answer that makes no sense
)

// Connection is what a person may know of one connection. It holds no secret.
type Connection struct {
	ID         string
	Workspace  string
	PlatformID string
	Title      string // the platform's

	State  State
	Reason Reason // empty when connected
	// Explanation is one or two sentences for people: what is wrong and what
	// to do, or a warning about a working connection; may be empty.
	Explanation string
	Since       time.Time // when State or Reason last changed

	Account     string   // the platform's account id, empty until known
	AccountName string   // who consented
	Scopes      []string // granted, which may be less than asked
	// CanChange is false when the customer's consent covers reading only.
	CanChange bool
	// Renewable is false when the platform gave no refresh token.
	Renewable bool

	ConnectedAt     time.Time
	RefreshedAt     time.Time // zero before the first refresh
	AccessExpiresAt time.Time // zero when the platform told no lifetime
	RetryAt         time.Time // no automatic attempt before; zero when none is held back
	AsOf            time.Time // date of the stored figures, zero without any
	Version         int64     // grows with every stored token answer
}

// PlatformState is one integration with the workspace's connection to it.
type PlatformState struct {
	PlatformID string
	Title      string

	State       State
	Reason      Reason
	Explanation string
	Since       time.Time
	// Connection is nil when there never was one.
	Connection *Connection

	// PasswordForm: this platform is connected by API login and password, not
	// by redirect.
	PasswordForm bool
	// ApplicationAccount: MINT has an account of its own here.
	ApplicationAccount bool
}

// Callback is what an authorization response carried (RFC 6749 section 4.1.2,
// RFC 9207). Build it with CallbackFrom.
type Callback struct {
	State, Code, Issuer     string
	Error, ErrorDescription string
	// Repeated names parameters of the above that came more than once.
	Repeated []string
	// CarriesToken says that an access token came along, which no answer to a
	// code request may.
	CarriesToken bool
}

// CallbackFrom reads the parameters of an authorization response. Unknown
// parameters are ignored, as RFC 6749 section 4.1.2 demands.
func CallbackFrom(values url.Values) Callback {
	callback := Callback{
		State: values.Get("state"), Code: values.Get("code"), Issuer: values.Get("iss"),
		Error: values.Get("error"), ErrorDescription: values.Get("error_description"),
		CarriesToken: values.Has("access_token") || values.Has("refresh_token") || values.Has("id_token"),
	}
	for _, name := range []string{"state", "code", "iss", "error"} {
		if len(values[name]) > 1 {
			callback.Repeated = append(callback.Repeated, name)
		}
	}
	slices.Sort(callback.Repeated)
	return callback
}

// OutcomeKind is how an attempt to connect ended.
type OutcomeKind string

// The outcomes.
const (
	Connected   OutcomeKind = "connected"
	Denied      OutcomeKind = "denied"
	AlreadyUsed OutcomeKind = "already_used"
	Failed      OutcomeKind = "failed"
)

// Outcome is the end of an attempt to connect. Sentence can be shown as it is.
type Outcome struct {
	Kind       OutcomeKind
	PlatformID string // empty when the flow is unknown
	Title      string
	// ConnectionID is set when Connected, and when AlreadyUsed has a
	// connection to go on to.
	ConnectionID string
	Sentence     string
}

// CampaignFigures is one campaign with its daily figures, oldest day first.
type CampaignFigures struct {
	Campaign platform.Campaign
	Days     []platform.Day
}

// SpendCents sums the spend of all days.
func (f CampaignFigures) SpendCents() int64 {
	var sum int64
	for _, day := range f.Days {
		sum += day.SpendCents
	}
	return sum
}

// Clicks sums the clicks of all days.
func (f CampaignFigures) Clicks() int64 {
	var sum int64
	for _, day := range f.Days {
		sum += day.Clicks
	}
	return sum
}

// Snapshot is the figures of one connection at one time.
type Snapshot struct {
	AsOf      time.Time
	Campaigns []CampaignFigures
	// Stale: these are stored figures, because fetching failed. Problem then
	// says why, in a sentence.
	Stale   bool
	Problem string
}

// Statuses of a suggestion.
const (
	SuggestionOpen      = "open"
	SuggestionApplied   = "applied"
	SuggestionDismissed = "dismissed"
)

// Suggestion is a proposal and what the customer made of it.
type Suggestion struct {
	suggestion.Suggestion
	Status    string    // open, applied, dismissed
	DecidedAt time.Time // zero while open
	// Blocked says in a sentence why it cannot be applied now (read-only
	// consent, connection needs attention); empty when it can.
	Blocked string
}

// ApplyOutcome says what became of Apply.
type ApplyOutcome struct {
	Suggestion Suggestion
	// Applied: the campaign at the platform is as suggested.
	Applied bool
	// Already: it had been applied before; nothing was sent now.
	Already  bool
	Sentence string
}

// DisconnectOutcome says what became of Disconnect. The connection is ended
// in MINT in every case.
type DisconnectOutcome struct {
	// Revoked: the platform confirmed that the tokens are worthless.
	Revoked bool
	// Pending: the platform could not be told yet; MINT tries again.
	Pending  bool
	Sentence string
}

// Application is MINT's own registration at a platform.
type Application = platform.Application

// ApplicationChange changes it; nil members stay as they are.
type ApplicationChange = platform.ApplicationChange

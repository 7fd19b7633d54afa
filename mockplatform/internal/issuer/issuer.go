// Package issuer is the authorization server of one Platform: it judges
// authorization and token requests, issues, refreshes, revokes and introspects
// tokens, and says what it found for the journal.
//
// It is the only importer of go-oauth2. That library's server steps carry the
// requests; the state machine behind them (oauth2.Manager) is our own, and a
// strict gate stands in front, since the stock one neither authenticates
// clients at a refresh nor keeps single use atomic. The package knows no
// http.ResponseWriter and no pages: the web layer writes what it answers. It
// reads no clock: every call takes the Platform's time.
//
// Where to look: gate.go and clientauth.go judge a request's form and its
// client, token.go its grant; manager.go changes state; access.go makes
// access tokens and answer.go shapes what is answered; authorize.go and
// consent.go stand behind the pages; resource.go serves the API.
//
// # Decisions
//
//   - A refused exchange does not burn its code, and a replay ends a family
//     only if the request is valid otherwise: a stranger who learned a code
//     cannot end the customer's grant with it (RFC 6749 section 10.5).
//   - An access token that is revoked leaves its family alone; a refresh token
//     takes the family along (RFC 7009 section 2.1), unless revocation_reach
//     says otherwise.
//   - Ten wrong passwords for a username within a minute pause it for a minute,
//     at the login page and the password grant alike, and so do ten wrong
//     secrets of a client (RFC 6749 sections 2.3.1, 4.3.2 and 10.10). The answer is
//     429 with Retry-After and temporarily_unavailable: invalid_grant and
//     invalid_client would tell a client that right credentials are wrong.
//   - The library's entry points (Handle…Request) are not used: they redirect
//     to unchecked addresses. Its single steps are.
package issuer

import (
	"crypto/rand"
	"io"

	"github.com/go-oauth2/oauth2/v4/server"
	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/journal"
	"github.com/mint-conformance/mint/mockplatform/internal/keyring"
	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/throttle"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// Config is what an Issuer works with; what has a default says so.
type Config struct {
	Profile      *profile.Profile
	Endpoints    control.Endpoints // absolute URLs for the metadata document
	Issuer       string            // issuer identifier
	Audience     string            // whom access tokens of RFC 9068 are for; "" takes Issuer
	Store        token.Store
	Applications application.Shelf // nil: in memory
	Tables       *lapse.Tables     // of what is remembered for a while; nil: in memory
	Fingerprints journal.Fingerprinter
	Rand         io.Reader // nil: crypto/rand
	// ShareKeys hears of the first keys of access tokens, and answers those to
	// use: what another process said that issues for the same Platform. nil
	// uses the own.
	ShareKeys func(exported []byte) ([]byte, error)
	// Opaque makes codes and opaque tokens; nil: token.Opaque.
	Opaque func(io.Reader) (string, error)
}

// Issuer is one Platform's authorization server. It is safe for concurrent use.
type Issuer struct {
	profile      *profile.Profile
	endpoints    control.Endpoints
	issuer       string
	store        token.Store
	fingerprints journal.Fingerprinter
	random       io.Reader
	opaque       func(io.Reader) (string, error) // makes codes and opaque tokens
	applications *application.Registry
	policy       token.RefreshPolicy
	keys         *keyring.Ring // nil for opaque access tokens
	audience     string
	server       *server.Server
	allScopes    oauth.Scope
	begun        begun              // authorizations under way, for redirect_change drain
	pushed       pushed             // authorization requests that were pushed
	passwords    *throttle.Throttle // of customers, by username
	careless     careless           // for defects on purpose
	secrets      *throttle.Throttle // of clients, by client_id
}

// New makes an Issuer.
func New(cfg Config) (*Issuer, error) {
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	if cfg.Tables == nil {
		cfg.Tables = lapse.NewTables(nil)
	}
	if cfg.Opaque == nil {
		cfg.Opaque = token.Opaque
	}
	i := &Issuer{
		profile: cfg.Profile, endpoints: cfg.Endpoints, issuer: cfg.Issuer, store: cfg.Store,
		fingerprints: cfg.Fingerprints, random: cfg.Rand, opaque: cfg.Opaque,
		applications: application.NewRegistry(cfg.Profile, cfg.Rand, cfg.Applications),
		policy:       withDefects(policyOf(cfg.Profile.RefreshToken), cfg.Profile),
		allScopes:    scopesOf(cfg.Profile),
		begun:        begun{cfg.Tables.Open("begun", maxBegun)},
		pushed:       pushed{cfg.Tables.Open("pushed", maxPushed), cfg.Profile.Breaks(deviation.PARBindingOff)},
		passwords:    throttle.New(cfg.Tables.Open("passwords", throttle.MaxNames)),
		secrets:      throttle.New(cfg.Tables.Open("secrets", throttle.MaxNames)),
	}
	i.audience = audience(cfg)
	if cfg.Profile.AccessToken.Signed() {
		ring, err := newRing(cfg)
		if err != nil {
			return nil, err
		}
		i.keys = ring
	}
	i.server = i.steps()
	return i, nil
}

// MaxBody bounds the body of requests to the token, revocation and
// introspection endpoints, in bytes.
const MaxBody = 64 << 10

// Request is a request to the token, revocation or introspection endpoint as
// it came over the wire. Authorization holds all values of that header.
type Request struct {
	Method        string
	ContentType   string
	RawQuery      string
	Body          []byte
	Authorization []string
	// Exchange is the journal entry that what becomes known is added to; nil
	// for a new one.
	Exchange *control.Exchange
}

// Before is asked after a request proved valid and before any state changes;
// it answers the fault that fires, if any (fault.Plan.Fire fits), after it
// waited where the fault lets a request wait. fault.Stops says which ones stop
// the work.
type Before func(fault.Request) (control.Fault, bool)

// Outcome is what became of a request. Exactly one of Answer and Err is set,
// or neither when Fault stopped the work before any state changed. With any
// other fault the caller makes of Answer what the fault says.
type Outcome[T any] struct {
	Answer *T
	Err    *oauth.Error
	Fault  *control.Fault
	// Exchange is the Request's, or one made for it: what the issuer knows for
	// the journal was added to it (client, customer, grant type, scope,
	// authentication method, error, reason, fault, family, parameters and
	// fingerprints).
	Exchange *control.Exchange
}

// outcome begins an outcome of r.
func outcome[T any](r Request) Outcome[T] {
	if r.Exchange == nil {
		return Outcome[T]{Exchange: &control.Exchange{}}
	}
	return Outcome[T]{Exchange: r.Exchange}
}

// refuse notes an error in outcome and exchange.
func (o *Outcome[T]) refuse(err *oauth.Error) Outcome[T] {
	o.Err = err
	o.Exchange.Error, o.Exchange.Reason = err.Code, err.Why()
	return *o
}

// stopped asks before and reports whether a fault stops the work.
func (o *Outcome[T]) stopped(before Before, r fault.Request) bool {
	if before == nil {
		return false
	}
	f, fires := before(r)
	if !fires {
		return false
	}
	armed := f // kept for longer than this call, other than the f of most requests
	o.Fault, o.Exchange.Fault = &armed, armed.ID
	return fault.Stops(armed.Action)
}

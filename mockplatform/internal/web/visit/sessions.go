package visit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
)

// MaxSessions is how many logged-in sessions one Platform has. Only somebody
// with a right password can fill it.
const MaxSessions = 10_000

// Sessions are the browser sessions of one Platform. They are safe for
// concurrent use.
type Sessions struct {
	random   io.Reader
	key      []byte
	lifetime time.Duration
	live     lapse.Table // customer and purpose by session id, logged-in ones only
}

// NewSessions are those of a table of MaxSessions; their CSRF tokens hang on
// key, 32 random bytes. random makes the ids of sessions; it must be safe for
// concurrent use. A login is remembered for lifetime, in Platform time, counted
// from its last use.
func NewSessions(key []byte, random io.Reader, lifetime time.Duration, live lapse.Table) *Sessions {
	return &Sessions{key: slices.Clone(key), random: random, lifetime: lifetime, live: live}
}

// NewID is the id of a fresh session that nobody is logged in to: 160 random
// bits.
func (s *Sessions) NewID() string {
	var b [20]byte
	if _, err := io.ReadFull(s.random, b[:]); err != nil {
		panic(fmt.Errorf("no randomness for a session: %w", err)) // an id that can be guessed would be worse
	}
	return base32.StdEncoding.EncodeToString(b[:])
}

// CSRF is the token that a form of this session carries.
func (s *Sessions) CSRF(id string) string {
	mac := hmac.New(sha256.New, s.key)
	_, _ = mac.Write([]byte("csrf:" + id)) // a hash never fails
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Genuine reports whether token is the CSRF token of the session. An empty id
// or token never is.
func (s *Sessions) Genuine(id, token string) bool {
	return id != "" && token != "" && hmac.Equal([]byte(s.CSRF(id)), []byte(token))
}

// Login makes a session for the customer, ends the one he came with and
// returns the new id. The login counts for its purpose alone. A customer's key
// holds no line feed.
func (s *Sessions) Login(now time.Time, oldID, customer, purpose string) string {
	id := s.NewID()
	s.Logout(now, oldID)
	lapse.Put(s.live, now, id, customer+"\n"+purpose, now.Add(s.lifetime))
	return id
}

// Keep logs the customer in under the id that the browser came with, as no
// Platform should but one that has this defect on purpose.
func (s *Sessions) Keep(now time.Time, id, customer, purpose string) {
	lapse.Put(s.live, now, id, customer+"\n"+purpose, now.Add(s.lifetime))
}

// Customer is the key of the customer who is logged in for the purpose, ""
// for nobody. To ask is to use the login.
func (s *Sessions) Customer(now time.Time, id, purpose string) string {
	customer, logged, known := strings.Cut(s.live.Get(now, id), "\n")
	if !known || logged != purpose {
		return ""
	}
	used := s.live.Change(now, id, func(value string) (string, time.Time) { return value, now.Add(s.lifetime) })
	if used == "" { // it ended meanwhile
		return ""
	}
	return customer
}

// Logout ends the session.
func (s *Sessions) Logout(now time.Time, id string) { lapse.Take(s.live, now, id) }

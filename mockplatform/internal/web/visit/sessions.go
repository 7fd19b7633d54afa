package visit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// maxSessions bounds the logged-in sessions of one Platform. Only somebody
// with a right password can fill it.
const maxSessions = 10_000

// Sessions are the browser sessions of one Platform. They are safe for
// concurrent use.
type Sessions struct {
	random   io.Reader
	key      []byte
	lifetime time.Duration
	publish  func(id, document string)

	mu   sync.Mutex
	live map[string]session // by session id, logged-in ones only
}

type session struct {
	customer  string
	purpose   string
	expiresAt time.Time
}

// NewSessions makes an empty set whose CSRF tokens hang on key, 32 random bytes.
// random makes the ids of sessions; it must be safe for concurrent use. A login
// is remembered for lifetime, in Platform time, counted from its last use.
func NewSessions(key []byte, random io.Reader, lifetime time.Duration) *Sessions {
	return &Sessions{
		key: slices.Clone(key), random: random, lifetime: lifetime,
		live: make(map[string]session), publish: func(string, string) {},
	}
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
// returns the new id. The login counts for its purpose alone.
func (s *Sessions) Login(now time.Time, oldID, customer, purpose string) string {
	id := s.NewID()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(oldID)
	if len(s.live) >= maxSessions {
		s.sweep(now)
	}
	s.keep(id, session{customer: customer, purpose: purpose, expiresAt: now.Add(s.lifetime)})
	return id
}

// keep needs the lock.
func (s *Sessions) keep(id string, one session) {
	s.publish(id, one.document())
	s.live[id] = one
}

// forget needs the lock.
func (s *Sessions) forget(id string) {
	if _, known := s.live[id]; known {
		s.publish(id, "")
		delete(s.live, id)
	}
}

// sweep makes room: expired sessions first, then any.
func (s *Sessions) sweep(now time.Time) {
	for id, one := range s.live {
		if !now.Before(one.expiresAt) {
			s.forget(id)
		}
	}
	for id := range s.live {
		if len(s.live) < maxSessions {
			return
		}
		s.forget(id)
	}
}

// Customer is the key of the customer who is logged in for the purpose, ""
// for nobody. To ask is to use the login.
func (s *Sessions) Customer(now time.Time, id, purpose string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.live[id]
	if !ok || one.purpose != purpose {
		return ""
	}
	if !now.Before(one.expiresAt) {
		s.forget(id)
		return ""
	}
	one.expiresAt = now.Add(s.lifetime)
	s.keep(id, one)
	return one.customer
}

// Logout ends the session.
func (s *Sessions) Logout(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(id)
}

package visit

import (
	"strconv"
	"strings"
	"time"
)

// Publish has f told of every login and of every session that ends (with an
// empty document), so that replicas can take it over with Adopt. Call it
// before the sessions are shared. f must not call the sessions.
func (s *Sessions) Publish(f func(id, document string)) { s.publish = f }

// Adopt takes over what another replica published; what it cannot read is
// nobody's session.
func (s *Sessions) Adopt(id, document string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	parts := strings.SplitN(document, "\n", 3)
	expires, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || len(parts) < 3 {
		delete(s.live, id)
		return
	}
	s.live[id] = session{customer: parts[1], purpose: parts[2], expiresAt: time.Unix(0, expires)}
}

// document is a session as replicas tell each other of it. A customer's key
// holds no line feed.
func (s session) document() string {
	return strconv.FormatInt(s.expiresAt.UnixNano(), 10) + "\n" + s.customer + "\n" + s.purpose
}

// Publish is that of Sessions.
func (o *Once) Publish(f func(session, value string)) { o.publish = f }

// Adopt is that of Sessions.
func (o *Once) Adopt(session, value string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if value == "" {
		delete(o.values, session)
		return
	}
	o.values[session] = value
}

package session

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
)

// ErrNone says that a cookie names no live session.
var ErrNone = errors.New("no such browser session")

// cookieBytes is the length of the random cookie value before encoding.
const cookieBytes = 32

// Session is one browser's place in MINT.
type Session struct {
	// Workspace owns the connections that this browser sees.
	Workspace string
	// cookie is the secret value the browser sends; kept out of print.
	cookie string
}

// String names the workspace and hides the cookie.
func (s Session) String() string { return "session of " + s.Workspace + " [redacted]" }

// GoString hides the cookie from %#v.
func (s Session) GoString() string { return s.String() }

// ID names the session towards the domain and the log. It does not open the
// session.
func (s Session) ID() string {
	sum := sha256.Sum256([]byte("mint session id 1 " + s.cookie))
	return hex.EncodeToString(sum[:])
}

// CookieValue is what the browser must send back.
func (s Session) CookieValue() string { return s.cookie }

// CSRF is the token that every form and every JSON POST of this session
// must carry (RFC 6749 section 10.12 asks it of the start of a flow).
func (s Session) CSRF() string {
	mac := hmac.New(sha256.New, []byte(s.cookie))
	mac.Write([]byte("mint cross-site-request token 1"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// ValidCSRF says whether got is the session's token, in constant time. An
// empty token never is.
func (s Session) ValidCSRF(got string) bool {
	return got != "" && s.cookie != "" && subtle.ConstantTimeCompare([]byte(got), []byte(s.CSRF())) == 1
}

// random returns n fresh random bytes in base64url.
func random(n int) string {
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(raw)
}

package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/client/internal/web/session"
)

// The names under which a request's facts travel in gin's context.
const (
	requestKey = "mint.request"
	visitorKey = "mint.visitor"
)

// csrfHeader carries the token of JSON requests, csrfField that of forms.
const (
	csrfHeader = "X-CSRF-Token"
	csrfField  = "csrf_token"
)

// visitors recognises browsers.
type visitors struct {
	out    *desk
	cookie string // its name
	secure bool
}

// newVisitors names the cookie after the port where there is no TLS: two
// MINTs on one machine share the host, and cookies know no ports.
func newVisitors(out *desk, public *url.URL) *visitors {
	if public.Scheme == "https" {
		return &visitors{out: out, cookie: "__Host-mint_session", secure: true}
	}
	name := "mint_session"
	if port := public.Port(); port != "" {
		name += "_" + port
	}
	return &visitors{out: out, cookie: name}
}

// welcome resumes the browser's session or begins one.
func (v *visitors) welcome(c *gin.Context) {
	found, err := v.resume(c)
	if errors.Is(err, session.ErrNone) {
		found, err = v.out.sessions.Begin()
		if err == nil {
			v.remember(c, found)
		}
	}
	if err != nil {
		v.out.fail(c, err)
		return
	}
	c.Set(visitorKey, found)
	c.Next()
}

// known lets only a resumed session pass.
func (v *visitors) known(c *gin.Context) {
	found, err := v.resume(c)
	if errors.Is(err, session.ErrNone) {
		v.out.refuse(c, http.StatusForbidden, "forbidden", "MINT does not know this browser session any more, so it did nothing. Please begin at your list of platforms (programs: at GET /api/session).")
		return
	}
	if err != nil {
		v.out.fail(c, err)
		return
	}
	c.Set(visitorKey, found)
	c.Next()
}

func (v *visitors) resume(c *gin.Context) (session.Session, error) {
	cookie, err := c.Request.Cookie(v.cookie)
	if err != nil {
		return session.Session{}, session.ErrNone
	}
	return v.out.sessions.Resume(cookie.Value)
}

func (v *visitors) remember(c *gin.Context, s session.Session) {
	http.SetCookie(c.Writer, &http.Cookie{ //nolint:gosec // G124: Secure follows the scheme of the public address
		Name: v.cookie, Value: s.CookieValue(), Path: "/", MaxAge: int(session.Lifetime.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: v.secure,
	})
}

// ownForm lets a form pass when it carries the session's token.
func (v *visitors) ownForm(c *gin.Context) {
	if err := c.Request.ParseForm(); err != nil {
		v.out.badBody(c, err)
		return
	}
	if !visitor(c).ValidCSRF(c.Request.PostForm.Get(csrfField)) {
		v.out.refuse(c, http.StatusForbidden, "forbidden", "This form is no longer valid, so MINT did nothing. Please open the page again and repeat what you wanted to do.")
		return
	}
	c.Next()
}

// ownScript lets a JSON request pass when its header carries the token.
func (v *visitors) ownScript(c *gin.Context) {
	if !visitor(c).ValidCSRF(c.GetHeader(csrfHeader)) {
		v.out.refuse(c, http.StatusForbidden, "forbidden", "The header X-CSRF-Token is missing or wrong. GET /api/session tells the right one.")
		return
	}
	c.Next()
}

// visitor is the session of the request; only behind welcome or known.
func visitor(c *gin.Context) session.Session {
	s, _ := c.MustGet(visitorKey).(session.Session)
	return s
}

func requestID(c *gin.Context) string { return c.GetString(requestKey) }

package web

import (
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
	"github.com/mint-conformance/mint/mockplatform/internal/web/operate"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// guard stands before every route of every listener.
type guard struct {
	logger *slog.Logger
	// unavailable answers while the shared state cannot be reached.
	unavailable func(*http.Request) wire.Answer
}

// unavailable is the answer of OAuth endpoints and the API (RFC 6749 section
// 4.1.2.1 has the word for it, RFC 9110 section 15.6.4 status and header), and
// a page for people.
func (s *sites) unavailable(r *http.Request) wire.Answer {
	if wire.WantsPage(r) {
		view := &page.Message{Frame: s.frame("This page is away for a moment")}
		view.Alert = "The server cannot reach its store."
		view.Paragraphs = []string{"Please try again in a few seconds: reload this page, or go back and repeat what you did."}
		return s.draw(http.StatusServiceUnavailable, view).With("Retry-After", "1")
	}
	err := oauth.NewError(oauth.TemporarilyUnavailable, "the server cannot reach its store: try again later").
		WithStatus(http.StatusServiceUnavailable)
	err.RetryAfter = 1
	return wire.OAuthError(err)
}

// recover turns a panic into a 500, except the one by which a handler asks the
// server to abort the connection; gin's own recovery would answer that with
// 200.
func (g guard) recover(c *gin.Context) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if cause == http.ErrAbortHandler { //nolint:errorlint // net/http compares the panic value like this as well
			panic(cause)
		}
		if away := (*token.Unavailable)(nil); asUnavailable(cause, &away) {
			g.logger.Error("the shared state cannot be reached", "path", shortPath(c.Request), "cause", away.Err)
			if !c.Writer.Written() {
				g.unavailable(c.Request).Send(c.Writer)
			}
			c.Abort()
			return
		}
		g.logger.Error("a handler failed", "method", c.Request.Method, "path", shortPath(c.Request),
			"cause", cause, "stack", string(debug.Stack()))
		if !c.Writer.Written() {
			wire.New(http.StatusInternalServerError, "application/json", []byte(`{"error":"server_error"}`+"\n")).Send(c.Writer)
		}
		c.Abort()
	}()
	c.Next()
}

// asUnavailable reports whether a panic says that a store is out of reach.
func asUnavailable(cause any, target **token.Unavailable) bool {
	err, is := cause.(error)
	return is && errors.As(err, target)
}

// log writes one line per request: path and status, never a query, a header or
// a body. Of the path, too, what could be a secret is left out.
func (g guard) log(c *gin.Context) {
	c.Next()
	if !g.logger.Enabled(c.Request.Context(), slog.LevelDebug) {
		return // nobody reads what it would cost to write
	}
	g.logger.Debug("request", "method", c.Request.Method, "path", shortPath(c.Request), "status", c.Writer.Status())
}

// byPage reports whether a browser says that a page made the request, of
// whatever site: the control API has no pages, so one of the same site has come
// by a name that was pointed here. "none" is an address that a person typed.
func byPage(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site != "" && site != "none"
}

// shortPath is a request's path for the log.
func shortPath(r *http.Request) string { return oauth.Redacted(r.URL.Path) }

// controlDoor keeps browsers and strangers out of the control API, which gives
// out secrets: a page that a developer happens to look at must not reach it,
// neither directly (Origin) nor by a name that was pointed here (Host).
type controlDoor struct{ token string }

func (d controlDoor) check(c *gin.Context) {
	refuse := func(status int, message string) {
		wire.JSON(status, control.Problem{Message: message}).Uncached().Send(c.Writer)
		c.Abort()
	}
	if len(c.Request.Header.Values("Origin")) > 0 || byPage(c.Request) {
		refuse(http.StatusForbidden, "the control API does not take requests from browsers: use a program, without an Origin header")
		return
	}
	if d.token == "" {
		if !loopback(c.Request.Host) {
			refuse(http.StatusForbidden, "the Host header must name this machine's loopback address: call http://127.0.0.1 or set a control token")
		}
		return
	}
	if c.Request.URL.Path == operate.Health { // gives out nothing, and container engines ask without a token
		return
	}
	scheme, token, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare([]byte(strings.TrimSpace(token)), []byte(d.token)) != 1 {
		c.Header("WWW-Authenticate", `Bearer realm="control"`)
		refuse(http.StatusUnauthorized, "the control API asks for its token: send Authorization: Bearer with the value of --control-token")
	}
}

package web

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/client/internal/platform"
)

// longestBody bounds every request body, in bytes; the largest that MINT
// needs is the application form.
const longestBody = 64 << 10

// guard holds the rules for every request.
type guard struct {
	out    *desk
	public *url.URL
	policy string // Content-Security-Policy
}

func newGuard(out *desk, public *url.URL, integrations []platform.Integration) *guard {
	targets := []string{"'self'"}
	for _, integration := range integrations {
		endpoint, err := url.Parse(integration.AuthorizationEndpoint)
		if err != nil || endpoint.Host == "" {
			continue // password platforms have none
		}
		if origin := endpoint.Scheme + "://" + endpoint.Host; !slices.Contains(targets, origin) {
			targets = append(targets, origin)
		}
	}
	return &guard{out: out, public: public, policy: "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; " +
		"form-action " + strings.Join(targets, " ") + "; base-uri 'none'; frame-ancestors 'none'"}
}

// identify gives the request an id for the log and notes how it went. The
// log line names the route, never the address: a callback's query holds a
// code.
func (g *guard) identify(c *gin.Context) {
	raw := make([]byte, 6)
	_, _ = rand.Read(raw) // never fails
	c.Set(requestKey, hex.EncodeToString(raw))
	c.Next()
	g.out.log.Info("request", "request", requestID(c), "method", c.Request.Method, "route", c.FullPath(), "status", c.Writer.Status())
}

// recover turns a panic into a page and a log entry. http.ErrAbortHandler
// passes: it is the way to drop a connection on purpose.
func (g *guard) recover(c *gin.Context) {
	defer func() {
		fault := recover()
		if fault == nil {
			return
		}
		if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(fault)
		}
		g.out.log.Error("panic in a handler", "request", requestID(c), "route", c.FullPath(), "panic", fmt.Sprint(fault), "stack", string(debug.Stack()))
		if !c.Writer.Written() {
			g.out.fault(c)
		}
		c.Abort()
	}()
	c.Next()
}

// headers guards every answer against framing, sniffing, leaking referrers
// and being kept.
func (g *guard) headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", g.policy)
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Next()
}

// bound limits what a request may send.
func (g *guard) bound(c *gin.Context) {
	if c.Request.ContentLength > longestBody {
		g.out.refuse(c, http.StatusRequestEntityTooLarge, "too_large", "That is more than MINT takes in one request. Nothing was done.")
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, longestBody)
	c.Next()
}

// ownHost leads a browser from one name of this machine to the one in the
// public address, since cookies belong to names (see Decisions). Programs are
// left alone.
func (g *guard) ownHost(c *gin.Context) {
	asked := hostname(c.Request.Host)
	if c.Request.Method == http.MethodGet && !forPrograms(c) && asked != g.public.Hostname() && loopback(asked) && loopback(g.public.Hostname()) {
		to := *c.Request.URL
		to.Scheme, to.Host = g.public.Scheme, g.public.Host
		c.Redirect(http.StatusTemporaryRedirect, to.String())
		c.Abort()
		return
	}
	c.Next()
}

// forPrograms says that an address belongs to the JSON API.
func forPrograms(c *gin.Context) bool { return strings.HasPrefix(c.Request.URL.Path, "/api/") }

func hostname(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.Trim(hostport, "[]")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// ownPages refuses what another site makes a browser send (CL-14), by the
// headers that browsers add. The token in each form is checked as well.
func (g *guard) ownPages(c *gin.Context) {
	if c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead || fromOwnPage(c.Request.Header, g.public) {
		c.Next()
		return
	}
	g.out.refuse(c, http.StatusForbidden, "forbidden", "This request came from another site, so MINT did not act on it. Please start from MINT's own pages.")
}

// fromOwnPage judges Sec-Fetch-Site where there is one, else Origin. Neither,
// or an Origin of "null", proves nothing.
func fromOwnPage(h http.Header, public *url.URL) bool {
	switch h.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
	default:
		return false
	}
	origin := h.Get("Origin")
	return origin == "" || origin == "null" || origin == public.Scheme+"://"+public.Host
}

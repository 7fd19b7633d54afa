package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/web/page"
	"github.com/mint-conformance/mint/client/internal/web/session"
)

// Domain is what the pages need of connection.Service, put together from what
// each handler asks for.
type Domain interface {
	overviewer
	connecter
	accountKeeper
	advisor
	registrar
}

// Deps is everything the web needs; all members are required.
type Deps struct {
	Domain       Domain
	Integrations []platform.Integration
	Sessions     session.Keeper
	// PublicURL is the address that browsers reach MINT by, without a path.
	PublicURL string
	Now       func() time.Time
	Logger    *slog.Logger
}

// New builds the handler of all pages and of the JSON API. It fails on a fault
// of the build (a template) or of PublicURL, never later.
func New(deps Deps) (http.Handler, error) {
	public, err := url.Parse(deps.PublicURL)
	if err != nil || public.Host == "" || (public.Scheme != "http" && public.Scheme != "https") {
		return nil, fmt.Errorf("the public URL %q is not an address: write it like http://127.0.0.1:9500", deps.PublicURL)
	}
	if deps.Domain == nil || deps.Sessions == nil || deps.Now == nil || deps.Logger == nil {
		return nil, errors.New("web: a dependency is missing")
	}
	if err := page.Load(); err != nil {
		return nil, err
	}
	out := &desk{sessions: session.NewStore(deps.Sessions, deps.Now), log: deps.Logger}
	guard := newGuard(out, public, deps.Integrations)
	// Process-wide, the same value from every caller: without it gin prints
	// its routes to standard output, where the ready line belongs.
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.RedirectTrailingSlash = false
	engine.RedirectFixedPath = false
	engine.HandleMethodNotAllowed = true
	if err := engine.SetTrustedProxies(nil); err != nil {
		return nil, fmt.Errorf("trust no proxy: %w", err)
	}
	engine.Use(guard.identify, guard.recover, guard.headers, guard.bound, guard.ownHost, guard.ownPages)
	engine.NoRoute(func(c *gin.Context) {
		out.refuse(c, http.StatusNotFound, "not_found", "There is nothing at this address.")
	})
	engine.NoMethod(func(c *gin.Context) {
		out.refuse(c, http.StatusMethodNotAllowed, "method_not_allowed", "This address does not take this kind of request.")
	})
	routes(engine, out, newVisitors(out, public), deps)
	return engine.Handler(), nil
}

// routes is the list of every address that MINT answers.
func routes(engine *gin.Engine, out *desk, visitors *visitors, deps Deps) {
	titles := newCatalogue(deps.Integrations)
	overview := &overviewPages{domain: deps.Domain, out: out}
	connect := &connectForms{domain: deps.Domain, titles: titles, out: out}
	callback := &callbackPages{domain: deps.Domain, out: out}
	account := &accountPages{domain: deps.Domain, advice: deps.Domain, titles: titles, out: out, now: deps.Now}
	suggestion := &suggestionForms{domain: deps.Domain, out: out}
	application := &applicationPages{domain: deps.Domain, titles: titles, out: out}

	engine.GET("/static/:name", serveAsset)

	pages := engine.Group("/", visitors.welcome)
	pages.GET("/", overview.show)
	pages.GET("/platforms/:platform/password", connect.passwordForm)
	pages.GET("/oauth/callback", callback.relay)
	pages.GET("/oauth/used", overview.used)
	pages.GET("/connections/:connection", account.show)
	pages.GET("/applications/:platform", application.show)

	forms := engine.Group("/", visitors.known, visitors.ownForm)
	forms.POST("/platforms/:platform/connect", connect.start)
	forms.POST("/platforms/:platform/password", connect.password)
	forms.POST("/oauth/callback", callback.finishForm)
	forms.POST("/connections/:connection/disconnect", account.disconnect)
	forms.POST("/connections/:connection/suggestions/:suggestion/apply", suggestion.apply)
	forms.POST("/connections/:connection/suggestions/:suggestion/dismiss", suggestion.dismiss)
	forms.POST("/applications/:platform", application.save)

	apiRoutes(engine, out, visitors, deps)
}

// apiRoutes is the JSON API, described in wire/openapi.json.
func apiRoutes(engine *gin.Engine, out *desk, visitors *visitors, deps Deps) {
	platforms := &platformAPI{overview: deps.Domain, connect: deps.Domain, out: out}
	connections := &connectionAPI{domain: deps.Domain, overview: deps.Domain, advice: deps.Domain, out: out}
	applications := &applicationAPI{domain: deps.Domain, out: out}
	callback := &callbackPages{domain: deps.Domain, out: out}

	engine.GET("/api/health", serveHealth)
	engine.GET("/api/openapi.json", serveOpenAPI)
	engine.GET("/api/session", visitors.welcome, serveSession)

	read := engine.Group("/api", visitors.known)
	read.GET("/platforms", platforms.list)
	read.GET("/connections", connections.list)
	read.GET("/connections/:connection", connections.show)
	read.GET("/connections/:connection/campaigns", connections.campaigns)
	read.GET("/connections/:connection/suggestions", connections.suggestions)
	read.GET("/applications/:platform", applications.show)

	write := engine.Group("/api", visitors.known, visitors.ownScript)
	write.POST("/platforms/:platform/connect", platforms.start)
	write.POST("/platforms/:platform/password", platforms.password)
	write.POST("/oauth/callback", callback.finishScript)
	write.POST("/connections/:connection/refresh", connections.refresh)
	write.POST("/connections/:connection/disconnect", connections.disconnect)
	write.POST("/connections/:connection/suggestions/:suggestion/apply", connections.apply)
	write.POST("/connections/:connection/suggestions/:suggestion/dismiss", connections.dismiss)
	write.PATCH("/applications/:platform", applications.save)
}

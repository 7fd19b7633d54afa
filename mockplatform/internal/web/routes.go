package web

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/mockplatform/internal/web/operate"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// newEngine is gin without its surprises: no redirect of /token/ to /token, no
// trust in forwarded headers, 405 with Allow, and no logger that prints query
// strings (they hold codes).
func newEngine(g guard) *gin.Engine {
	gin.SetMode(gin.ReleaseMode) // a process-wide switch; its other positions print on standard output
	engine := gin.New()
	engine.RedirectTrailingSlash = false
	engine.RedirectFixedPath = false
	engine.HandleMethodNotAllowed = true
	if err := engine.SetTrustedProxies(nil); err != nil {
		panic(err) // nil is always accepted
	}
	engine.Use(g.recover, g.log)
	return engine
}

// publicRoutes is the public listener: every Platform below its name.
func publicRoutes(g guard, s *sites) http.Handler {
	engine := newEngine(g)
	onPublic := s.platformRoute(func(one *site) table { return one.public })
	engine.GET("/", s.indexRoute)
	engine.Any("/.well-known/*path", s.wellKnownRoute)
	engine.Any("/:platform", onPublic)
	engine.Any("/:platform/*path", onPublic)
	engine.NoRoute(s.nowhere)
	engine.NoMethod(strangeMethod)
	return engine
}

// apiRoutes is the second public listener: the API of split Platforms.
func apiRoutes(g guard, s *sites) http.Handler {
	engine := newEngine(g)
	onAPI := s.platformRoute(func(one *site) table {
		if one.platform.APIBase() == one.platform.Issuer() {
			return table{}
		}
		return one.api
	})
	engine.Any("/:platform", onAPI)
	engine.Any("/:platform/*path", onAPI)
	engine.NoRoute(s.nowhere)
	engine.NoMethod(strangeMethod)
	return engine
}

// controlRoutes is the control API.
func controlRoutes(g guard, o *operate.Operator, token string) http.Handler {
	engine := newEngine(g)
	engine.Use(controlDoor{token: token}.check)
	for _, route := range o.Routes() {
		engine.Handle(route.Method, route.Path, operation(route.Handler))
	}
	engine.NoRoute(operation(operate.NoRoute))
	engine.NoMethod(operation(operate.NoMethod))
	return engine
}

// operation adapts a handler of the control API.
func operation(handler operate.Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		request, err := wire.Read(c.Writer, c.Request)
		if err != nil {
			operate.Unreadable(err).Send(c.Writer)
			return
		}
		request.Params = make(map[string]string, len(c.Params))
		for _, param := range c.Params {
			request.Params[param.Key] = param.Value
		}
		// A long poll may outlast the deadline that a request's arrival has.
		_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Time{})
		handler(request).Send(c.Writer)
	}
}

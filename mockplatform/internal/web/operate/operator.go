package operate

import (
	"net/http"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// Operator carries out what the control API is asked for. It is safe for
// concurrent use.
type Operator struct {
	registry *platform.Registry
}

// New makes an operator of the registry's Platforms.
func New(registry *platform.Registry) *Operator {
	return &Operator{registry: registry}
}

// Handler answers one request to the control API.
type Handler func(*wire.Request) wire.Answer

// Route is one operation; ":name" marks a variable segment of its path.
type Route struct {
	Method, Path string
	Handler      Handler
}

// Routes lists all operations.
func (o *Operator) Routes() []Route {
	const one = "/v1/platforms/:platform"
	return []Route{
		{http.MethodGet, Health, o.health},
		{http.MethodGet, "/v1/openapi.json", o.openAPI},
		{http.MethodGet, "/v1/profiles", o.profiles},
		{http.MethodPost, "/v1/platforms", o.create},
		{http.MethodGet, "/v1/platforms", o.list},
		{http.MethodGet, one, o.on(o.show)},
		{http.MethodDelete, one, o.on(o.remove)},
		{http.MethodGet, one + "/clock", o.on(o.clock)},
		{http.MethodPost, one + "/clock", o.on(o.changeClock)},
		{http.MethodDelete, one + "/clock/followers/:follower", o.on(o.unfollow)},
		{http.MethodPost, one + "/faults", o.on(o.armFault)},
		{http.MethodGet, one + "/faults", o.on(o.faults)},
		{http.MethodDelete, one + "/faults/:fault", o.on(o.disarmFault)},
		{http.MethodPost, one + "/tokens/expire", o.on(o.expireTokens)},
		{http.MethodPost, one + "/tokens/revoke", o.on(o.revokeTokens)},
		{http.MethodPost, one + "/keys/rotate", o.on(o.rotateKey)},
		{http.MethodGet, one + "/journal", o.on(o.journal)},
		{http.MethodGet, one + "/grants", o.on(o.grants)},
	}
}

// Health is the path of the health check, which needs no token.
const Health = "/v1/health"

func (o *Operator) health(r *wire.Request) wire.Answer {
	if trouble := o.registry.Trouble(r.Context()); trouble != "" {
		return Unavailable(trouble)
	}
	return document(http.StatusOK, map[string]string{"status": "ok"})
}

func (o *Operator) openAPI(*wire.Request) wire.Answer {
	return wire.New(http.StatusOK, "application/json", control.OpenAPI())
}

// on finds the Platform that the path names.
func (o *Operator) on(handler func(*platform.Platform, *wire.Request) wire.Answer) Handler {
	return func(r *wire.Request) wire.Answer {
		name := r.Params["platform"]
		p, ok := o.registry.Get(name)
		if !ok {
			return problem(http.StatusNotFound, "no Platform of the name %q is hosted here: GET /v1/platforms lists them", name)
		}
		return handler(p, r)
	}
}

// NoRoute answers a path that the control API does not have.
func NoRoute(r *wire.Request) wire.Answer {
	return problem(http.StatusNotFound, "the control API has nothing at %s: GET /v1/openapi.json describes what it has", r.URL.Path)
}

// NoMethod answers a method that a path does not take.
func NoMethod(r *wire.Request) wire.Answer {
	return problem(http.StatusMethodNotAllowed, "%s does not take %s: GET /v1/openapi.json describes what it takes", r.URL.Path, r.Method)
}

package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/web/front"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/protocol"
	"github.com/mint-conformance/mint/mockplatform/internal/web/register"
	"github.com/mint-conformance/mint/mockplatform/internal/web/resource"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// sites finds what the web layer holds of each Platform. It is made at the first
// request, so that creating a Platform stays cheap.
type sites struct {
	registry *platform.Registry
	pages    *page.Pages
	now      func() time.Time
}

func newSites(registry *platform.Registry, pages *page.Pages, now func() time.Time) *sites {
	return &sites{registry: registry, pages: pages, now: now}
}

// get finds the site of the Platform of this name.
func (s *sites) get(name string) (*site, bool) {
	p, ok := s.registry.Get(name)
	if !ok {
		return nil, false
	}
	return p.Attached(func() any { return newSite(p, s.pages) }).(*site), true
}

// site is one Platform as it is reached over HTTP.
type site struct {
	platform *platform.Platform
	front    *front.Site
	// public and api are the same table unless the topology is split.
	public, api table
	metadata    route
}

// route is one endpoint of a Platform: its word in the journal and its
// handlers by method. The method "" takes every method.
type route struct {
	endpoint string
	handlers map[string]wire.Handler
}

// table finds a route by the decoded path below the Platform; one variable segment may
// stand where a pattern has "*".
type table struct {
	exact    map[string]route
	patterns []pattern
}

type pattern struct {
	prefix, suffix string
	route          route
}

func newSite(p *platform.Platform, pages *page.Pages) *site {
	people := front.New(p, pages)
	clients := protocol.New(p)
	data := resource.New(p)
	paths, has := p.Profile().Paths, p.Endpoints()
	public, api := newTable(), newTable()
	if p.APIBase() == p.Issuer() {
		api = public
	}

	public.add("/", "landing", get(people.Landing))
	public.add("", "landing", get(people.Landing))
	public.add(paths.Token, "token", anyMethod(clients.Token))
	if has.Authorize != "" {
		public.add(paths.Authorize, "authorize", get(people.Authorize))
		public.add("/login", "login", post(people.Login))
		if slices.Contains(p.Profile().SignIn.Methods, "sso_stub") {
			public.add("/sso", "login", get(people.Identity), post(people.Identified))
		}
		public.add("/consent", "consent", post(people.Consent))
	}
	public.add("/logout", "logout", post(people.Logout))
	if has.PAR != "" {
		public.add(paths.PAR, "par", anyMethod(clients.Push))
	}
	if has.Revoke != "" {
		public.add(paths.Revoke, "revoke", anyMethod(clients.Revoke))
	}
	if has.Introspect != "" {
		public.add(paths.Introspect, "introspect", anyMethod(clients.Introspect))
	}
	if has.JWKS != "" {
		public.add(paths.JWKS, "jwks", get(clients.JWKS))
	}
	if has.Connected != "" {
		public.add(paths.Connected, "connected", get(people.Connected), post(people.Withdraw))
		public.add(paths.Connected+"/login", "login", post(people.ConnectedLogin))
	}
	if has.Developers != "" {
		public.add(paths.Developers, "developers", get(people.Developers), post(people.Register))
		public.add(paths.Developers+"/registered", "developers", get(people.Registered))
	}
	if has.Register != "" {
		selves := register.New(p)
		public.add(paths.Register, "register", post(selves.Register))
		public.add(paths.Register+"/*", "register", get(selves.Read), put(selves.Replace), remove(selves.Remove))
	}
	api.add(paths.Me, "api", get(data.Me))
	api.add(paths.Campaigns, "api", get(data.Campaigns))
	api.add(paths.Campaigns+"/*", "api", get(data.Campaign), patch(data.UpdateCampaign))
	api.add(paths.Campaigns+"/*/metrics", "api", get(data.Metrics), post(data.QueryMetrics))
	if has.Application != "" {
		api.add(paths.Application, "api", get(data.Application), patch(data.UpdateApplication))
	}
	return &site{
		platform: p, front: people, public: *public, api: *api,
		metadata: route{"metadata", map[string]wire.Handler{http.MethodGet: clients.Metadata}},
	}
}

// handled is a handler with its method.
type handled struct {
	method  string
	handler wire.Handler
}

func get(h wire.Handler) handled       { return handled{http.MethodGet, h} }
func post(h wire.Handler) handled      { return handled{http.MethodPost, h} }
func patch(h wire.Handler) handled     { return handled{http.MethodPatch, h} }
func put(h wire.Handler) handled       { return handled{http.MethodPut, h} }
func remove(h wire.Handler) handled    { return handled{http.MethodDelete, h} }
func anyMethod(h wire.Handler) handled { return handled{"", h} }

func newTable() *table { return &table{exact: make(map[string]route)} }

// add routes a path. What a profile's own path already took by method stays.
func (t *table) add(path, endpoint string, handlers ...handled) {
	one, found := t.exact[path]
	if !found {
		one = route{endpoint, make(map[string]wire.Handler)}
	}
	for _, h := range handlers {
		if _, taken := one.handlers[h.method]; !taken {
			one.handlers[h.method] = h.handler
		}
	}
	if prefix, suffix, variable := strings.Cut(path, "*"); variable {
		t.patterns = append(t.patterns, pattern{prefix, suffix, one})
		return
	}
	t.exact[path] = one
}

// find returns the route of a path and what stood in its variable segment.
func (t table) find(path string) (one route, segment string, ok bool) {
	if one, ok := t.exact[path]; ok {
		return one, "", true
	}
	for _, p := range t.patterns {
		rest, fits := strings.CutPrefix(path, p.prefix)
		if !fits {
			continue
		}
		segment, fits := strings.CutSuffix(rest, p.suffix)
		if !fits || segment == "" || strings.Contains(segment, "/") {
			continue
		}
		return p.route, segment, true
	}
	return route{}, "", false
}

// handler is what serves the method, with HEAD served by GET.
func (r route) handler(method string) (wire.Handler, bool) {
	if h, ok := r.handlers[""]; ok {
		return h, true
	}
	if method == http.MethodHead {
		method = http.MethodGet
	}
	h, ok := r.handlers[method]
	return h, ok
}

// allow lists the methods of the route (RFC 9110 section 10.2.1).
func (r route) allow() string {
	var methods []string
	for method := range r.handlers {
		methods = append(methods, method)
		if method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	slices.Sort(methods)
	return strings.Join(methods, ", ")
}

package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// platformRoute serves every request below /{platform}: this is the path of a
// request through the mock.
func (s *sites) platformRoute(choose func(*site) table) gin.HandlerFunc {
	return func(c *gin.Context) {
		site, ok := s.get(c.Param("platform"))
		if !ok {
			s.nowhere(c)
			return
		}
		route, segment, ok := choose(site).find(c.Param("path"))
		if !ok {
			route.endpoint = "unknown"
		}
		s.exchange(c, site, route, segment)
	}
}

// wellKnownRoute serves /.well-known/oauth-authorization-server/{platform}
// (RFC 8414 section 3.1). It takes its path apart itself: gin panics over one
// segment too many behind a variable one that stands beside /:platform/*path.
func (s *sites) wellKnownRoute(c *gin.Context) {
	name, metadata := strings.CutPrefix(c.Param("path"), "/oauth-authorization-server/")
	site, ok := s.get(name)
	if !metadata || !ok {
		s.nowhere(c)
		return
	}
	s.exchange(c, site, site.metadata, "")
}

// exchange answers one request to a Platform. The journal has its entry before
// the answer leaves.
func (s *sites) exchange(c *gin.Context, site *site, route route, segment string) {
	request, readErr := wire.Read(c.Writer, c.Request)
	if segment != "" {
		request.Params = map[string]string{"id": segment}
	}
	exchange := s.open(site, route, request)

	answer := answer(site, route, exchange, readErr)

	if exchange.Entry.Parameters == nil { // nobody who judged them has shown them
		exchange.Entry.Parameters = parameters(site, request)
	}
	note(site, exchange, answer)
	if p := site.platform.Profile(); len(p.Break) > 0 {
		exposeHeaders(p, route.endpoint, exchange, answer)
	}
	answer = exchange.Surprise(site.platform.Hostile(), answer)
	measure(site, exchange, answer, s.now())
	lost := record(site, exchange.Entry)
	site.platform.Faults().Wait(c.Request.Context(), answer.Delay)
	answer.Send(c.Writer)
	exchange.Over()
	if lost != nil {
		panic(lost) // the guard logs it
	}
}

// exposeHeaders gives an answer the headers that the profile gets wrong on
// purpose.
func exposeHeaders(p *profile.Profile, endpoint string, e *wire.Exchange, answer wire.Answer) {
	if answer.Header.Get("Referrer-Policy") != "" && p.Breaks(deviation.HeadersUnsafeURL) {
		answer.Header.Set("Referrer-Policy", "unsafe-url")
	}
	if origin := e.Header.Get("Origin"); endpoint == "authorize" && origin != "" && p.Breaks(deviation.CORSAuthorizeEcho) {
		answer.Header.Set("Access-Control-Allow-Origin", origin)
	}
}

// record adds an entry to the journal. When the store went out of reach since
// the work was done, its answer leaves all the same: a client that heard 503
// would present its code or token again.
func record(site *site, entry control.Exchange) (lost *token.Unavailable) {
	defer func() {
		if cause := recover(); cause != nil && !asUnavailable(cause, &lost) {
			panic(cause)
		}
	}()
	site.platform.Journal().Add(entry)
	return nil
}

// open starts the journal entry. The Platform's time is read here, once.
func (s *sites) open(site *site, route route, request *wire.Request) *wire.Exchange {
	exchange := wire.Begin(request, site.platform.Clock().Now())
	entry := &exchange.Entry
	entry.RealAt = s.now()
	entry.Endpoint, entry.Method, entry.Path = route.endpoint, request.Method, request.URL.Path
	entry.Query = besideBody(request, inQuery(request))
	return exchange
}

// inQuery is what can be read of the query; handlers judge it themselves.
func inQuery(request *wire.Request) url.Values {
	if request.URL.RawQuery == "" {
		return nil
	}
	query, _ := url.ParseQuery(request.URL.RawQuery)
	return query
}

// parameters is what the journal shows of query and form.
func parameters(site *site, request *wire.Request) map[string]string {
	sets := []url.Values{inQuery(request)}
	if form, err := request.Form(); err == nil {
		sets = append(sets, form)
	}
	return site.platform.Journal().Parameters(sets...)
}

// answer lets the route's handler answer what can be handled at all.
func answer(site *site, route route, exchange *wire.Exchange, readErr error) wire.Answer {
	switch {
	case errors.Is(readErr, wire.ErrTooLarge):
		err := oauth.NewError(oauth.InvalidRequest, readErr.Error()).WithStatus(http.StatusRequestEntityTooLarge)
		return refuse(site, exchange, err)
	case readErr != nil:
		err := oauth.NewError(oauth.InvalidRequest, "the request body could not be read")
		return refuse(site, exchange, err)
	case route.handlers == nil:
		return refuse(site, exchange, &oauth.Error{
			Code: "not_found", Status: http.StatusNotFound,
			Description: "there is nothing at this address of " + site.platform.Profile().Title,
		})
	}
	handler, ok := route.handler(exchange.Method)
	if !ok {
		return refuse(site, exchange, &oauth.Error{
			Code: oauth.InvalidRequest, Status: http.StatusMethodNotAllowed, Allow: route.allow(),
			Description: fmt.Sprintf("this address takes %s, not %s", route.allow(), oauth.Echo(exchange.Method)),
		})
	}
	switch route.endpoint {
	case fault.EndpointMetadata, fault.EndpointJWKS:
		return exchange.Published(site.platform.Faults(), route.endpoint, handler)
	}
	return handler(exchange)
}

// refuse answers a request that no handler gets to see: a page for people,
// JSON for programs.
func refuse(site *site, exchange *wire.Exchange, err *oauth.Error) wire.Answer {
	exchange.Failed(err)
	if wire.WantsPage(exchange.Request.Request) {
		return site.front.Refusal(exchange, err)
	}
	return wire.OAuthError(err)
}

// nowhere answers a request that belongs to no Platform.
func (s *sites) nowhere(c *gin.Context) {
	err := &oauth.Error{Code: "not_found", Status: http.StatusNotFound, Description: "no Platform at this address"}
	if wire.WantsPage(c.Request) {
		s.hostedPage(http.StatusNotFound, err.Description).Send(c.Writer)
		return
	}
	wire.OAuthError(err).Send(c.Writer)
}

// strangeMethod answers a method that HTTP itself does not know. gin has set
// Allow.
func strangeMethod(c *gin.Context) {
	wire.OAuthError(&oauth.Error{
		Code: oauth.InvalidRequest, Status: http.StatusMethodNotAllowed, Description: "this method is unknown",
	}).Send(c.Writer)
}

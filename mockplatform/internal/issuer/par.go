package issuer

import (
	"encoding/json"
	"maps"
	"net/url"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/deviation"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

const (
	// requestURN begins every request_uri (RFC 9126 section 2.2).
	requestURN = "urn:ietf:params:oauth:request_uri:"
	// flowTime is how long a customer may take over an opened request, in
	// Platform time.
	flowTime = time.Hour
	// maxPushed bounds the pushed requests that are kept.
	maxPushed = 10_000
)

// Pushed is the success answer of RFC 9126 section 2.2.
type Pushed struct {
	RequestURI string `json:"request_uri"`
	ExpiresIn  int64  `json:"expires_in"` // seconds
}

// pushedRequest is an authorization request that waits for its customer.
type pushedRequest struct {
	Client    string     `json:"client"`
	Values    url.Values `json:"values"`
	Opened    bool       `json:"opened"` // the customer has come
	ExpiresAt time.Time  `json:"expires_at"`
}

// pushed keeps pushed requests by their request_uri. Opening one spends its
// request_uri and gives it another, by which the customer's pages know it: so a
// request_uri is good for one use, and yet a page can be loaded again (RFC 9126
// sections 4 and 7.3).
type pushed struct {
	kept    lapse.Table
	anybody bool // may use a request_uri, whoever pushed it: a defect
}

func (p pushed) put(now time.Time, uri string, r pushedRequest) error {
	document, err := json.Marshal(r)
	if err == nil {
		lapse.Put(p.kept, now, uri, string(document), r.ExpiresAt)
	}
	return err
}

// read reads what the table holds: nothing else writes there.
func (p pushed) read(value string) (r pushedRequest) {
	if value != "" {
		_ = json.Unmarshal([]byte(value), &r)
	}
	return r
}

// fits reports whether the request is there, and the client's.
func (p pushed) fits(r pushedRequest, client string) bool {
	return client != "" && (r.Client == client || p.anybody && r.Client != "")
}

// find looks at a live request of the client.
func (p pushed) find(now time.Time, client, uri string) (pushedRequest, bool) {
	r := p.read(p.kept.Get(now, uri))
	return r, p.fits(r, client)
}

// take finds a request nobody has opened yet, and forgets it.
func (p pushed) take(now time.Time, client, uri string) (r pushedRequest, fits bool) {
	p.kept.Change(now, uri, func(value string) (string, time.Time) {
		r = p.read(value)
		if fits = p.fits(r, client) && !r.Opened; !fits {
			return value, r.ExpiresAt
		}
		return "", time.Time{}
	})
	return r, fits
}

// end forgets a request and reports whether it was there.
func (p pushed) end(now time.Time, uri string) bool { return lapse.Take(p.kept, now, uri) != "" }

// Push serves the endpoint of RFC 9126: the client authenticates as at the
// token endpoint, and its authorization request is judged as at the
// authorization endpoint. before may be nil.
func (i *Issuer) Push(now time.Time, r Request, before Before) Outcome[Pushed] {
	out := outcome[Pushed](r)
	params, shown, err := i.open(r)
	out.Exchange.Parameters = shown
	if err != nil {
		return out.refuse(err)
	}
	app, creds, err := i.authenticate(now, r, params)
	out.Exchange.ClientID, out.Exchange.AuthMethod = cut(creds.id), creds.method
	if known := app.ID != ""; err != nil && (!known || !i.profile.Breaks(deviation.PARAuthOff)) {
		return out.refuse(err)
	}
	q := url.Values{}
	maps.Copy(q, params.values)
	q.Del("client_secret")
	q.Set("client_id", app.ID)
	if q.Has("request_uri") {
		return out.refuse(oauth.NewError(oauth.InvalidRequest, "request_uri has no place in a pushed request (RFC 9126 section 2.1)"))
	}
	req, err := i.whoAsks(now, q)
	if err == nil {
		req.pushed = requestURN
		err = i.whatIsAsked(req, q)
	}
	if err != nil {
		return out.refuse(err)
	}
	out.Exchange.Scope = req.Scope.String()
	if out.stopped(before, fault.Request{Endpoint: fault.EndpointPAR, Client: app.ID, Method: r.Method}) {
		return out
	}
	lifetime := i.profile.Authorize.PARLifetime.Std()
	ends := now.Add(lifetime)
	if i.profile.Breaks(deviation.PARExpiryOff) {
		ends = now.Add(24 * time.Hour)
	}
	uri, failure := i.keep(now, pushedRequest{Client: app.ID, Values: q, ExpiresAt: ends})
	if failure != nil {
		return out.refuse(i.protocolError(failure))
	}
	out.Exchange.Issued = map[string]string{"request_uri": i.fingerprints.Fingerprint(uri)}
	out.Answer = &Pushed{RequestURI: uri, ExpiresIn: int64(lifetime / time.Second)}
	return out
}

// keep keeps a request under a new request_uri.
func (i *Issuer) keep(now time.Time, r pushedRequest) (string, error) {
	value, err := token.Opaque(i.random)
	if err != nil {
		return "", err
	}
	return requestURN + value, i.pushed.put(now, requestURN+value, r)
}

// OpenPushed spends the request_uri of a query when its customer comes, and
// answers the query by which the following pages know the request: client_id
// and another request_uri. ok is false for any query that names no fresh
// request_uri; ParseAuthorize judges those.
func (i *Issuer) OpenPushed(now time.Time, q url.Values) (onward url.Values, ok bool) {
	if !i.profile.Authorize.PAR {
		return nil, false
	}
	client := value(q, "client_id")
	r, fresh := i.pushed.take(now, client, value(q, "request_uri"))
	if !fresh {
		return nil, false
	}
	r.Opened, r.ExpiresAt = true, now.Add(flowTime)
	uri, err := i.keep(now, r)
	if err != nil {
		return nil, false
	}
	return url.Values{"client_id": {client}, "request_uri": {uri}}, true
}

// unpack answers the parameters of the opened request that q names, whatever
// else stands in q (RFC 9126 section 4); without request_uri it answers q.
func (i *Issuer) unpack(now time.Time, q url.Values) (url.Values, string, *oauth.Error) {
	uri, err := single(q, "request_uri")
	if err != nil || uri == "" || !i.profile.Authorize.PAR {
		return q, "", err
	}
	client, err := single(q, "client_id")
	switch {
	case err != nil:
		return q, "", err
	case client == "":
		return q, "", oauth.NewError(oauth.InvalidRequest, "client_id is missing beside request_uri")
	}
	r, fits := i.pushed.find(now, client, uri)
	if !fits || !r.Opened {
		return q, "", oauth.NewError(oauth.InvalidRequestURI, "request_uri is unknown, expired, already used or of another client")
	}
	return r.Values, uri, nil
}

// answered ends a pushed request, since it now has its answer. It reports false
// when it had one before; requests that were not pushed may be asked again.
func (i *Issuer) answered(now time.Time, req *AuthorizeRequest) bool {
	return req.pushed == "" || i.pushed.end(now, req.pushed)
}

package browser

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// Request is one request that the browser sent; a redirect makes a new one.
type Request struct {
	URL, Method string
	// Type is the browser's word for what it was for: Document, Stylesheet,
	// Image, Script, Fetch, Other ...
	Type string
	// Status is the HTTP status, 0 while unanswered or when it failed.
	Status int
	// Failed is the browser's reason ("net::ERR_CONNECTION_REFUSED").
	Failed string
	// Referer is the header as sent, empty without one.
	Referer string
	// RedirectedFrom is the URL whose redirect led here.
	RedirectedFrom string
	// SetCookies are the names of the cookies that the answer set.
	SetCookies []string
	// Headers are the answer's headers, names in lower case.
	Headers map[string]string
}

// requestLog keeps the requests of one session in order.
type requestLog struct {
	mu   sync.Mutex
	list []*Request
	hops map[proto.NetworkRequestID]*hops
}

// hops are the requests of one id, one per redirect. The browser tells raw
// headers in events of their own, in the same order.
type hops struct {
	requests      []*Request
	sent, answers int
	// early holds raw headers that came before their request's event.
	earlySent, earlyAnswers []proto.NetworkHeaders
}

func (l *requestLog) requests() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]Request, 0, len(l.list))
	for _, r := range l.list {
		all = append(all, *r)
	}
	return all
}

// lastFailure is the browser's reason why the newest document did not load.
func (l *requestLog) lastFailure() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range slices.Backward(l.list) {
		if r.Type == string(proto.NetworkResourceTypeDocument) {
			return r.Failed
		}
	}
	return ""
}

// handle takes one event of the Network domain; others are left alone.
func (l *requestLog) handle(e *cdp.Event) {
	if !strings.HasPrefix(e.Method, "Network.") {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e.Method {
	case "Network.requestWillBeSent":
		var sent proto.NetworkRequestWillBeSent
		if decode(e, &sent) {
			l.sent(&sent)
		}
	case "Network.requestWillBeSentExtraInfo":
		var extra proto.NetworkRequestWillBeSentExtraInfo
		if decode(e, &extra) {
			l.of(extra.RequestID).rawSent(extra.Headers)
		}
	case "Network.responseReceived":
		var answer proto.NetworkResponseReceived
		if decode(e, &answer) && answer.Response != nil {
			l.of(answer.RequestID).answered(answer.Response)
		}
	case "Network.responseReceivedExtraInfo":
		var extra proto.NetworkResponseReceivedExtraInfo
		if decode(e, &extra) {
			l.of(extra.RequestID).rawAnswer(extra.Headers)
		}
	case "Network.loadingFailed":
		var failed proto.NetworkLoadingFailed
		if decode(e, &failed) {
			if r := l.of(failed.RequestID).last(); r != nil {
				r.Failed = failed.ErrorText
			}
		}
	}
}

func (l *requestLog) of(id proto.NetworkRequestID) *hops {
	if l.hops == nil {
		l.hops = map[proto.NetworkRequestID]*hops{}
	}
	h, ok := l.hops[id]
	if !ok {
		h = &hops{}
		l.hops[id] = h
	}
	return h
}

func (l *requestLog) sent(e *proto.NetworkRequestWillBeSent) {
	h := l.of(e.RequestID)
	r := &Request{URL: e.Request.URL, Method: e.Request.Method, Type: string(e.Type)}
	if e.Request.URLFragment != "" {
		r.URL += e.Request.URLFragment
	}
	if e.RedirectResponse != nil {
		h.answered(e.RedirectResponse)
		if from := h.last(); from != nil {
			r.RedirectedFrom = from.URL
		}
	}
	if referer, ok := header(e.Request.Headers, "referer"); ok {
		r.Referer = referer
	}
	h.requests = append(h.requests, r)
	l.list = append(l.list, r)
	h.settle()
}

func (h *hops) last() *Request {
	if len(h.requests) == 0 {
		return nil
	}
	return h.requests[len(h.requests)-1]
}

// answered fills in what the page could see of the answer; raw headers, which
// also hold Set-Cookie, win over it.
func (h *hops) answered(a *proto.NetworkResponse) {
	r := h.last()
	if r == nil {
		return
	}
	r.Status = a.Status
	merged := lowered(a.Headers)
	for name, value := range r.Headers {
		merged[name] = value
	}
	r.Headers = merged
}

func (h *hops) rawSent(headers proto.NetworkHeaders) {
	h.earlySent = append(h.earlySent, headers)
	h.settle()
}

func (h *hops) rawAnswer(headers proto.NetworkHeaders) {
	h.earlyAnswers = append(h.earlyAnswers, headers)
	h.settle()
}

// settle gives raw headers to the requests they belong to.
func (h *hops) settle() {
	for len(h.earlySent) > 0 && h.sent < len(h.requests) {
		if referer, ok := header(h.earlySent[0], "referer"); ok {
			h.requests[h.sent].Referer = referer
		}
		h.earlySent, h.sent = h.earlySent[1:], h.sent+1
	}
	for len(h.earlyAnswers) > 0 && h.answers < len(h.requests) {
		r := h.requests[h.answers]
		raw := lowered(h.earlyAnswers[0])
		for _, line := range strings.Split(raw["set-cookie"], "\n") {
			if name, _, ok := strings.Cut(line, "="); ok {
				r.SetCookies = append(r.SetCookies, strings.TrimSpace(name))
			}
		}
		if r.Headers == nil {
			r.Headers = map[string]string{}
		}
		for name, value := range raw {
			r.Headers[name] = value
		}
		h.earlyAnswers, h.answers = h.earlyAnswers[1:], h.answers+1
	}
}

func header(headers proto.NetworkHeaders, name string) (string, bool) {
	for key, value := range headers {
		if strings.EqualFold(key, name) {
			return value.Str(), true
		}
	}
	return "", false
}

func lowered(headers proto.NetworkHeaders) map[string]string {
	all := make(map[string]string, len(headers))
	for name, value := range headers {
		all[strings.ToLower(name)] = value.Str()
	}
	return all
}

// decode reads an event's parameters into v.
func decode(e *cdp.Event, v any) bool { return json.Unmarshal(e.Params, v) == nil }

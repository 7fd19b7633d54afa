package browser

import (
	"context"
	"net/url"
	"strings"
	"sync"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// Catch is a request for an address that Intercept names.
type Catch struct {
	URL    string // with its fragment
	Method string
	Body   string // of a form that is posted there
}

// intercepted keeps the first request for one of the addresses.
type intercepted struct {
	follow func(address string) bool
	mu     sync.Mutex
	first  *Catch
	seen   chan struct{}
}

// Intercept notes when the session is about to open an address that begins with
// one of these (their query and fragment do not count). It is kept from opening
// it, so that nothing has to listen there, unless follow says that somebody does;
// a nil follow stops all. Arrived tells when it was about to. A second call
// replaces the first.
func (s *Session) Intercept(ctx context.Context, addresses []string, follow func(address string) bool) error {
	ctx, done := s.within(ctx)
	defer done()
	s.caught.Store(&intercepted{follow: follow, seen: make(chan struct{})})
	var patterns []*proto.FetchRequestPattern
	for _, address := range addresses {
		at, err := url.Parse(address)
		if err != nil {
			return err
		}
		if at.Path == "" && at.Host != "" {
			at.Path = "/"
		}
		bare := escapePattern(at.Scheme + "://" + at.Host + at.EscapedPath())
		for _, pattern := range []string{bare, bare + `\?*`} {
			patterns = append(patterns, &proto.FetchRequestPattern{URLPattern: pattern, RequestStage: proto.FetchRequestStageRequest})
		}
	}
	return proto.FetchEnable{Patterns: patterns}.Call(s.on(ctx))
}

// escapePattern writes text so that the browser takes * and ? for themselves.
func escapePattern(text string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`).Replace(text)
}

// Arrived is closed once the session was about to open an address that Intercept
// names; Caught is that request then.
func (s *Session) Arrived() <-chan struct{} {
	if c := s.caught.Load(); c != nil {
		return c.seen
	}
	return nil
}

// Caught is the first request for an address that Intercept names, nil if there
// was none.
func (s *Session) Caught() *Catch {
	c := s.caught.Load()
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.first
}

// stopped notes an intercepted request and lets it go on, or answers it with a
// page of its own. The answer goes out beside the session's events, which must not
// wait.
func (s *Session) stopped(e *cdp.Event) {
	var paused proto.FetchRequestPaused
	c := s.caught.Load()
	if !decode(e, &paused) || c == nil {
		return
	}
	c.mu.Lock()
	if c.first == nil {
		c.first = &Catch{URL: paused.Request.URL + paused.Request.URLFragment, Method: paused.Request.Method, Body: posted(paused.Request)}
		close(c.seen)
	}
	c.mu.Unlock()
	go func() {
		// nobody waits for the answer: what counts was noted, and the window may be closed by now
		if c.follow != nil && c.follow(paused.Request.URL) {
			_ = proto.FetchContinueRequest{RequestID: paused.RequestID}.Call(s.on(s.ctx))
			return
		}
		_ = proto.FetchFulfillRequest{
			RequestID: paused.RequestID, ResponseCode: 200, Body: []byte("The client has its answer.\n"),
			ResponseHeaders: []*proto.FetchHeaderEntry{{Name: "Content-Type", Value: "text/plain"}},
		}.Call(s.on(s.ctx))
	}()
}

// posted is the body of a request.
func posted(r *proto.NetworkRequest) string {
	var body strings.Builder
	for _, part := range r.PostDataEntries {
		body.Write(part.Bytes)
	}
	if body.Len() == 0 {
		return r.PostData
	}
	return body.String()
}

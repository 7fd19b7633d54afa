package browser

import (
	"context"
	"net/url"
	"strings"
	"sync"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// intercepted keeps what a session was kept from opening.
type intercepted struct {
	mu    sync.Mutex
	first string
	seen  chan struct{}
}

// Intercept keeps the session from opening addresses that begin with one of
// these (their query and fragment do not count), so that nothing has to listen
// there. Arrived tells when it was about to. A second call replaces the first.
func (s *Session) Intercept(ctx context.Context, addresses []string) error {
	ctx, done := s.within(ctx)
	defer done()
	s.caught.Store(&intercepted{seen: make(chan struct{})})
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

// Arrived is closed once the session was kept from opening an address that
// Intercept names; Caught is the address then, with its fragment.
func (s *Session) Arrived() <-chan struct{} {
	if c := s.caught.Load(); c != nil {
		return c.seen
	}
	return nil
}

// Caught is the first address that the session was kept from opening, "" if
// there was none.
func (s *Session) Caught() string {
	c := s.caught.Load()
	if c == nil {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.first
}

// stopped notes an intercepted request and answers it with a page of its own. The
// answer goes out beside the session's events, which must not wait.
func (s *Session) stopped(e *cdp.Event) {
	var paused proto.FetchRequestPaused
	c := s.caught.Load()
	if !decode(e, &paused) || c == nil {
		return
	}
	c.mu.Lock()
	if c.first == "" {
		c.first = paused.Request.URL + paused.Request.URLFragment
		close(c.seen)
	}
	c.mu.Unlock()
	go func() {
		// nobody waits for the answer: what counts was noted, and the window may be closed by now
		_ = proto.FetchFulfillRequest{
			RequestID: paused.RequestID, ResponseCode: 200, Body: []byte("The client has its answer.\n"),
			ResponseHeaders: []*proto.FetchHeaderEntry{{Name: "Content-Type", Value: "text/plain"}},
		}.Call(s.on(s.ctx))
	}()
}

package checks

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
)

// seen is what a check keeps of the pages that it goes through.
type seen struct {
	customer   *pages.Plain        // who went through pages on his own
	planted    []*http.Cookie      // from before a login
	passed     []passed            // states that were sent
	shown      []exchange.Exchange // pages as somebody read them
	browser    *browser.Session    // a real browser's window
	requests   []browser.Request   // that a browser has sent
	registered string              // origin that the check serves for its client
	overheard  string              // by a foreign site
	closing    []func() error      // what the check has opened
}

// window is a real browser's window of the check's own, closed at its end.
func (t *trial) window(ctx context.Context) (*browser.Session, error) {
	b, err := t.shared.Browser(ctx)
	if err != nil {
		return nil, unmet("a browser", err)
	}
	s, err := b.NewSession(ctx)
	if err != nil {
		return nil, unmet("a window", err)
	}
	t.closing = append(t.closing, s.Close)
	if t.target.Mock != nil || t.target.OwnAuthority { // by a CA that no browser knows
		err = s.AcceptCertificates(ctx)
	}
	return s, err
}

// show opens an address in the window and waits until all of it is loaded.
func show(ctx context.Context, s *browser.Session, address string) error {
	if err := s.Goto(ctx, address); err != nil {
		return unmet("a page in the browser", err)
	}
	return s.Eval(ctx, nil, `() => true`)
}

// host serves one page on an origin of its own until the check ends, and
// answers that origin.
func (t *trial) host(page string) (origin string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("a site of the check's own: %w", err)
	}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, page) // who went away meanwhile needs no page
	})}
	go func() { _ = server.Serve(listener) }() // ends with Close
	t.closing = append(t.closing, server.Close)
	return "http://" + listener.Addr().String(), nil
}

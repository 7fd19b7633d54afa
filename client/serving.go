package client

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// serving is an http.Server that stops as soon as its requests have been
// answered. http.Server.Shutdown polls, and waits up to five seconds for the
// connections that browsers open ahead of need.
type serving struct {
	listener net.Listener
	server   *http.Server
	failed   chan error // the error that ended serving, if one did

	mu      sync.Mutex
	active  map[net.Conn]struct{} // connections with a request under way
	started bool
	closing bool
	quiet   chan struct{} // closed once no request is under way after closing
}

func newServing(handler http.Handler, listener net.Listener, log *slog.Logger) *serving {
	s := &serving{listener: listener, failed: make(chan error, 1), active: map[net.Conn]struct{}{}, quiet: make(chan struct{})}
	s.server = &http.Server{
		Handler:           handler,
		ConnState:         s.track,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	return s
}

// track follows each connection; net/http calls it idle only after its
// answer has been written.
func (s *serving) track(conn net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state == http.StateActive {
		s.active[conn] = struct{}{}
		return
	}
	delete(s.active, conn)
	s.settle()
}

// settle notes the moment when nothing is under way any more; s.mu is held.
func (s *serving) settle() {
	if !s.closing || len(s.active) > 0 {
		return
	}
	select {
	case <-s.quiet:
	default:
		close(s.quiet)
	}
}

func (s *serving) start() {
	s.mu.Lock()
	s.started = true
	s.mu.Unlock()
	go func() {
		err := s.server.Serve(s.listener)
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.closing && !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	}()
}

// close takes no more connections, waits for the requests under way until ctx
// ends, and closes every connection. Closing again does no harm.
func (s *serving) close(ctx context.Context) error {
	s.mu.Lock()
	s.closing = true
	started := s.started
	s.settle()
	s.mu.Unlock()
	s.server.SetKeepAlivesEnabled(false)
	if err := s.listener.Close(); !started && !errors.Is(err, net.ErrClosed) {
		return err
	}
	select {
	case <-s.quiet:
	case <-ctx.Done():
	}
	if err := s.server.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

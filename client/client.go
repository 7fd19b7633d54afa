package client

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/reach"
	"github.com/mint-conformance/mint/client/internal/web"
)

// DefaultListen is where MINT listens unless it is told otherwise.
const DefaultListen = "127.0.0.1:9500"

// DefaultDatabase is where MINT keeps its data unless it is told otherwise.
const DefaultDatabase = "sqlite:mint.db"

// Config says how to run one MINT. The zero value of every member means its
// default; Integrations has none.
type Config struct {
	// Listen is the address to listen on, default DefaultListen; port 0 takes
	// a free one. Listener, when given, is used instead and belongs to the
	// Server from then on, also when New fails.
	Listen   string
	Listener net.Listener
	// PublicURL is the address that browsers use, default http:// and the
	// address listened on. Behind a proxy it must be given.
	PublicURL string
	// Integrations are the platforms to offer.
	Integrations []Integration
	// Database is "sqlite:PATH", default DefaultDatabase.
	Database string
	// Keyring is the path of the key ring file. By default it lies beside the
	// database under the same name with the ending .keyring, and is created
	// together with a new database; a key ring that is named must exist.
	Keyring string
	// Now is the clock of all lifetimes, default the machine's.
	Now func() time.Time
	// Logger takes the log, default none. No secret is ever logged.
	Logger *slog.Logger
	// RefreshMargin is how long before its end an access token is renewed,
	// default 10 s and never more than a quarter of its lifetime.
	RefreshMargin time.Duration
}

// Server is one running or startable MINT.
type Server struct {
	url     string
	service *connection.Service
	data    *store.Database
	serving *serving
	stop    context.CancelFunc
	worked  chan struct{} // closed when the background work has ended
	log     *slog.Logger

	closing sync.Once
	closed  error // how closing went
}

// New checks config, begins to listen and opens the database; requests wait
// until Start or Serve. Every error is a sentence, or a list of them, that
// names the cause and the mend, and leaves no new file behind.
func New(config Config) (*Server, error) {
	server, err := build(config)
	if err != nil && config.Listener != nil {
		return nil, errors.Join(err, config.Listener.Close())
	}
	return server, err
}

func build(config Config) (*Server, error) {
	config = config.withDefaults()
	if err := ValidateIntegrations(config.Integrations); err != nil {
		return nil, err
	}
	listener := config.Listener
	if listener == nil {
		var err error
		if listener, err = listen(config.Listen); err != nil {
			return nil, err
		}
	}
	server, err := assemble(config, listener)
	if err != nil && config.Listener == nil {
		return nil, errors.Join(err, listener.Close())
	}
	return server, err
}

// assemble puts the parts together behind an open listener.
func assemble(config Config, listener net.Listener) (*Server, error) {
	public, err := publicURL(config.PublicURL, listener.Addr())
	if err != nil {
		return nil, err
	}
	service, data, err := openDomain(config, public, mayCreate)
	if err != nil {
		return nil, err
	}
	handler, err := web.New(web.Deps{
		Domain: reach.New(service, config.Integrations, config.Now), Integrations: config.Integrations, Sessions: data.Sessions(config.Now),
		PublicURL: public, Now: config.Now, Logger: config.Logger,
	})
	if err != nil {
		return nil, errors.Join(err, data.Close())
	}
	return &Server{url: public, service: service, data: data, serving: newServing(handler, listener, config.Logger),
		worked: make(chan struct{}), log: config.Logger}, nil
}

func (c Config) withDefaults() Config {
	if c.Listen == "" {
		c.Listen = DefaultListen
	}
	if c.Database == "" {
		c.Database = DefaultDatabase
	}
	if c.Now == nil {
		c.Now = time.Now //nolint:forbidigo // the default clock is made here
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("address %s is taken by another program; stop it, or choose another with --listen (port 0 takes a free one)", address)
	}
	if err != nil {
		var wrapped *net.OpError
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return nil, fmt.Errorf("cannot listen on %s: %w; choose another address with --listen, like 127.0.0.1:9500", address, err)
	}
	return listener, nil
}

// publicURL checks the given address, or makes one from the listener's.
func publicURL(given string, address net.Addr) (string, error) {
	if given == "" {
		host, port, err := net.SplitHostPort(address.String())
		if err != nil {
			return "", fmt.Errorf("the listener's address %s has no port; give the public URL", address)
		}
		if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
			host = "127.0.0.1"
		}
		return "http://" + net.JoinHostPort(host, port), nil
	}
	parsed, err := url.Parse(given)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") ||
		strings.Trim(parsed.Path, "/") != "" || parsed.RawQuery != "" || parsed.Fragment != "" || parsed.User != nil {
		return "", fmt.Errorf("public URL %q is not the address of a whole host; write it like https://mint.example or http://127.0.0.1:9500", given)
	}
	return parsed.Scheme + "://" + parsed.Host, nil
}

// URL is the address that browsers use, without a trailing slash.
func (s *Server) URL() string { return s.url }

// Start begins to serve in the background and returns at once. Call it once.
func (s *Server) Start() {
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go func() {
		defer close(s.worked)
		if err := s.service.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
			s.log.Error("the background work ended", "error", err)
		}
	}()
	s.serving.start()
}

// Serve starts, serves until ctx ends, and closes; instead of Start and
// Close.
func (s *Server) Serve(ctx context.Context) error {
	s.Start()
	return s.Wait(ctx)
}

// Wait lets a started Server serve until ctx ends or serving fails, and
// closes it.
func (s *Server) Wait(ctx context.Context) error {
	var failed error
	select {
	case <-ctx.Done():
	case failed = <-s.serving.failed:
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	return errors.Join(failed, s.Close(last))
}

// closeTimeout bounds the end of Serve: as long as a refresh may take to be
// stored, so that no rotated token is lost.
const closeTimeout = 10 * time.Second

// Close stops taking requests, waits until those under way and the refreshes
// in flight have ended, at most until ctx ends, and closes the database. Every
// call returns what the first one did.
func (s *Server) Close(ctx context.Context) error {
	s.closing.Do(func() { s.closed = s.close(ctx) })
	return s.closed
}

func (s *Server) close(ctx context.Context) error {
	err := s.serving.close(ctx)
	if s.stop != nil {
		s.stop()
		select {
		case <-s.worked:
		case <-ctx.Done():
		}
	}
	return errors.Join(err, s.service.Close(ctx), s.data.Close())
}

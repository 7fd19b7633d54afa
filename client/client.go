package client

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/connection/store"
	"github.com/mint-conformance/mint/client/internal/reach"
	"github.com/mint-conformance/mint/client/internal/vault"
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

// creation says whether a missing database may be made.
type creation bool

const (
	mayCreate creation = true
	mustExist creation = false
)

// openDomain opens key ring and database and builds the domain on them. What
// it created itself it removes again when a later step fails.
func openDomain(config Config, public string, create creation) (*connection.Service, *store.Database, error) {
	path, err := databasePath(config.Database)
	if err != nil {
		return nil, nil, err
	}
	missing := !exists(path)
	if missing && create == mustExist {
		return nil, nil, fmt.Errorf("there is no database at %s; name MINT's with --database", path)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return nil, nil, fmt.Errorf("database %s cannot be opened: its directory does not exist; create it or choose another path with --database", path)
	}
	ring, undoRing, err := openKeyring(config.Keyring, path, missing)
	if err != nil {
		return nil, nil, err
	}
	data, err := store.Open(context.Background(), config.Database)
	if err != nil {
		return nil, nil, errors.Join(err, undoRing())
	}
	service, err := connection.NewService(connection.Deps{
		Integrations: config.Integrations, Database: data, Keyring: ring, RedirectURI: public + "/oauth/callback",
		Now: config.Now, Logger: config.Logger, RefreshMargin: config.RefreshMargin,
	})
	if err != nil {
		return nil, nil, errors.Join(err, data.Close(), undoRing())
	}
	return service, data, nil
}

func databasePath(address string) (string, error) {
	path, ok := strings.CutPrefix(address, "sqlite:")
	if !ok || path == "" {
		return "", fmt.Errorf("database %q is not an address MINT knows; write sqlite:PATH", address)
	}
	return path, nil
}

// openKeyring loads the named key ring, or the one beside the database, which
// it makes when the database is new as well.
func openKeyring(named, databasePath string, newDatabase bool) (ring *vault.Keyring, undo func() error, err error) {
	undo = func() error { return nil }
	path := named
	if named == "" {
		path = besideDatabase(databasePath)
		if newDatabase && !exists(path) {
			if err := vault.GenerateKeyring(path); err != nil {
				return nil, undo, err
			}
			undo = func() error { return os.Remove(path) }
		}
	}
	ring, err = vault.LoadKeyring(path)
	return ring, undo, err
}

// DefaultKeyring is the path of the key ring that belongs to a database
// address when none is named; empty for an address that is none.
func DefaultKeyring(database string) string {
	path, err := databasePath(database)
	if err != nil {
		return ""
	}
	return besideDatabase(path)
}

func besideDatabase(databasePath string) string {
	return strings.TrimSuffix(databasePath, filepath.Ext(databasePath)) + ".keyring"
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, os.ErrNotExist)
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

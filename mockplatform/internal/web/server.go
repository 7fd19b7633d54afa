package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/journal"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/shared"
	"github.com/mint-conformance/mint/mockplatform/internal/web/operate"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// Config is what a Server is made of. Listen, Control, Now and Logger are
// required.
type Config struct {
	Listen  string // host:port of the public listener; port 0 takes a free one
	Control string // host:port of the control API
	// APIListen is the second public listener, which serves the resource API
	// of Platforms with topology split.
	APIListen string
	// PublicURL and APIPublicURL are what people and programs reach the
	// listeners by: scheme://host[:port]. Empty: http, or https with TLS, and its own
	// address.
	PublicURL, APIPublicURL string
	ControlToken            string
	// JournalSize is how many exchanges a Platform's journal keeps unless it is
	// created with another size; 0: journal.DefaultBound.
	JournalSize int
	Now         func() time.Time
	Timer       fault.Timer // for faults that hold requests; nil: real time
	Logger      *slog.Logger
	// TLS is for the two public listeners.
	TLS TLS
	// Limits are what one client may take; zero members take their defaults.
	Limits Limits
	// Seed and Shared are those of platform.RegistryConfig.
	Seed   string
	Shared *shared.Backend
}

// stopTimeout is how long requests under way may take when the server ends.
const stopTimeout = 500 * time.Millisecond

// Server hosts Platforms behind three listeners: public, API of split
// Platforms, and control.
type Server struct {
	registry *platform.Registry
	servers  []*http.Server
	serving  sync.WaitGroup
	stop     context.CancelFunc
	logger   *slog.Logger
	limits   Limits

	publicURL, apiURL, controlURL string
	ca                            []byte // PEM of the test CA, nil without one
}

// New binds the listeners and serves. Its errors are single sentences that
// name what to change.
func New(cfg Config) (*Server, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	bound, err := bind(cfg.Listen, cfg.APIListen, cfg.Control)
	if err != nil {
		return nil, err
	}
	server, err := assemble(cfg, bound)
	if err != nil {
		return nil, errors.Join(err, closeAll(bound))
	}
	return server, nil
}

func (cfg Config) validate() error {
	for _, one := range [][2]string{{"listen", cfg.Listen}, {"control", cfg.Control}, {"api-listen", cfg.APIListen}} {
		if _, _, err := net.SplitHostPort(one[1]); err != nil {
			return fmt.Errorf("%s: %q is not host:port, for example 127.0.0.1:9400", one[0], one[1])
		}
	}
	for _, one := range [][2]string{{"public-url", cfg.PublicURL}, {"api-public-url", cfg.APIPublicURL}} {
		if err := validBase(one[1]); err != nil {
			return fmt.Errorf("%s: %w", one[0], err)
		}
	}
	if err := cfg.TLS.validate(); err != nil {
		return err
	}
	for _, one := range [][2]string{{"public-url", cfg.PublicURL}, {"api-public-url", cfg.APIPublicURL}} {
		if cfg.TLS.on() && strings.HasPrefix(one[1], "http:") {
			return fmt.Errorf("%s: %s is not reached by TLS: write https://, or leave the tls flags out", one[0], one[1])
		}
	}
	if cfg.JournalSize < 0 || cfg.JournalSize > journal.MaxBound {
		return fmt.Errorf("journal-size: %d is not from 1 to %d", cfg.JournalSize, journal.MaxBound)
	}
	if cfg.ControlToken == "" && !loopback(cfg.Control) {
		return fmt.Errorf("control: %s can be reached from other machines, and the control API gives out secrets: listen on 127.0.0.1 or set a control token", cfg.Control)
	}
	return nil
}

func validBase(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" ||
		strings.TrimRight(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("%q is not a base address: write scheme://host or scheme://host:port and nothing else", address)
	}
	return nil
}

// loopback reports whether only this machine can reach the address. "localhost"
// counts, since it is not a name that anybody else hands out.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback()
}

func bind(addresses ...string) ([]net.Listener, error) {
	var bound []net.Listener
	for _, address := range addresses {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			_ = closeAll(bound) // the first failure is the one to tell
			var cause *net.OpError
			if errors.As(err, &cause) {
				err = cause.Err
			}
			return nil, fmt.Errorf("cannot listen on %s: %w; choose another address, or port 0 for a free one", address, err)
		}
		bound = append(bound, listener)
	}
	return bound, nil
}

func closeAll(listeners []net.Listener) error {
	var failed []error
	for _, listener := range listeners {
		failed = append(failed, listener.Close())
	}
	return errors.Join(failed...)
}

func assemble(cfg Config, bound []net.Listener) (*Server, error) {
	public, api, control := bound[0], bound[1], bound[2]
	tls, err := cfg.TLS.secure(cfg.Now(), hosts(cfg.PublicURL, cfg.APIPublicURL, cfg.Listen, cfg.APIListen))
	if err != nil {
		return nil, err
	}
	s := &Server{
		logger:     cfg.Logger,
		limits:     cfg.Limits.orDefault(),
		publicURL:  baseURL(cfg.PublicURL, tls.scheme(), public),
		apiURL:     baseURL(cfg.APIPublicURL, tls.scheme(), api),
		controlURL: baseURL("", "http", control),
		ca:         tls.ca,
	}
	pages, err := page.New()
	if err != nil {
		return nil, err
	}
	s.registry, err = platform.NewRegistry(platform.RegistryConfig{
		BaseURL: s.publicURL, APIBaseURL: s.apiURL, Now: cfg.Now, Timer: cfg.Timer, Limit: cfg.Limits.Platforms,
		JournalBound: cfg.JournalSize,
		Seed:         cfg.Seed, Shared: cfg.Shared,
	})
	if err != nil {
		return nil, err
	}
	sites := newSites(s.registry, pages, cfg.Now)
	operator := operate.New(s.registry)
	visitors := guard{cfg.Logger, sites.unavailable}
	operators := guard{cfg.Logger, func(*http.Request) wire.Answer { return operate.Unavailable(cfg.Shared.Away()) }}

	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.serve(ctx, tls.over(public), publicRoutes(visitors, sites))
	s.serve(ctx, tls.over(api), apiRoutes(visitors, sites))
	s.serve(ctx, control, controlRoutes(operators, operator, cfg.ControlToken))
	return s, nil
}

// baseURL is the configured base, or the scheme and the address that was bound.
// A wildcard address is nothing to call, so that loopback stands in for it.
func baseURL(configured, scheme string, listener net.Listener) string {
	if configured != "" {
		return strings.TrimRight(configured, "/")
	}
	host, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return scheme + "://" + listener.Addr().String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

func (s *Server) serve(ctx context.Context, listener net.Listener, handler http.Handler) {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: s.limits.Header,
		ReadTimeout:       s.limits.Read,
		WriteTimeout:      s.limits.Write,
		IdleTimeout:       s.limits.Idle,
		MaxHeaderBytes:    s.limits.HeaderBytes,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelDebug),
	}
	s.servers = append(s.servers, server)
	s.serving.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.logger.Error("a listener ended", "address", listener.Addr().String(), "error", err)
		}
	})
}

// Registry holds the Platforms.
func (s *Server) Registry() *platform.Registry { return s.registry }

// URL is the public base address, below which the Platforms live.
func (s *Server) URL() string { return s.publicURL }

// APIURL is the base address of the API of Platforms with topology split.
func (s *Server) APIURL() string { return s.apiURL }

// CA is the certificate of the test CA in PEM, nil without one.
func (s *Server) CA() []byte { return s.ca }

// ControlURL is the base address of the control API.
func (s *Server) ControlURL() string { return s.controlURL }

// Close ends long polls, lets requests under way finish for at most half a
// second and closes the listeners.
func (s *Server) Close() error {
	s.stop()
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	var wait sync.WaitGroup
	for _, server := range s.servers {
		wait.Go(func() {
			if err := server.Shutdown(ctx); err != nil {
				server.Close() //nolint:errcheck // it is thrown away either way
			}
		})
	}
	wait.Wait()
	s.serving.Wait()
	return nil
}

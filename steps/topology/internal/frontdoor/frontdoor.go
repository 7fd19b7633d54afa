// Package frontdoor is one loopback listener for many host names. The servers
// of a container network have names that only that network resolves
// (platform.test, mint-1.test); the browser and the harness send every request
// for such a name here, and the front door passes it on to the port that the
// engine published for that server. So an address is one string for everybody,
// and a server may come back on another port without changing its address.
//
// It dispatches and nothing more: requests and answers pass unchanged, Host
// included, and a broken connection behind it is a broken connection before it.
package frontdoor

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Door is a running front door, safe for use by several goroutines.
type Door struct {
	listener  net.Listener
	server    *http.Server
	transport *http.Transport

	mu    sync.RWMutex
	hosts map[string]string // host name -> host:port behind the door
}

// Open listens on a free loopback port. logger hears of broken connections.
func Open(ctx context.Context, logger *slog.Logger) (*Door, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("opening the front door: %w", err)
	}
	d := &Door{
		listener: listener,
		hosts:    map[string]string{},
		transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			MaxIdleConnsPerHost: 16,
			IdleConnTimeout:     30 * time.Second,
			// What the server sends is what the browser gets.
			DisableCompression: true,
		},
	}
	errorLog := slog.NewLogLogger(logger.Handler(), slog.LevelDebug)
	d.server = &http.Server{
		Handler:           d.handler(logger, errorLog),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          errorLog,
	}
	go d.server.Serve(listener) //nolint:errcheck // it ends with Close, and has nothing else to say
	return d, nil
}

// Addr is the address of the door, "127.0.0.1:PORT".
func (d *Door) Addr() string { return d.listener.Addr().String() }

// Route sends requests for host (a name without a port) to backend, a
// host:port; it replaces an earlier route of the same name.
func (d *Door) Route(host, backend string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hosts[host] = backend
}

// Unroute forgets host.
func (d *Door) Unroute(host string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.hosts, host)
}

// Client returns an HTTP client that comes in by this door whenever the host
// of a URL is routed or ends in ".test", whatever its port. It has no cookie
// jar, follows no redirect and uses no proxy.
func (d *Door) Client() *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	return &http.Client{
		Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
		Transport: &http.Transport{
			MaxIdleConnsPerHost: 64,
			IdleConnTimeout:     30 * time.Second,
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				if d.isOurs(addr) {
					addr = d.Addr()
				}
				return dialer.DialContext(ctx, network, addr)
			},
		},
	}
}

// Close ends the door and every connection through it.
func (d *Door) Close() error {
	err := d.server.Close()
	d.transport.CloseIdleConnections()
	return err
}

func (d *Door) handler(logger *slog.Logger, errorLog *log.Logger) http.Handler {
	proxy := &httputil.ReverseProxy{
		Transport: d.transport,
		ErrorLog:  errorLog,
		Rewrite: func(r *httputil.ProxyRequest) {
			backend, _ := d.backend(r.In.Host)
			r.SetURL(&url.URL{Scheme: "http", Host: backend})
			// The proxy's own cleaning is undone: servers under test are to
			// see what was sent, faults included.
			r.Out.Host = r.In.Host
			r.Out.URL.RawQuery = r.In.URL.RawQuery
			for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
				if values := r.In.Header.Values(name); len(values) > 0 {
					r.Out.Header[name] = values
				}
			}
		},
		// Events and long polls are passed on as they come.
		FlushInterval: -1,
		ErrorHandler: func(_ http.ResponseWriter, r *http.Request, err error) {
			if !errors.Is(err, context.Canceled) {
				logger.Debug("the server behind the front door broke the connection", "host", r.Host, "error", err)
			}
			panic(http.ErrAbortHandler) // how net/http resets a connection
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, known := d.backend(r.Host); !known {
			http.Error(w, fmt.Sprintf("No server named %q is running.", r.Host), http.StatusBadGateway)
			return
		}
		proxy.ServeHTTP(w, r)
	})
}

func (d *Door) backend(hostport string) (string, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	backend, known := d.hosts[hostOf(hostport)]
	return backend, known
}

func (d *Door) isOurs(addr string) bool {
	if strings.HasSuffix(hostOf(addr), ".test") { // RFC 6761: never a real host
		return true
	}
	_, known := d.backend(addr)
	return known
}

// hostOf cuts the port from a host:port; a bare host is returned as it is.
func hostOf(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		return hostport
	}
	return host
}

package topology

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// NewReplicas is NewEmbedded with two mock Platform servers over one Redis.
// Each request, to the Platforms and to the control API alike, goes to the
// other one than the request before.
func NewReplicas(ctx context.Context, o Options) (Topology, error) {
	return inProcess(ctx, o, "replicas", func(dir string, logger *slog.Logger) (platformServer, error) {
		return startReplicas(ctx, filepath.Join(dir, "redis"), logger)
	})
}

// replicas are two servers that look like one.
type replicas struct {
	redis   *redisServer
	servers []*mockplatform.Server
	fronts  []*front
	address *url.URL // of the control API
	client  *control.Client
}

var _ platformServer = (*replicas)(nil)

func startReplicas(ctx context.Context, dir string, logger *slog.Logger) (_ *replicas, err error) {
	r := &replicas{}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.Close())
		}
	}()
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	if r.redis, err = startRedis(ctx, dir); err != nil {
		return nil, err
	}
	for range 3 { // Platforms, API of split Platforms, control API
		one, err := newFront(ctx)
		if err != nil {
			return nil, err
		}
		r.fronts = append(r.fronts, one)
	}
	public, api, operator := r.fronts[0], r.fronts[1], r.fronts[2]
	for range 2 {
		cfg := mockplatform.Config{
			Control: loopback, Logger: logger, Store: "redis://" + r.redis.address + "/0",
			PublicURL: public.url.String(), APIPublicURL: api.url.String(),
		}
		for _, one := range []struct {
			listen *string
			front  *front
		}{{&cfg.Listen, public}, {&cfg.APIListen, api}} {
			if *one.listen, err = freeAddress(ctx); err != nil {
				return nil, err
			}
			one.front.add(&url.URL{Scheme: "http", Host: *one.listen})
		}
		server, err := mockplatform.New(cfg)
		if err != nil {
			return nil, err
		}
		r.servers = append(r.servers, server)
		target, err := url.Parse(server.ControlURL())
		if err != nil {
			return nil, err
		}
		operator.add(target)
	}
	for _, one := range r.fronts {
		one.serve(logger)
	}
	r.address, r.client = operator.url, control.NewClient(operator.url.String(), "")
	return r, nil
}

// Control implements platformServer.
func (r *replicas) Control() *control.Client { return r.client }

// ControlURL implements platformServer.
func (r *replicas) ControlURL() string { return r.address.String() }

// URL implements platformServer.
func (r *replicas) URL() string { return r.fronts[0].url.String() }

// Close implements platformServer.
func (r *replicas) Close() error {
	var errs []error
	if r.client != nil {
		r.client.Close()
	}
	for _, one := range r.fronts {
		errs = append(errs, one.close())
	}
	for _, one := range r.servers {
		errs = append(errs, one.Close())
	}
	if r.redis != nil {
		r.redis.stop()
	}
	return errors.Join(errs...)
}

// front is an address that hands each request to the next of its targets.
type front struct {
	url      *url.URL
	listener net.Listener
	server   *http.Server // nil until it serves
	done     sync.WaitGroup
	targets  []*url.URL
	turn     atomic.Int64
}

func newFront(ctx context.Context) (*front, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", loopback)
	if err != nil {
		return nil, err
	}
	return &front{url: &url.URL{Scheme: "http", Host: listener.Addr().String()}, listener: listener}, nil
}

// add is one more target. Call it before serve.
func (f *front) add(target *url.URL) { f.targets = append(f.targets, target) }

// serve begins to answer. What a server does to a connection is done to the
// client's as well, and nothing is asked twice: each request has a connection
// of its own, since a request on a used one is repeated when that breaks.
func (f *front) serve(logger *slog.Logger) {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(f.targets[int(f.turn.Add(1))%len(f.targets)])
			p.Out.Host, p.Out.URL.RawQuery = p.In.Host, p.In.URL.RawQuery
		},
		Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
		FlushInterval: -1,
		ErrorHandler:  func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		ErrorLog:      slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
	f.server = &http.Server{
		Handler: proxy, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
	f.done.Go(func() { _ = f.server.Serve(f.listener) }) // it ends by close
}

func (f *front) close() error {
	if f.server == nil {
		return f.listener.Close()
	}
	err := f.server.Close()
	f.done.Wait()
	return err
}

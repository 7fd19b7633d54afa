package topology

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/steps/scratch"
)

// embedded runs the mock Platform and every MINT in this process, on free
// loopback ports. It is the fastest topology and needs nothing installed.
type embedded struct {
	name string
	dir  *scratch.Place // holds a directory per MINT
	mock platformServer
	http *http.Client
	log  *tail

	mu    sync.Mutex
	mints map[*embeddedMINT]struct{} // not yet closed
}

// platformServer is a mock Platform server, or several that look like one.
type platformServer interface {
	URL() string
	ControlURL() string
	Control() *control.Client
	Close() error
}

// mockLog bounds what is kept of the mock's log, mintLog that of one MINT's.
const (
	mockLog = 1 << 20
	mintLog = 256 << 10
)

// NewEmbedded starts one mock Platform server, without any Platform: scenarios
// create theirs.
func NewEmbedded(ctx context.Context, o Options) (Topology, error) {
	return inProcess(ctx, o, "embedded", func(_ string, logger *slog.Logger) (platformServer, error) {
		return mockplatform.New(mockplatform.Config{Listen: loopback, Control: loopback, APIListen: loopback, Logger: logger})
	})
}

// inProcess runs MINTs in this process beside what start starts. It may keep
// files in its directory.
func inProcess(ctx context.Context, o Options, name string, start func(dir string, logger *slog.Logger) (platformServer, error)) (_ Topology, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	e := &embedded{name: name, log: &tail{limit: mockLog}, mints: map[*embeddedMINT]struct{}{}, http: plainClient()}
	if e.dir, err = scratch.Make(o.Scratch, "embedded"); err != nil {
		return nil, unavailable(err)
	}
	if e.mock, err = start(e.dir.Dir, slog.New(slog.NewTextHandler(e.log, nil))); err != nil {
		if !errors.Is(err, ErrSetup) {
			err = unavailable(err)
		}
		return nil, errors.Join(err, e.dir.Remove())
	}
	o.Logger.Debug("mock Platform started", "url", e.mock.URL(), "control", e.mock.ControlURL())
	return e, nil
}

// loopback takes a free port, which nobody but this machine reaches.
const loopback = "127.0.0.1:0"

// plainClient makes requests as a browser's address bar would, without its
// cookies, and shows redirects instead of following them.
func plainClient() *http.Client {
	return &http.Client{
		Timeout:       15 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Name implements Topology.
func (e *embedded) Name() string { return e.name }

// Control implements Topology.
func (e *embedded) Control() *control.Client { return e.mock.Control() }

// HTTPClient implements Topology.
func (e *embedded) HTTPClient() *http.Client { return e.http }

// BrowserFlags implements Topology: loopback needs none.
func (e *embedded) BrowserFlags() map[string]string { return nil }

// Logs implements Topology.
func (e *embedded) Logs(context.Context) (map[string][]byte, error) {
	return map[string][]byte{"mockplatform.log": e.log.bytes()}, nil
}

// ReserveMINT implements Topology: the port is listened on from now on.
func (e *embedded) ReserveMINT(ctx context.Context) (MINT, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", loopback)
	if err != nil {
		return nil, unavailable(err)
	}
	dir, err := os.MkdirTemp(e.dir.Dir, "mint-")
	if err != nil {
		return nil, errors.Join(unavailable(err), listener.Close())
	}
	m := &embeddedMINT{
		topology: e, dir: dir, listener: listener.(*net.TCPListener), //nolint:forcetypeassert // "tcp" makes these
		url: "http://" + listener.Addr().String(), log: &tail{limit: mintLog},
	}
	e.mu.Lock()
	e.mints[m] = struct{}{}
	e.mu.Unlock()
	return m, nil
}

// Close implements Topology; MINTs that their scenarios left open go with it.
func (e *embedded) Close(ctx context.Context) error {
	e.mu.Lock()
	left := make([]*embeddedMINT, 0, len(e.mints))
	for m := range e.mints {
		left = append(left, m)
	}
	e.mu.Unlock()
	var errs []error
	for _, m := range left {
		errs = append(errs, m.Close(ctx))
	}
	errs = append(errs, e.mock.Close(), e.dir.Remove())
	e.http.CloseIdleConnections()
	return errors.Join(errs...)
}

// clockURL is the clock resource of a Platform.
func (e *embedded) clockURL(platform string) string {
	return fmt.Sprintf("%s/v1/platforms/%s/clock", e.mock.ControlURL(), platform)
}

// database is the path of MINT's database in its directory.
func database(dir string) string { return filepath.Join(dir, "mint.db") }

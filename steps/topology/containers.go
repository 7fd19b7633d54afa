package topology

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/steps/topology/internal/engine"
	"github.com/mint-conformance/mint/steps/topology/internal/frontdoor"
)

// Names and ports inside of the containers' network. Port 80 keeps the port
// out of every address, so that the issuer is one string for the browser,
// which comes in by the front door, and for MINT, which does not.
const (
	platformHost  = "platform.test"
	platformURL   = "http://" + platformHost
	publicPort    = 80
	apiHost       = "api.platform.test" // of Platforms with two base addresses
	apiPort       = 8080
	controlPort   = 9401
	platformReady = "/v1/health" // on the control port
)

// ContainersOptions configure NewContainers.
type ContainersOptions struct {
	Options
	// Programs is the directory of the static Linux programs mockplatform and
	// mint; empty means where the running program lies (on a system other
	// than Linux: its subdirectory linux).
	Programs string
}

// containers runs the shipped programs in images of their own.
type containers struct {
	options   ContainersOptions
	engine    *engine.Engine
	door      *frontdoor.Door
	http      *http.Client
	platform  *engine.Container
	control   *control.Client
	token     string // of the control API
	mintImage string
	reserved  atomic.Int64
}

// NewContainers builds images around the programs, starts the mock Platform
// server in a container and returns once it answers. Without an engine or
// programs the error wraps ErrSetup and says what to do.
func NewContainers(ctx context.Context, options ContainersOptions) (_ Topology, err error) {
	programs, err := programsIn(options.Programs)
	if err != nil {
		return nil, err
	}
	c := &containers{options: options, token: rand.Text()}
	if c.engine, err = engine.Connect(ctx, options.Logger); err != nil {
		if errors.Is(err, engine.ErrNone) {
			return nil, fmt.Errorf("%w: %w; run scripts/docker to start one, or use the embedded topology, which needs none", ErrSetup, err)
		}
		return nil, unavailable(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Close(ctx))
		}
	}()
	if c.door, err = frontdoor.Open(ctx, options.Logger); err != nil {
		return nil, unavailable(err)
	}
	c.http = c.door.Client()
	if err := c.startPlatform(ctx, programs); err != nil {
		return nil, err
	}
	return c, nil
}

// startPlatform builds both images, side by side, and starts the mock.
func (c *containers) startPlatform(ctx context.Context, programs string) error {
	c.progress("building the images of the mock Platform and MINT")
	var platformImage string
	builds, building := errgroup.WithContext(ctx)
	for name, image := range map[string]*string{"mockplatform": &platformImage, "mint": &c.mintImage} {
		builds.Go(func() (err error) {
			*image, err = c.engine.Build(building, name, filepath.Join(programs, name))
			return err
		})
	}
	if err := builds.Wait(); err != nil {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, engine.ErrProgram) {
			return fmt.Errorf("%w: %w; run make build", ErrSetup, err)
		}
		return unavailable(err)
	}

	c.progress("starting the mock Platform in a container")
	var err error
	c.platform, err = c.engine.Run(ctx, engine.Spec{
		Image: platformImage,
		Host:  platformHost, Aliases: []string{apiHost},
		Args: []string{
			"serve",
			"--listen", "0.0.0.0:" + strconv.Itoa(publicPort),
			"--public-url", platformURL,
			"--api-listen", "0.0.0.0:" + strconv.Itoa(apiPort),
			"--api-public-url", "http://" + apiHost + ":" + strconv.Itoa(apiPort),
			"--control", "0.0.0.0:" + strconv.Itoa(controlPort),
			"--control-token", c.token,
		},
		Ports:     []int{publicPort, apiPort, controlPort},
		ReadyPort: controlPort,
		ReadyPath: platformReady,
	})
	if err != nil {
		return unavailable(err)
	}
	for host, port := range map[string]int{platformHost: publicPort, apiHost: apiPort} {
		address, err := c.platform.Address(ctx, port)
		if err != nil {
			return unavailable(err)
		}
		c.door.Route(host, address)
	}
	address, err := c.platform.Address(ctx, controlPort)
	if err != nil {
		return unavailable(err)
	}
	c.control = control.NewClient("http://"+address, c.token)
	return nil
}

// Name implements Topology.
func (c *containers) Name() string { return "containers" }

// Control implements Topology.
func (c *containers) Control() *control.Client { return c.control }

// HTTPClient implements Topology.
func (c *containers) HTTPClient() *http.Client { return c.http }

// BrowserFlags sends every name below .test, whatever its port, to the front
// door.
func (c *containers) BrowserFlags() map[string]string {
	return map[string]string{"host-resolver-rules": "MAP *.test " + c.door.Addr()}
}

// ReserveMINT implements Topology.
func (c *containers) ReserveMINT(context.Context) (MINT, error) {
	host := fmt.Sprintf("mint-%d.test", c.reserved.Add(1))
	return &containerMINT{topology: c, host: host}, nil
}

// listen implements listens.
func (c *containers) listen(ctx context.Context) (net.Listener, string, error) {
	listener, err := c.engine.Listen(ctx)
	return listener, engine.HarnessHost, err
}

// Logs implements Topology.
func (c *containers) Logs(ctx context.Context) (map[string][]byte, error) {
	logs, err := c.platform.Logs(ctx)
	if err != nil {
		return nil, unavailable(err)
	}
	return map[string][]byte{"mockplatform.log": logs}, nil
}

// Close implements Topology; it does its work even if ctx is done, and what
// MINTs were not closed by their scenarios go with it.
func (c *containers) Close(ctx context.Context) error {
	var doorErr error
	if c.door != nil {
		doorErr = c.door.Close()
	}
	return errors.Join(doorErr, c.engine.Close(ctx))
}

func (c *containers) progress(sentence string) {
	if c.options.Progress != nil {
		c.options.Progress(sentence)
	}
}

// programsIn returns the directory of the Linux programs.
func programsIn(dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("%w: the directory of the programs is unknown: %w", ErrSetup, err)
	}
	dir = filepath.Dir(self)
	if runtime.GOOS != "linux" {
		dir = filepath.Join(dir, "linux")
	}
	return dir, nil
}

func unavailable(err error) error { return fmt.Errorf("%w: %w", ErrUnavailable, err) }

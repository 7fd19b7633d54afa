package engine

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// find returns a client of the first engine that answers: that of DOCKER_HOST
// alone when it is set, else one behind the sockets of Docker, rootless Docker
// and Docker Desktop.
func find(ctx context.Context) (*client.Client, error) {
	hosts := []string{os.Getenv("DOCKER_HOST")}
	if hosts[0] == "" {
		hosts = []string{client.DefaultDockerHost}
		if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
			hosts = append(hosts, "unix://"+filepath.Join(dir, "docker.sock"))
		}
		if home, err := os.UserHomeDir(); err == nil {
			hosts = append(hosts, "unix://"+filepath.Join(home, ".docker/run/docker.sock"))
		}
	}
	var firstErr error
	for _, host := range hosts {
		api, err := dial(ctx, host)
		if err == nil {
			// testcontainers-go looks for itself and must find the same one.
			return api, os.Setenv("DOCKER_HOST", host)
		}
		if firstErr == nil {
			firstErr = err
		}
	}
	return nil, fmt.Errorf("%w at %s: %w", ErrNone, hosts[0], firstErr)
}

// dial returns a client of the engine at host if that answers.
func dial(ctx context.Context, host string) (*client.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	api, err := client.New(client.FromEnv, client.WithHost(host))
	if err != nil {
		return nil, err
	}
	if _, err := api.Ping(ctx, client.PingOptions{NegotiateAPIVersion: true}); err != nil {
		_ = api.Close() // it never opened
		return nil, err
	}
	return api, nil
}

// place is where the engine is, seen from this process.
type place struct {
	// loopback: ports are published on this process's loopback interface.
	loopback bool
	// gateway is the engine's bridge if that is an interface of this very
	// machine or container, else the zero Addr.
	gateway netip.Addr
}

// prepare finds out where the engine is and sets what testcontainers-go reads
// from the environment, once and for the whole process, where its own guess is
// known to be wrong; a variable that the user has set is left alone.
func prepare(ctx context.Context, api *client.Client) (at place, err error) {
	silence()

	// The library's reaper is one more container, from an image of a registry.
	// A run must not depend on one, so it is used only where it is already
	// there. Without it the labels of this package do its work.
	if _, set := os.LookupEnv("TESTCONTAINERS_RYUK_DISABLED"); !set {
		reaper := testcontainers.ReaperDefaultImage //nolint:staticcheck // deprecated without a successor that others may read
		_, err := api.ImageInspect(ctx, reaper)
		switch {
		case errdefs.IsNotFound(err):
			if err := os.Setenv("TESTCONTAINERS_RYUK_DISABLED", "true"); err != nil {
				return at, err
			}
		case err != nil:
			return at, fmt.Errorf("looking for the image %s: %w", reaper, err)
		}
	}

	address, err := url.Parse(api.DaemonHost())
	if err != nil {
		return at, err
	}
	if address.Scheme != "unix" && address.Scheme != "npipe" {
		return at, nil // ports are published on the engine's machine
	}
	if at.gateway, err = ownGateway(ctx, api); err != nil {
		return at, err
	}
	if _, err := os.Stat("/.dockerenv"); err != nil {
		at.loopback = true
		return at, nil
	}
	// Inside a container the library takes the bridge's gateway for the
	// engine's address. That is right when the socket was handed in from
	// outside, and wrong when the engine runs in here beside us.
	_, set := os.LookupEnv("TESTCONTAINERS_HOST_OVERRIDE")
	if set || !at.gateway.IsValid() {
		return at, nil
	}
	at.loopback = true
	return at, os.Setenv("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1")
}

// ownGateway returns the gateway of the engine's bridge if it is an interface
// of this very machine or container.
func ownGateway(ctx context.Context, api *client.Client) (netip.Addr, error) {
	bridge, err := api.NetworkInspect(ctx, "bridge", client.NetworkInspectOptions{})
	if err != nil {
		return netip.Addr{}, fmt.Errorf("inspecting the engine's bridge: %w", err)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return netip.Addr{}, err
	}
	for _, config := range bridge.Network.IPAM.Config {
		for _, address := range addresses {
			if ours, err := netip.ParsePrefix(address.String()); err == nil && ours.Addr() == config.Gateway {
				return config.Gateway, nil
			}
		}
	}
	return netip.Addr{}, nil
}

package engine

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	dockernet "github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/network"
	"github.com/testcontainers/testcontainers-go/wait"
)

// readyWithin bounds the start of a container, stopWithin its orderly end.
const (
	readyWithin = 30 * time.Second
	stopWithin  = 10 * time.Second
)

// HarnessHost is what containers call the machine of this process; see Listen.
const HarnessHost = "harness.test"

// Spec says what a container is to be.
type Spec struct {
	Image string
	// Host is the container's name in the run's network, Aliases are others.
	Host    string
	Aliases []string
	// Args are the program's arguments.
	Args []string
	// Files are put into the container before it starts, by absolute path;
	// the program can read but not change them.
	Files map[string][]byte
	// Ports are published on this machine, for Address.
	Ports []int
	// The program is ready when ReadyPath on ReadyPort, one of Ports, answers
	// with 200.
	ReadyPort int
	ReadyPath string
}

// Container is a container of this run. Its methods may be called from
// several goroutines, except Stop and Start.
type Container struct {
	engine *Engine
	ctr    *testcontainers.DockerContainer
}

// Run starts a container and waits until it is ready. On failure nothing of it
// remains, and the error holds the program's last words.
func (e *Engine) Run(ctx context.Context, spec Spec) (*Container, error) {
	labels := maps.Clone(e.labels)
	options := []testcontainers.ContainerCustomizer{
		testcontainers.WithLabels(labels),
		testcontainers.WithCmd(spec.Args...),
		network.WithNetwork(append([]string{spec.Host}, spec.Aliases...), e.network),
		testcontainers.WithWaitStrategy(wait.ForHTTP(spec.ReadyPath).
			WithPort(strconv.Itoa(spec.ReadyPort) + "/tcp").
			WithStatusCodeMatcher(func(status int) bool { return status == http.StatusOK }).
			WithPollInterval(10 * time.Millisecond).
			WithForcedIPv4LocalHost().
			WithStartupTimeout(readyWithin)),
		testcontainers.WithHostConfigModifier(func(c *container.HostConfig) {
			c.CapDrop = []string{"ALL"}
			c.SecurityOpt = []string{"no-new-privileges"}
			c.ExtraHosts = []string{HarnessHost + ":host-gateway"}
			c.PortBindings = dockernet.PortMap{}
			for _, port := range spec.Ports {
				c.PortBindings[dockernet.MustParsePort(strconv.Itoa(port)+"/tcp")] = e.published()
			}
		}),
	}
	for _, port := range spec.Ports {
		options = append(options, testcontainers.WithExposedPorts(strconv.Itoa(port)+"/tcp"))
	}
	for path, content := range spec.Files {
		options = append(options, testcontainers.WithFiles(testcontainers.ContainerFile{
			Reader: bytes.NewReader(content), ContainerFilePath: path, FileMode: 0o444,
		}))
	}
	ctr, err := testcontainers.Run(ctx, spec.Image, options...)
	c := &Container{engine: e, ctr: ctr}
	if err != nil {
		err = fmt.Errorf("starting %s: %w", spec.Host, err)
		if ctr != nil {
			err = errors.Join(c.withLastWords(ctx, err), c.Remove(ctx))
		}
		return nil, err
	}
	return c, nil
}

// published is where a port goes: to a free one of the loopback interface,
// or of every interface when the engine is not on this machine.
func (e *Engine) published() []dockernet.PortBinding {
	binding := dockernet.PortBinding{HostPort: "0"}
	if e.loopback {
		binding.HostIP = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return []dockernet.PortBinding{binding}
}

// Listen opens a listener that containers reach as HarnessHost and its port.
func (e *Engine) Listen(ctx context.Context) (net.Listener, error) {
	// On Linux host-gateway is the engine's bridge, an interface of this
	// machine that only containers reach. Elsewhere the engine is a virtual
	// machine that leads the name to this machine's loopback.
	host := "127.0.0.1"
	if e.gateway.IsValid() {
		host = e.gateway.String()
	}
	return (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
}

// Address is where this process reaches the container's port; it changes when
// the container is stopped and started.
func (c *Container) Address(ctx context.Context, port int) (string, error) {
	host, err := c.ctr.Host(ctx)
	if err != nil {
		return "", err
	}
	if host == "localhost" {
		host = "127.0.0.1" // where published ports are bound
	}
	mapped, err := c.ctr.MappedPort(ctx, strconv.Itoa(port)+"/tcp")
	if err != nil {
		return "", err
	}
	return net.JoinHostPort(host, mapped.Port()), nil
}

// Stop ends the program in order and keeps the container's files.
func (c *Container) Stop(ctx context.Context) error {
	timeout := stopWithin
	return c.ctr.Stop(ctx, &timeout)
}

// Start runs a stopped container again and waits until it is ready.
func (c *Container) Start(ctx context.Context) error {
	if err := c.ctr.Start(ctx); err != nil {
		return c.withLastWords(ctx, err)
	}
	return nil
}

// Remove ends the program at once and removes the container with its files.
// A container that is gone already is no error.
func (c *Container) Remove(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
	defer cancel()
	_, err := c.engine.client.ContainerRemove(ctx, c.ctr.GetContainerID(), client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	if err != nil && !errdefs.IsNotFound(err) {
		return fmt.Errorf("removing a container: %w", err)
	}
	return nil
}

// Files returns the content of every regular file directly in dir, by base
// name. The container may be running or stopped.
func (c *Container) Files(ctx context.Context, dir string) (map[string][]byte, error) {
	copied, err := c.engine.client.CopyFromContainer(ctx, c.ctr.GetContainerID(), client.CopyFromContainerOptions{SourcePath: dir + "/."})
	if err != nil {
		return nil, fmt.Errorf("copying %s from a container: %w", dir, err)
	}
	defer copied.Content.Close()
	files := map[string][]byte{}
	for archive := tar.NewReader(copied.Content); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, fmt.Errorf("copying %s from a container: %w", dir, err)
		}
		name := strings.TrimPrefix(header.Name, "./")
		if header.Typeflag != tar.TypeReg || strings.Contains(name, "/") {
			continue
		}
		if files[name], err = io.ReadAll(archive); err != nil {
			return nil, fmt.Errorf("copying %s/%s from a container: %w", dir, name, err)
		}
	}
}

// Logs is what the program has written so far, standard output and standard
// error in the order of their arrival.
func (c *Container) Logs(ctx context.Context) ([]byte, error) {
	logs, err := c.engine.client.ContainerLogs(ctx, c.ctr.GetContainerID(), client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true})
	if err != nil {
		return nil, fmt.Errorf("reading a container's logs: %w", err)
	}
	defer logs.Close()
	var all bytes.Buffer
	if _, err := stdcopy.StdCopy(&all, &all, logs); err != nil {
		return all.Bytes(), fmt.Errorf("reading a container's logs: %w", err)
	}
	return all.Bytes(), nil
}

// withLastWords adds the end of the program's output to err.
func (c *Container) withLastWords(ctx context.Context, err error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	logs, logsErr := c.Logs(ctx)
	if logsErr != nil || len(bytes.TrimSpace(logs)) == 0 {
		return err
	}
	lines := strings.Split(strings.TrimSpace(string(logs)), "\n")
	lines = lines[max(0, len(lines)-5):]
	return fmt.Errorf("%w; its last words: %s", err, strings.Join(lines, " | "))
}

package topology

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"sync"

	"github.com/mint-conformance/mint/steps/topology/internal/engine"
)

// Places inside of a MINT container.
const (
	mintData         = "/data" // belongs to the program, see the Dockerfile
	mintDatabase     = "mint.db"
	mintIntegrations = "/etc/mint/integrations.json"
	// mintReady answers without giving the caller a workspace.
	mintReady = "/api/openapi.json"
)

// containerMINT is one MINT in a container of its own. Database and key ring
// lie in the container and live as long as it does.
type containerMINT struct {
	topology *containers
	host     string

	mu        sync.Mutex
	container *engine.Container // nil before Start and after Close
	lastLogs  []byte            // what Logs answers after Close
}

// URL implements MINT.
func (m *containerMINT) URL() string { return "http://" + m.host }

// Start implements MINT.
func (m *containerMINT) Start(ctx context.Context, start StartMINT) error {
	if m.running() != nil {
		return fmt.Errorf("%s was started already", m.host)
	}
	integrations, err := integrationsDocument(start.Integrations)
	if err != nil {
		return err
	}
	args := []string{
		"serve",
		"--listen", "0.0.0.0:" + strconv.Itoa(publicPort),
		"--public-url", m.URL(),
		"--integrations", mintIntegrations,
		"--database", "sqlite:" + mintData + "/" + mintDatabase,
	}
	if start.FollowClock != "" {
		clock := platformURL + ":" + strconv.Itoa(controlPort) + "/v1/platforms/" + url.PathEscape(start.FollowClock) + "/clock"
		args = append(args, "--for-tests", "--follow-clock", clock, "--control-token", m.topology.token)
	}
	container, err := m.topology.engine.Run(ctx, engine.Spec{
		Image:     m.topology.mintImage,
		Host:      m.host,
		Args:      args,
		Files:     map[string][]byte{mintIntegrations: integrations},
		Ports:     []int{publicPort},
		ReadyPort: publicPort,
		ReadyPath: mintReady,
	})
	if err != nil {
		return unavailable(err)
	}
	m.mu.Lock()
	m.container = container
	m.mu.Unlock()
	return m.route(ctx, container)
}

// Restart implements MINT.
func (m *containerMINT) Restart(ctx context.Context) error {
	container, err := m.started()
	if err != nil {
		return err
	}
	if err := container.Stop(ctx); err != nil {
		return unavailable(err)
	}
	if err := container.Start(ctx); err != nil {
		return unavailable(err)
	}
	return m.route(ctx, container)
}

// route leads MINT's address to the port that the engine has given it.
func (m *containerMINT) route(ctx context.Context, container *engine.Container) error {
	address, err := container.Address(ctx, publicPort)
	if err != nil {
		return unavailable(err)
	}
	m.topology.door.Route(m.host, address)
	return nil
}

// Database implements MINT.
func (m *containerMINT) Database(ctx context.Context) ([]byte, error) {
	container, err := m.started()
	if err != nil {
		return nil, err
	}
	files, err := container.Files(ctx, mintData)
	if err != nil {
		return nil, unavailable(err)
	}
	database, found := files[mintDatabase]
	if !found {
		return nil, fmt.Errorf("%s has no %s/%s", m.host, mintData, mintDatabase)
	}
	return slices.Concat(database, files[mintDatabase+"-wal"]), nil
}

// Logs implements MINT.
func (m *containerMINT) Logs(ctx context.Context) []byte {
	container := m.running()
	if container == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.lastLogs
	}
	logs, err := container.Logs(ctx)
	if err != nil {
		return fmt.Appendf(logs, "\n(the rest cannot be read: %v)\n", err)
	}
	return logs
}

// Close implements MINT; it does its work even if ctx is done.
func (m *containerMINT) Close(ctx context.Context) error {
	m.topology.door.Unroute(m.host)
	container := m.running()
	if container == nil {
		return nil
	}
	logs := m.Logs(ctx)
	m.mu.Lock()
	m.container, m.lastLogs = nil, logs
	m.mu.Unlock()
	return container.Remove(ctx)
}

func (m *containerMINT) running() *engine.Container {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.container
}

func (m *containerMINT) started() (*engine.Container, error) {
	if container := m.running(); container != nil {
		return container, nil
	}
	return nil, errors.New("MINT at " + m.host + " is not running")
}

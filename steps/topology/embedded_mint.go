package topology

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"

	"github.com/mint-conformance/mint/client"
)

// embeddedMINT is one MINT of one scenario in this process.
type embeddedMINT struct {
	topology *embedded
	dir      string
	url      string
	log      *tail
	// listener holds the address for as long as the MINT exists; every server
	// gets a copy of it, so that nobody can take the port over a Restart.
	listener *net.TCPListener

	start  StartMINT
	server *client.Server        // nil unless running
	clock  *client.FollowedClock // nil unless following
}

// URL implements MINT.
func (m *embeddedMINT) URL() string { return m.url }

// Start implements MINT.
func (m *embeddedMINT) Start(ctx context.Context, start StartMINT) error {
	if m.server != nil {
		return errors.New("this MINT runs already; use Restart")
	}
	m.start = start
	return m.run(ctx)
}

// Restart implements MINT.
func (m *embeddedMINT) Restart(ctx context.Context) error {
	if m.server == nil {
		return errors.New("this MINT does not run; use Start")
	}
	if err := m.halt(ctx); err != nil {
		return err
	}
	return m.run(ctx)
}

func (m *embeddedMINT) run(ctx context.Context) (err error) {
	listener, err := duplicate(m.listener)
	if err != nil {
		return unavailable(err)
	}
	config := client.Config{
		Listener: listener, PublicURL: m.url, Integrations: m.start.Integrations,
		Database: "sqlite:" + database(m.dir),
		Logger:   slog.New(slog.NewTextHandler(m.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if m.start.FollowClock != "" {
		m.clock, err = client.FollowClock(ctx, m.topology.clockURL(m.start.FollowClock), "")
		if err != nil {
			return errors.Join(fmt.Errorf("MINT cannot follow the clock of %s: %w", m.start.FollowClock, err), listener.Close())
		}
		config.Now = m.clock.Now
	}
	if m.server, err = client.New(config); err != nil {
		return errors.Join(fmt.Errorf("MINT does not start: %w", err), m.unfollow())
	}
	m.server.Start()
	return nil
}

// duplicate is another listener on the same address and queue.
func duplicate(listener *net.TCPListener) (net.Listener, error) {
	file, err := listener.File()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return net.FileListener(file)
}

// halt stops the server and lets its clock go.
func (m *embeddedMINT) halt(ctx context.Context) error {
	if m.server == nil {
		return nil
	}
	err := m.server.Close(ctx)
	m.server = nil
	return errors.Join(err, m.unfollow())
}

func (m *embeddedMINT) unfollow() error {
	if m.clock == nil {
		return nil
	}
	err := m.clock.Close()
	m.clock = nil
	return err
}

// Database implements MINT.
func (m *embeddedMINT) Database(context.Context) ([]byte, error) {
	main, err := os.ReadFile(database(m.dir))
	if err != nil {
		return nil, err
	}
	wal, err := os.ReadFile(database(m.dir) + "-wal")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return append(main, wal...), nil
}

// Logs implements MINT.
func (m *embeddedMINT) Logs(context.Context) []byte { return m.log.bytes() }

// Close implements MINT. It may be called twice.
func (m *embeddedMINT) Close(ctx context.Context) error {
	m.topology.mu.Lock()
	_, open := m.topology.mints[m]
	delete(m.topology.mints, m)
	m.topology.mu.Unlock()
	if !open {
		return nil
	}
	return errors.Join(m.halt(ctx), m.listener.Close(), os.RemoveAll(m.dir))
}

package topology

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"time"
)

// redisServer is a Redis of our own: a child process on a free loopback port,
// without persistence.
type redisServer struct {
	address string // host:port
	process *os.Process
	ended   chan error
}

// redisTimeout is never reached on a healthy machine.
const redisTimeout = 10 * time.Second

// startRedis starts the program that REDIS_SERVER names, else redis-server of
// the PATH, in the empty directory dir. Without any the error wraps ErrSetup.
func startRedis(ctx context.Context, dir string) (*redisServer, error) {
	program := os.Getenv("REDIS_SERVER")
	if program == "" {
		found, err := exec.LookPath("redis-server")
		if err != nil {
			return nil, fmt.Errorf("%w: there is no redis-server: run scripts/redis, or name one in REDIS_SERVER", ErrSetup)
		}
		program = found
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	output := &tail{limit: 4 << 10}
	child := exec.CommandContext(context.WithoutCancel(ctx), program, "--bind", "127.0.0.1", "--port", port, //nolint:gosec // the program is the one that the person at the keyboard names
		"--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", dir)
	child.Stdout, child.Stderr = output, output
	if err := child.Start(); err != nil {
		return nil, fmt.Errorf("%w: %w: correct REDIS_SERVER, or unset it", ErrSetup, err)
	}
	r := &redisServer{address: address, process: child.Process, ended: make(chan error, 1)}
	go func() { r.ended <- child.Wait() }()
	if err := r.answers(ctx); err != nil {
		r.stop()
		return nil, fmt.Errorf("redis-server does not start: %w: %s", err, output.bytes())
	}
	return r, nil
}

// answers waits until the server takes connections, ends or the time is over.
func (r *redisServer) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, redisTimeout)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", r.address); err == nil {
			return connection.Close()
		}
		select {
		case err := <-r.ended:
			r.ended <- err
			return errors.Join(errors.New("it ended"), err)
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// stop ends the server; it keeps nothing that could be lost.
func (r *redisServer) stop() {
	_ = r.process.Kill() // or it has ended by itself
	<-r.ended            //nolint:errcheck // it was killed
}

// freeAddress is a loopback address that nobody listens on just now.
func freeAddress(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", loopback)
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

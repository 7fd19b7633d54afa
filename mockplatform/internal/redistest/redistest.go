// Package redistest starts a Redis server for a test, as a child process on a
// free loopback port, without persistence, and ends it with the test. It talks
// to no server that it did not start.
//
// The server is the program that REDIS_SERVER names, else redis-server of the
// PATH; scripts/test sees to one. Without any the test is skipped and says so.
package redistest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// startTimeout is never reached on a healthy machine.
const startTimeout = 10 * time.Second

// Start answers a client of a fresh server that lives as long as the test.
func Start(tb testing.TB) *redis.Client {
	tb.Helper()
	client := redis.NewClient(&redis.Options{Addr: Address(tb)})
	tb.Cleanup(func() {
		if err := client.Close(); err != nil {
			tb.Errorf("closing the Redis client: %v", err)
		}
	})
	return client
}

// Address starts a fresh server that lives as long as the test and answers its
// host:port.
func Address(tb testing.TB) string {
	tb.Helper()
	return StartServer(tb, "--appendonly", "no").Address
}

// Server is one that a test can kill and start again.
type Server struct {
	Address string // host:port

	args    []string
	process *os.Process // nil while it does not run
	ended   chan error
}

// StartServer starts a fresh server, with further arguments, that lives as long
// as the test. With "--appendonly yes --appendfsync always" it keeps over a Kill
// what it has acknowledged.
func StartServer(tb testing.TB, args ...string) *Server {
	tb.Helper()
	program := os.Getenv("REDIS_SERVER")
	if program == "" {
		found, err := exec.LookPath("redis-server")
		if err != nil {
			tb.Skip("there is no redis-server: install one, or name it in REDIS_SERVER (scripts/redis does)")
		}
		program = found
	}
	var last error
	for range 3 { // another process may take the port between choosing and binding it
		s, err := newServer(program, append([]string{"--dir", tb.TempDir()}, args...))
		if err == nil {
			tb.Cleanup(s.Kill)
			return s
		}
		last = err
	}
	tb.Fatalf("redis-server does not start: %v", last)
	return nil
}

func newServer(program string, args []string) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	s := &Server{Address: address, args: append([]string{
		program, "--bind", "127.0.0.1", "--port", port, "--save", "", "--daemonize", "no",
	}, args...)}
	return s, s.run()
}

// Start starts the server again after a Kill, at its address.
func (s *Server) Start(tb testing.TB) {
	tb.Helper()
	if err := s.run(); err != nil {
		tb.Fatalf("redis-server does not start again: %v", err)
	}
}

func (s *Server) run() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	var output bytes.Buffer
	server := exec.CommandContext(context.WithoutCancel(ctx), s.args[0], s.args[1:]...)
	server.Stdout, server.Stderr = &output, &output
	if err := server.Start(); err != nil {
		return err
	}
	s.process, s.ended = server.Process, make(chan error, 1)
	go func() { s.ended <- server.Wait() }()
	if err := answers(ctx, s.Address, s.ended); err != nil {
		s.Kill()
		return fmt.Errorf("%w: %s", err, output.Bytes())
	}
	return nil
}

// Kill ends the server at once, and returns when it has ended.
func (s *Server) Kill() {
	if s.process == nil {
		return
	}
	_ = s.process.Kill() // or it has ended by itself
	<-s.ended            //nolint:errcheck // it was killed
	s.process = nil
}

// answers waits until the server answers, ends or ctx does.
func answers(ctx context.Context, address string, ended chan error) error {
	client := redis.NewClient(&redis.Options{Addr: address, MaxRetries: -1})
	defer func() { _ = client.Close() }() // it was for asking only
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if client.Ping(ctx).Err() == nil {
			return nil
		}
		select {
		case err := <-ended:
			ended <- err
			return fmt.Errorf("it ended: %w", err)
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

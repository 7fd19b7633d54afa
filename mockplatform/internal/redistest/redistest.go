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
	program := os.Getenv("REDIS_SERVER")
	if program == "" {
		found, err := exec.LookPath("redis-server")
		if err != nil {
			tb.Skip("there is no redis-server: install one, or name it in REDIS_SERVER (scripts/redis does)")
		}
		program = found
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	var last error
	for range 3 { // another process may take the port between choosing and binding it
		address, err := start(ctx, tb, program)
		if err == nil {
			return address
		}
		last = err
	}
	tb.Fatalf("redis-server does not start: %v", last)
	return ""
}

func start(ctx context.Context, tb testing.TB, program string) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	var output bytes.Buffer
	server := exec.CommandContext(context.WithoutCancel(ctx), program, "--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", tb.TempDir()) //nolint:gosec // the program is the one that scripts/redis or PATH names
	server.Stdout, server.Stderr = &output, &output
	if err := server.Start(); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	stop := func() {
		_ = server.Process.Kill() // it keeps nothing that could be lost
		<-ended                   //nolint:errcheck // it was killed
	}
	if err := answers(ctx, address, ended); err != nil {
		stop()
		return "", fmt.Errorf("%w: %s", err, output.Bytes())
	}
	tb.Cleanup(stop)
	return address, nil
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

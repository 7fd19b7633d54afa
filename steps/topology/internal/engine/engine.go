// Package engine is the part of a Docker engine that a run of the conformance
// harness uses: images around static programs, one network, containers on it.
// Everything it makes carries the run's label, so that Close can remove all of
// it and the next run can remove what a killed one left behind.
//
// It knows nothing of Platforms and MINT; package topology does.
package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	tclog "github.com/testcontainers/testcontainers-go/log"
	"github.com/testcontainers/testcontainers-go/network"
)

// ErrNone says that no Docker engine answers on this machine.
var ErrNone = errors.New("no Docker engine answers")

// closeWithin bounds the removal of everything at the end of a run.
const closeWithin = 60 * time.Second

// Engine is a Docker engine with a network for this run. It is safe for use
// by several goroutines.
type Engine struct {
	client  *client.Client
	logger  *slog.Logger
	run     string
	labels  map[string]string
	network *testcontainers.DockerNetwork
	place
}

// Connect finds the engine (DOCKER_HOST, else the usual sockets), removes what
// killed runs left behind and creates the network of this run. Without an
// engine the error wraps ErrNone.
func Connect(ctx context.Context, logger *slog.Logger) (*Engine, error) {
	api, err := find(ctx)
	if err != nil {
		return nil, err
	}
	at, err := prepare(ctx, api)
	if err != nil {
		return nil, errors.Join(err, api.Close())
	}
	run := rand.Text()[:10]
	e := &Engine{client: api, logger: logger, run: run, labels: labelsOf(run), place: at}
	if err := e.sweep(ctx); err != nil {
		logger.Warn("leftovers of earlier runs could not be removed", "error", err)
	}
	e.network, err = network.New(ctx, network.WithLabels(maps.Clone(e.labels)))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("creating a container network: %w", err), e.Close(ctx))
	}
	return e, nil
}

// Close removes every container, image and network of this run, whether ctx
// is still alive or not.
func (e *Engine) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
	defer cancel()
	everything := func(map[string]string, time.Time) bool { return true }
	err := e.remove(ctx, labelRun+"="+e.run, everything)
	return errors.Join(err, e.client.Close())
}

// silence stops the library's talk on standard error; it has one logger for
// the whole process, which several engines must not set at the same time.
var silence = sync.OnceFunc(func() { tclog.SetDefault(tclog.NewNoopLogger()) })

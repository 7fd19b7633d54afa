package connection

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Bounds of detached work. A refresh lease outlives one call to a platform,
// and one flight outlives its lease being waited for.
const (
	storeTimeout   = 10 * time.Second
	leaseTime      = 12 * time.Second
	leaseWait      = 15 * time.Second
	flightTimeout  = 60 * time.Second
	connectTimeout = 30 * time.Second
)

var errClosed = errors.New("MINT is shutting down")

// workers counts work that must not be cut off when the request that asked for
// it ends, so that Close can wait for it.
type workers struct {
	mutex  sync.Mutex
	count  int
	closed bool
	idle   chan struct{} // closed when count is 0 and closed is set
}

// detach starts a piece of work: its context outlives ctx and has a limit of
// its own. Call done at the end.
func (w *workers) detach(ctx context.Context, limit time.Duration) (detached context.Context, done func(), err error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.closed {
		return nil, nil, errClosed
	}
	w.count++
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	return detached, func() { cancel(); w.finish() }, nil
}

func (w *workers) finish() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.count--
	if w.closed && w.count == 0 {
		close(w.idle)
	}
}

func (w *workers) close(ctx context.Context) error {
	w.mutex.Lock()
	if !w.closed {
		w.closed, w.idle = true, make(chan struct{})
		if w.count == 0 {
			close(w.idle)
		}
	}
	idle := w.idle
	w.mutex.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pause waits in real time; it is false when ctx ended first.
func pause(ctx context.Context, wait time.Duration) bool {
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

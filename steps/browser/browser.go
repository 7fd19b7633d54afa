// Package browser drives a Chromium-family browser the way a customer would:
// by labels, buttons and links. It launches one browser per run and gives each
// customer an incognito window of their own. It knows no page of ours and
// judges nothing.
//
// Decisions. It speaks the DevTools protocol through rod's cdp and proto
// packages, but looks for elements with one script of its own (page.js)
// instead of rod's Element: one round trip per look, which waits inside the
// page instead of asking again and again, and an old page is never mistaken for
// the new one after a press. The browser is held by a pipe, not by a debugging
// port: nobody else can attach, and the browser ends by itself when this
// process dies.
package browser

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// ErrNotFound marks a browser that is missing or does not start; the text
// says what to do about it. The runner answers it with exit code 2.
var ErrNotFound = errors.New("no usable browser")

// ErrLost marks a browser or page that went away. It is a fault of the
// surroundings, never a verdict about what is under test.
var ErrLost = errors.New("the browser lost its page")

// ErrUnreachable marks an address that Goto could not open.
var ErrUnreachable = errors.New("the browser cannot reach the address")

// DefaultWait bounds every wait for something on a page.
const DefaultWait = 10 * time.Second

// Width and Height are the size of a session's window, in CSS pixels.
const (
	Width  = 1280
	Height = 800
)

// Options say which browser and how.
type Options struct {
	// Bin is the path of a browser (see Find), or the http(s) or ws(s) address
	// of one that runs with remote debugging.
	Bin string
	// Headed shows the window.
	Headed bool
	// Flags are more command line flags, names without leading dashes.
	Flags map[string]string
}

// Browser is one running browser, safe for use by several goroutines.
type Browser struct {
	name    string
	client  *cdp.Client
	process *process // nil for a remote browser
	unseen  bool     // it has no screen: windows stay minimised until Show
	close   func() error

	mu       sync.Mutex
	sessions map[proto.TargetSessionID]*Session
	gone     chan struct{} // closed when the connection ended
	closing  atomic.Bool
}

// Launch starts the browser that o names, or connects to it, and returns once
// it answers. The error wraps ErrNotFound when it cannot be started.
func Launch(ctx context.Context, o Options) (*Browser, error) {
	if o.Bin == "" {
		return nil, fmt.Errorf("%w: none was named", ErrNotFound)
	}
	if IsAddress(o.Bin) {
		return connect(ctx, o.Bin)
	}
	p, err := start(o)
	if err != nil {
		return nil, err
	}
	b := newBrowser(p.pipe, p.stop)
	b.process, b.unseen = p, !o.Headed
	if err := b.greet(ctx); err != nil {
		_ = p.stop()
		return nil, fmt.Errorf("%w: %s did not answer: %w%s", ErrNotFound, o.Bin, err, p.lastWords())
	}
	return b, nil
}

func newBrowser(wire cdp.WebSocketable, closeWire func() error) *Browser {
	b := &Browser{
		client:   cdp.New().Start(wire),
		close:    closeWire,
		sessions: map[proto.TargetSessionID]*Session{},
		gone:     make(chan struct{}),
	}
	go b.dispatch()
	return b
}

// greet asks for the version: the first answer proves that the browser runs.
func (b *Browser) greet(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	v, err := proto.BrowserGetVersion{}.Call(b.target(ctx, ""))
	if err != nil {
		return err
	}
	b.name = v.Product
	return nil
}

// Name is the browser's own product name and version.
func (b *Browser) Name() string { return b.name }

// Lost says whether the browser went away; a new one must be launched then.
func (b *Browser) Lost() bool {
	select {
	case <-b.gone:
		return true
	default:
		return false
	}
}

// NewSession opens an incognito window of Width x Height.
func (b *Browser) NewSession(ctx context.Context) (*Session, error) {
	return b.NewSessionSized(ctx, Width, Height)
}

// Close ends the browser (a remote one is only let go) and removes its
// profile directory. It may be called twice.
func (b *Browser) Close() error {
	if !b.closing.CompareAndSwap(false, true) {
		return nil
	}
	if b.process != nil && !b.Lost() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		_ = proto.BrowserClose{}.Call(b.target(ctx, "")) // the answer may be cut off by its own effect
	}
	return b.close()
}

// dispatch hands every event to its session until the connection ends.
func (b *Browser) dispatch() {
	defer close(b.gone)
	for e := range b.client.Event() {
		if s := b.session(proto.TargetSessionID(e.SessionID)); s != nil {
			s.handle(e)
			continue
		}
		if e.Method != (proto.TargetDetachedFromTarget{}).ProtoEvent() {
			continue
		}
		var detached proto.TargetDetachedFromTarget
		if decode(e, &detached) {
			if s := b.session(detached.SessionID); s != nil {
				s.lose("its window was closed")
			}
		}
	}
}

func (b *Browser) session(id proto.TargetSessionID) *Session {
	if id == "" {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sessions[id]
}

func (b *Browser) forget(id proto.TargetSessionID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.sessions, id)
}

// target is what proto's typed calls are sent through.
type target struct {
	ctx     context.Context
	session proto.TargetSessionID
	b       *Browser
}

func (b *Browser) target(ctx context.Context, session proto.TargetSessionID) target {
	return target{ctx: ctx, session: session, b: b}
}

// GetContext implements proto.Contextable.
func (t target) GetContext() context.Context { return t.ctx }

// GetSessionID implements proto.Sessionable.
func (t target) GetSessionID() proto.TargetSessionID { return t.session }

// Call implements proto.Client. An error that is neither the protocol's nor
// the context's means that the connection broke.
func (t target) Call(ctx context.Context, session, method string, params any) ([]byte, error) {
	if t.b.Lost() {
		return nil, fmt.Errorf("%w: the browser ended", ErrLost)
	}
	res, err := t.b.client.Call(ctx, session, method, params)
	var refused *cdp.Error
	switch {
	case err == nil, errors.As(err, &refused), ctx.Err() != nil:
		return res, err
	default:
		return nil, fmt.Errorf("%w: the browser ended (%w)", ErrLost, err)
	}
}

// Package browser drives a Chromium-family browser the way a customer would:
// by labels, buttons and links. It launches one browser per run and gives each
// customer an incognito window. It knows no page of ours.
package browser

import (
	"context"
	"errors"
	"time"
)

// ErrNotFound: there is no browser on this machine; exit code 2.
var ErrNotFound = errors.New("no browser")

// ErrLost: the browser or its page went away. It is a fault of the
// surroundings, never a verdict about what is under test.
var ErrLost = errors.New("the browser lost its page")

// DefaultWait bounds every wait for something on a page.
const DefaultWait = 10 * time.Second

// Options say which browser and how.
type Options struct {
	Bin    string            // path, or http(s)/ws(s) URL of a running one
	Headed bool              // show the window
	Flags  map[string]string // more command line flags, without leading dashes
}

// Browser is one running browser, safe for use by several goroutines.
type Browser struct{}

// Launch starts (or connects to) a browser.
func Launch(ctx context.Context, o Options) (*Browser, error) { return nil, ErrNotFound }

// NewSession opens an incognito window of 1280x800.
func (b *Browser) NewSession(ctx context.Context) (*Session, error) { return nil, ErrNotFound }

// NewSessionSized opens an incognito window of another size, such as 390x844
// for a phone.
func (b *Browser) NewSessionSized(ctx context.Context, width, height int) (*Session, error) {
	return nil, ErrNotFound
}

// Close ends the browser.
func (b *Browser) Close() error { return nil }

package runner

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/mint-conformance/mint/steps/browser"
)

// maxLaunches bounds how often a dying browser is started again.
const maxLaunches = 3

// shared is the one browser of a run.
type shared struct {
	launch func(ctx context.Context, flags map[string]string) (*browser.Browser, error)
	flags  map[string]string

	mu       sync.Mutex
	current  *browser.Browser
	launches int
	product  string
}

// browser launches the browser when it is first needed, and again when it died.
func (s *shared) browser(ctx context.Context) (*browser.Browser, error) {
	if s.launch == nil {
		return nil, errors.New("this run has no browser")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil && !s.current.Lost() {
		return s.current, nil
	}
	if s.current != nil {
		_ = s.current.Close() // removes its profile; it is gone already
		s.current = nil
	}
	if s.launches == maxLaunches {
		return nil, fmt.Errorf("%w: it ended %d times and is not started again", browser.ErrLost, s.launches)
	}
	s.launches++
	b, err := s.launch(ctx, s.flags)
	if errors.Is(err, browser.ErrNotFound) {
		s.launches-- // nothing was started
	}
	if err != nil {
		return nil, err
	}
	s.current, s.product = b, b.Name()
	return b, nil
}

func (s *shared) name() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.product
}

func (s *shared) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil {
		return nil
	}
	return s.current.Close()
}

// ShareBrowser makes one browser out of launch for all who call use: launched
// when first needed, and again should it die.
func ShareBrowser(launch func(ctx context.Context, flags map[string]string) (*browser.Browser, error)) (use func(context.Context) (*browser.Browser, error), end func() error) {
	s := &shared{launch: launch}
	return s.browser, s.close
}

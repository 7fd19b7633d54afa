// Package redirection serves redirection endpoints (RFC 6749 section 3.1.2): the
// addresses at which clients get the answers to authorization requests, so that
// browsers may really go there. It judges nothing and writes nothing down.
package redirection

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

const (
	// most is how many answers are kept for whoever asks for them.
	most = 64
	// largest is how long the body of an answer may be, in bytes.
	largest = 64 << 10
)

// Answer is a request that came to a redirection endpoint.
type Answer struct {
	Method string
	Query  string // as it came
	Body   string // of a form that was posted (response_mode form_post)
}

// Params are those of the query and of the form.
func (a Answer) Params() (url.Values, error) {
	params, err := url.ParseQuery(a.Query)
	if err != nil {
		return nil, fmt.Errorf("the query of the redirect: %w", err)
	}
	form, err := url.ParseQuery(a.Body)
	if err != nil {
		return nil, fmt.Errorf("the form that was posted to the redirect URI: %w", err)
	}
	for name, values := range form {
		params[name] = append(params[name], values...)
	}
	return params, nil
}

// Site serves redirection endpoints. It is safe for use by several goroutines.
type Site struct {
	uris   []string
	server *http.Server
	served sync.WaitGroup

	mu      sync.Mutex
	kept    []Answer      // the newest last
	changed chan struct{} // closed when one came
}

// Serve serves the URIs on the listeners, which Close closes. Whatever comes in
// on them is taken for an answer: a tunnel may have changed the path.
func Serve(uris []string, listeners ...net.Listener) *Site {
	s := &Site{uris: uris, changed: make(chan struct{})}
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 20 * time.Second}
	for _, l := range listeners {
		s.served.Go(func() { _ = s.server.Serve(l) }) // ends with Close
	}
	return s
}

// URIs are the redirect URIs that are served.
func (s *Site) URIs() []string { return slices.Clone(s.uris) }

// Serves says whether an address is one of those that are served; its query and
// fragment do not count.
func (s *Site) Serves(address string) bool {
	at, err := url.Parse(address)
	return err == nil && slices.ContainsFunc(s.uris, func(uri string) bool {
		own, err := url.Parse(uri)
		return err == nil && own.Scheme == at.Scheme && own.Host == at.Host && orSlash(own.Path) == orSlash(at.Path)
	})
}

func orSlash(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// ServeHTTP takes an answer.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "a redirection endpoint takes GET and POST", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
	if err != nil {
		http.Error(w, "the answer is too long", http.StatusRequestEntityTooLarge)
		return
	}
	s.keep(Answer{Method: r.Method, Query: r.URL.RawQuery, Body: string(body)})
	for name, value := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	} {
		w.Header().Set(name, value)
	}
	_, _ = io.WriteString(w, "The client has its answer.\n") // whoever went away does not need it
}

func (s *Site) keep(a Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, a)
	if over := len(s.kept) - most; over > 0 {
		s.kept = slices.Delete(s.kept, 0, over)
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

// Await waits until exactly this answer has come in, and takes it, or ctx ends.
func (s *Site) Await(ctx context.Context, a Answer) error {
	for {
		s.mu.Lock()
		i, changed := slices.Index(s.kept, a), s.changed
		if i >= 0 {
			s.kept = slices.Delete(s.kept, i, i+1)
		}
		s.mu.Unlock()
		if i >= 0 {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Close ends the site and frees its ports.
func (s *Site) Close() error {
	err := s.server.Close()
	s.served.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

package steps

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/mint-conformance/mint/fixtures"
)

// catcher is the redirection endpoint of a protocol scenario's client: it
// keeps what arrives and shows the browser a page. Beside it stands the client's
// page that opens the Platform in a popup or a frame.
type catcher struct {
	server  *http.Server
	address string

	mu      sync.Mutex
	arrived []arrival
}

// arrival is one request to the redirection endpoint.
type arrival struct {
	method string
	query  url.Values // the parameters, those of a posted form as well
	whole  string     // URL, headers and body, to search
}

// openCatcher starts the scenario's redirection endpoint the first time.
func (w *world) openCatcher() (*catcher, error) {
	if w.catcher != nil {
		return w.catcher, nil
	}
	c, err := newCatcher()
	w.catcher = c
	return c, err
}

func newCatcher() (*catcher, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("opening the client's redirection endpoint: %w", err)
	}
	c := &catcher{address: "http://" + listener.Addr().String()}
	c.server = &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: c}
	go func() { _ = c.server.Serve(listener) }() // ends with close
	return c, nil
}

func (c *catcher) uri() string { return c.address + "/callback" }

// hostPath is where the client's page is that opens the Platform; a visit there
// is no arrival.
const hostPath = "/host"

func (c *catcher) close() error { return c.server.Close() }

// ServeHTTP keeps the request and answers with a page. Only the browser's own
// request for an icon is no arrival.
func (c *catcher) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if r.URL.Path == hostPath {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = rw.Write(fixtures.ClientPage)
		return
	}
	body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20)) // what cannot be read is not kept
	if r.URL.Path != "/favicon.ico" {
		parameters := r.URL.Query()
		if r.Method == http.MethodPost {
			posted, _ := url.ParseQuery(string(body)) // what is no form has no parameters
			maps.Copy(parameters, posted)
		}
		c.mu.Lock()
		c.arrived = append(c.arrived, arrival{
			method: r.Method, query: parameters, whole: fmt.Sprintf("%s %v %s", r.URL, r.Header, body),
		})
		c.mu.Unlock()
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(rw, `<!doctype html><title>Received</title><h1 id="received">Received</h1>`)
}

func (c *catcher) all() []arrival {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]arrival{}, c.arrived...)
}

// last is the newest arrival.
func (c *catcher) last() (arrival, error) {
	all := c.all()
	if len(all) == 0 {
		return arrival{}, errors.New("expected something at the redirection endpoint, nothing arrived")
	}
	return all[len(all)-1], nil
}

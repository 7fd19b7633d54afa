package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// maxBody bounds what is kept of one answer.
const maxBody = 1 << 20

// Request is one request to send. Exactly one of Form, JSON and Body, or none,
// makes the body.
type Request struct {
	About   string
	Control bool
	Browser bool
	Method  string // POST if there is a body, else GET, when empty
	URL     string
	Query   url.Values // added to what URL has
	Form    url.Values
	Body    string
	// ContentType overrides that of Form; needed for Body.
	ContentType string
	Header      http.Header
	// BasicID and BasicSecret go into the Authorization header, form-encoded as
	// RFC 6749 section 2.3.1 asks, if BasicID is set.
	BasicID, BasicSecret string
	Bearer               string // goes into the Authorization header
}

// Client sends requests of one check and remembers them. It may be used from
// several goroutines.
type Client struct {
	// HTTP follows no redirects and has a time limit.
	HTTP *http.Client
	// Agent is sent as User-Agent; it names the check.
	Agent string
	// Now is the machine's time.
	Now func() time.Time
	// Before, if set, waits until the next request may go out (politeness).
	Before func(ctx context.Context) error

	mu   sync.Mutex
	kept []Exchange
}

// Do sends one request. Trouble on the way is part of the Exchange; an error
// means that the request could not be built or ctx ended.
func (c *Client) Do(ctx context.Context, r Request) (Exchange, error) {
	request, body, err := r.build(ctx)
	if err != nil {
		return Exchange{}, err
	}
	if c.Agent != "" {
		request.Header.Set("User-Agent", c.Agent)
	}
	if err := c.Wait(ctx); err != nil {
		return Exchange{}, err
	}
	e := Exchange{
		About: r.About, Control: r.Control, Browser: r.Browser, BasicID: r.BasicID, At: c.Now(),
		Method: request.Method, URL: request.URL.String(), RequestHeader: request.Header, RequestBody: body,
	}
	response, err := c.HTTP.Do(request) //nolint:bodyclose // read and closed by take
	if err == nil {
		err = e.take(response)
	}
	e.Took = c.Now().Sub(e.At)
	if err != nil {
		if ctx.Err() != nil {
			return c.keep(e), ctx.Err()
		}
		e.Err = trouble(err)
	}
	return c.keep(e), nil
}

// Wait waits until Before lets the next request go out, also one that is not
// sent by Do.
func (c *Client) Wait(ctx context.Context) error {
	if c.Before == nil || ctx.Value(unpacedKey{}) != nil {
		return nil
	}
	return c.Before(ctx)
}

type unpacedKey struct{}

// Unpaced returns a context in which requests do not wait for Before: for those
// that have to go out at the same instant.
func Unpaced(ctx context.Context) context.Context {
	return context.WithValue(ctx, unpacedKey{}, true)
}

// Note keeps an exchange that somebody else made, such as a browser.
func (c *Client) Note(e Exchange) Exchange { return c.keep(e) }

func (c *Client) keep(e Exchange) Exchange {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.Number = len(c.kept) + 1
	c.kept = append(c.kept, e)
	return e
}

// All is what was exchanged so far, oldest first.
func (c *Client) All() []Exchange {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Exchange{}, c.kept...)
}

func (r Request) build(ctx context.Context) (*http.Request, string, error) {
	address := r.URL
	if len(r.Query) > 0 {
		separator := "?"
		if strings.Contains(address, "?") {
			separator = "&"
		}
		address += separator + r.Query.Encode()
	}
	body, contentType := r.Body, r.ContentType
	if r.Form != nil {
		body = r.Form.Encode()
		if contentType == "" {
			contentType = "application/x-www-form-urlencoded"
		}
	}
	method := r.Method
	if method == "" {
		method = http.MethodGet
		if body != "" || r.Form != nil {
			method = http.MethodPost
		}
	}
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	request, err := http.NewRequestWithContext(ctx, method, address, reader)
	if err != nil {
		return nil, "", err
	}
	for name, values := range r.Header {
		request.Header[name] = values
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if r.BasicID != "" {
		request.SetBasicAuth(url.QueryEscape(r.BasicID), url.QueryEscape(r.BasicSecret))
	}
	if r.Bearer != "" {
		request.Header.Set("Authorization", "Bearer "+r.Bearer)
	}
	return request, body, nil
}

func (e *Exchange) take(response *http.Response) error {
	defer func() { _ = response.Body.Close() }() // everything was read
	e.Status, e.Header = response.StatusCode, response.Header
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	e.Body = string(body)
	if json.Unmarshal(body, &e.JSON) != nil {
		e.JSON = nil // not an object
	}
	e.readClaims()
	if e.gives = e.Text("error"); e.Tokens() {
		e.gives = "tokens"
	}
	return err
}

const timedOut = "no answer within the time limit"

// trouble says in a few words why there was no answer.
func trouble(err error) string {
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, os.ErrDeadlineExceeded):
		return timedOut
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed without a complete answer"
	case errors.As(err, &dns):
		return "the host name " + dns.Name + " is not known"
	}
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err // the address is in the exchange, and may hold secrets
	}
	return "no answer: " + err.Error()
}

func itoa(n int) string { return strconv.Itoa(n) }

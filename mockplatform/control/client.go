package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxAnswer bounds what the client reads of one answer; a full journal is the
// largest document the control API gives out.
const maxAnswer = 256 << 20

// Client speaks to one control API. It is safe for concurrent use and holds no
// state but its connections. The context of a call is its only time limit.
type Client struct {
	base  string
	token string
	http  *http.Client
}

// NewClient returns a client for the control API at baseURL, for example
// "http://127.0.0.1:9401". The token is the one the server was started with,
// empty for a server on loopback without one.
func NewClient(baseURL, token string) *Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	return &Client{
		base:  strings.TrimRight(baseURL, "/"),
		token: token,
		http:  &http.Client{Transport: transport},
	}
}

// BaseURL is the address the client was made for, without a trailing slash.
func (c *Client) BaseURL() string { return c.base }

// Close drops idle connections. Calls under way are not disturbed.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Error is an answer of the control API that is not a success.
type Error struct {
	// Status is the HTTP status: 400 for a document that cannot be read, 404
	// for an unknown Platform or fault, 409 for a name in use, 422 for a value
	// that is refused, 504 when a follower of a clock did not answer in time.
	Status int
	// Message is one sentence that names the field and the mend.
	Message string
}

func (e *Error) Error() string {
	return fmt.Sprintf("control API answered %d: %s", e.Status, e.Message)
}

// Malformed reports whether what was sent is wrong as it stands, whatever the
// state of the server: a document that cannot be read, or a value in it that is
// refused.
func (e *Error) Malformed() bool {
	switch e.Status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// IsNotFound says whether err is the control API's 404: the Platform, fault or
// follower of that name does not exist.
func IsNotFound(err error) bool {
	var answer *Error
	return errors.As(err, &answer) && answer.Status == http.StatusNotFound
}

// call sends one request and decodes a 2xx answer into out (nil: no body is
// expected). Every other status becomes an *Error.
func (c *Client) call(ctx context.Context, method, path string, query url.Values, in, out any) error {
	document, err := c.fetch(ctx, method, path, query, in)
	if err != nil || out == nil {
		return err
	}
	if err := json.Unmarshal(document, out); err != nil {
		return fmt.Errorf("control API %s %s: the answer is not the expected document: %w", method, path, err)
	}
	return nil
}

// fetch sends one request and returns the body of a 2xx answer.
func (c *Client) fetch(ctx context.Context, method, path string, query url.Values, in any) ([]byte, error) {
	request, err := c.request(ctx, method, path, query, in)
	if err != nil {
		return nil, fmt.Errorf("control API %s %s: %w", method, path, err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("control API at %s: %w", c.base, err)
	}
	defer response.Body.Close()
	document, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("control API %s %s: reading the answer: %w", method, path, err)
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, answerError(response.StatusCode, document)
	}
	return document, nil
}

func (c *Client) request(ctx context.Context, method, path string, query url.Values, in any) (*http.Request, error) {
	var body io.Reader
	if in != nil {
		document, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(document)
	}
	target := c.base + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return nil, err
	}
	if in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Accept", "application/json")
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	return request, nil
}

func answerError(status int, document []byte) error {
	var problem Problem
	if err := json.Unmarshal(document, &problem); err != nil || problem.Message == "" {
		return &Error{Status: status, Message: "the answer carries no explanation; is this the control address (not the public one)?"}
	}
	return &Error{Status: status, Message: problem.Message}
}

func platformPath(name string, rest ...string) string {
	var path strings.Builder
	path.WriteString("/v1/platforms/")
	path.WriteString(url.PathEscape(name))
	for _, segment := range rest {
		path.WriteByte('/')
		path.WriteString(url.PathEscape(segment))
	}
	return path.String()
}

func pollQuery(after int64, wait time.Duration) url.Values {
	return withWait(url.Values{"after": {strconv.FormatInt(after, 10)}}, wait)
}

func withWait(query url.Values, wait time.Duration) url.Values {
	if wait > 0 {
		query.Set("wait", wait.String())
	}
	return query
}

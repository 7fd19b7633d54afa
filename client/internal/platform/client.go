package platform

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// Bounds of one call.
const (
	// maxBody is the most of an answer that MINT reads, in bytes.
	maxBody = 1 << 20
	// CallTimeout bounds one call from dialling to the last byte. It is well
	// below a refresh lease and, with it, below usual grace windows.
	CallTimeout = 8 * time.Second

	userAgent = "MINT-reference-client"
)

// errRedirect is what a 3xx answer means here: nothing at a token or resource
// endpoint redirects, and following would hand secrets to another address.
var errRedirect = errors.New("answered with a redirect, which is not followed")

// Client calls one platform. It is safe for concurrent use and keeps nothing
// between calls but open connections.
type Client struct {
	integration Integration
	redirectURI string
	http        *http.Client
	now         func() time.Time
}

// NewTransport builds the transport that clients share by default: TLS is
// verified, proxies from the environment are not used, every phase is bounded.
func NewTransport() *http.Transport {
	return &http.Transport{
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    5 * time.Second,
		ResponseHeaderTimeout:  CallTimeout,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        30 * time.Second,
		ForceAttemptHTTP2:      true,
	}
}

// NewClient builds the client of one integration. redirectURI is MINT's
// redirection endpoint; now is needed for Retry-After dates only.
func NewClient(integration Integration, redirectURI string, transport http.RoundTripper, now func() time.Time) *Client {
	return &Client{
		integration: integration.WithDefaults(), redirectURI: redirectURI, now: now,
		http: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Integration returns the configuration, defaults filled in.
func (c *Client) Integration() Integration { return c.integration }

// request is one call, described before it is built.
type request struct {
	call        string // for errors: "refresh"
	method      string
	address     string
	body        []byte // nil: none
	contentType string
	header      http.Header
}

// reply is a complete answer, whatever its status.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// send makes one call, once: no redirects, and whatever has a body is not
// repeated by the transport (a read may be, on a connection that had gone
// stale). An error is a *Failure that says whether the platform may have seen
// the request.
func (c *Client) send(ctx context.Context, req request) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, CallTimeout)
	defer cancel()
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	built, err := build(ctx, req)
	if err != nil {
		return reply{}, &Failure{Class: ClassConfiguration, Call: req.call, cause: errors.New("the configured address is not usable")}
	}
	answer, err := c.http.Do(built)
	if err != nil {
		return reply{}, &Failure{Class: lostClass(connected.Load()), Call: req.call, cause: withoutAddress(err)}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	if err != nil {
		return reply{}, &Failure{Class: ClassAmbiguous, Call: req.call, Status: answer.StatusCode, cause: fmt.Errorf("answer broke off: %w", withoutAddress(err))}
	}
	if len(body) > maxBody {
		return reply{}, &Failure{Class: ClassUnparseable, Call: req.call, Status: answer.StatusCode, cause: errors.New("answer is larger than 1 MiB")}
	}
	if answer.StatusCode >= 300 && answer.StatusCode < 400 {
		return reply{}, &Failure{Class: ClassConfiguration, Call: req.call, Status: answer.StatusCode, cause: errRedirect}
	}
	return reply{status: answer.StatusCode, header: answer.Header, body: body}, nil
}

func build(ctx context.Context, req request) (*http.Request, error) {
	var body io.Reader
	if req.body != nil {
		body = bytes.NewReader(req.body)
	}
	built, err := http.NewRequestWithContext(ctx, req.method, req.address, body)
	if err != nil {
		return nil, err
	}
	// Without GetBody net/http never repeats a request that has a body, not
	// even one with an Idempotency-Key: whether to repeat is decided here.
	built.GetBody = nil
	for name, values := range req.header {
		built.Header[name] = values
	}
	built.Header.Set("Accept", "application/json")
	built.Header.Set("User-Agent", userAgent)
	if req.contentType != "" {
		built.Header.Set("Content-Type", req.contentType)
	}
	return built, nil
}

// lostClass tells a call that cannot have reached the platform from one that
// may have.
func lostClass(connected bool) Class {
	if connected {
		return ClassAmbiguous
	}
	return ClassTransient
}

// withoutAddress takes the address out of net/http's errors: with client_auth
// query it holds the client secret.
func withoutAddress(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

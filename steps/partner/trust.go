package partner

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/mint-conformance/mint/steps/target"
)

// requestTimeout bounds one request; a person would have gone away by then.
const requestTimeout = 15 * time.Second

// contact is how this machine reaches the server: an HTTP client that trusts
// what the file says, and those certificates that were found to be bad and are
// held fast so that the other checks can go on.
type contact struct {
	http  *http.Client
	roots *x509.CertPool
	now   func() time.Time

	sound http.RoundTripper
	mu    sync.Mutex
	bad   map[string]http.RoundTripper // by host and port
}

func (d *Document) contact(now func() time.Time) (*contact, error) {
	c := &contact{now: now, bad: map[string]http.RoundTripper{}}
	var err error
	if c.roots, err = x509.SystemCertPool(); err != nil {
		c.roots = x509.NewCertPool() // a machine without certificates of its own
	}
	if d.CAFile != "" {
		text, err := os.ReadFile(d.CAFile)
		if err != nil {
			return nil, &Trouble{fmt.Sprintf("ca_file cannot be read: %v", err), "correct the path, which is relative to the file it stands in", Configuration}
		}
		if !c.roots.AppendCertsFromPEM(text) {
			return nil, &Trouble{fmt.Sprintf("ca_file %s has no certificate in it", d.CAFile), "name a file in PEM form", Configuration}
		}
	}
	c.sound = transport(&tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.roots, Time: now})
	c.http = &http.Client{
		Timeout: requestTimeout, Transport: c,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

func transport(config *tls.Config) *http.Transport {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 32, DisableCompression: true, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: requestTimeout, TLSClientConfig: config,
	}
}

// RoundTrip implements http.RoundTripper.
func (c *contact) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	through, pinned := c.bad[r.URL.Host]
	c.mu.Unlock()
	if !pinned || r.URL.Scheme != "https" {
		through = c.sound
	}
	return through.RoundTrip(r)
}

// pin holds the certificate fast that a request to the address was refused
// for: no other one is accepted from that host.
func (c *contact) pin(address string, err error) {
	u, parseErr := url.Parse(address)
	certificate := target.Refused(err)
	if parseErr != nil || certificate == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bad[u.Host] = transport(target.Pin(u.Host, certificate))
}

// origin is the root of an address's server.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + u.Host + "/"
}

// get sends a harmless request.
func (c *contact) get(ctx context.Context, method, address string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", "MINT-Conformance (preflight)")
	request.Header.Set("Accept", "application/json")
	return c.http.Do(request)
}

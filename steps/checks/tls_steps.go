package checks

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/mint-conformance/mint/steps/report"
	"github.com/mint-conformance/mint/steps/target"
)

// soon is how long before its end a certificate is worth a warning.
const soon = 14 * 24 * time.Hour

// tlsSteps are the sentences about certificates and versions of TLS.
func (t *trial) tlsSteps() []sentence {
	return []sentence{
		when(`a client begins TLS with every host of the server`, t.greetAll),
		when(`an old client begins TLS with every host, knowing 1.0 and 1.1 only`, t.greetAllOld),
		then(`each has a certificate that is its own, in time, and signed by an authority the client trusts`, t.certificatesHold),
		then(`each refuses it`, t.oldRefused),
	}
}

// greeting is how TLS began with one host.
type greeting struct {
	host  string
	shown *tls.ConnectionState // nil: it did not come as far as a certificate that holds
	err   error                // why it did not
}

// hosts are those of the target that speak TLS, each as host:port or host.
func (t *trial) hosts() (all []string) {
	e := t.target.Endpoints
	addresses := []string{
		t.target.Issuer, e.Authorize, e.Token, e.Revoke, e.Introspect, e.Register, e.PAR, e.JWKS, e.Metadata, e.Portal, e.Connected, e.Application,
	}
	for _, r := range []*target.Resource{t.target.Resource, t.target.Writable} {
		if r != nil {
			addresses = append(addresses, r.URL)
		}
	}
	for _, address := range addresses {
		if u, err := url.Parse(address); err == nil && u.Scheme == "https" && !slices.Contains(all, u.Host) {
			all = append(all, u.Host)
		}
	}
	return all
}

// errShown ends a greeting that came as far as it was to come.
var errShown = errors.New("the certificate was seen, which is enough")

// greet begins TLS with a host, through a proxy if there is one, and ends it
// once the server has shown a certificate: no request is sent.
func (t *trial) greet(ctx context.Context, host string, config *tls.Config) (greeting, error) {
	if t.target.Before != nil {
		if err := t.target.Before(ctx); err != nil {
			return greeting{}, err
		}
	}
	var shown atomic.Pointer[tls.ConnectionState]
	config.Time = t.suite.Now
	config.VerifyConnection = func(s tls.ConnectionState) error {
		shown.Store(&s)
		return errShown
	}
	client := http.Client{
		Timeout:   t.target.HTTP.Timeout,
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: config, DisableKeepAlives: true},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, "https://"+host+"/", nil)
	if err != nil {
		return greeting{}, err
	}
	response, err := client.Do(request)
	if err == nil {
		return greeting{}, errors.Join(fmt.Errorf("%s answered although TLS was ended", host), response.Body.Close())
	}
	if ctx.Err() != nil {
		return greeting{}, ctx.Err()
	}
	return greeting{host: host, shown: shown.Load(), err: err}, nil
}

func (t *trial) greetAll(ctx context.Context) error {
	hosts := t.hosts()
	if len(hosts) == 0 {
		return report.DoesNotApply("it does not speak TLS, which TL-01 judges")
	}
	for _, host := range hosts {
		g, err := t.greet(ctx, host, &tls.Config{RootCAs: t.target.Roots, MinVersion: tls.VersionTLS12})
		if err != nil {
			return err
		}
		if g.shown == nil && target.Refused(g.err) == nil {
			return unmet("beginning TLS with "+host, withoutAddress(g.err))
		}
		t.controls++
		t.greetings = append(t.greetings, g)
	}
	return nil
}

// certificatesHold: RFC 6749 section 10.9 and RFC 6750 section 5.3.
func (t *trial) certificatesHold(context.Context) error {
	var against []string
	for _, g := range t.greetings {
		if g.shown == nil {
			against = append(against, fmt.Sprintf("for %s: %v", g.host, withoutAddress(g.err)))
			continue
		}
		if ends := g.shown.PeerCertificates[0].NotAfter; ends.Before(t.suite.Now().Add(soon)) {
			t.warn("the certificate of %s ends on %s: renew it in time", g.host, ends.UTC().Format(time.DateOnly))
		}
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "a certificate that clients can trust", Got: strings.Join(against, "; ")}
	}
	return nil
}

// greetAllOld offers old versions with every cipher suite there is, so that
// nothing else can be the reason of a refusal.
func (t *trial) greetAllOld(ctx context.Context) error {
	var suites []uint16
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		suites = append(suites, suite.ID)
	}
	t.greetings = nil
	for _, host := range t.hosts() {
		g, err := t.greet(ctx, host, &tls.Config{
			MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11, CipherSuites: suites,
			InsecureSkipVerify: true, //nolint:gosec // certificates are judged apart
		})
		if err != nil {
			return err
		}
		t.greetings = append(t.greetings, g)
	}
	return nil
}

// oldRefused: RFC 8996 sections 4 and 5.
func (t *trial) oldRefused(context.Context) error {
	t.judged = true
	var against []string
	for _, g := range t.greetings {
		var said *net.OpError
		switch {
		case g.shown != nil:
			against = append(against, g.host+" goes on with "+tls.VersionName(g.shown.Version))
		case errors.As(g.err, &said) && said.Op == "remote error", strings.HasPrefix(withoutAddress(g.err).Error(), "tls: "):
		case errors.Is(g.err, io.EOF), errors.Is(g.err, syscall.ECONNRESET):
			t.warn("%s closes the connection of an old client without the alert protocol_version (RFC 8996 section 5)", g.host)
		default:
			return unmet("beginning TLS 1.1 with "+g.host, withoutAddress(g.err))
		}
	}
	if len(against) > 0 {
		return &report.Finding{Expected: "TLS 1.0 and 1.1 to be refused", Got: strings.Join(against, "; ")}
	}
	return nil
}

// withoutAddress is the cause of trouble without the address that was asked.
func withoutAddress(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

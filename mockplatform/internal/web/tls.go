package web

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/testca"
)

// TLS says how the public listeners prove who they are. The zero value is
// plain HTTP. The control API is never behind it: it is for programs on the
// same machine, or behind a token.
type TLS struct {
	// CertFile and KeyFile are a certificate of one's own, in PEM.
	CertFile, KeyFile string
	// Mode is "auto" for a certificate of a test CA that lives as long as the
	// process, made out to the hosts of the public addresses.
	Mode string
	// CAFile is where the test CA's certificate is written, empty for nowhere.
	CAFile string
	// Fault is a defect to have on purpose: of the test CA's certificate
	// (S004-35) expired, self_signed or wrong_host; old_versions, which takes
	// TLS 1.0 and 1.1 as well (against RFC 8996); or plain_http, which answers
	// requests without TLS on the same ports (against RFC 6749 sections 3.1 and
	// 3.2). Empty and "valid" mean none.
	Fault string
}

// The faults that are not those of a certificate.
const (
	oldVersions = "old_versions"
	plainHTTP   = "plain_http"
)

func tlsFaults() []string { return append(testca.Defects(), oldVersions, plainHTTP) }

// on reports whether the public listeners speak TLS.
func (t TLS) on() bool { return t.Mode != "" || t.CertFile != "" }

func (t TLS) validate() error {
	switch {
	case t.Mode != "" && t.Mode != "auto":
		return fmt.Errorf("tls: %q is unknown: use auto, or leave it out and give tls-cert and tls-key", t.Mode)
	case t.Mode != "" && (t.CertFile != "" || t.KeyFile != ""):
		return errors.New("tls: auto makes a certificate: leave tls-cert and tls-key out")
	case t.CertFile != "" && t.KeyFile == "":
		return errors.New("tls-key: is missing: give the key that belongs to tls-cert")
	case t.KeyFile != "" && t.CertFile == "":
		return errors.New("tls-cert: is missing: give the certificate that belongs to tls-key")
	case t.CAFile != "" && t.Mode == "":
		return errors.New("tls-ca-out: there is no test CA to write: add tls auto")
	case t.Fault != "" && t.Mode == "":
		return errors.New("tls-fault: is for a server with a test CA: add tls auto")
	case t.Fault != "" && !slices.Contains(tlsFaults(), t.Fault):
		return fmt.Errorf("tls-fault: %q is unknown: use %s", t.Fault, strings.Join(tlsFaults(), ", "))
	}
	return nil
}

// secured is what TLS makes of the public listeners.
type secured struct {
	config *tls.Config // nil for plain HTTP
	ca     []byte      // PEM of the test CA, nil without one
	plain  bool        // requests without TLS are answered, too: a fault
}

// scheme is that of the listeners' own addresses.
func (s secured) scheme() string {
	if s.config == nil {
		return "http"
	}
	return "https"
}

// over puts TLS on a listener, if there is any. HTTP/2 is not offered: faults
// reset connections, which there would end other requests as well.
func (s secured) over(listener net.Listener) net.Listener {
	if s.config == nil {
		return listener
	}
	if s.plain {
		return eitherListener{listener, s.config}
	}
	return tls.NewListener(listener, s.config)
}

// secure reads or makes the certificate for the hosts.
func (t TLS) secure(now time.Time, hosts []string) (secured, error) {
	if !t.on() {
		return secured{}, nil
	}
	var certificate tls.Certificate
	var ca []byte
	var err error
	if t.Mode == "" {
		certificate, err = tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
		if err != nil {
			return secured{}, fmt.Errorf("tls-cert, tls-key: %w; both must be PEM files and belong together", err)
		}
	} else {
		defect := testca.Valid
		if slices.Contains(testca.Defects(), t.Fault) {
			defect = t.Fault
		}
		if certificate, ca, err = testca.New(now, defect, hosts...); err != nil {
			return secured{}, err
		}
	}
	if t.CAFile != "" {
		if err := os.WriteFile(t.CAFile, ca, 0o600); err != nil {
			return secured{}, fmt.Errorf("tls-ca-out: %w; name a file that can be written", err)
		}
	}
	config := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	if t.Fault == oldVersions {
		config.MinVersion = tls.VersionTLS10
	}
	return secured{config: config, ca: ca, plain: t.Fault == plainHTTP}, nil
}

// hosts are those that the public addresses name, and loopback.
func hosts(addresses ...string) []string {
	out := []string{"localhost", "127.0.0.1", "::1"}
	for _, address := range addresses {
		host := address
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			host = u.Hostname()
		} else if h, _, err := net.SplitHostPort(address); err == nil {
			host = h
		}
		ip := net.ParseIP(host)
		if host == "" || ip != nil && ip.IsUnspecified() || slices.Contains(out, host) {
			continue
		}
		out = append(out, host)
	}
	return out
}

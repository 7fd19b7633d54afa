package target

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
)

// Refused is the certificate that a request was given up for, nil if err has
// another cause.
func Refused(err error) *x509.Certificate {
	var refused *tls.CertificateVerificationError
	if !errors.As(err, &refused) || len(refused.UnverifiedCertificates) == 0 {
		return nil
	}
	return refused.UnverifiedCertificates[0]
}

// Pin holds one certificate of a host fast, however bad it is: no other one is
// accepted from there. Checks can then go on, and TL-02 judges it.
func Pin(host string, certificate *x509.Certificate) *tls.Config {
	print := sha256.Sum256(certificate.Raw)
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, //nolint:gosec // only the one certificate counts, see below
		VerifyConnection: func(s tls.ConnectionState) error {
			if sha256.Sum256(s.PeerCertificates[0].Raw) != print {
				return fmt.Errorf("the certificate of %s changed during the run", host)
			}
			return nil
		},
	}
}

// pin holds the server's certificate fast if it cannot be trusted. All of its
// listeners have the same one.
func (m *Mocks) pin(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, m.server.URL()+"/", nil)
	if err != nil {
		return err
	}
	response, err := m.http.Do(request)
	if err == nil {
		return response.Body.Close()
	}
	if bad := Refused(err); bad != nil {
		m.http.Transport = transport(Pin(request.URL.Host, bad))
		return nil
	}
	return fmt.Errorf("reaching the mock Platform: %w", err)
}

func transport(config *tls.Config) *http.Transport {
	return &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true, TLSClientConfig: config}
}

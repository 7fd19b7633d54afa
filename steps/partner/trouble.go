package partner

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
)

// Blame says where the mend of a Trouble lies, and with it the exit code.
type Blame int

// The blames: what the file or the account on the server says wrongly, what
// the server does wrongly, and what lies between or around the two.
const (
	Configuration Blame = 2
	Server        Blame = 1
	Surroundings  Blame = 3
)

// Trouble is what keeps a server from being judged, in words for whoever has
// to mend it. It holds no secret.
type Trouble struct {
	Cause string // half a sentence: "the host auth.example is not known"
	Mend  string // a command: "correct issuer in partner.yaml"
	Blame Blame
}

// Error is both, as one sentence.
func (t *Trouble) Error() string { return t.Cause + "; " + t.Mend }

// ExitCode is that of a run which the trouble ends.
func (t *Trouble) ExitCode() int { return int(t.Blame) }

// troubleOf explains why there was no answer from an address.
func troubleOf(address string, err error) *Trouble {
	u, parseErr := url.Parse(address)
	if parseErr != nil {
		return &Trouble{fmt.Sprintf("%q is no address", address), "correct it in the file", Configuration}
	}
	if t := certificateTrouble(u.Hostname(), err); t != nil {
		return t
	}
	host := u.Host
	var dns *net.DNSError
	var timeout net.Error
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return &Trouble{fmt.Sprintf("the host name %s is not known", u.Hostname()), "correct it in the file, or look whether this machine needs a VPN to see it", Surroundings}
	case errors.As(err, &dns):
		return &Trouble{fmt.Sprintf("the name server did not answer for %s", u.Hostname()), "look at the network of this machine", Surroundings}
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return &Trouble{fmt.Sprintf("%s does not speak TLS", host), "correct the scheme or the port in the file", Configuration}
	case errors.As(err, &alert):
		return &Trouble{fmt.Sprintf("%s ended the TLS handshake (%v)", host, alert), "have the server offer TLS 1.2 or newer", Server}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &Trouble{fmt.Sprintf("nothing listens at %s", host), "start the server, or correct the port in the file", Surroundings}
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, os.ErrDeadlineExceeded):
		return &Trouble{fmt.Sprintf("%s does not answer in time", host), "look whether a firewall lets this machine through, and whether the server works", Surroundings}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &Trouble{fmt.Sprintf("%s closes the connection without an answer", host), "look into the log of the server or of the proxy before it", Surroundings}
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // the address is told, and may hold secrets
	}
	return &Trouble{fmt.Sprintf("%s cannot be reached: %v", host, err), "look at the network between this machine and the server", Surroundings}
}

// certificateTrouble explains what is wrong with a certificate, nil if that is
// not the trouble.
func certificateTrouble(host string, err error) *Trouble {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &name):
		names := name.Certificate.DNSNames
		for _, ip := range name.Certificate.IPAddresses {
			names = append(names, ip.String())
		}
		return &Trouble{fmt.Sprintf("the certificate of %s is made out to %s", host, orNobody(names)), "install one for this host name, or correct the address in the file", Server}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return &Trouble{
			fmt.Sprintf("the certificate of %s counts from %s to %s only", host, invalid.Cert.NotBefore.Format("2006-01-02 15:04"), invalid.Cert.NotAfter.Format("2006-01-02 15:04")),
			"renew it, or set this machine's clock if that is wrong", Server,
		}
	case errors.As(err, &unknown):
		issuer := "nobody known"
		if unknown.Cert != nil && unknown.Cert.Issuer.CommonName != "" {
			issuer = fmt.Sprintf("%q, whom this machine does not trust", unknown.Cert.Issuer.CommonName)
		}
		return &Trouble{fmt.Sprintf("the certificate of %s is signed by %s", host, issuer), "name that authority's certificate in ca_file, or have the server send its whole chain", Configuration}
	case errors.As(err, &invalid):
		return &Trouble{fmt.Sprintf("the certificate of %s is not valid: %v", host, invalid), "install a valid one", Server}
	}
	return nil
}

func orNobody(names []string) string {
	if len(names) == 0 {
		return "no host name"
	}
	return strings.Join(names, ", ")
}

// Package testca makes certificates for tests: a certificate authority that
// lives as long as the process, and one server certificate of it, good or with
// one defect. A client that connects in spite of the defect does not verify
// what RFC 6749 section 10.9 tells it to verify (S004-35).
//
// The keys never leave memory; only the authority's certificate is given out.
package testca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"
)

// The defects of a certificate; Valid has none.
const (
	Valid      = "valid"
	Expired    = "expired"     // its time was over an hour ago
	SelfSigned = "self_signed" // signed by itself, not by the authority
	WrongHost  = "wrong_host"  // made out to wrong-host.invalid
)

// Defects lists the words that New takes.
func Defects() []string { return []string{Valid, Expired, SelfSigned, WrongHost} }

const (
	lifetime  = 90 * 24 * time.Hour
	allowance = 24 * time.Hour // for clocks that go wrong
)

// New makes an authority and a server certificate for the hosts, names or IP
// addresses, with the given defect. It answers the certificate to serve and
// the authority's certificate in PEM. now is the machine's time.
func New(now time.Time, defect string, hosts ...string) (tls.Certificate, []byte, error) {
	fail := func(err error) (tls.Certificate, []byte, error) {
		return tls.Certificate{}, nil, fmt.Errorf("making a test certificate: %w", err)
	}
	authority, authorityKey, err := issue(template(now, "mockplatform test CA (trust it in tests only)", true), nil, nil)
	if err != nil {
		return fail(err)
	}
	wanted := template(now, "mockplatform", false)
	signer, signerKey := authority, authorityKey
	switch defect {
	case Valid:
	case Expired:
		wanted.NotBefore, wanted.NotAfter = now.Add(-lifetime), now.Add(-time.Hour)
	case SelfSigned:
		signer, signerKey = nil, nil
	case WrongHost:
		hosts = []string{"wrong-host.invalid"}
	default:
		return fail(fmt.Errorf("there is no defect %q", defect))
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			wanted.IPAddresses = append(wanted.IPAddresses, ip)
		} else {
			wanted.DNSNames = append(wanted.DNSNames, host)
		}
	}
	leaf, key, err := issue(wanted, signer, signerKey)
	if err != nil {
		return fail(err)
	}
	served := tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}
	return served, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.Raw}), nil
}

func template(now time.Time, name string, authority bool) *x509.Certificate {
	t := &x509.Certificate{
		Subject:   pkix.Name{CommonName: name},
		NotBefore: now.Add(-allowance), NotAfter: now.Add(lifetime),
		BasicConstraintsValid: true, IsCA: authority,
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if authority {
		t.KeyUsage, t.MaxPathLenZero = x509.KeyUsageCertSign, true
	} else {
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	return t
}

// issue signs the template with the signer's key, or with its own.
func issue(wanted, signer *x509.Certificate, signerKey crypto.Signer) (*x509.Certificate, crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	if wanted.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return nil, nil, err
	}
	if signer == nil {
		signer, signerKey = wanted, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, wanted, signer, key.Public(), signerKey)
	if err != nil {
		return nil, nil, err
	}
	made, err := x509.ParseCertificate(raw)
	return made, key, err
}

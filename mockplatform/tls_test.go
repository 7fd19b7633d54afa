package mockplatform_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// overTLS serves the profile mint behind TLS.
func overTLS(t *testing.T, settings mockplatform.TLS) *mockplatform.Server {
	t.Helper()
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control, cfg.TLS = "127.0.0.1:0", "127.0.0.1:0", settings
	cfg.Platforms = []mockplatform.Hosted{{Profile: "mint"}}
	server, err := mockplatform.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return server
}

// trusting is a client that trusts the CA and nobody else.
func trusting(t *testing.T, ca []byte) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		t.Fatal("the CA's certificate cannot be read")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func get(t *testing.T, client *http.Client, address string) (*http.Response, string, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, string(body), err
}

// With a test CA every public address is https, and clients that trust the
// written certificate can verify it; cookies are Secure.
func TestTLSAuto(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ca.pem")
	server := overTLS(t, mockplatform.TLS{Mode: "auto", CAFile: file})
	ca, err := os.ReadFile(file)
	if err != nil || string(ca) != string(server.CA()) || strings.Contains(string(ca), "PRIVATE") {
		t.Fatalf("the written CA: %v\n%s", err, ca)
	}
	p, err := server.Control().Platform(t.Context(), "mint")
	if err != nil || !strings.HasPrefix(p.Issuer, "https://127.0.0.1:") || !strings.HasPrefix(server.APIURL(), "https://") || !strings.HasPrefix(server.ControlURL(), "http://") {
		t.Fatalf("issuer %s, API %s, control %s, %v", p.Issuer, server.APIURL(), server.ControlURL(), err)
	}
	client := trusting(t, ca)
	response, body, err := get(t, client, p.Endpoints.Metadata)
	if err != nil || response.StatusCode != 200 || response.ProtoMajor != 1 || strings.Contains(body, "http://") || !strings.Contains(body, `"issuer":"`+p.Issuer+`"`) {
		t.Errorf("metadata: %v %s", err, body)
	}
	response, _, err = get(t, client, p.Endpoints.Authorize+"?response_type=code&client_id=mint-web&redirect_uri=http%3A%2F%2F127.0.0.1%3A9500%2Foauth%2Fcallback&scope=ads.read&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256")
	if err != nil || response.StatusCode != 200 || len(response.Cookies()) == 0 {
		t.Fatalf("login page: %v, %v", err, response)
	}
	for _, cookie := range response.Cookies() {
		if !cookie.Secure {
			t.Errorf("the cookie %s is not Secure", cookie.Name)
		}
	}
	if _, _, err := get(t, trusting(t, overTLS(t, mockplatform.TLS{Mode: "auto"}).CA()), p.Endpoints.Metadata); !errors.As(err, new(x509.UnknownAuthorityError)) {
		t.Errorf("another process's CA is good, too: %v", err)
	}
}

// A dropped connection is reset behind TLS, too.
func TestTLSDrop(t *testing.T) {
	server := overTLS(t, mockplatform.TLS{Mode: "auto"})
	p, err := server.Control().Platform(t.Context(), "mint")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.Control().ArmFault(t.Context(), "mint", control.Fault{
		Match: control.FaultMatch{Endpoint: "authorize"}, Action: control.FaultAction{Kind: "drop_before"}, Count: 1,
	}); err != nil {
		t.Fatal(err)
	}
	address := p.Endpoints.Authorize + "?response_type=code&client_id=mint-web&redirect_uri=http%3A%2F%2F127.0.0.1%3A9500%2Foauth%2Fcallback&scope=ads.read&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
	if _, _, err := get(t, trusting(t, server.CA()), address); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the connection ended with %v, want a reset", err)
	}
}

// Each defect is refused by a client that verifies, for its own reason.
func TestTLSFaults(t *testing.T) {
	for fault, want := range map[string]string{
		"valid":       "",
		"expired":     "certificate has expired or is not yet valid",
		"self_signed": "certificate signed by unknown authority",
		"wrong_host":  "doesn't contain any IP SANs",
	} {
		t.Run(fault, func(t *testing.T) {
			server := overTLS(t, mockplatform.TLS{Mode: "auto", Fault: fault})
			_, _, err := get(t, trusting(t, server.CA()), server.URL()+"/")
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("got %v, want %q", err, want)
			}
			journal, err := server.Control().Journal(t.Context(), "mint", 0, 0)
			if err != nil || len(journal.Exchanges) != 0 {
				t.Errorf("a request arrived: %+v, %v", journal.Exchanges, err)
			}
		})
	}
}

// Versions before TLS 1.2 are refused unless a fault takes them.
func TestTLSOldVersions(t *testing.T) {
	for fault, want := range map[string]uint16{"": 0, "old_versions": tls.VersionTLS11} {
		server := overTLS(t, mockplatform.TLS{Mode: "auto", Fault: fault})
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(server.CA())
		conn, err := tls.Dial("tcp", strings.TrimPrefix(server.URL(), "https://"), &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
		var got uint16
		if err == nil {
			got = conn.ConnectionState().Version
			_ = conn.Close()
		}
		if got != want {
			t.Errorf("fault %q: version %x, %v, want %x", fault, got, err, want)
		}
		if _, _, err := get(t, trusting(t, server.CA()), server.URL()+"/"); err != nil {
			t.Errorf("fault %q: %v", fault, err)
		}
	}
}

// With the fault plain_http one port answers both, over connections that stay.
func TestTLSPlainHTTP(t *testing.T) {
	for fault, want := range map[string]int{"": 400, "plain_http": 200} {
		server := overTLS(t, mockplatform.TLS{Mode: "auto", Fault: fault})
		client := trusting(t, server.CA())
		for range 2 {
			for address, want := range map[string]int{server.URL() + "/": 200, strings.Replace(server.URL(), "https", "http", 1) + "/": want} {
				response, _, err := get(t, client, address)
				if err != nil || response.StatusCode != want || (response.TLS != nil) != strings.HasPrefix(address, "https") {
					t.Errorf("fault %q, %s: %v, %v, want %d", fault, address, response, err, want)
				}
			}
		}
	}
}

// A certificate of one's own is served as it is.
func TestTLSOwnCertificate(t *testing.T) {
	certificate, key := ownPair(t)
	server := overTLS(t, mockplatform.TLS{CertFile: certificate, KeyFile: key})
	text, err := os.ReadFile(certificate)
	if err != nil {
		t.Fatal(err)
	}
	if response, _, err := get(t, trusting(t, text), server.URL()+"/"); err != nil || response.StatusCode != 200 || server.CA() != nil {
		t.Errorf("%v, CA %s", err, server.CA())
	}
}

func TestTLSMistakes(t *testing.T) {
	certificate, key := ownPair(t)
	for want, change := range map[string]func(*mockplatform.Config){
		"tls-key: is missing":             func(c *mockplatform.Config) { c.TLS.CertFile = certificate },
		"tls-cert: is missing":            func(c *mockplatform.Config) { c.TLS.KeyFile = key },
		`tls: "yes" is unknown: use auto`: func(c *mockplatform.Config) { c.TLS.Mode = "yes" },
		"leave tls-cert and tls-key out": func(c *mockplatform.Config) {
			c.TLS = mockplatform.TLS{Mode: "auto", CertFile: certificate, KeyFile: key}
		},
		"tls-ca-out: there is no test CA":       func(c *mockplatform.Config) { c.TLS.CAFile = "x" },
		"tls-fault: is for a server with a ":    func(c *mockplatform.Config) { c.TLS.Fault = "expired" },
		`tls-fault: "late" is unknown: use val`: func(c *mockplatform.Config) { c.TLS = mockplatform.TLS{Mode: "auto", Fault: "late"} },
		"both must be PEM files and belong":     func(c *mockplatform.Config) { c.TLS = mockplatform.TLS{CertFile: key, KeyFile: certificate} },
		"tls-ca-out: open": func(c *mockplatform.Config) {
			c.TLS = mockplatform.TLS{Mode: "auto", CAFile: t.TempDir() + "/no/ca.pem"}
		},
		"public-url: http://x is not reached": func(c *mockplatform.Config) { c.TLS.Mode, c.PublicURL = "auto", "http://x" },
	} {
		cfg := mockplatform.Default()
		cfg.Listen, cfg.Control = "127.0.0.1:0", "127.0.0.1:0"
		change(&cfg)
		server, err := mockplatform.New(cfg)
		if err == nil {
			_ = server.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// ownPair writes a self-made certificate for loopback and its key.
func ownPair(t *testing.T) (certificate, key string) {
	t.Helper()
	now := time.Now() //nolint:forbidigo // a certificate that today's clients accept
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wanted := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, wanted, wanted, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	document, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	write := func(name, kind string, der []byte) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	return write("cert.pem", "CERTIFICATE", raw), write("key.pem", "PRIVATE KEY", document)
}

package partner

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/steps/target"
)

func now() time.Time { return time.Now() } //nolint:forbidigo // of certificates and Date headers, which are real

// described is a document for a server at the address.
func described(t *testing.T, issuer, more string) *Document {
	t.Helper()
	d, err := Parse(filepath.Join(t.TempDir(), "acme.yaml"), []byte(strings.Replace(good, "https://auth.example", issuer, 1)+more), environment)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func connect(t *testing.T, d *Document, goOn bool) (*Partner, error) {
	t.Helper()
	return Connect(t.Context(), d, Options{Now: now, Sleep: func(context.Context, time.Duration) error { return nil }, GoOn: goOn})
}

// announcing serves a metadata document; %s in it stands for the issuer.
func announcing(document string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/.well-known/oauth-authorization-server" {
			http.NotFound(w, r)
			return
		}
		scheme := "http"
		if r.TLS != nil {
			scheme = "https"
		}
		_, _ = fmt.Fprint(w, strings.ReplaceAll(document, "%s", scheme+"://"+r.Host))
	})
}

const complete = `{"issuer":"%s","authorization_endpoint":"%s/authorize","token_endpoint":"%s/token","revocation_endpoint":"%s/revoke",
"grant_types_supported":["authorization_code","refresh_token","client_credentials"],"code_challenge_methods_supported":["S256"],
"token_endpoint_auth_methods_supported":["client_secret_post","private_key_jwt"]}`

func TestConnectDescribesWhatTheMetadataAnnounces(t *testing.T) {
	server := httptest.NewServer(announcing(complete))
	defer server.Close()
	p, err := connect(t, described(t, server.URL, "scopes: [a, b]\nresource: "+server.URL+"/me\nfeatures: {revocation: false}\n"), false)
	if err != nil {
		t.Fatal(err)
	}
	got := p.Target
	if got.Endpoints.Authorize != server.URL+"/authorize" || got.Endpoints.Token != server.URL+"/token" || got.Endpoints.Metadata != server.URL+"/.well-known/oauth-authorization-server" {
		t.Errorf("endpoints %+v", got.Endpoints)
	}
	if got.Clients.Main.Method != "body" || !slices.Equal(got.Methods, []string{"body", "private_key_jwt"}) {
		t.Errorf("methods %v, the main client's is %s", got.Methods, got.Clients.Main.Method)
	}
	for feature, want := range map[string]target.Claim{
		"pkce":               {Announced: target.Yes},
		"introspection":      {Announced: target.No},
		"revocation":         {Configured: target.No, Announced: target.Yes},
		"client_credentials": {Configured: target.No, Announced: target.Yes},
		"scopes":             {Configured: target.Yes},
		"metadata":           {Configured: target.Yes, Announced: target.Yes},
		"jwt_access_token":   {},
	} {
		if claim := got.Claims[feature]; claim != want || got.Has(feature) != want.Holds() {
			t.Errorf("%s: %+v and %t, want %+v", feature, claim, got.Has(feature), want)
		}
	}
	if !got.Has("pkce") || got.Has("revocation") || got.Has("refresh_rotating") {
		t.Errorf("features %v", got.Features)
	}
	p.Know(map[string]bool{"refresh_rotating": true, "revocation": true})
	if !got.Has("refresh_rotating") || got.Has("revocation") {
		t.Errorf("features after probing %v", got.Features)
	}
	notes := strings.Join(p.Contradictions(), "\n")
	if !strings.Contains(notes, "client_credentials") || !strings.Contains(notes, "revocation (a revocation endpoint, RFC 7009): by the file it is not there or cannot be used, yet the metadata announces it") {
		t.Errorf("told %s", notes)
	}
}

func TestConnectSaysWhatIsWrongFirst(t *testing.T) {
	plain := httptest.NewServer(announcing(complete))
	defer plain.Close()
	secure := httptest.NewTLSServer(announcing(complete))
	defer secure.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	answering := func(h http.HandlerFunc) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.URL
	}
	late := answering(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", now().Add(-10*time.Minute).UTC().Format(http.TimeFormat))
	})
	pages := answering(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<html>") })
	broken := answering(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	silent := answering(http.NotFound)
	half := answering(announcing(`{"issuer":"%s","authorization_endpoint":"%s/authorize"}`).ServeHTTP)
	tests := []struct {
		name, issuer, more string
		cause, mend        string // beginnings; empty: no trouble
		blame              Blame
	}{
		{"a good server", plain.URL, "", "", "", 0},
		{"a good certificate", secure.URL, "ca_file: " + ca, "", "", 0},
		{"nothing listens", "http://" + closed.Addr().String(), "", "nothing listens at 127.0.0.1:", "start the server", Surroundings},
		{"an unknown authority", secure.URL, "", "the certificate of 127.0.0.1 is signed by", "name that authority's certificate in ca_file", Configuration},
		{"another name", strings.Replace(secure.URL, "127.0.0.1", "localhost", 1), "ca_file: " + ca, "the certificate of localhost is made out to example.com", "install one for this host name", Server},
		{"no TLS", strings.Replace(plain.URL, "http", "https", 1), "", "127.0.0.1:", "correct the scheme or the port", Configuration},
		{"no CA file", secure.URL, "ca_file: /nowhere/ca.pem", "ca_file cannot be read", "correct the path", Configuration},
		{"a clock ten minutes late", late, "", "the clock of " + late + " is 10m", "set the clocks", Surroundings},
		{"a connection that is closed", broken, "", "127.0.0.1:", "look into the log of the server", Surroundings},
		{"no metadata", silent, "", "there is no metadata document at any of " + silent + "/.well-known/oauth-authorization-server, ", "write endpoints.token into the file", Configuration},
		{"pages for metadata", pages, "", "the metadata document " + pages + "/.well-known/oauth-authorization-server cannot be read", "have it answer with a JSON object", Server},
		{"half a document", half, "", "the metadata at " + half + "/.well-known/oauth-authorization-server names no token endpoint", "add it there, or write endpoints.token", Configuration},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := connect(t, described(t, tt.issuer, tt.more+"\n"), false)
			if tt.cause == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var trouble *Trouble
			if !errors.As(err, &trouble) {
				t.Fatalf("error %v", err)
			}
			if !strings.HasPrefix(trouble.Cause, tt.cause) || !strings.HasPrefix(trouble.Mend, tt.mend) || trouble.Blame != tt.blame {
				t.Errorf("%q, %q, %d; want %q, %q, %d", trouble.Cause, trouble.Mend, trouble.Blame, tt.cause, tt.mend, tt.blame)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than a sentence: %q", err)
			}
		})
	}
}

func TestTroubleOfNames(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&net.DNSError{Name: "auth.example", IsNotFound: true}, "the host name auth.example is not known; correct it in the file"},
		{&net.DNSError{Name: "auth.example", IsTimeout: true}, "the name server did not answer for auth.example; look at the network"},
		{os.ErrDeadlineExceeded, "auth.example:8443 does not answer in time; look whether a firewall"},
	} {
		if got := troubleOf("https://auth.example:8443/x", tt.err); !strings.HasPrefix(got.Error(), tt.want) || got.Blame != Surroundings {
			t.Errorf("%v: %q, %d", tt.err, got, got.Blame)
		}
	}
}

func TestABadCertificateIsHeldFast(t *testing.T) {
	for _, fault := range []string{"expired", "self_signed", "wrong_host"} {
		server, err := mockplatform.New(mockplatform.Config{
			Listen: "127.0.0.1:0", Control: "127.0.0.1:0", APIListen: "127.0.0.1:0",
			TLS: mockplatform.TLS{Mode: "auto", Fault: fault}, Platforms: []mockplatform.Hosted{{Profile: "strict"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		d := described(t, server.URL()+"/strict", "")
		var trouble *Trouble
		if _, err := connect(t, d, false); !errors.As(err, &trouble) || !strings.HasPrefix(trouble.Cause, "the certificate of 127.0.0.1 ") {
			t.Errorf("%s: %v", fault, err)
		}
		p, err := connect(t, d, true)
		if err != nil || len(p.Notes) != 1 || !strings.Contains(p.Notes[0], "TL-02 judges it") || p.Target.Endpoints.Token == "" {
			t.Errorf("%s: %+v, %v", fault, p, err)
		}
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestAnotherCertificateThanTheOneHeldFastIsRefused(t *testing.T) {
	serve := func(listen string) *mockplatform.Server {
		server, err := mockplatform.New(mockplatform.Config{
			Listen: listen, Control: "127.0.0.1:0", APIListen: "127.0.0.1:0", TLS: mockplatform.TLS{Mode: "auto", Fault: "self_signed"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return server
	}
	server := serve("127.0.0.1:0")
	address := server.URL()
	c, err := described(t, address, "").contact(now)
	if err != nil {
		t.Fatal(err)
	}
	ask := func() error {
		response, err := c.get(t.Context(), http.MethodHead, address)
		if err == nil {
			err = response.Body.Close()
		}
		return err
	}
	refused := ask()
	if refused == nil {
		t.Fatal("a self-signed certificate is trusted")
	}
	c.pin(address, refused)
	if err := ask(); err != nil {
		t.Errorf("the pinned certificate: %v", err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	server = serve(strings.TrimPrefix(address, "https://"))
	if err := ask(); err == nil || !strings.Contains(err.Error(), "changed during the run") {
		t.Errorf("another certificate: %v", err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
}

func TestPaceSpreadsRequests(t *testing.T) {
	at := time.Unix(1000, 0)
	var slept []time.Duration
	p := &pace{gap: 200 * time.Millisecond, now: func() time.Time { return at }, sleep: func(_ context.Context, d time.Duration) error {
		slept = append(slept, d)
		return nil
	}}
	for range 3 {
		if err := p.wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	at = at.Add(10 * time.Second)
	if err := p.wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []time.Duration{200 * time.Millisecond, 400 * time.Millisecond}; !slices.Equal(slept, want) {
		t.Errorf("slept %v, want %v", slept, want)
	}
}

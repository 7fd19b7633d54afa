package partner

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// redirecting is a document whose main client has these redirect URIs.
func redirecting(mode, listen string, uris ...string) *Document {
	return &Document{
		File: "acme.yaml", Redirect: Redirect{Mode: mode, Listen: listen},
		Clients: Clients{Main: &Client{ID: "a", RedirectURIs: uris[:1]}, Two: &Client{ID: "b", RedirectURIs: uris}},
	}
}

// web is whoever asks public addresses.
var web = &http.Client{Timeout: 10 * time.Second}

func free(t *testing.T) net.Listener {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func TestWhichRedirectsAreServed(t *testing.T) {
	tests := []struct {
		mode       string
		uris, want []string
	}{
		{"intercept", []string{"http://127.0.0.1:9600/callback"}, nil},
		{"loopback", []string{"http://127.0.0.1:9600/a", "http://127.0.0.1:9600/b", "http://[::1]:9601/", "http://localhost:9602/", "http://127.0.0.1/", "https://127.0.0.1:9603/", "http://mint.example:9604/"}, []string{"http://127.0.0.1:9600/a", "http://127.0.0.1:9600/b", "http://[::1]:9601/", "http://localhost:9602/"}},
		{"public", []string{"https://t.example/a", "https://t.example/b", "http://t.example/c", "https://u.example/d"}, []string{"https://t.example/a", "https://t.example/b"}},
	}
	for _, tt := range tests {
		if got := redirecting(tt.mode, "", tt.uris...).served(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.mode, got, tt.want)
		}
	}
}

func TestATakenPortIsTold(t *testing.T) {
	l := free(t)
	uri := "http://" + l.Addr().String() + "/callback"
	for _, d := range []*Document{redirecting("loopback", "", uri), redirecting("public", l.Addr().String(), "https://t.example/callback")} {
		_, err := d.serve(t.Context(), web)
		var trouble *Trouble
		if !errors.As(err, &trouble) || trouble.ExitCode() != 2 || trouble.Cause != l.Addr().String()+", where answers are to come in, is taken by another program" ||
			trouble.Mend != "end that program, or register and write a redirect URI with another port, or leave redirect out of acme.yaml" {
			t.Errorf("%s: %v", d.Redirect.Mode, err)
		}
	}
}

// TestAServedPortIsFreeAfterwards, and answers come in until then.
func TestAServedPortIsFreeAfterwards(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "localhost"} {
		l := free(t)
		uri := fmt.Sprintf("http://%s:%d/callback", host, l.Addr().(*net.TCPAddr).Port) //nolint:forcetypeassert // it listens on TCP
		_ = l.Close()
		for range 2 {
			site, err := redirecting("loopback", "", uri).serve(t.Context(), web)
			if err != nil {
				t.Fatal(err)
			}
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, uri+"?code=a", nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := web.Do(request)
			if err != nil || response.StatusCode != 200 {
				t.Fatalf("%v %v", response, err)
			}
			_ = response.Body.Close()
			if err := site.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if site, err := redirecting("", "", "https://mint.example/").serve(t.Context(), nil); site != nil || err != nil {
		t.Errorf("without redirect: %v, %v", site, err)
	}
}

// TestAPublicAddressHasToLeadHere: a proxy plays the tunnel.
func TestAPublicAddressHasToLeadHere(t *testing.T) {
	l := free(t)
	listen := l.Addr().String()
	_ = l.Close()
	tunnel := httptest.NewServer(httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: listen}))
	defer tunnel.Close()
	site, err := redirecting("public", listen, tunnel.URL+"/callback", tunnel.URL+"/second?tenant=7").serve(t.Context(), web)
	if err != nil {
		t.Fatal(err)
	}
	if got := site.URIs(); len(got) != 2 || !site.Serves(tunnel.URL+"/callback?code=a") {
		t.Errorf("served are %v", got)
	}
	if err := site.Close(); err != nil {
		t.Error(err)
	}
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	defer elsewhere.Close()
	for base, why := range map[string]string{
		elsewhere.URL: ", but is answered (404 Not Found) by somebody else",
		closed.URL:    ": nothing listens at " + strings.TrimPrefix(closed.URL, "http://"),
	} {
		_, err := redirecting("public", listen, base+"/callback").serve(t.Context(), web)
		var trouble *Trouble
		want := base + "/callback does not lead to " + listen + why + "; start the tunnel or proxy that brings it there, or correct redirect.listen"
		if !errors.As(err, &trouble) || trouble.ExitCode() != 2 || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
		again, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", listen)
		if err != nil {
			t.Fatalf("the port is still held: %v", err)
		}
		_ = again.Close()
	}
}

package redirection_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/steps/redirection"
)

func serve(t *testing.T, paths ...string) (*redirection.Site, string) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + l.Addr().String()
	for i := range paths {
		paths[i] = base + paths[i]
	}
	s := redirection.Serve(paths, l)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, base
}

func send(t *testing.T, method, address, body string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{Timeout: 10 * time.Second}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response
}

func TestAnswersAreTakenOnce(t *testing.T) {
	tests := []struct {
		name, method, target, body string
		status                     int
		want                       redirection.Answer
		params                     url.Values
	}{
		{"a redirect", "GET", "/callback?code=a%2Bb&state=s", "", 200, redirection.Answer{Method: "GET", Query: "code=a%2Bb&state=s"}, url.Values{"code": {"a+b"}, "state": {"s"}}},
		{"a form", "POST", "/callback?tenant=7", "code=abc&state=s", 200, redirection.Answer{Method: "POST", Query: "tenant=7", Body: "code=abc&state=s"}, url.Values{"tenant": {"7"}, "code": {"abc"}, "state": {"s"}}},
		{"another method", "DELETE", "/callback?code=abc", "", 405, redirection.Answer{}, nil},
		{"a form without end", "POST", "/callback", strings.Repeat("a", 64<<10+1), 413, redirection.Answer{}, nil},
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, base := serve(t, "/callback")
			response := send(t, tt.method, base+tt.target, tt.body)
			if response.StatusCode != tt.status {
				t.Errorf("answered %s, want %d", response.Status, tt.status)
			}
			if tt.params == nil {
				return
			}
			if response.Header.Get("Cache-Control") != "no-store" || response.Header.Get("Referrer-Policy") != "no-referrer" {
				t.Errorf("headers %v", response.Header)
			}
			other := tt.want
			other.Query += "&more=1"
			if err := s.Await(gone, other); !errors.Is(err, context.Canceled) {
				t.Errorf("another answer: %v", err)
			}
			if err := s.Await(t.Context(), tt.want); err != nil {
				t.Error(err)
			}
			if err := s.Await(gone, tt.want); !errors.Is(err, context.Canceled) {
				t.Errorf("the same a second time: %v", err)
			}
			params, err := tt.want.Params()
			if diff := cmp.Diff(tt.params, params); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
		})
	}
}

func TestAwaitWaits(t *testing.T) {
	s, base := serve(t, "/callback")
	came := make(chan error, 1)
	go func() { came <- s.Await(t.Context(), redirection.Answer{Method: "GET", Query: "code=late"}) }()
	send(t, "GET", base+"/callback?code=early", "")
	send(t, "GET", base+"/callback?code=late", "")
	if err := <-came; err != nil {
		t.Error(err)
	}
}

// TestOnlySoManyAreKept: who floods the port costs no memory.
func TestOnlySoManyAreKept(t *testing.T) {
	s, base := serve(t, "/callback")
	for i := range 65 {
		send(t, "GET", fmt.Sprintf("%s/callback?n=%d", base, i), "")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Await(gone, redirection.Answer{Method: "GET", Query: "n=0"}); err == nil {
		t.Error("the oldest of 65 is still there")
	}
	if err := s.Await(gone, redirection.Answer{Method: "GET", Query: "n=1"}); err != nil {
		t.Errorf("the second of 65: %v", err)
	}
}

func TestServes(t *testing.T) {
	s := redirection.Serve([]string{"http://127.0.0.1:9600/callback", "https://tunnel.example"})
	defer func() { _ = s.Close() }()
	for address, want := range map[string]bool{
		"http://127.0.0.1:9600/callback?code=a":    true,
		"http://127.0.0.1:9600/callback#code=a":    true,
		"https://tunnel.example/?code=a":           true,
		"http://127.0.0.1:9600/callback/more":      false,
		"http://127.0.0.1:9601/callback":           false,
		"https://127.0.0.1:9600/callback":          false,
		"http://127.0.0.1:9600.attacker.example/":  false,
		"https://tunnel.example.attacker.example/": false,
		"http://127.0.0.1:9600/%zz":                false,
	} {
		if got := s.Serves(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

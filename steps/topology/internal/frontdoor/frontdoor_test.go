package frontdoor

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func open(t *testing.T) *Door {
	t.Helper()
	door, err := Open(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := door.Close(); err != nil {
			t.Error(err)
		}
	})
	return door
}

// echo answers with its own name and with what it saw of the request.
func echo(t *testing.T, name string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s saw %s %s%s forwarded=%q", name, r.Method, r.Host, r.URL.RequestURI(), r.Header.Get("X-Forwarded-For"))
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func get(t *testing.T, door *Door, url string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := door.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, strings.TrimSpace(string(body))
}

func TestEachNameReachesItsServerUnchanged(t *testing.T) {
	door := open(t)
	door.Route("platform.test", echo(t, "platform"))
	door.Route("mint-1.test", echo(t, "mint"))
	for url, want := range map[string]string{
		"http://platform.test/mint/oauth2/authorize?a=1&b=%2F": `platform saw GET platform.test/mint/oauth2/authorize?a=1&b=%2F forwarded=""`,
		"http://platform.test/api/campaigns?page=%zz;x":        `platform saw GET platform.test/api/campaigns?page=%zz;x forwarded=""`,
		"http://mint-1.test/":                                  `mint saw GET mint-1.test/ forwarded=""`,
		"http://mint-1.test:8080/":                             `mint saw GET mint-1.test:8080/ forwarded=""`,
	} {
		if status, body := get(t, door, url); status != http.StatusOK || body != want {
			t.Errorf("GET %s: got %d %q, want 200 %q", url, status, body, want)
		}
	}
}

func TestAServerMayComeBackOnAnotherPort(t *testing.T) {
	door := open(t)
	door.Route("mint-1.test", echo(t, "first"))
	get(t, door, "http://mint-1.test/")
	door.Route("mint-1.test", echo(t, "second"))
	if _, body := get(t, door, "http://mint-1.test/"); !strings.HasPrefix(body, "second ") {
		t.Errorf("after the route was replaced: %q", body)
	}
}

func TestAnUnknownNameIsSaidToBeUnknown(t *testing.T) {
	door := open(t)
	door.Route("mint-1.test", echo(t, "mint"))
	door.Unroute("mint-1.test")
	status, body := get(t, door, "http://mint-1.test/")
	if want := `No server named "mint-1.test" is running.`; status != http.StatusBadGateway || body != want {
		t.Errorf("got %d %q, want 502 %q", status, body, want)
	}
}

// A Platform that drops a connection on purpose must look the same through
// the door: an answer, even a 502, would be another fault than the one armed.
func TestABrokenConnectionStaysBroken(t *testing.T) {
	door := open(t)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	door.Route("platform.test", server.Listener.Addr().String())
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://platform.test/mint/oauth2/token", strings.NewReader("x=1"))
	if err != nil {
		t.Fatal(err)
	}
	response, err := door.Client().Do(request)
	if err == nil {
		_ = response.Body.Close() // the test has failed
		t.Fatalf("got an answer with status %d, want a broken connection", response.StatusCode)
	}
}

func TestRedirectsAreLeftToTheCaller(t *testing.T) {
	door := open(t)
	server := httptest.NewServer(http.RedirectHandler("http://mint-1.test/oauth/callback?code=1", http.StatusSeeOther))
	defer server.Close()
	door.Route("platform.test", server.Listener.Addr().String())
	if status, _ := get(t, door, "http://platform.test/"); status != http.StatusSeeOther {
		t.Errorf("status %d, want 303", status)
	}
}

func TestOnlyOurNamesComeInByTheDoor(t *testing.T) {
	door := open(t)
	elsewhere := echo(t, "elsewhere")
	_, port, err := net.SplitHostPort(elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`elsewhere saw GET 127.0.0.1:%s/x forwarded=""`, port)
	if _, body := get(t, door, "http://"+elsewhere+"/x"); body != want {
		t.Errorf("got %q, want %q", body, want)
	}
}

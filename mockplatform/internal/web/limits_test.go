package web_test

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/web"
)

// hasty serves one Platform with the given limits.
func hasty(t *testing.T, limits web.Limits) *web.Server {
	t.Helper()
	server, err := web.New(web.Config{
		Listen: "127.0.0.1:0", Control: "127.0.0.1:0", APIListen: "127.0.0.1:0",
		Now: func() time.Time { return noon }, Logger: slog.New(slog.DiscardHandler), Limits: limits,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	if _, err := server.Registry().Create(control.CreatePlatform{Profile: "service", Name: "p"}); err != nil {
		t.Fatal(err)
	}
	return server
}

// Whoever is slow loses his connection, on each listener.
func TestSlowClientsLoseTheirConnection(t *testing.T) {
	const soon = 30 * time.Millisecond
	const later = 500 * time.Millisecond // the headers must still arrive on a busy machine
	for _, test := range []struct {
		name, sends string
		limits      web.Limits
		answer      string // how it begins, "" for none
	}{
		{"sends nothing", "", web.Limits{Header: soon}, ""},
		{"sends half a header", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", web.Limits{Header: soon}, ""},
		{"sends half a body", "POST /p/oauth2/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nabc", web.Limits{Read: later}, "HTTP/1.1 4"},
		{"asks nothing more", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", web.Limits{Idle: soon}, "HTTP/1.1 "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := hasty(t, test.limits)
			for name, address := range map[string]string{"public": server.URL(), "api": server.APIURL(), "control": server.ControlURL()} {
				got := untilClosed(t, address, test.sends)
				if !strings.HasPrefix(got, test.answer) || test.answer == "" && got != "" {
					t.Errorf("%s: answered %q, want %q", name, got, test.answer)
				}
			}
		})
	}
}

// untilClosed sends something and answers what comes until the server closes
// the connection.
func untilClosed(t *testing.T, address, sends string) string {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	// The server may have closed it already; what it answered tells.
	_, _ = io.WriteString(connection, sends)
	ended := make(chan string, 1)
	go func() {
		got, _ := io.ReadAll(connection)
		ended <- string(got)
	}()
	select {
	case got := <-ended:
		return got
	case <-time.After(10 * time.Second):
		t.Errorf("%s is still connected after ten seconds", address)
		return ""
	}
}

// What is too large is refused before it is worked on.
func TestLargeRequestsAreRefused(t *testing.T) {
	server, c := hasty(t, web.Limits{}), newWireClient(t)
	token := server.URL() + "/p/oauth2/token"
	many := url.Values{}
	for n := range 101 {
		many.Set("n"+strconv.Itoa(n), "x")
	}
	const form = "application/x-www-form-urlencoded"
	for _, test := range []struct {
		name   string
		got    reply
		status int
		code   string
	}{
		{"body", c.send("POST", token, strings.Repeat("a", 64<<10+1), "Content-Type", form), 413, "invalid_request"},
		{"control body", c.send("POST", server.ControlURL()+"/v1/platforms", strings.Repeat("a", 64<<10+1)), 413, ""},
		{"header", c.send("POST", token, "", "X-Large", strings.Repeat("a", 64<<10)), 431, ""},
		{"form keys", c.form(token, many), 400, "invalid_request"},
		{"query keys", c.form(token+"?"+many.Encode(), url.Values{}), 400, "invalid_request"},
		{"form keys of a page", c.form(server.URL()+"/p/developers", many), 400, ""},
		{"authorization keys", c.send("GET", server.URL()+"/p/oauth2/authorize?"+many.Encode(), ""), 400, ""},
	} {
		if test.got.status != test.status || test.got.member("error") != test.code {
			t.Errorf("%s: answered %d %.200s, want %d %s", test.name, test.got.status, test.got.body, test.status, test.code)
		}
	}
	if got := c.form(token, url.Values{"grant_type": {"client_credentials"}, "extra": make([]string, 100)}); got.status != 400 || !strings.Contains(got.body, "100 parameters") {
		t.Errorf("one name a hundred times: %d %s", got.status, got.body)
	}
}

func TestOpenPlatformsAreLimited(t *testing.T) {
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control, cfg.MaxPlatforms = "127.0.0.1:0", "127.0.0.1:0", 5
	server, err := mockplatform.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	c, target := newWireClient(t), server.ControlURL()+"/v1/platforms"
	if got := c.send("POST", target, `{"profile":"mint"}`); got.status != 201 {
		t.Errorf("the fifth Platform: %d %s", got.status, got.body)
	}
	if got := c.send("POST", target, `{"profile":"mint"}`); got.status != 409 || !strings.Contains(got.body, "delete one first") {
		t.Errorf("the sixth Platform: %d %s", got.status, got.body)
	}
	cfg.MaxPlatforms = -1
	if _, err := mockplatform.New(cfg); err == nil || !strings.Contains(err.Error(), "max-platforms: -1 is negative") {
		t.Errorf("a negative limit: %v", err)
	}
}

// Whatever a browser does, it does not reach the control API: not from a page,
// and not by a name that was pointed at this machine.
func TestBrowsersDoNotReachTheControlAPI(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	for _, test := range []struct {
		host, header, value string
		status              int
	}{
		{"", "", "", 200},
		{"", "Sec-Fetch-Site", "none", 200}, // somebody typed the address
		{"", "Sec-Fetch-Site", "same-origin", 403},
		{"", "Sec-Fetch-Site", "same-site", 403},
		{"", "Sec-Fetch-Site", "cross-site", 403},
		{"", "Origin", "null", 403},
		{"", "Origin", "http://127.0.0.1:9401", 403},
		{"localhost", "", "", 200},
		{"LOCALHOST:9401", "", "", 403},
		{"[::1]:9401", "", "", 200},
		{"127.0.0.1.rebound.example", "", "", 403},
		{"localhost.rebound.example:9401", "", "", 403},
		{"0.0.0.0:9401", "", "", 403},
		{"10.0.0.1", "", "", 403},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, mock.ControlURL()+"/v1/platforms", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = test.host
		if test.header != "" {
			request.Header.Set(test.header, test.value)
		}
		answer, err := newWireClient(t).http.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != test.status {
			t.Errorf("host %q, %s %q: %d, want %d", test.host, test.header, test.value, answer.StatusCode, test.status)
		}
	}
	connection, err := net.Dial("tcp", strings.TrimPrefix(mock.ControlURL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if _, err := io.WriteString(connection, "GET /v1/platforms HTTP/1.0\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(connection).ReadString('\n'); !strings.Contains(line, " 403 ") {
		t.Errorf("without a Host header: %q", line)
	}
}

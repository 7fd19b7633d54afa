package wire_test

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

func TestReadBoundsTheBody(t *testing.T) {
	for _, test := range []struct {
		size int
		want error
	}{{0, nil}, {wire.MaxBody, nil}, {wire.MaxBody + 1, wire.ErrTooLarge}} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", test.size)))
		got, err := wire.Read(httptest.NewRecorder(), r)
		if !errors.Is(err, test.want) {
			t.Errorf("%d bytes: error %v, want %v", test.size, err, test.want)
		}
		if err == nil && len(got.Payload) != test.size {
			t.Errorf("%d bytes: read %d", test.size, len(got.Payload))
		}
	}
}

// A form is what the body says, never the query.
func TestForm(t *testing.T) {
	for _, test := range []struct{ contentType, body, want, wantErr string }{
		{"application/x-www-form-urlencoded", "a=1", "1", ""},
		{"application/x-www-form-urlencoded; charset=utf-8", "a=1", "1", ""},
		{"application/json", `{"a":1}`, "", "not application/x-www-form-urlencoded"},
		{"", "a=1", "", "not application/x-www-form-urlencoded"},
		{"application/x-www-form-urlencoded", "a=%zz", "", "invalid URL escape"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/?a=query", strings.NewReader(test.body))
		r.Header.Set("Content-Type", test.contentType)
		request, err := wire.Read(httptest.NewRecorder(), r)
		if err != nil {
			t.Fatal(err)
		}
		form, err := request.Form()
		if test.wantErr != "" {
			if err == nil || !strings.Contains(err.Error(), test.wantErr) {
				t.Errorf("%s %s: error %v, want one about %q", test.contentType, test.body, err, test.wantErr)
			}
			continue
		}
		if err != nil || form.Get("a") != test.want {
			t.Errorf("%s %s: a = %q, %v", test.contentType, test.body, form.Get("a"), err)
		}
	}
}

func TestOAuthErrorOnTheWire(t *testing.T) {
	recorder := httptest.NewRecorder()
	wire.OAuthError(oauth.NewError(oauth.InvalidClient, "unknown client").WithChallenge(`Basic realm="x"`)).Send(recorder)
	got := recorder.Result()
	want := http.Header{
		"Content-Type": {"application/json"}, "Content-Length": {"64"}, "Cache-Control": {"no-store"},
		"Pragma": {"no-cache"}, "Www-Authenticate": {`Basic realm="x"`},
	}
	if diff := cmp.Diff(want, got.Header); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	if body := recorder.Body.String(); got.StatusCode != 401 || body != `{"error":"invalid_client","error_description":"unknown client"}`+"\n" {
		t.Errorf("answered %d %s", got.StatusCode, body)
	}
}

// A fault is answered as it says and told in the journal entry.
func TestFaults(t *testing.T) {
	for _, test := range []struct {
		name      string
		action    control.FaultAction
		status    int
		body      string
		challenge string
		entry     control.Exchange
	}{
		{
			"error", control.FaultAction{Kind: "error", Status: 503, Error: "temporarily_unavailable", Headers: map[string]string{"Retry-After": "7"}},
			503, `{"error":"temporarily_unavailable"}` + "\n", "", control.Exchange{Fault: "f1", Error: "temporarily_unavailable", Reason: "fault error"},
		},
		{
			"unauthorized", control.FaultAction{Kind: "unauthorized"}, 401,
			`{"error":"invalid_token","error_description":"the access token was refused"}` + "\n", "Bearer x", control.Exchange{Fault: "f1", Error: "invalid_token", Reason: "fault unauthorized"},
		},
		{
			"body", control.FaultAction{Kind: "body", Status: 200, Body: "<html>", ContentType: "text/html"},
			200, "<html>", "", control.Exchange{Fault: "f1", Reason: "fault body"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			exchange := &wire.Exchange{}
			recorder := httptest.NewRecorder()
			exchange.Faulted(control.Fault{ID: "f1", Action: test.action}, "Bearer x").Send(recorder)
			if recorder.Code != test.status || recorder.Body.String() != test.body {
				t.Errorf("answered %d %s", recorder.Code, recorder.Body)
			}
			if got := recorder.Header().Get("WWW-Authenticate"); got != test.challenge {
				t.Errorf("challenge %q, want %q", got, test.challenge)
			}
			for name, value := range test.action.Headers {
				if got := recorder.Header().Get(name); got != value {
					t.Errorf("%s: %q, want %q", name, got, value)
				}
			}
			if diff := cmp.Diff(test.entry, exchange.Entry); diff != "" {
				t.Errorf("entry (-want +got):\n%s", diff)
			}
		})
	}
}

// A dropped connection is reset: no byte of an answer, no orderly end.
func TestDropResetsTheConnection(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { wire.Dropped().Send(w) }))
	defer server.Close()
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if _, err := connection.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(connection).ReadString('\n')
	if line != "" || err == nil || !strings.Contains(err.Error(), "reset") {
		t.Errorf("read %q, %v; want a reset connection", line, err)
	}
}

// What the issuer knows is taken over without losing what only HTTP knows.
func TestAdopt(t *testing.T) {
	exchange := &wire.Exchange{Entry: control.Exchange{Endpoint: "token", Method: "POST", Path: "/mint/oauth2/token"}}
	exchange.Adopt(control.Exchange{Endpoint: "x", ClientID: "mint-web", GrantType: "password", Parameters: map[string]string{"a": "b"}})
	want := control.Exchange{Endpoint: "token", Method: "POST", Path: "/mint/oauth2/token", ClientID: "mint-web", GrantType: "password", Parameters: map[string]string{"a": "b"}}
	if diff := cmp.Diff(want, exchange.Entry); diff != "" {
		t.Errorf("entry (-want +got):\n%s", diff)
	}
}

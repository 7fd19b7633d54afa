package web

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
)

// watching calls seen when the first byte of an answer leaves.
type watching struct {
	*httptest.ResponseRecorder
	seen func()
}

func (w watching) WriteHeader(status int) {
	w.seen()
	w.ResponseRecorder.WriteHeader(status)
}

// A client that reads the journal as soon as it has its answer must find its
// request there.
func TestJournalIsWrittenBeforeTheAnswerLeaves(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC) }
	registry, err := platform.NewRegistry(platform.RegistryConfig{BaseURL: "http://127.0.0.1:9400", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	p, err := registry.Create(control.CreatePlatform{Profile: "mint", Name: "mint"})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := page.New()
	if err != nil {
		t.Fatal(err)
	}
	handler := publicRoutes(guard{logger: slog.New(slog.DiscardHandler)}, newSites(registry, pages, now))
	for i, target := range []string{"/mint/", "/mint/oauth2/authorize", "/mint/oauth2/token", "/mint/api/me", "/mint/nothing", "/.well-known/oauth-authorization-server/mint"} {
		checked := false
		handler.ServeHTTP(watching{httptest.NewRecorder(), func() {
			checked = true
			if last := p.Journal().Since(0).Last; last != int64(i+1) {
				t.Errorf("%s: the journal is at %d when the answer leaves, want %d", target, last, i+1)
			}
		}}, httptest.NewRequest(http.MethodGet, target, nil))
		if !checked {
			t.Errorf("%s: no answer left", target)
		}
	}
}

// A panic is answered with 500, except the one that aborts the connection.
func TestRecover(t *testing.T) {
	engine := newEngine(guard{logger: slog.New(slog.DiscardHandler)})
	var cause any
	engine.GET("/", func(*gin.Context) { panic(cause) })
	cause = "a defect"
	recorder := httptest.NewRecorder()
	engine.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
	if recorder.Code != http.StatusInternalServerError || recorder.Body.String() != `{"error":"server_error"}`+"\n" {
		t.Errorf("answered %d %s", recorder.Code, recorder.Body)
	}
	cause = http.ErrAbortHandler
	defer func() {
		if got := recover(); got != http.ErrAbortHandler { //nolint:errorlint // the panic value itself is asked for
			t.Errorf("recovered %v, want the abort to reach the server", got)
		}
	}()
	engine.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
}

// The end of the server answers a long poll instead of cutting it off.
func TestCloseAnswersLongPolls(t *testing.T) {
	server, err := New(Config{
		Listen: "127.0.0.1:0", APIListen: "127.0.0.1:0", Control: "127.0.0.1:0",
		Now: func() time.Time { return time.Unix(0, 0) }, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := server.Registry().Create(control.CreatePlatform{Profile: "mint"})
	if err != nil {
		t.Fatal(err)
	}
	client := control.NewClient(server.ControlURL(), "")
	defer client.Close()
	if _, err := client.FollowClock(t.Context(), p.Name(), "follower", 0, 0); err != nil {
		t.Fatal(err)
	}
	// The move returns when the poll that acknowledges it has arrived.
	moved := make(chan error, 1)
	go func() { _, err := p.Clock().Advance(t.Context(), time.Hour); moved <- err }()
	for p.Clock().State().Revision != 2 {
		runtime.Gosched()
	}
	ended := make(chan error, 1)
	go func() {
		_, err := client.FollowClock(t.Context(), p.Name(), "follower", 2, time.Minute)
		ended <- err
	}()
	if err := <-moved; err != nil {
		t.Fatalf("the poll never arrived: %v", err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the poll was cut off: %v", err)
	}
}

package engine

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/client"
)

// connect returns the engine of this machine, or skips the test unless
// TEST_CONTAINERS asks for it (make test CONTAINERS=1).
func connect(t *testing.T) *Engine {
	t.Helper()
	if os.Getenv("TEST_CONTAINERS") == "" {
		t.Skip("needs a Docker engine: run it with make test CONTAINERS=1")
	}
	e, err := Connect(t.Context(), slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return e
}

// program builds testdata/server the way make build does.
func program(t *testing.T, env ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "server")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", file, "./testdata/server")
	build.Env = append(os.Environ(), append([]string{"GOOS=linux", "CGO_ENABLED=0"}, env...)...)
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return file
}

func request(t *testing.T, method, url, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{Timeout: 10 * time.Second}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: status %d: %s", method, url, response.StatusCode, content)
	}
	return string(content)
}

func address(t *testing.T, c *Container) string {
	t.Helper()
	a, err := c.Address(t.Context(), 80)
	if err != nil {
		t.Fatal(err)
	}
	return "http://" + a
}

// left counts what carries the label run=id, or the label at all.
func left(t *testing.T, api *client.Client, label string) int {
	t.Helper()
	filter := client.Filters{}.Add("label", label)
	containers, err := api.ContainerList(t.Context(), client.ContainerListOptions{All: true, Filters: filter})
	if err != nil {
		t.Fatal(err)
	}
	networks, err := api.NetworkList(t.Context(), client.NetworkListOptions{Filters: filter})
	if err != nil {
		t.Fatal(err)
	}
	images, err := api.ImageList(t.Context(), client.ImageListOptions{Filters: filter})
	if err != nil {
		t.Fatal(err)
	}
	return len(containers.Items) + len(networks.Items) + len(images.Items)
}

func TestContainersSeeEachOtherKeepFilesAndLeaveNothing(t *testing.T) {
	e := connect(t)
	ctx := t.Context()
	image, err := e.Build(ctx, "server", program(t))
	if err != nil {
		t.Fatal(err)
	}
	spec := Spec{
		Image: image, Host: "platform.test", Args: []string{"one", "two words"},
		Files: map[string][]byte{"/etc/given.json": []byte(`{"a":1}`)},
		Ports: []int{80}, ReadyPort: 80, ReadyPath: "/health",
	}
	platform, err := e.Run(ctx, spec)
	if err != nil {
		t.Fatal(err)
	}
	spec.Host, spec.Aliases = "mint-1.test", []string{"also.test"}
	mint, err := e.Run(ctx, spec)
	if err != nil {
		t.Fatal(err)
	}

	if got := request(t, "GET", address(t, mint)+"/via?url=http://platform.test/args", ""); got != "[one two words]" {
		t.Errorf("the platform's arguments, seen from MINT: %q", got)
	}
	if got := request(t, "GET", address(t, platform)+"/via?url=http://also.test/args", ""); got != "[one two words]" {
		t.Errorf("MINT's arguments, seen from the platform by the other name: %q", got)
	}
	if got := request(t, "GET", address(t, platform)+"/file?path=/etc/given.json", ""); got != `{"a":1}` {
		t.Errorf("the given file: %q", got)
	}
	if !strings.HasPrefix(address(t, platform), "http://127.0.0.1:") {
		t.Errorf("published at %s, want the loopback interface", address(t, platform))
	}

	listener, err := e.Listen(ctx)
	if err != nil {
		t.Fatal(err)
	}
	harness := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}}
	harness.Start()
	defer harness.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if got := request(t, "GET", address(t, mint)+"/via?url=http://"+HarnessHost+":"+port, ""); got != "404 page not found\n" {
		t.Errorf("the harness, seen from MINT: %q", got)
	}

	request(t, "POST", address(t, mint)+"/data", "kept")
	if err := mint.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	logs, err := mint.Logs(ctx)
	if want := "server: listening\nserver: ended in order\n"; err != nil || string(logs) != want {
		t.Errorf("logs of a stopped container: %q, %v; want %q", logs, err, want)
	}
	if err := mint.Start(ctx); err != nil {
		t.Fatal(err)
	}
	if got := request(t, "GET", address(t, mint)+"/file?path=/data/value", ""); got != "kept" {
		t.Errorf("after a restart the file holds %q", got)
	}
	files, err := mint.Files(ctx, "/data")
	if err != nil || !bytes.Equal(files["value"], []byte("kept")) {
		t.Errorf("files copied out: %v, %v", files, err)
	}
	for range 2 {
		if err := mint.Remove(ctx); err != nil {
			t.Errorf("removing: %v", err)
		}
	}

	observer, err := find(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer observer.Close()
	if n := left(t, observer, labelRun+"="+e.run); n != 3 {
		t.Errorf("before Close the run has %d things at the engine, want container, network and image", n)
	}
	done, cancel := context.WithCancel(ctx)
	cancel() // Close must do its work after Ctrl-C as well
	if err := e.Close(done); err != nil {
		t.Fatal(err)
	}
	if n := left(t, observer, labelRun+"="+e.run); n != 0 {
		t.Errorf("after Close %d things are left", n)
	}
}

func TestAProgramThatDoesNotStartIsQuotedAndLeavesNothing(t *testing.T) {
	e := connect(t)
	image, err := e.Build(t.Context(), "server", program(t))
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Run(t.Context(), Spec{
		Image: image, Host: "mint-1.test", Args: []string{"broken"},
		Ports: []int{80}, ReadyPort: 80, ReadyPath: "/health",
	})
	if err == nil || !strings.Contains(err.Error(), "server: broken on purpose") {
		t.Errorf("error %v, want the program's last words", err)
	}
	if n := left(t, e.client, labelRun+"="+e.run); n != 2 {
		t.Errorf("%d things are left, want network and image", n)
	}
}

func TestTheNextRunSweepsWhatAKilledOneLeft(t *testing.T) {
	killed := connect(t)
	ended := exec.CommandContext(t.Context(), "true")
	if err := ended.Run(); err != nil {
		t.Skip("needs the command true")
	}
	killed.labels = labelsOf("killed" + killed.run)
	killed.labels[labelOwner] = machine() + ":" + strconv.Itoa(ended.ProcessState.Pid())
	if _, err := killed.Build(t.Context(), "server", program(t)); err != nil {
		t.Fatal(err)
	}
	label := labelRun + "=killed" + killed.run
	if n := left(t, killed.client, label); n != 1 {
		t.Fatalf("%d things of the killed run, want 1", n)
	}
	next := connect(t)
	if n := left(t, next.client, label); n != 0 {
		t.Errorf("%d things of the killed run are left", n)
	}
	if n := left(t, next.client, labelRun+"="+killed.run); n == 0 {
		t.Error("the network of a living run was swept")
	}
}

func TestWithoutAnEngineTheErrorSaysSo(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix://"+filepath.Join(t.TempDir(), "none.sock"))
	_, err := Connect(t.Context(), slog.New(slog.DiscardHandler))
	if !errors.Is(err, ErrNone) {
		t.Errorf("got %v, want ErrNone", err)
	}
}

func TestOnlyStaticLinuxProgramsBecomeImages(t *testing.T) {
	if err := checkProgram(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if err := checkProgram("engine.go"); !errors.Is(err, ErrProgram) {
		t.Errorf("a text: %v", err)
	}
	if err := checkProgram(program(t)); err != nil {
		t.Errorf("a static program: %v", err)
	}
}

func TestLeftBehind(t *testing.T) {
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	ended := exec.CommandContext(t.Context(), "true")
	if err := ended.Run(); err != nil {
		t.Skip("needs the command true")
	}
	for name, row := range map[string]struct {
		owner string
		age   time.Duration
		want  bool
	}{
		"this process":                 {machine() + ":" + strconv.Itoa(os.Getpid()), 100 * time.Hour, false},
		"a process that has ended":     {machine() + ":" + strconv.Itoa(ended.ProcessState.Pid()), 0, true},
		"another machine, young":       {"elsewhere:1", time.Hour, false},
		"another machine, old":         {"elsewhere:1", 13 * time.Hour, true},
		"no owner":                     {"", 100 * time.Hour, false},
		"an owner that we never wrote": {machine() + ":x", 100 * time.Hour, false},
	} {
		if got := leftBehind(map[string]string{labelOwner: row.owner}, now.Add(-row.age), now); got != row.want {
			t.Errorf("%s: got %v, want %v", name, got, row.want)
		}
	}
}

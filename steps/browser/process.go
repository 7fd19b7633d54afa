package browser

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mint-conformance/mint/steps/scratch"
)

// process is a browser that this program started, and its profile directory.
type process struct {
	cmd     *exec.Cmd
	pipe    *pipe
	profile *scratch.Place
	exited  chan struct{}
	errors  *tail
}

// start runs the browser of o with a fresh profile. All of its files lie below
// the profile, shared memory too: a renderer that is ended while it makes a
// piece of that leaves it behind.
func start(o Options) (*process, error) {
	profile, err := scratch.Make(scratch.Dir(os.Getenv), "browser")
	if err != nil {
		return nil, fmt.Errorf("a profile directory for the browser: %w", err)
	}
	toBrowser, ourEnd, err := os.Pipe()
	if err != nil {
		_ = profile.Remove()
		return nil, err
	}
	fromBrowser, theirEnd, err := os.Pipe()
	if err != nil {
		_ = profile.Remove()
		return nil, err
	}
	p := &process{
		cmd:     exec.Command(o.Bin, arguments(o, profile.Dir)...), //nolint:noctx // it outlives the context that launches it
		pipe:    newPipe(ourEnd, fromBrowser),
		profile: profile,
		exited:  make(chan struct{}),
		errors:  &tail{limit: 4 << 10},
	}
	p.cmd.ExtraFiles = []*os.File{toBrowser, theirEnd} // descriptors 3 and 4
	p.cmd.Stderr = p.errors
	p.cmd.Env = append(os.Environ(), "TMPDIR="+profile.Dir)
	ownGroup(p.cmd)
	err = p.cmd.Start()
	_ = toBrowser.Close()
	_ = theirEnd.Close()
	if err != nil {
		_ = p.pipe.Close()
		_ = profile.Remove()
		return nil, fmt.Errorf("%w: %s does not start: %w", ErrNotFound, o.Bin, err)
	}
	go func() {
		defer close(p.exited)
		_ = p.cmd.Wait() // how a browser ended says nothing; its standard error does
	}()
	return p, nil
}

// stop waits for the browser to end, kills what is left of it and removes the
// profile.
func (p *process) stop() error {
	_ = p.pipe.Close()
	select {
	case <-p.exited:
	case <-time.After(3 * time.Second):
	}
	killGroup(p.cmd)
	select {
	case <-p.exited:
	case <-time.After(5 * time.Second):
		return fmt.Errorf("the browser (process %d) does not end", p.cmd.Process.Pid)
	}
	var err error
	for range 20 { // a dying helper may still write into the directory
		if err = p.profile.Remove(); err == nil {
			return nil
		}
		<-time.After(50 * time.Millisecond)
	}
	return err
}

// lastWords is what the browser wrote to standard error, for a start that failed.
func (p *process) lastWords() string {
	lines := strings.Split(strings.TrimSpace(p.errors.String()), "\n")
	if last := lines[len(lines)-1]; last != "" {
		return " (it wrote: " + last + ")"
	}
	return ""
}

// unwanted are features that cost time here and show a customer nothing. On
// two processors the first three are worth a quarter of all time: a renderer's
// innards built anew for every page, left pages kept alive, and a spare
// renderer process at all times.
var unwanted = []string{
	"RenderDocument", "BackForwardCache", "SpareRendererForSitePerProcess",
	"IsolateOrigins", "site-per-process", "PaintHolding",
	"Translate", "MediaRouter", "OptimizationHints", "HttpsUpgrades",
}

// arguments is the browser's command line. The switched-off parts only cost
// time or speak to the outside world.
func arguments(o Options, profile string) []string {
	args := []string{
		"--remote-debugging-pipe",
		"--user-data-dir=" + profile,
		fmt.Sprintf("--window-size=%d,%d", Width, Height),
		"--no-first-run", "--no-default-browser-check", "--no-startup-window",
		"--disable-background-networking", "--disable-background-timer-throttling",
		"--disable-backgrounding-occluded-windows", "--disable-breakpad",
		"--disable-client-side-phishing-detection", "--disable-component-update",
		"--disable-component-extensions-with-background-pages", "--disable-default-apps",
		"--disable-dev-shm-usage", // shared memory lies in TMPDIR, which goes with the browser
		"--disable-extensions", "--disable-hang-monitor",
		"--disable-popup-blocking", "--disable-renderer-backgrounding",
		"--disable-site-isolation-trials", "--disable-sync",
		"--disable-features=" + strings.Join(unwanted, ","),
		"--enable-features=NetworkServiceInProcess2", // one process less to talk to: 4 % of all time
		"--enable-automation", "--force-color-profile=srgb", "--hide-scrollbars",
		"--metrics-recording-only", "--mute-audio", "--no-proxy-server",
		"--password-store=basic", "--use-mock-keychain",
	}
	if !o.Headed {
		args = append(args, "--headless")
	}
	if needsNoSandbox() {
		args = append(args, "--no-sandbox")
	}
	for name, value := range o.Flags {
		if value == "" {
			args = append(args, "--"+name)
			continue
		}
		args = append(args, "--"+name+"="+value)
	}
	slices.Sort(args)
	return args
}

// tail keeps the last bytes written to it.
type tail struct {
	mu    sync.Mutex
	limit int
	buf   bytes.Buffer
}

// Write implements io.Writer.
func (t *tail) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf.Write(data)
	if over := t.buf.Len() - t.limit; over > 0 {
		t.buf.Next(over)
	}
	return len(data), nil
}

// String is what was kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}

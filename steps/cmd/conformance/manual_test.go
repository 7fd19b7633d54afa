package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mint-conformance/mint/steps/browser/browsertest"
	"github.com/mint-conformance/mint/steps/browser/hands"
	"github.com/mint-conformance/mint/steps/exchange"
	"github.com/mint-conformance/mint/steps/pages"
)

// masked puts pages that nobody guesses before those of the Platform: it asks for
// a workplace, a name and a password by fields without labels, and for consent by
// two buttons, and then goes through the Platform's own pages.
func masked(t *testing.T, s *stranger, deny, allow string) (authorize string) {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.server.CA())
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	page := func(w http.ResponseWriter, r *http.Request, body string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<form action=%q method=post><textarea name=q hidden>%s</textarea>%s</form>`, r.URL.Path+"-done", r.PostFormValue("q")+strings.ReplaceAll(r.URL.RawQuery, "&", "&amp;"), body)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/tenant", func(w http.ResponseWriter, r *http.Request) {
		page(w, r, `<input id=place name=p><button id=next>»</button>`)
	})
	mux.HandleFunc("/tenant-done", func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("p") != "bergwerk-17" {
			http.Error(w, "there is no such place", http.StatusNotFound)
			return
		}
		page(w, r, `<input name=a><input id=b name=b><button name=go>»</button>`)
	})
	mux.HandleFunc("/tenant-done-done", func(w http.ResponseWriter, r *http.Request) {
		page(w, r, fmt.Sprintf(`<input type=hidden name=a value=%q><input type=hidden name=b value=%q><button id=no name=d value=n>%s</button><button id=yes name=d value=y>%s</button>`, r.PostFormValue("a"), r.PostFormValue("b"), deny, allow))
	})
	mux.HandleFunc("/tenant-done-done-done", func(w http.ResponseWriter, r *http.Request) {
		asked, err := url.ParseQuery(r.PostFormValue("q"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		v, err := pages.NewPlain(&exchange.Client{HTTP: client, Now: machineTime})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		l, err := v.Walk(r.Context(), pages.Walk{
			URL: s.platform.Endpoints.Authorize + "?" + asked.Encode(), Username: r.PostFormValue("a"), Password: r.PostFormValue("b"),
			Decision: map[string]pages.Decision{"y": pages.Allow, "n": pages.Deny}[r.PostFormValue("d")], Redirects: []string{asked.Get("redirect_uri")},
		})
		if err != nil || !l.Redirected {
			http.Error(w, fmt.Sprintf("%+v %v", l, err), http.StatusForbidden)
			return
		}
		http.Redirect(w, r, l.URL, http.StatusSeeOther)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/tenant"
}

// ear hears in what the program says that a person is asked to do something.
type ear struct {
	text  bytes.Buffer
	asked chan struct{}
}

// Write implements io.Writer.
func (e *ear) Write(text []byte) (int, error) {
	if bytes.Contains(text, []byte("please ")) {
		e.asked <- struct{}{}
	}
	return e.text.Write(text)
}

// heard runs the program with somebody listening.
func heard(t *testing.T, env map[string]string, asked chan struct{}, args ...string) (code int, said string) {
	t.Helper()
	out, errs := &ear{asked: asked}, &bytes.Buffer{}
	code = run(t.Context(), args, out, errs, func(name string) string { return env[name] })
	return code, out.text.String() + errs.String()
}

// atHand is a browser with a person at it, who takes the way through the masked
// pages whenever she is asked.
func atHand(t *testing.T, asked <-chan struct{}) (address string, ways *atomic.Int32) {
	t.Helper()
	address, stop, err := hands.Start(t.Context(), browsertest.Bin(t))
	if err != nil {
		t.Fatal(err)
	}
	h, err := hands.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	ways = &atomic.Int32{}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ctx.Done():
				return
			case <-asked:
			}
			if way(ctx, h) == nil {
				ways.Add(1)
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		_ = h.Close()
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return address, ways
}

// way is what the person does, once the first page is shown.
func way(ctx context.Context, h *hands.Hands) error {
	p, err := h.At(ctx, "/tenant?")
	for _, do := range []func() error{
		func() error { return p.Type(ctx, "#place", "bergwerk-17") },
		func() error { return p.Click(ctx, "#next") },
		func() error { return p.Type(ctx, "[name=a]", "maya@example.test") },
		func() error { return p.Type(ctx, "#b", "maya-password-1") },
		func() error { return p.Click(ctx, "[name=go]") },
		func() error { return p.Click(ctx, "#yes") },
	} {
		if err == nil {
			err = do()
		}
	}
	return err
}

// TestAPersonHelps: where the pages cannot be guessed, doctor and run wait for
// what a person does at the window; what she typed is written down nowhere.
func TestAPersonHelps(t *testing.T) {
	asked := make(chan struct{}, 1)
	address, ways := atHand(t, asked)
	s := newStranger(t, `{"consent":{"remember":"never"}}`)
	file := s.file(strings.Replace(short, "pages: plain\n", "", 1), "endpoints: {authorize: "+masked(t, s, "-", "+")+"}\n")
	code, said := heard(t, s.env, asked, "doctor", "--target", file, "--manual", "--manual-wait", "1m", "--browser", address)
	if code != 0 || !strings.Contains(said, "hand  please do by hand, in the browser window, within 1m0s: log in as maya@example.test with the password of customers.first, and allow the application what it asks for; ") ||
		!strings.Contains(said, "ok    login and consent lead back to https://client.example/callback with a code\n") {
		t.Fatalf("doctor: exit code %d\n%s", code, said)
	}
	code, more := heard(t, s.env, asked, "run", "--target", file, "--out", filepath.Join(s.dir, "out"), "--check", "CG-01", "--manual", "--manual-wait", "50s", "--browser", address)
	statuses, reasons := s.reported(code, more)
	if code != 0 || statuses["CG-01"] != "PASS" || !strings.Contains(more, "please do by hand, in the browser window, within 50s: ") {
		t.Errorf("run: exit code %d, %v %v\n%s", code, statuses, reasons, more)
	}
	if n := ways.Load(); n < 3 {
		t.Errorf("the person went through the pages %d times", n)
	}
	unwritten(t, said+more, filepath.Join(s.dir, "out"), "maya-password-1", "bergwerk-17")
}

// unwritten looks for secrets in what was said and in a folder.
func unwritten(t *testing.T, said, dir string, secrets ...string) {
	t.Helper()
	all := map[string]string{"the console": said}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range all {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%q stands in %s", secret, where)
			}
		}
	}
}

// TestDoctorLearns: the steps that are learnt from a person take the login alone,
// and hold nothing that she typed.
func TestDoctorLearns(t *testing.T) {
	asked := make(chan struct{}, 1)
	address, _ := atHand(t, asked)
	s := newStranger(t, `{"consent":{"remember":"never"}}`)
	endpoint := "endpoints: {authorize: " + masked(t, s, "Deny", "Allow") + "}\n"
	file := s.file(strings.Replace(short, "pages: plain\n", "", 1), endpoint)
	code, said := heard(t, s.env, asked, "doctor", "--target", file, "--learn", "--manual-wait", "1m", "--browser", address)
	_, learnt, _ := strings.Cut(said, "conformance doctor --target "+file+"\n")
	const want = `login:
  - url: /tenant
    fill:
      '#place': ${env.LOGIN_PLACE}
    click: '#next'
  - url: /tenant-done
    fill:
      '#b': ${password}
      '[name=a]': ${username}
    click: '[name=go]'
`
	if code != 0 || learnt != want || !strings.Contains(said, "note  set the environment variable LOGIN_PLACE to what you typed into #place\n") ||
		!strings.Contains(said, "hand  please log in in the browser window, within 1m0s, as maya@example.test with the password of the file, and allow the application what it asks for; ") {
		t.Fatalf("exit code %d\n%s\nlearnt\n%s, want\n%s", code, said, learnt, want)
	}
	unwritten(t, said, s.dir, "maya-password-1", "bergwerk-17")
	file = s.file(strings.Replace(short, "pages: plain\n", "", 1), endpoint, learnt)
	if code, _, stderr := invoke(t, s.env, "doctor", "--target", file, "--browser", browsertest.Bin(t)); code != 2 || !strings.Contains(stderr, "the environment variable LOGIN_PLACE is not set; set it to what is typed into #place before the run") {
		t.Errorf("without the variable: exit code %d, %q", code, stderr)
	}
	s.env["LOGIN_PLACE"] = "bergwerk-17"
	code, stdout, stderr := invoke(t, s.env, "doctor", "--target", file, "--browser", browsertest.Bin(t))
	if code != 0 || !strings.Contains(stdout, "ok    login and consent lead back to https://client.example/callback with a code\n") {
		t.Errorf("with the steps: exit code %d, %q\n%s", code, stderr, stdout)
	}
}

func TestWhatKeepsAPersonAway(t *testing.T) {
	s := newStranger(t, `{}`)
	dir := t.TempDir()
	for _, name := range []string{"chrome", "headless-shell"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	window, shell := filepath.Join(dir, "chrome"), filepath.Join(dir, "headless-shell")
	browsed := s.file(strings.Replace(short, "pages: plain\n", "", 1))
	plain := s.write("plain.yaml", strings.NewReplacer("ISSUER", s.platform.Issuer, "API", s.platform.Endpoints.Campaigns).Replace(short))
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no display", []string{"doctor", "--target", browsed, "--manual", "--browser", window}, "--manual needs a window that a person sees, and there is no display (DISPLAY is not set); run it on a desktop, or name the remote debugging address of a browser on one by --browser"},
		{"no display for a run", []string{"run", "--target", browsed, "--manual", "--browser", window}, "--manual needs a window that a person sees"},
		{"no window", []string{"doctor", "--target", browsed, "--manual", "--browser", shell}, "has no window; leave it out, and scripts/browser --headed installs one that has"},
		{"pages without a browser", []string{"run", "--target", plain, "--manual", "--browser", window}, "--manual needs a browser, and " + plain + " says pages: plain; leave one of them out"},
		{"a mock", []string{"run", "--target", "mock:mint", "--manual"}, "--manual is for the pages of a server of your own; add --target FILE, or leave it out"},
		{"no display to learn at", []string{"doctor", "--target", browsed, "--learn", "--browser", window}, "--learn needs a window that a person sees"},
		{"everything by hand", []string{"doctor", "--target", browsed, "--learn", "--manual", "--browser", window}, "--learn has a person do everything; leave --manual out"},
		{"no time", []string{"doctor", "--target", browsed, "--manual", "--manual-wait", "0s", "--browser", window}, "--manual-wait 0s is no time to do anything in; write one such as 3m"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, stdout, stderr := invoke(t, s.env, tt.args...)
			if code != 2 || !strings.Contains(stderr, tt.want) || strings.Count(stderr, "\n") != 1 || stdout != "" {
				t.Errorf("exit code %d, %q, want %q\n%s", code, stderr, tt.want, stdout)
			}
		})
	}
}

// TestTyped: a line is there until it is taken, and the end of the input ends the lines.
func TestTyped(t *testing.T) {
	lines := typed(strings.NewReader("x\n"))
	select {
	case line := <-lines:
		if line != "x" {
			t.Errorf("read %q", line)
		}
	case <-time.After(time.Minute):
		t.Fatal("nothing is read")
	}
	if _, open := <-lines; open {
		t.Error("more than one line")
	}
}

package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/steps/browser/browsertest"
)

// counted is a browser that keeps count of how often it is started.
func counted(t *testing.T, chrome string) (path string, starts func() int) {
	t.Helper()
	dir := t.TempDir()
	log := filepath.Join(dir, "starts")
	path = filepath.Join(dir, "browser")
	text := fmt.Sprintf("#!/bin/sh\necho started >> '%s'\nexec '%s' \"$@\"\n", log, chrome)
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath(path); err != nil {
		t.Fatal(err)
	}
	return path, func() int {
		said, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(said), "started")
	}
}

// TestAnswersComeInOnLoopback: the harness serves the redirect URI of the file,
// for doctor and run alike; run starts one browser; a port that is taken is told.
func TestAnswersComeInOnLoopback(t *testing.T) {
	bin, starts := counted(t, browsertest.Bin(t))
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	place := l.Addr().String()
	s := newStranger(t, fmt.Sprintf(`{"consent":{"remember":"never"},"clients":{"app":{"redirect_uris":["http://%s/callback"]}}}`, place))
	file := s.file(strings.NewReplacer("pages: plain\n", "redirect: {mode: loopback}\n", "https://client.example", "http://"+place).Replace(short))
	code, stdout, stderr := invoke(t, s.env, "doctor", "--target", file, "--browser", bin)
	want := "conformance: " + place + ", where answers are to come in, is taken by another program; end that program, or register and write a redirect URI with another port, or leave redirect out of " + file + "\n"
	if code != 2 || stderr != want {
		t.Errorf("a taken port: exit code %d, %q, want %q\n%s", code, stderr, want, stdout)
	}
	if code, _, stderr := invoke(t, s.env, "run", "--target", file, "--browser", bin, "--check", "CG-01", "--out", filepath.Join(s.dir, "none")); code != 2 || stderr != want {
		t.Errorf("a taken port: exit code %d, %q", code, stderr)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if code, stdout, stderr = invoke(t, s.env, "doctor", "--target", file, "--browser", bin); code != 0 ||
		!strings.Contains(stdout, "ok    login and consent lead back to http://"+place+"/callback with a code, which came in there\n") {
		t.Fatalf("doctor: exit code %d, %q\n%s", code, stderr, stdout)
	}
	before := starts()
	code, statuses, reasons, said := s.verdicts(file, "--check", "CG-01", "--browser", bin)
	if code != 0 || statuses["CG-01"] != "PASS" {
		t.Errorf("run: exit code %d, %v %v\n%s", code, statuses, reasons, said)
	}
	if n := starts() - before; n != 1 {
		t.Errorf("the browser was started %d times for one run", n)
	}
	again, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", place)
	if err != nil {
		t.Fatalf("the port is still held after the run: %v", err)
	}
	_ = again.Close()
}

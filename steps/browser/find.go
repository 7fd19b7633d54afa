package browser

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

var (
	shells = []string{"chromium-headless-shell", "chrome-headless-shell", "headless-shell"}
	full   = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}
)

// Find names the browser to launch: explicit (a path, a program on PATH or
// the address of a running one) if given, else the CHROME environment value
// handed in as chrome, else a headless shell (three times faster), else a full
// browser. headed leaves the shells out, which have no window. The error wraps
// ErrNotFound and names the mend.
func Find(explicit, chrome string, headed bool) (string, error) {
	for _, named := range []struct{ source, value string }{
		{"--browser " + explicit, explicit}, {"CHROME=" + chrome, chrome},
	} {
		if named.value == "" {
			continue
		}
		if IsAddress(named.value) {
			return named.value, nil
		}
		path, err := exec.LookPath(named.value)
		if err != nil {
			return "", fmt.Errorf("%w: %s is not a program; correct it or leave it out", ErrNotFound, named.source)
		}
		if headed && windowless(path) {
			return "", fmt.Errorf("%w: %s has no window; leave it out, and scripts/browser --headed installs one that has", ErrNotFound, named.source)
		}
		return path, nil
	}
	names := append(append([]string{}, shells...), full...)
	mend := "scripts/browser installs one, or set CHROME to the path of a Chromium or Chrome"
	if headed {
		names = full
		mend = "--headed needs a browser with a window: scripts/browser --headed installs one"
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: there is no Chromium or Chrome on PATH; %s", ErrNotFound, mend)
}

// windowless says whether a program is a headless shell.
func windowless(path string) bool {
	real, err := filepath.EvalSymlinks(path)
	return strings.Contains(filepath.Base(path), "headless") || err == nil && strings.Contains(filepath.Base(real), "headless")
}

// IsAddress tells the address of a running browser from a path.
func IsAddress(bin string) bool {
	for _, scheme := range []string{"http://", "https://", "ws://", "wss://"} {
		if strings.HasPrefix(bin, scheme) {
			return true
		}
	}
	return false
}

// needsNoSandbox: Chromium refuses its sandbox to root, and containers rarely
// allow the name spaces it needs.
func needsNoSandbox() bool {
	if os.Geteuid() == 0 {
		return true
	}
	for _, mark := range []string{"/.dockerenv", "/run/.containerenv"} {
		if _, err := os.Stat(mark); err == nil {
			return true
		}
	}
	return false
}

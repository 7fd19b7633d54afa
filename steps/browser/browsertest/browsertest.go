// Package browsertest gives tests the machine's browser. `make test` installs
// one before; a plain go test on a machine without any leaves such tests out, as
// -short does, and says so.
package browsertest

import (
	"os"
	"testing"

	"github.com/mint-conformance/mint/steps/browser"
)

// Bin is the path or address of the browser: what CHROME names, or else one on
// PATH. The test is skipped under -short, and where CHROME is not set and there
// is none. A CHROME that is none fails it: whoever sets it means it.
func Bin(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short leaves the browser alone")
	}
	chrome := os.Getenv("CHROME")
	bin, err := browser.Find("", chrome, false)
	if err != nil && chrome == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

// Launch starts the browser with these flags, nil for none, and ends it with the
// test.
func Launch(t testing.TB, flags map[string]string) *browser.Browser {
	t.Helper()
	return At(t, Bin(t), flags)
}

// At is Launch for the browser of a path or address.
func At(t testing.TB, bin string, flags map[string]string) *browser.Browser {
	t.Helper()
	b, err := browser.Launch(t.Context(), browser.Options{Bin: bin, Flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("closing the browser: %v", err)
		}
	})
	return b
}

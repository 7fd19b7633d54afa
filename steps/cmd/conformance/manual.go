package main

import (
	"bufio"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/spf13/pflag"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/partner"
	"github.com/mint-conformance/mint/steps/runner"
	"github.com/mint-conformance/mint/steps/target"
)

// manual is the option of a person at the browser's window.
type manual struct {
	on   bool
	wait time.Duration
}

func (m *manual) flags(f *pflag.FlagSet) {
	f.BoolVar(&m.on, "manual", false, "show the browser, and have a person do there what cannot be guessed on pages of a server of your own")
	f.DurationVar(&m.wait, "manual-wait", 3*time.Minute, "how long to wait for the person, each time; what she leaves undone ends the asking")
}

// tasks is how many a check may have for the person at most.
const tasks = 10

// most is how long a person may take in one check.
func (m manual) most() time.Duration {
	if !m.on {
		return 0
	}
	return tasks * m.wait
}

// ready says what keeps a person from seeing a window; option is the one that
// needs it.
func (m manual) ready(option string, d *partner.Document, bin string, getenv func(string) string) error {
	switch {
	case m.wait <= 0:
		return fmt.Errorf("%w: --manual-wait %s is no time to do anything in; write one such as 3m", runner.ErrUsage, m.wait)
	case d.Pages == "plain":
		return fmt.Errorf("%w: %s needs a browser, and %s says pages: plain; leave one of them out", runner.ErrUsage, option, d.File)
	}
	found, err := browser.Find(bin, getenv("CHROME"), true)
	if err != nil {
		return err
	}
	if runtime.GOOS == "linux" && !browser.IsAddress(found) && getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "" {
		return fmt.Errorf("%w: %s needs a window that a person sees, and there is no display (DISPLAY is not set); run it on a desktop, or name the remote debugging address of a browser on one by --browser", runner.ErrUsage, option)
	}
	return nil
}

// person is whoever sits at the window.
func (m manual) person(t *target.Target, lines <-chan string, tell func(string)) *pages.Manual {
	return &pages.Manual{Wait: m.wait, Tell: tell, Answers: lines, Who: t.Who}
}

// typed are the lines that come in, until there are no more; while one waits to
// be taken, further ones are lost. It reads on until the program ends.
func typed(in io.Reader) <-chan string {
	lines := make(chan string, 1)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(in); s.Scan(); {
			select {
			case lines <- s.Text():
			default:
			}
		}
	}()
	return lines
}

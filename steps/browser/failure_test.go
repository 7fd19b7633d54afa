package browser_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/steps/browser"
)

func TestErrorsSayWhatThePageShows(t *testing.T) {
	b, base := launch(t), site(t)
	s := session(t, b)
	check(t, s.Goto(t.Context(), base+"/form?code=very-secret&page=2"))
	check(t, s.WaitFor(t.Context(), "h1"))
	tests := []struct {
		name string
		do   func(ctx context.Context) error
		want []string
	}{
		{"a button that is not there", func(ctx context.Context) error { return s.Press(ctx, "Allow") },
			[]string{`button "Allow"`, "not within", "there are: Log in, Wait, Apply", "/form?code=...&page=2", `heading "Log in to MINT"`}},
		{"a disabled button", func(ctx context.Context) error { return s.Press(ctx, "Wait") },
			[]string{`button "Wait": the button is disabled`}},
		{"a hidden button", func(ctx context.Context) error { return s.Press(ctx, "Hidden") },
			[]string{`button "Hidden"`, "no button is called so"}},
		{"two buttons of one name", func(ctx context.Context) error { return s.Press(ctx, "Apply") },
			[]string{"2 buttons are called so; name the container"}},
		{"a label that is not there", func(ctx context.Context) error { return s.Fill(ctx, "E-mail", "x") },
			[]string{`filling "E-mail"`, "there are: Username, Password, your campaigns"}},
		{"a text that is not there", func(ctx context.Context) error { return s.WaitForText(ctx, "h1", "Hello") },
			[]string{`h1 saying "Hello"`, "it says: Log in to MINT"}},
		{"an element that is not there", func(ctx context.Context) error { return s.WaitFor(ctx, "#nothing") },
			[]string{"#nothing: not within", "nothing matches"}},
		{"a selector that is none", func(ctx context.Context) error { return s.WaitFor(ctx, "][") },
			[]string{"SyntaxError"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.do(soon(t))
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q lacks %q", err, want)
				}
			}
			if errors.Is(err, browser.ErrLost) {
				t.Errorf("error %q claims that the browser is lost", err)
			}
			if strings.Contains(err.Error(), "very-secret") {
				t.Errorf("error %q repeats a secret", err)
			}
		})
	}
}

func TestGotoAnUnreachableAddress(t *testing.T) {
	b := launch(t)
	s := session(t, b)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	err := s.Goto(t.Context(), closed.URL)
	if !errors.Is(err, browser.ErrUnreachable) || !strings.Contains(err.Error(), "ERR_CONNECTION_REFUSED") {
		t.Errorf("error %v, want ErrUnreachable with the browser's reason", err)
	}
}

func TestALostPageIsNoVerdict(t *testing.T) {
	b, base := launch(t), site(t)
	t.Run("the page crashes", func(t *testing.T) {
		s := session(t, b)
		check(t, s.Goto(t.Context(), base+"/form"))
		s.Crash(soon(t))
		if err := s.WaitFor(t.Context(), "#nothing"); !errors.Is(err, browser.ErrLost) {
			t.Errorf("error %v, want ErrLost", err)
		}
	})
	t.Run("the browser is still good for others", func(t *testing.T) {
		s := session(t, b)
		check(t, s.Goto(t.Context(), base+"/form"))
		check(t, s.WaitFor(t.Context(), "h1"))
	})
	t.Run("the browser ends", func(t *testing.T) {
		s := session(t, b)
		check(t, s.Goto(t.Context(), base+"/form"))
		check(t, b.Close())
		if err := s.WaitFor(t.Context(), "h1"); !errors.Is(err, browser.ErrLost) {
			t.Errorf("error %v, want ErrLost", err)
		}
		if !b.Lost() {
			t.Error("Lost says no")
		}
		if _, err := b.NewSession(t.Context()); !errors.Is(err, browser.ErrLost) {
			t.Errorf("a new session: %v, want ErrLost", err)
		}
	})
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	b, base := launch(t), site(t)
	s := session(t, b)
	check(t, s.Goto(t.Context(), base+"/form"))
	check(t, b.Close())
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	check(t, err)
	for _, e := range left {
		t.Errorf("left behind: %s", e.Name())
	}
}

func TestFindAndLaunchErrors(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	tests := []struct {
		name, explicit, chrome string
		headed                 bool
		want                   string
	}{
		{"nothing on PATH", "", "", false, "scripts/browser installs one"},
		{"nothing with a window", "", "", true, "--headed needs a browser with a window"},
		{"a wrong --browser", "/nowhere/chrome", "", false, "--browser /nowhere/chrome is not a program"},
		{"a wrong CHROME", "", "/nowhere/chrome", false, "CHROME=/nowhere/chrome is not a program"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := browser.Find(tt.explicit, tt.chrome, tt.headed)
			if !errors.Is(err, browser.ErrNotFound) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want ErrNotFound saying %q", err, tt.want)
			}
		})
	}
	t.Run("an address is left as it is", func(t *testing.T) {
		got, err := browser.Find("http://127.0.0.1:9222", "", false)
		if err != nil || got != "http://127.0.0.1:9222" {
			t.Errorf("got %q, %v", got, err)
		}
	})
	for _, bin := range []string{"/bin/false", "http://127.0.0.1:1"} {
		if _, err := browser.Launch(t.Context(), browser.Options{Bin: bin}); !errors.Is(err, browser.ErrNotFound) {
			t.Errorf("launching %s: %v, want ErrNotFound", bin, err)
		}
	}
}

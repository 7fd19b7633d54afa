package browser_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/steps/browser"
	"github.com/mint-conformance/mint/steps/browser/browsertest"
)

// launch starts the machine's browser.
func launch(t *testing.T) *browser.Browser {
	t.Helper()
	return browsertest.Launch(t, nil)
}

func session(t *testing.T, b *browser.Browser) *browser.Session {
	t.Helper()
	s, err := b.NewSession(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// soon is a context for things that must fail, so that they fail fast.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

// site is a small web site with everything that Session is there for.
func site(t testing.TB) string {
	t.Helper()
	mux := http.NewServeMux()
	page := func(pattern, body string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'; form-action 'self'; connect-src 'self'")
			w.Header().Set("Cache-Control", "no-store")
			_, _ = fmt.Fprintf(w, "<!doctype html><html lang=en><title>t</title><body>%s", body)
		})
	}
	page("GET /form", `<h1>Log in to MINT</h1>
		<form method=post action=/form>
		<label>Username <input name=username autocomplete=username></label>
		<label for=p>Password</label><input id=p name=password type=password>
		<label><input type=checkbox name=scope value=ads.read> your  campaigns</label>
		<button>Log in</button></form>
		<form action=/slow><button disabled>Wait</button></form>
		<article id=a><h2>One</h2><form action=/pressed/a><button>Apply</button></form></article>
		<article id=b><h2>Two</h2><form action=/pressed/b><button>Apply</button></form></article>
		<p hidden><button>Hidden</button></p>
		<p><a href="/form?here=1">Again</a> <a href="/redirect">Away</a></p>`)
	mux.HandleFunc("POST /form", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "visitor", Value: "v1", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		http.Redirect(w, r, "/done?user="+r.FormValue("username")+"&scope="+r.FormValue("scope"), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /done", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, "<h1>Hello %s</h1><p role=status>May see %s</p>", r.FormValue("user"), r.FormValue("scope"))
	})
	page("GET /focus", `<h1>Focus</h1><input><input id=here autofocus>`)
	page("GET /pressed/a", `<h1>Pressed a</h1>`)
	page("GET /pressed/b", `<h1>Pressed b</h1>`)
	mux.HandleFunc("GET /redirect", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/relay?code=very-secret&state=s", http.StatusFound)
	})
	page("GET /relay", `<h1>One moment</h1><script>
		history.replaceState(null, '', '/relay');
		fetch('/exchange', {method: 'POST'}).then(r => r.json()).then(a => location.replace(a.location));
		</script>`)
	mux.HandleFunc("POST /exchange", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"location":"/pressed/a"}`))
	})
	page("GET /same", `<h1>Count</h1><p id=n></p><form method=post action=/same><button>Next</button></form>`)
	n := 0
	mux.HandleFunc("POST /same", func(w http.ResponseWriter, r *http.Request) {
		n++
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<h1>Count</h1><p id=n>%d</p><form method=post action=/same><button>Next</button></form>`, n)
	})
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSessionActsLikeACustomer(t *testing.T) {
	b, base := launch(t), site(t)
	t.Run("a form is filled by its labels and the next page read", func(t *testing.T) {
		s := session(t, b)
		check(t, s.Goto(t.Context(), base+"/form"))
		check(t, s.Fill(t.Context(), "Username", "maya@example.test"))
		check(t, s.Fill(t.Context(), "Password", "maya-password-1"))
		check(t, s.SetChecked(t.Context(), "your campaigns", true))
		check(t, s.Press(t.Context(), "Log in"))
		heading, err := s.Text(t.Context(), "h1")
		check(t, err)
		if want := "Hello maya@example.test"; heading != want {
			t.Errorf("heading %q, want %q: the old page was read, or the form was not sent", heading, want)
		}
		status, err := s.Text(t.Context(), "[role=status]")
		check(t, err)
		if want := "May see ads.read"; status != want {
			t.Errorf("status %q, want %q", status, want)
		}
		cookies, err := s.Cookies(t.Context(), base)
		check(t, err)
		want := []browser.Cookie{{Name: "visitor", Value: "v1", Domain: "127.0.0.1", Path: "/", SameSite: "Lax", HTTPOnly: true}}
		if diff := cmp.Diff(want, cookies); diff != "" {
			t.Errorf("cookies (-want +got):\n%s", diff)
		}
	})
	t.Run("two sessions share no cookies", func(t *testing.T) {
		s := session(t, b)
		cookies, err := s.Cookies(t.Context(), base)
		check(t, err)
		if len(cookies) != 0 {
			t.Errorf("a new session already has %v", cookies)
		}
	})
	t.Run("an answer at the same address is never taken for the page before it", func(t *testing.T) {
		s := session(t, b)
		check(t, s.Goto(t.Context(), base+"/same"))
		for want := 1; want <= 20; want++ {
			check(t, s.Press(t.Context(), "Next"))
			got, err := s.Text(t.Context(), "#n")
			check(t, err)
			if got != fmt.Sprint(want) {
				t.Fatalf("press %d shows %q", want, got)
			}
		}
	})
	t.Run("a container tells equal buttons apart", func(t *testing.T) {
		s := session(t, b)
		check(t, s.Goto(t.Context(), base+"/form"))
		check(t, s.PressIn(t.Context(), "#b", "Apply"))
		check(t, s.WaitForText(t.Context(), "h1", "Pressed b"))
	})
	t.Run("back and reload", func(t *testing.T) {
		s := session(t, b)
		check(t, s.Goto(t.Context(), base+"/form"))
		check(t, s.PressIn(t.Context(), "#a", "Apply"))
		check(t, s.WaitForText(t.Context(), "h1", "Pressed a"))
		check(t, s.Back(t.Context()))
		heading, err := s.Text(t.Context(), "h1")
		check(t, err)
		if heading != "Log in to MINT" {
			t.Errorf("back led to %q", heading)
		}
		check(t, s.Reload(t.Context()))
		texts, err := s.Texts(t.Context(), "h2")
		check(t, err)
		if diff := cmp.Diff([]string{"One", "Two"}, texts); diff != "" {
			t.Errorf("headings after a reload (-want +got):\n%s", diff)
		}
	})
	t.Run("a page that leads on by itself", func(t *testing.T) {
		s := session(t, b)
		check(t, s.Goto(t.Context(), base+"/form"))
		check(t, s.Follow(t.Context(), "Away"))
		check(t, s.WaitForText(t.Context(), "h1", "Pressed a"))
		address, err := s.URL(t.Context())
		check(t, err)
		if want := base + "/pressed/a"; address != want {
			t.Errorf("address %q, want %q", address, want)
		}
	})
	t.Run("attributes, sources, scripts and pictures", func(t *testing.T) {
		s := session(t, b)
		check(t, s.Goto(t.Context(), base+"/form"))
		kind, err := s.Attr(t.Context(), "input[name=username]", "autocomplete")
		check(t, err)
		missing, err := s.Attr(t.Context(), "input[name=username]", "nothing")
		check(t, err)
		if kind != "username" || missing != "" {
			t.Errorf("attributes %q and %q, want username and nothing", kind, missing)
		}
		there, err := s.Exists(t.Context(), "#nothing")
		check(t, err)
		if there {
			t.Error("Exists says yes to what is not there")
		}
		source, err := s.HTML(t.Context())
		check(t, err)
		if !strings.Contains(source, "Log in to MINT") {
			t.Errorf("source lacks the heading: %s", source)
		}
		var sum int
		check(t, s.Eval(t.Context(), &sum, "async (a, b) => a + b", 2, 3))
		if sum != 5 {
			t.Errorf("2 + 3 = %d", sum)
		}
		screenshot, err := s.Screenshot(t.Context())
		check(t, err)
		thumbnail, err := s.Thumbnail(t.Context())
		check(t, err)
		whole, err := png.Decode(bytes.NewReader(screenshot))
		check(t, err)
		if n := len(colours(whole)); n < 10 {
			t.Errorf("the screenshot has %d colours: nothing was drawn", n)
		}
		small, err := jpeg.Decode(bytes.NewReader(thumbnail))
		check(t, err)
		if got, want := small.Bounds().Size(), image.Pt(browser.Width/2, browser.Height/2); got != want {
			t.Errorf("the thumbnail is %v, want %v", got, want)
		}
		if n := len(colours(small)); n < 10 {
			t.Errorf("the thumbnail has %d colours: nothing was drawn", n)
		}
	})
	t.Run("a script sees the page as a customer does, the focus where autofocus puts it", func(t *testing.T) {
		s := session(t, b)
		for range 5 {
			check(t, s.Goto(t.Context(), base+"/focus"))
			check(t, s.Show(t.Context()))
			var name string
			check(t, s.Eval(t.Context(), &name, "() => document.activeElement.id"))
			if name != "here" {
				t.Fatalf("the focus is on %q", name)
			}
		}
	})
	t.Run("a phone's window is narrow", func(t *testing.T) {
		s, err := b.NewSessionSized(t.Context(), 390, 844)
		check(t, err)
		t.Cleanup(func() { _ = s.Close() })
		check(t, s.Goto(t.Context(), base+"/form"))
		var size []int
		check(t, s.Eval(t.Context(), &size, "() => [innerWidth, innerHeight]"))
		if diff := cmp.Diff([]int{390, 844}, size); diff != "" {
			t.Errorf("size (-want +got):\n%s", diff)
		}
	})
}

// colours are the colours that an image has.
func colours(m image.Image) map[color.Color]bool {
	all := map[color.Color]bool{}
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			all[m.At(x, y)] = true
		}
	}
	return all
}

func TestRequestsListsEveryHop(t *testing.T) {
	b, base := launch(t), site(t)
	s := session(t, b)
	check(t, s.Goto(t.Context(), base+"/form"))
	check(t, s.Fill(t.Context(), "Username", "m"))
	check(t, s.Press(t.Context(), "Log in"))
	check(t, s.WaitForText(t.Context(), "h1", "Hello"))
	type row struct {
		Method, Path string
		Status       int
		From         string
		Referer      string
		SetCookies   []string
	}
	var got []row
	for _, r := range s.Requests() {
		if strings.HasSuffix(r.URL, "favicon.ico") {
			continue
		}
		got = append(got, row{r.Method, strings.TrimPrefix(r.URL, base), r.Status,
			strings.TrimPrefix(r.RedirectedFrom, base), strings.TrimPrefix(r.Referer, base), r.SetCookies})
	}
	want := []row{
		{Method: "GET", Path: "/form", Status: 200},
		{Method: "POST", Path: "/form", Status: 303, Referer: "/form", SetCookies: []string{"visitor"}},
		{Method: "GET", Path: "/done?user=m&scope=", Status: 200, From: "/form", Referer: "/form"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if last := s.Requests()[2]; last.Headers["content-type"] != "text/html; charset=utf-8" || last.Type != "Document" {
		t.Errorf("the last answer is a %s of %q", last.Type, last.Headers["content-type"])
	}
}

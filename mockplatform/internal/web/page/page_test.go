package page_test

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
)

func newPages(t testing.TB) *page.Pages {
	t.Helper()
	pages, err := page.New()
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// scripts are the pages that do something by themselves.
var scripts = map[string]int{"deliver-form": 1, "deliver-message": 1}

// Every page keeps the promises that people who cannot see well, cannot use a
// mouse or have no JavaScript rely on.
func TestPagesAreAccessible(t *testing.T) {
	pages := newPages(t)
	for name, view := range samples(t, pages, "mint", "Mint Ads") {
		t.Run(name, func(t *testing.T) {
			document, err := pages.Render(view)
			if err != nil {
				t.Fatal(err)
			}
			root, err := html.Parse(strings.NewReader(string(document)))
			if err != nil {
				t.Fatal(err)
			}
			ids, labelled := map[string]int{}, map[string]bool{}
			count := map[string]int{}
			var described []string
			for node := range root.Descendants() {
				if node.Type != html.ElementNode {
					continue
				}
				count[node.Data]++
				if id := attribute(node, "id"); id != "" {
					ids[id]++
				}
				if node.Data == "label" {
					labelled[attribute(node, "for")] = true
				}
				described = append(described, strings.Fields(attribute(node, "aria-describedby")+" "+attribute(node, "aria-labelledby"))...)
				if node.Data == "form" && attribute(node, "method") != "post" {
					t.Errorf("a form is sent by %q", attribute(node, "method"))
				}
				if attribute(node, "style") != "" || attribute(node, "onclick") != "" {
					t.Errorf("<%s> has an inline style or script, which the policy forbids", node.Data)
				}
			}
			for node := range root.Descendants() {
				if visible := node.Data == "input" && attribute(node, "type") != "hidden"; visible || node.Data == "textarea" {
					if !labelled[attribute(node, "id")] {
						t.Errorf("field %q has no label", attribute(node, "name"))
					}
				}
			}
			for _, id := range described {
				if ids[id] == 0 {
					t.Errorf("aria refers to %q, which is not there", id)
				}
			}
			for id, n := range ids {
				if n > 1 {
					t.Errorf("id %q occurs %d times", id, n)
				}
			}
			for element, want := range map[string]int{"h1": 1, "main": 1, "header": 1, "footer": 1, "title": 1, "script": scripts[name]} {
				if count[element] != want {
					t.Errorf("%d <%s>, want %d", count[element], element, want)
				}
			}
			if away, is := view.(*page.Deliver); is && away.Action != "" {
				if strings.Contains(string(document), "csrf") {
					t.Error("a form that leaves the Platform carries a CSRF token")
				}
			} else if count["form"] > 0 && !strings.Contains(string(document), `name="csrf" value="csrf-value"`) {
				t.Error("a form has no CSRF token")
			}
		})
	}
}

func attribute(node *html.Node, name string) string {
	for _, one := range node.Attr {
		if one.Key == name {
			return one.Val
		}
	}
	return ""
}

// A page asks no other host for anything, and its policy admits its style.
func TestPagesAreSelfContained(t *testing.T) {
	pages := newPages(t)
	external := regexp.MustCompile(`(?i)(src|srcset|@import|url\(|<link[^>]+href)\s*=?\s*["'(]?\s*(https?:)?//`)
	for name, view := range samples(t, pages, "mint", "Mint Ads") {
		document, err := pages.Render(view)
		if err != nil {
			t.Fatal(err)
		}
		if found := external.Find(document); found != nil {
			t.Errorf("%s loads from elsewhere: %s", name, found)
		}
		_, rest, _ := strings.Cut(string(document), "<style>")
		style, _, ok := strings.Cut(rest, "</style>")
		sum := sha256.Sum256([]byte(style))
		source := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if policy := page.Policy(view); !ok || !strings.Contains(policy, "style-src "+source+";") {
			t.Errorf("%s: the policy does not admit the page's style: %s", name, policy)
		}
	}
}

func TestPolicy(t *testing.T) {
	pages := newPages(t)
	view := samples(t, pages, "mint", "Mint Ads")["login"]
	got := page.Policy(view, "http://127.0.0.1:9500")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self' http://127.0.0.1:9500"} {
		if !strings.Contains(got, want) {
			t.Errorf("the policy lacks %q: %s", want, got)
		}
	}
	if strings.Contains(got, "unsafe") || strings.Contains(got, "script-src") {
		t.Errorf("the policy admits too much: %s", got)
	}
}

// A script is admitted by its hash, and a frame by its origin.
func TestPoliciesOfScriptsAndFrames(t *testing.T) {
	pages := newPages(t)
	views := samples(t, pages, "mint", "Mint Ads")
	for name := range scripts {
		document, err := pages.Render(views[name])
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(document), "<script>")
		text, _, _ := strings.Cut(rest, "</script>")
		sum := sha256.Sum256([]byte(text))
		want := "; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"
		if policy := page.Policy(views[name]); text == "" || !strings.Contains(policy, want) {
			t.Errorf("%s: the policy does not admit the script: %s", name, policy)
		}
	}
	widget := views["login"].(*page.Login)
	widget.Framers = []string{"https://a.example", "https://b.example"}
	if policy := page.Policy(widget); !strings.Contains(policy, "frame-ancestors https://a.example https://b.example;") {
		t.Errorf("the policy lets somebody else frame: %s", policy)
	}
}

// What travels in a page is text there, whatever it holds.
func TestAnswersAreEscaped(t *testing.T) {
	pages := newPages(t)
	for name, view := range samples(t, pages, "mint", "Mint Ads") {
		deliver, is := view.(*page.Deliver)
		if !is {
			continue
		}
		const evil = `"></form><script>alert(1)</script>`
		for n := range deliver.Members {
			deliver.Members[n].Value = evil
		}
		deliver.Asking, deliver.Message = evil, evil
		document, err := pages.Render(deliver)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(document), "alert(1)</script>") {
			t.Errorf("%s runs what it carries", name)
		}
	}
}

// Whatever an application calls itself is text.
func TestPagesEscape(t *testing.T) {
	pages := newPages(t)
	view := samples(t, pages, "mint", "Mint Ads")["consent"].(*page.Consent)
	view.Client.Name = `<script>alert(1)</script>`
	view.Client.Website = `javascript:alert(1)`
	view.Client.Description = `"><img src=x onerror=alert(1)>`
	view.Heading = view.Client.Name
	view.Action = `/p/consent?state="><script>alert(1)</script>`
	document, err := pages.Render(view)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "<img", `href="javascript:`} {
		if strings.Contains(string(document), bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
}

// Each Platform of the spec has a look of its own, and white words on its
// accent colour can be read.
func TestThemes(t *testing.T) {
	pages := newPages(t)
	seen := map[string]string{}
	for _, name := range []string{"mint", "mailup", "service", "mindbaz"} {
		theme := pages.Theme(name)
		if other, twice := seen[theme.StyleSource]; twice {
			t.Errorf("%s looks like %s", name, other)
		}
		seen[theme.StyleSource] = name
	}
	fills := regexp.MustCompile(`--accent:#([0-9a-f]{6})`)
	for _, name := range []string{"mint", "mailup", "service", "mindbaz", "a", "b", "c", "d", "e", "f", "g"} {
		fill := fills.FindStringSubmatch(string(pages.Theme(name).Style))
		if fill == nil {
			t.Fatalf("%s has no accent colour", name)
		}
		if ratio := contrastWithWhite(t, fill[1]); ratio < 4.5 {
			t.Errorf("%s: white on #%s has contrast %.2f, want 4.5 (WCAG 2.2, 1.4.3)", name, fill[1], ratio)
		}
	}
}

func BenchmarkConsentPage(b *testing.B) {
	pages := newPages(b)
	view := samples(b, pages, "mint", "Mint Ads")["consent"]
	for b.Loop() {
		if _, err := pages.Render(view); err != nil {
			b.Fatal(err)
		}
	}
}

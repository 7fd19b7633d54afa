package front

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/mockplatform/internal/platform"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
	"github.com/mint-conformance/mint/mockplatform/internal/web/wire"
)

// FuzzAuthorize: whatever the raw query of an authorization request, the
// browser is sent to the registered address or stays with the Platform, no page
// leads or tells elsewhere, and nothing panics (RFC 9700 section 4.11).
func FuzzAuthorize(f *testing.F) {
	const callback = "http://127.0.0.1:9500/oauth/callback"
	const good = "response_type=code&client_id=mint-web&state=s&scope=ads.read&redirect_uri=http%3A%2F%2F127.0.0.1%3A9500%2Foauth%2Fcallback" +
		"&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	for _, seed := range []string{
		good, "", "?", "&&==", "%", "%zz=1", "a=%ff", "client_id=mint-web", "client_id=mint-web&response_type=code&redirect_uri=",
		good + "&response_mode=form_post", good + "&response_mode=web_message&scope=x", good + "&response_mode=manual",
		good + "&response_mode=fragment", good + "&response_mode=form_post&response_mode=query", good + "&client_id=mint-web",
		"client_id=mint-web&redirect_uri=https://evil.example", "client_id=mint-web&response_mode=form_post&redirect_uri=https://evil.example",
		"client_id=mint-web&response_mode=web_message&redirect_uri=https://evil.example", good + "&redirect_uri=https://evil.example", strings.Replace(good, "9500", "9501", 1), strings.Replace(good, "127.0.0.1", "127.0.0.1@evil.example", 1),
		strings.Replace(good, "callback", "callback%0d%0aLocation:%20https://evil.example", 1), strings.Replace(good, "callback", "callback%23", 1),
		strings.Replace(good, "response_type=code", "response_type=token", 1), "response_type=token&client_id=mint-web&response_mode=query",
		"client_id=mint-web&request_uri=urn:ietf:params:oauth:request_uri:x", "client_id=mint-web&request_uri=https://evil.example/r",
		good + "&state=%22%3E%3Cscript%3E", "state=%00&client_id=mint-web&response_mode=form_post", good + "&" + strings.Repeat("a=b&", 300),
	} {
		f.Add(seed)
	}
	site := fuzzSite(f)
	f.Fuzz(func(t *testing.T, query string) {
		e := &wire.Exchange{
			Request: &wire.Request{Request: &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/p/oauth2/authorize", RawQuery: query}, Header: http.Header{}}},
			Now:     time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC),
		}
		answer := site.Authorize(e)
		location := answer.Header.Get("Location")
		switch {
		case answer.Status == http.StatusSeeOther:
			if !strings.HasPrefix(location, callback+"?error=") && !strings.HasPrefix(location, callback+"#error=") {
				t.Errorf("%q is sent to %q", query, location)
			}
			if strings.ContainsAny(location, "\r\n \x00") {
				t.Errorf("%q: Location %q", query, location)
			}
			return
		case location != "" || answer.Status < 200 || answer.Status >= 500:
			t.Errorf("%q: %d, Location %q", query, answer.Status, location)
		}
		policy := answer.Header.Get("Content-Security-Policy")
		if _, to, _ := strings.Cut(policy, "form-action "); to != "'self'" && to != "'self' http://127.0.0.1:9500" {
			t.Errorf("%q: forms may lead to %s", query, to)
		}
		for _, mark := range []string{`action="`, `data-target="`, `href="`} {
			for _, part := range strings.Split(string(answer.Body), mark)[1:] {
				target, _, _ := strings.Cut(part, `"`)
				if !strings.HasPrefix(target, "/p/") && target != "#main" && !strings.HasPrefix(target, "data:image/svg") &&
					target != callback && target != "http://127.0.0.1:9500" && target != "https://mint.example" {
					t.Errorf("%q: a page leads to %q", query, target)
				}
			}
		}
		if n := strings.Count(string(answer.Body), "<script"); n > 1 {
			t.Errorf("%q: %d scripts", query, n)
		}
	})
}

// fuzzSite has every way to answer.
func fuzzSite(f *testing.F) *Site {
	doc, err := fixtures.Profile("mint")
	if err != nil {
		f.Fatal(err)
	}
	p, err := profile.Parse(doc)
	if err != nil {
		f.Fatal(err)
	}
	if p, err = p.With([]byte(`{"authorize":{"par":true,"response_types":["code","token"],"response_modes":["query","form_post","web_message","manual"]}}`)); err != nil {
		f.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC) }
	one, err := platform.New(platform.Config{Name: "p", Profile: p, BaseURL: "http://127.0.0.1:9400", Now: now})
	if err != nil {
		f.Fatal(err)
	}
	pages, err := page.New()
	if err != nil {
		f.Fatal(err)
	}
	return New(one, pages)
}

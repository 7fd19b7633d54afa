package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// The whole way of a customer: login, consent, back with a code.
func TestCustomerAllows(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Platform("mint")
	v := newVisitor(t)

	v.open(authorization(p, nil))
	v.says("h1", "Log in to Mint Ads")
	if away := v.logIn("maya"); away != nil {
		t.Fatalf("left the Platform before consent, to %s", away)
	}
	v.says("h1", "MINT asks for access to your Mint Ads account")
	for _, want := range []string{"https://mint.example", "It may read", "your campaigns, their budgets and daily figures", "It may change", "campaign budgets and status", "Maya Okafor"} {
		if !strings.Contains(v.words(), want) {
			t.Errorf("the consent page lacks %q", want)
		}
	}
	away := v.press("Allow", nil)
	if away == nil {
		t.Fatalf("still at %s: %s", v.url, v.words())
	}
	query := away.Query()
	if got := away.Scheme + "://" + away.Host + away.Path; got != callback {
		t.Errorf("came back to %s, want %s", got, callback)
	}
	if len(query["code"]) != 1 || len(query.Get("code")) < 22 {
		t.Errorf("code = %q, want one that cannot be guessed", query["code"])
	}
	query.Del("code")
	if diff := cmp.Diff(url.Values{"state": {"st ate&1"}, "iss": {p.Issuer}}, query); diff != "" {
		t.Errorf("beside the code (-want +got):\n%s", diff)
	}
}

func TestCustomerDenies(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	t.Run("redirect", func(t *testing.T) {
		p := mock.Platform("mint")
		v := newVisitor(t)
		v.open(authorization(p, nil))
		v.logIn("maya")
		away := v.press("Deny", nil)
		if away == nil {
			t.Fatalf("still at %s: %s", v.url, v.words())
		}
		if got := away.Query(); got.Get("error") != "access_denied" || got.Get("state") != "st ate&1" || got.Get("iss") != p.Issuer || got.Has("code") {
			t.Errorf("came back with %v", got)
		}
	})
	t.Run("page", func(t *testing.T) {
		p := mock.Create("mint", `{"consent":{"deny":"page"}}`)
		v := newVisitor(t)
		v.open(authorization(p, nil))
		v.logIn("maya")
		if away := v.press("Deny", nil); away != nil {
			t.Fatalf("left to %s", away)
		}
		v.says("h1", "You declined")
		v.says("status", "MINT got no access to your Mint Ads account.")
	})
}

func TestWrongPassword(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Platform("mint")
	for name, username := range map[string]string{"wrong password": "maya@example.test", "unknown customer": "nobody@example.test"} {
		t.Run(name, func(t *testing.T) {
			v := newVisitor(t)
			v.open(authorization(p, nil))
			v.press("Log in", map[string]string{"username": username, "password": "wrong"})
			v.says("h1", "Log in to Mint Ads")
			v.says("alert", "The username or password is not right.")
			if v.status != http.StatusForbidden {
				t.Errorf("status %d, want 403", v.status)
			}
			if got := attr(v.by("name", "username"), "value"); got != username {
				t.Errorf("the username field holds %q", got)
			}
			if strings.Contains(v.source, "wrong") && strings.Contains(v.source, `value="wrong"`) {
				t.Error("the page repeats the password")
			}
		})
	}
}

// After ten wrong passwords even the right one must wait, by Platform time.
func TestLoginThrottle(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	freeze := true
	if _, err := mock.Control().ChangeClock(t.Context(), "mint", control.ChangeClock{Freeze: &freeze}); err != nil {
		t.Fatal(err)
	}
	v := newVisitor(t)
	v.open(authorization(mock.Platform("mint"), nil))
	for range 10 {
		v.press("Log in", map[string]string{"username": "maya@example.test", "password": "wrong"})
		v.says("alert", "The username or password is not right.")
	}
	v.logIn("maya")
	v.says("alert", "There were too many attempts with a wrong password. Please wait 60 seconds and try again.")
	if v.status != http.StatusTooManyRequests || v.header.Get("Retry-After") != "60" {
		t.Errorf("status %d, Retry-After %q", v.status, v.header.Get("Retry-After"))
	}
	mock.Advance("mint", time.Minute)
	v.logIn("maya")
	v.says("h1", "MINT asks for access to your Mint Ads account")
}

// Errors that concern client or redirect URI stay on a page; all others go
// back to the client (RFC 6749 section 4.1.2.1).
func TestAuthorizationErrors(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Platform("mint")
	tests := []struct {
		name   string
		change map[string]string
		suffix string
		error  string // in the redirect; empty: a page
	}{
		{"unknown client", map[string]string{"client_id": "nobody"}, "", ""},
		{"no client", map[string]string{"client_id": ""}, "", ""},
		{"foreign redirect URI", map[string]string{"redirect_uri": "https://evil.example/cb"}, "", ""},
		{"longer redirect URI", map[string]string{"redirect_uri": callback + "/x"}, "", ""},
		{"client id twice", nil, "&client_id=mint-web", ""},
		{"malformed query", nil, "&x=%zz", ""},
		{"no response type", map[string]string{"response_type": ""}, "", "invalid_request"},
		{"implicit grant", map[string]string{"response_type": "token"}, "", "unsupported_response_type"},
		{"unknown scope", map[string]string{"scope": "ads.delete"}, "", "invalid_scope"},
		{"no PKCE", map[string]string{"code_challenge": "", "code_challenge_method": ""}, "", "invalid_request"},
		{"plain PKCE", map[string]string{"code_challenge_method": "plain"}, "", "invalid_request"},
		{"scope twice", nil, "&scope=ads.read", "invalid_request"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v := newVisitor(t)
			away := v.open(authorization(p, test.change) + test.suffix)
			if test.error == "" {
				if away != nil {
					t.Fatalf("sent to %s", away)
				}
				v.says("h1", "This request cannot be answered")
				v.says("alert", "The application that sent you here made a request that Mint Ads does not accept.")
				if v.status != http.StatusBadRequest || v.header.Get("Content-Type") != "text/html; charset=utf-8" {
					t.Errorf("status %d, %s", v.status, v.header.Get("Content-Type"))
				}
				return
			}
			if away == nil {
				t.Fatalf("a page: %s", v.words())
			}
			got := away.Query()
			if got.Get("error") != test.error || got.Get("state") != "st ate&1" || got.Get("iss") != p.Issuer || got.Has("code") {
				t.Errorf("went to %s", away)
			}
		})
	}
}

func TestPermissions(t *testing.T) {
	mock := mockplatform.Start(t, "service")
	p := mock.Platform("service")
	t.Run("none", func(t *testing.T) {
		v := newVisitor(t)
		v.open(authorization(p, nil))
		if away := v.logIn("nora"); away != nil {
			t.Fatalf("left to %s", away)
		}
		v.says("h1", "Permission missing")
		v.says("alert", "Nora Brandt has no permission on an advertising account of Service Ads.")
		back, err := url.Parse(attr(v.by("href", backLink(v)), "href"))
		if err != nil || back.Query().Get("error") != "access_denied" || back.Query().Has("code") {
			t.Errorf("the way back is %s, %v", back, err)
		}
	})
	t.Run("viewer", func(t *testing.T) {
		v := newVisitor(t)
		v.open(authorization(p, nil))
		v.logIn("victor")
		item := v.by("data-scope", "ads.write")
		if attr(item, "data-grantable") != "no" || !strings.Contains(text(item), "as a viewer you may look at this advertising account, not change it") {
			t.Errorf("the change is shown as %q", text(item))
		}
		if away := v.press("Allow", nil); away == nil || !away.Query().Has("code") {
			t.Errorf("no code for what a viewer can grant: %v", away)
		}
	})
	t.Run("viewer, only changes asked", func(t *testing.T) {
		v := newVisitor(t)
		v.open(authorization(p, map[string]string{"scope": "ads.write"}))
		v.logIn("victor")
		v.says("h1", "Permission missing")
	})
	t.Run("nothing ticked", func(t *testing.T) {
		v := newVisitor(t)
		v.open(authorization(p, nil))
		v.logIn("maya")
		if away := v.press("Allow", map[string]string{"ads.read": "off", "ads.write": "off"}); away != nil {
			t.Fatalf("left to %s", away)
		}
		v.says("alert", "Tick at least one thing that MINT may do, or deny.")
	})
}

// backLink is the address of the first link in the page's main part.
func backLink(v *visitor) string {
	main := v.by("id", "main")
	for node := range main.Descendants() {
		if node.Data == "a" {
			return attr(node, "href")
		}
	}
	return ""
}

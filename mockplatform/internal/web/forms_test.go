package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform"
)

// A form counts only with the CSRF token of the session that sends it (RFC
// 6749 section 10.12).
func TestForgedForms(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Platform("mint")
	login := strings.Replace(authorization(p, nil), p.Endpoints.Authorize, p.Issuer+"/login", 1)
	consent := strings.Replace(authorization(p, nil), p.Endpoints.Authorize, p.Issuer+"/consent", 1)
	other := newVisitor(t)
	other.open(authorization(p, nil))
	stolen := attr(other.by("name", "csrf"), "value")

	refused := func(t *testing.T, v *visitor, away *url.URL) {
		t.Helper()
		if away != nil {
			t.Fatalf("the form was taken: %s", away)
		}
		v.says("h1", "This form is no longer valid")
		if v.status != http.StatusForbidden {
			t.Errorf("status %d, want 403", v.status)
		}
	}
	for name, token := range map[string]string{"none": "", "another session's": stolen, "invented": "AAAA"} {
		t.Run("login, "+name, func(t *testing.T) {
			v := newVisitor(t)
			v.open(authorization(p, nil))
			refused(t, v, v.post(login, url.Values{"username": {"maya@example.test"}, "password": {"maya-password-1"}, "csrf": {token}}))
		})
		t.Run("consent, "+name, func(t *testing.T) {
			v := newVisitor(t)
			v.open(authorization(p, nil))
			v.logIn("maya")
			refused(t, v, v.post(consent, url.Values{"decision": {"allow"}, "csrf": {token}}))
		})
	}
	t.Run("from another site", func(t *testing.T) {
		v := newVisitor(t)
		v.open(authorization(p, nil))
		v.logIn("maya")
		form := url.Values{"decision": {"allow"}, "csrf": {attr(v.by("name", "csrf"), "value")}}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, consent, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "cross-site")
		refused(t, v, v.send(request))
	})
	t.Run("consent without login", func(t *testing.T) {
		v := newVisitor(t)
		v.open(authorization(p, nil))
		token := attr(v.by("name", "csrf"), "value")
		if away := v.post(consent, url.Values{"decision": {"allow"}, "csrf": {token}}); away != nil {
			t.Fatalf("left to %s", away)
		}
		v.says("h1", "Log in to Mint Ads")
	})
	grants, err := mock.Control().Grants(t.Context(), "mint")
	if err != nil || len(grants) != 0 {
		t.Errorf("forged forms made %d grants, %v", len(grants), err)
	}
}

// The session id of the login page is worthless after the login.
func TestSessionCookie(t *testing.T) {
	mock := mockplatform.Start(t, "mint", "mailup")
	p := mock.Platform("mint")
	v := newVisitor(t)
	v.open(authorization(p, nil))
	set := v.header.Get("Set-Cookie")
	for _, want := range []string{"platform_session=", "Path=/mint", "HttpOnly", "SameSite=Lax"} {
		if !strings.Contains(set, want) {
			t.Errorf("Set-Cookie %q lacks %s", set, want)
		}
	}
	issuer, err := url.Parse(p.Issuer + "/")
	if err != nil {
		t.Fatal(err)
	}
	before := v.client.Jar.Cookies(issuer)[0].Value
	v.logIn("maya")
	if after := v.client.Jar.Cookies(issuer)[0].Value; after == before {
		t.Error("the session id survived the login")
	}
	// Logged in at one Platform is not logged in at its neighbour.
	v.open(mock.Platform("mailup").Endpoints.Connected)
	v.says("h1", "Log in to MailUp")
}

func TestUseAnotherAccount(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	v := newVisitor(t)
	v.open(authorization(mock.Platform("mint"), nil))
	v.logIn("maya")
	if away := v.press("Use another account", nil); away != nil {
		t.Fatalf("left to %s", away)
	}
	v.says("h1", "Log in to Mint Ads")
	v.logIn("oskar")
	if !strings.Contains(v.words(), "Oskar Ruiz") {
		t.Errorf("the consent page is for somebody else: %s", v.words())
	}
}

// Pages cannot be framed, cached or lose a code in a referrer.
func TestPageHeaders(t *testing.T) {
	mock := mockplatform.Start(t, "service")
	p := mock.Platform("service")
	for name, address := range map[string]string{
		"login": authorization(p, nil), "error": p.Endpoints.Authorize, "landing": p.Issuer + "/", "developers": p.Endpoints.Developers, "connected": p.Endpoints.Connected, "nothing": p.Issuer + "/nothing",
	} {
		t.Run(name, func(t *testing.T) {
			v := newVisitor(t)
			v.open(address)
			for header, want := range map[string]string{
				"Content-Type": "text/html; charset=utf-8", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
				"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
			} {
				if got := v.header.Get(header); got != want {
					t.Errorf("%s: %q, want %q", header, got, want)
				}
			}
			if policy := v.header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'none'") || !strings.Contains(policy, "default-src 'none'") {
				t.Errorf("policy %q", policy)
			}
		})
	}
	v := newVisitor(t)
	v.open(authorization(p, nil))
	if policy := v.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' http://127.0.0.1:9500") {
		t.Errorf("the policy would stop the way back: %q", policy)
	}
}

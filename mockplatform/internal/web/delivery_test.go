package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

const allModes = `{"authorize":{"response_modes":["query","form_post","web_message","manual"],"response_types":["code","token"]}}`

// answerForm is where the open page's form leads and what it carries.
func answerForm(v *visitor) (action string, members url.Values) {
	members = url.Values{}
	form := v.by("id", "response")
	if form == nil {
		return "", members
	}
	for n := range form.Descendants() {
		if n.Type == html.ElementNode && attr(n, "name") != "" {
			members.Add(attr(n, "name"), attr(n, "value"))
		}
	}
	return attr(form, "action"), members
}

// answerMessage is what the open page tells another window, and whose.
func answerMessage(v *visitor) (target string, members url.Values) {
	box := v.by("id", "response")
	if box == nil {
		return "", nil
	}
	var message map[string]string
	if err := json.Unmarshal([]byte(attr(box, "data-answer")), &message); err != nil {
		v.t.Fatal(err)
	}
	members = url.Values{}
	for name, value := range message {
		members.Set(name, value)
	}
	return attr(box, "data-target"), members
}

// decided walks Maya to a decision and leaves her where it leads.
func decided(t *testing.T, p control.Platform, change map[string]string, button string) (*visitor, *url.URL) {
	t.Helper()
	v := newVisitor(t)
	v.open(authorization(p, change))
	v.logIn("maya")
	return v, v.press(button, nil)
}

// Codes and refusals take the same way to the client.
func TestResponseModes(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", allModes)
	members := func(mode string, v *visitor, away *url.URL) url.Values {
		if away != nil {
			if mode != "" && mode != "query" {
				t.Errorf("%s: redirected to %s", mode, away)
			}
			return away.Query()
		}
		if v.status != http.StatusOK || v.header.Get("Cache-Control") != "no-store" || v.header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %d %v", mode, v.status, v.header)
		}
		switch mode {
		case "form_post":
			action, got := answerForm(v)
			if action != callback {
				t.Errorf("the form leads to %q", action)
			}
			return got
		case "web_message":
			target, got := answerMessage(v)
			if target != "http://127.0.0.1:9500" {
				t.Errorf("the message goes to %q", target)
			}
			return got
		case "manual":
			got := url.Values{}
			for _, name := range []string{"code", "error", "state"} {
				if n := v.by("id", name); n != nil {
					got.Set(name, text(n))
				}
			}
			return got
		}
		t.Fatalf("%s: a page: %s", mode, v.words())
		return nil
	}
	for _, mode := range []string{"", "query", "form_post", "web_message", "manual"} {
		v, away := decided(t, p, map[string]string{"response_mode": mode}, "Allow")
		got := members(mode, v, away)
		if len(got.Get("code")) < 22 || got.Has("error") || got.Get("state") != "st ate&1" || (mode != "manual" && got.Get("iss") != p.Issuer) {
			t.Errorf("%q, allowed: %v", mode, got)
		}
		v, away = decided(t, p, map[string]string{"response_mode": mode}, "Deny")
		if got := members(mode, v, away); got.Get("error") != "access_denied" || got.Has("code") || got.Get("state") != "st ate&1" {
			t.Errorf("%q, denied: %v", mode, got)
		}
		v = newVisitor(t)
		away = v.open(authorization(p, map[string]string{"response_mode": mode, "scope": "ads.delete"}))
		if got := members(mode, v, away); got.Get("error") != "invalid_scope" || got.Get("state") != "st ate&1" {
			t.Errorf("%q, bad scope: %v", mode, got)
		}
	}
	unlisted := mock.Create("mint", `{"authorize":{"response_modes":["form_post","query"]}}`)
	v := newVisitor(t)
	if away := v.open(authorization(unlisted, map[string]string{"response_mode": "web_message"})); away != nil {
		t.Fatalf("sent to %s", away)
	}
	if action, got := answerForm(v); action != callback || got.Get("error") != "invalid_request" || !strings.Contains(got.Get("error_description"), "form_post, query") {
		t.Errorf("an unlisted mode: %s %v", action, got)
	}
}

// The page that leaves by itself may do so by its policy, and asks nobody else.
func TestDeliveryPolicies(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", allModes)
	v, _ := decided(t, p, map[string]string{"response_mode": "form_post"}, "Allow")
	policy := v.header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'sha256-", "frame-ancestors 'none'", "form-action 'self' http://127.0.0.1:9500"} {
		if !strings.Contains(policy, want) {
			t.Errorf("form_post: the policy lacks %q: %s", want, policy)
		}
	}
	v.says("button", "Continue to MINT")
	if strings.Contains(v.source, "csrf") {
		t.Error("the form that leaves carries a CSRF token")
	}
	v, _ = decided(t, p, map[string]string{"response_mode": "web_message"}, "Allow")
	if policy := v.header.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'sha256-") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("web_message: %s", policy)
	}
	if strings.Contains(v.source, `"*"`) || !strings.Contains(v.source, "<noscript>") {
		t.Error("the message page tells everybody, or does not say that it needs JavaScript")
	}
}

// The implicit grant answers in the fragment, without a refresh token.
func TestImplicitGrant(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", allModes)
	implicit := map[string]string{"response_type": "token", "code_challenge": "", "code_challenge_method": ""}
	_, away := decided(t, p, implicit, "Allow")
	if away == nil || away.RawQuery != "" {
		t.Fatalf("answered by %v", away)
	}
	got, err := url.ParseQuery(away.EscapedFragment())
	if err != nil {
		t.Fatal(err)
	}
	c := newWireClient(t)
	if me := c.send(http.MethodGet, p.Endpoints.Me, "", "Authorization", "Bearer "+got.Get("access_token")); me.status != http.StatusOK {
		t.Errorf("the API answers %d %s", me.status, me.body)
	}
	got.Del("access_token")
	want := url.Values{"token_type": {"Bearer"}, "expires_in": {"1200"}, "scope": {"ads.read ads.write"}, "state": {"st ate&1"}, "iss": {p.Issuer}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the fragment (-want +got):\n%s", diff)
	}
	_, away = decided(t, p, implicit, "Deny")
	if away == nil || away.RawQuery != "" || !strings.HasPrefix(away.Fragment, "error=access_denied&") {
		t.Errorf("denied: %v", away)
	}
	implicit["response_mode"] = "query"
	if away = newVisitor(t).open(authorization(p, implicit)); away == nil || !strings.HasPrefix(away.Fragment, "error=invalid_request&") || away.RawQuery != "" {
		t.Errorf("a token in the query: %v", away)
	}
}

// A widget is framed by the client's own pages and by nobody else's.
func TestWidgetFraming(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	widget := `{"consent":{"kind":"iframe_widget"},"clients":{"mint-web":{"redirect_uris":["` + callback + `","https://app.example/cb","https://app.example/other"]}}}`
	for name, tc := range map[string]struct{ settings, want string }{
		"page":   {`{}`, "'none'"},
		"popup":  {`{"consent":{"kind":"popup"}}`, "'none'"},
		"widget": {widget, "http://127.0.0.1:9500 https://app.example"},
	} {
		p := mock.Create("mint", tc.settings)
		v := newVisitor(t)
		check := func(what, want string) {
			t.Helper()
			_, rest, _ := strings.Cut(v.header.Get("Content-Security-Policy"), "frame-ancestors ")
			got, _, _ := strings.Cut(rest, ";")
			if got != want || (v.header.Get("X-Frame-Options") == "DENY") != (want == "'none'") {
				t.Errorf("%s, %s: frame-ancestors %s, X-Frame-Options %q", name, what, got, v.header.Get("X-Frame-Options"))
			}
		}
		v.open(authorization(p, nil))
		check("login", tc.want)
		v.logIn("maya")
		check("consent", tc.want)
		if away := v.press("Allow", nil); away == nil {
			if target, got := answerMessage(v); target != "http://127.0.0.1:9500" || !got.Has("code") {
				t.Errorf("%s: tells %s %v", name, target, got)
			}
			check("answer", tc.want)
		} else if name != "page" {
			t.Errorf("%s: redirected to %s", name, away)
		}
		v.open(authorization(p, map[string]string{"redirect_uri": "https://evil.example/cb"}))
		check("bad request", "'none'")
		v.open(p.Issuer + "/")
		check("landing", "'none'")
	}
}

// A customer without permission finds back in every mode.
func TestWayBackWithoutPermission(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", allModes)
	v := newVisitor(t)
	v.open(authorization(p, map[string]string{"response_mode": "form_post"}))
	v.logIn("nora")
	v.says("h1", "Permission missing")
	v.press("Back to MINT", nil)
	if action, got := answerForm(v); action != callback || got.Get("error") != "access_denied" || got.Get("state") != "st ate&1" {
		t.Errorf("back by %s %v", action, got)
	}
}

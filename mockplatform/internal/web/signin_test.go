package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

func TestOneClickNeedsNoPassword(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", `{"sign_in":{"methods":["session","one_click"]}}`)
	v := newVisitor(t)
	v.open(authorization(p, nil))
	if v.by("type", "password") != nil {
		t.Error("there is a password field")
	}
	v.press("Continue as Maya Okafor", nil)
	v.says("h1", "MINT asks for access to your Mint Ads account")
	if away := v.press("Allow", nil); away == nil || !away.Query().Has("code") {
		t.Errorf("no code: %v", away)
	}
	if v.open(authorization(p, nil)); !strings.Contains(v.words(), "Maya Okafor") {
		t.Errorf("the session is not remembered: %s", v.words())
	}
	v.press("Use another account", nil)
	v.logInBy(t, http.StatusBadRequest, url.Values{"username": {"maya@example.test"}, "password": {"maya-password-1"}})
}

// logInBy posts the login form with other values than it offers.
func (v *visitor) logInBy(t *testing.T, status int, values url.Values) {
	t.Helper()
	values.Set("csrf", attr(v.by("name", "csrf"), "value"))
	target := strings.Replace(v.url.String(), "/oauth2/authorize", "/login", 1)
	if away := v.post(target, values); away != nil || v.status != status {
		t.Errorf("logged in by %v: %d at %s", values, v.status, v.url)
	}
}

func TestWaysThatAreNotOfferedAreRefused(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	v := newVisitor(t)
	v.open(authorization(mock.Platform("mint"), nil))
	v.logInBy(t, http.StatusBadRequest, url.Values{"way": {"one_click"}, "customer": {"maya"}})
	if v.open(mock.Platform("mint").Issuer + "/sso"); v.status != http.StatusNotFound {
		t.Errorf("an identity provider answers %d", v.status)
	}
	p := mock.Create("mint", `{"sign_in":{"methods":["one_click"]}}`)
	v.open(authorization(p, nil))
	v.logInBy(t, http.StatusBadRequest, url.Values{"way": {"one_click"}, "customer": {"nobody"}})
}

// The ways stand in the profile's order; the identity provider leads back.
func TestIdentityProvider(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", `{"sign_in":{"methods":["session","sso_stub","password"]}}`)
	v := newVisitor(t)
	v.open(authorization(p, nil))
	if sso, password := strings.Index(v.source, "Example Identity"), strings.Index(v.source, `id="password"`); sso < 0 || password < sso {
		t.Errorf("the ways stand in another order: %d, %d", sso, password)
	}
	v.press("Log in with Example Identity", nil)
	v.says("h1", "Example Identity")
	v.press("Victor Lindqvist", nil)
	if !strings.Contains(v.words(), "Logged in as Victor Lindqvist") {
		t.Errorf("at %s: %s", v.url, v.words())
	}

	only := mock.Create("mint", `{"sign_in":{"methods":["sso_stub"]}}`)
	v = newVisitor(t)
	v.open(authorization(only, nil))
	v.says("h1", "Example Identity")
	if away := v.press("Cancel", nil); away == nil || away.Query().Get("error") != "access_denied" {
		t.Errorf("cancelling leads to %v", away)
	}
	v.open(only.Endpoints.Connected)
	v.says("h1", "Example Identity")
	v.press("Maya Okafor", nil)
	v.says("h1", "Connected applications")
}

// Without the method session, each authorization asks anew.
func TestLoginsWithoutSessions(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", `{"sign_in":{"methods":["password"]}}`)
	v := newVisitor(t)
	v.open(authorization(p, nil))
	v.logIn("maya")
	v.says("h1", "MINT asks for access to your Mint Ads account")
	v.open(authorization(p, map[string]string{"state": "another"}))
	v.says("h1", "Log in to Mint Ads")
	v.open(authorization(p, nil))
	if away := v.press("Allow", nil); away == nil || !away.Query().Has("code") {
		t.Fatalf("no code: %v", away)
	}
	v.open(authorization(p, nil))
	v.says("h1", "Log in to Mint Ads")
	v.open(p.Endpoints.Connected)
	v.says("h1", "Log in to Mint Ads")
	v.logIn("maya")
	v.says("h1", "Connected applications")
}

func TestSessionLifetime(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", `{"sign_in":{"session_lifetime":"1h"}}`)
	freeze := true
	if _, err := mock.Control().ChangeClock(t.Context(), p.Name, control.ChangeClock{Freeze: &freeze}); err != nil {
		t.Fatal(err)
	}
	v := newVisitor(t)
	v.open(authorization(p, nil))
	v.logIn("maya")
	for range 3 { // each use starts the hour anew
		mock.Advance(p.Name, 59*time.Minute)
		v.open(authorization(p, nil))
		v.says("h1", "MINT asks for access to your Mint Ads account")
	}
	mock.Advance(p.Name, time.Hour)
	v.open(authorization(p, nil))
	v.says("h1", "Log in to Mint Ads")
}

// Where the operator is the resource owner, a login is enough, and rights stay.
func TestOperatorConsents(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", `{"resource_owner":"operator"}`)
	v := newVisitor(t)
	v.open(authorization(p, nil))
	if away := v.logIn("maya"); away == nil || !away.Query().Has("code") {
		t.Errorf("maya: %v", away)
	}
	v = newVisitor(t)
	v.open(authorization(p, nil))
	if away := v.logIn("nora"); away != nil {
		t.Errorf("nora was sent to %s", away)
	}
	v.says("h1", "Permission missing")
}

func TestConsentIsRemembered(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", `{"consent":{"remember":"same_scope"}}`)
	c := newWireClient(t)
	v := newVisitor(t)
	v.open(authorization(p, nil))
	v.logIn("maya")
	away := v.press("Allow", map[string]string{"ads.write": "off"})
	if got := c.form(p.Endpoints.Token, exchange(p, away.Query().Get("code"))); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if away := v.open(authorization(p, map[string]string{"scope": "ads.read"})); away == nil || !away.Query().Has("code") {
		t.Errorf("the same scope is asked for again: %s", v.words())
	}
	if away := v.open(authorization(p, nil)); away != nil {
		t.Errorf("a wider scope is not asked for: %s", away)
	}
}

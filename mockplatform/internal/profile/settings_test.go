package profile

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSettingsMergeByKeyAndLeaveTheBaseAlone(t *testing.T) {
	base := embedded(t, "mint")
	before, err := json.Marshal(base)
	if err != nil {
		t.Fatal(err)
	}
	p, err := base.With([]byte(`{
		"clients": {
			"mint-web": {"redirect_uris": ["http://127.0.0.1:4711/oauth/callback"]},
			"other": {"name": "Other", "secret": "other-secret", "redirect_uris": ["https://o.example/cb"], "grants": ["authorization_code"]}
		},
		"customers": {"oskar": null},
		"access_token": {"lifetime": "90s"},
		"refresh_token": {"idle_lifetime": "2d"}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	mint := p.Clients["mint-web"]
	if mint.Secret != "mint-web-secret-for-tests-only" || !slices.Equal(mint.RedirectURIs, []string{"http://127.0.0.1:4711/oauth/callback"}) {
		t.Errorf("client merged to %+v", mint)
	}
	if o := p.Clients["other"]; o.Type != "confidential" || !slices.Equal(o.AuthMethods, []string{"basic"}) {
		t.Errorf("new client starts as %+v", o)
	}
	if _, still := p.Customers["oskar"]; still || len(p.Customers) != 3 {
		t.Errorf("customers %v", p.Customers)
	}
	if p.AccessToken.Lifetime.Std() != 90*time.Second || p.RefreshToken.IdleLifetime.Std() != 48*time.Hour ||
		p.RefreshToken.AbsoluteLifetime.Std() != 180*24*time.Hour || p.RefreshToken.Rotates {
		t.Errorf("tokens %+v %+v", p.AccessToken, p.RefreshToken)
	}
	after, err := json.Marshal(base)
	if err != nil {
		t.Fatal(err)
	}
	if string(before) != string(after) {
		t.Error("settings changed the base profile")
	}
	for _, none := range []string{"", "  ", "null"} {
		if same, err := base.With([]byte(none)); err != nil || same != base {
			t.Errorf("settings %q: %v", none, err)
		}
	}
}

func TestNullGivesTheDefaultBack(t *testing.T) {
	p, err := embedded(t, "mindbaz").With([]byte(`{
		"access_token": {"format": null, "alg": null, "key": null, "claims": null, "lifetime": null},
		"token": {"invalid_grant_status": null}, "revocation": null
	}`))
	if err != nil {
		t.Fatal(err)
	}
	if a := p.AccessToken; a.Format != "opaque" || a.Alg != "" || a.Key != "" || len(a.Claims) != 0 || a.Lifetime.Std() != 20*time.Minute || p.Token.InvalidGrantStatus != 400 {
		t.Errorf("%+v, %d", a, p.Token.InvalidGrantStatus)
	}
	for settings, path := range map[string]string{
		`{"title":null}`:                               "title",
		`{"clients":{"100":{"name":null}}}`:            "clients.100.name",
		`{"token":null}`:                               "token",
		`{"access_token":{"alg":null}}`:                "access_token.alg",
		`{"access_token":{"algorithm":null}}`:          "access_token.algorithm",
		`{"clients":{"new":{"type":null,"name":"N"}}}`: "clients.new.type",
	} {
		_, err := embedded(t, "mindbaz").With([]byte(settings))
		var faults Faults
		if !errors.As(err, &faults) || !slices.ContainsFunc(faults, func(f Fault) bool { return f.Path == path }) {
			t.Errorf("%s: %v, want a fault at %s", settings, err, path)
		}
	}
	if _, err := Parse([]byte(small + "resource_owner:\n")); err == nil || !strings.Contains(err.Error(), "resource_owner: must be one value, not null") {
		t.Errorf("a value left out in a whole document: %v", err)
	}
}

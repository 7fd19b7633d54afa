package web_test

import (
	"net/url"
	"testing"

	"github.com/mint-conformance/mint/mockplatform"
)

// As Google does it: whoever comes back and is not asked again gets a code, but
// no second refresh token (S000-31), unless he asks for the page.
func TestRememberedConsentGivesNoRefreshToken(t *testing.T) {
	mock := mockplatform.Start(t, "mint+google")
	p := mock.Platform("mint-google")
	c, v := newWireClient(t), newVisitor(t)
	v.open(authorization(p, nil))
	v.logIn("maya")
	given := func(away *url.URL) string {
		t.Helper()
		if away == nil {
			t.Fatalf("still at %s: %s", v.url, v.words())
		}
		got := c.form(p.Endpoints.Token, exchange(p, away.Query().Get("code")))
		if got.status != 200 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		return got.member("refresh_token")
	}
	if given(v.press("Allow", nil)) == "" {
		t.Error("the consent gave no refresh token")
	}
	if given(v.open(authorization(p, nil))) != "" {
		t.Error("the remembered consent gave a refresh token")
	}
	v.open(authorization(p, map[string]string{"prompt": "consent"}))
	if given(v.press("Allow", nil)) == "" {
		t.Error("the consent that prompt=consent asked for gave no refresh token")
	}
}

// As GitHub does it: a refused refresh is a success to HTTP.
func TestRefusedRefreshWithStatus200(t *testing.T) {
	mock := mockplatform.Start(t, "mailup+github")
	p := mock.Platform("mailup-github")
	got := newWireClient(t).form(p.Endpoints.Token, url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {"never-issued"},
		"client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret},
	})
	want := `{"error":"bad_refresh_token","error_description":"the refresh token is unknown"}` + "\n"
	if got.status != 200 || got.body != want {
		t.Errorf("%d %s", got.status, got.body)
	}
}

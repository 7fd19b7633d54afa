package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/internal/throttle"
)

// Whoever guessed at the password grant waits at the login page too, and the
// other way round.
func TestPasswordGrantAndLoginPageShareThePause(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", `{"grants":["authorization_code","refresh_token","password"],"clients":{"mint-web":{"grants":["authorization_code","refresh_token","password"]}}}`)
	c := newWireClient(t)
	try := func(password string) reply {
		return c.form(p.Endpoints.Token, url.Values{
			"grant_type": {"password"}, "username": {"maya@example.test"}, "password": {password},
			"client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret},
		})
	}
	for range throttle.MaxFailures {
		if got := try("wrong"); got.status != 400 || got.member("error") != "invalid_grant" || got.header.Get("Retry-After") != "" {
			t.Fatalf("a wrong password: %d %s", got.status, got.body)
		}
	}
	got := try("maya-password-1")
	if wait, err := time.ParseDuration(got.header.Get("Retry-After") + "s"); got.status != 429 || err != nil || wait < 50*time.Second || wait > throttle.Pause {
		t.Errorf("during the pause: %d, Retry-After %q, %s", got.status, got.header.Get("Retry-After"), got.body)
	}
	v := newVisitor(t)
	v.open(authorization(p, nil))
	v.logIn("maya")
	if v.status != http.StatusTooManyRequests {
		t.Errorf("the login page answers %d", v.status)
	}
	mock.Advance(p.Name, throttle.Pause)
	if got := try("maya-password-1"); got.status != 200 {
		t.Errorf("after the pause: %d %s", got.status, got.body)
	}
}

// What a profile does not offer is not there.
func TestAnAccountAPIThatIsOff(t *testing.T) {
	mock := mockplatform.Start(t, "service")
	p, c := mock.Create("service", `{"account_api":false}`), newWireClient(t)
	if got := c.send(http.MethodGet, p.Issuer+"/api/application", "", "Authorization", "Bearer x"); got.status != 404 || p.Endpoints.Application != "" {
		t.Errorf("answers %d at %q", got.status, p.Endpoints.Application)
	}
	for _, profile := range []string{"mint", "mindbaz"} { // manual and fixed
		mock := mockplatform.Start(t, profile)
		if has := mock.Platform(profile).Endpoints; has.Developers != "" || has.Register != "" {
			t.Errorf("%s registers applications at %q %q", profile, has.Developers, has.Register)
		}
	}
}

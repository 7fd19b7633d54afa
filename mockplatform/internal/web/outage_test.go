package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/redistest"
)

// While Redis is away everything answers 503 soon, and nothing is half done:
// the code and the refresh token of before are good afterwards, in a server
// that was not started again.
func TestReplicasBearAnOutage(t *testing.T) {
	redis := redistest.StartServer(t, "--appendonly", "yes", "--appendfsync", "always")
	r := replicasOver(t, redis.Address)
	p, c := described(t, r.servers[0], "mailup"), newWireClient(t)
	got := tokens(t, c, p, "maya", nil)
	redeem := exchange(p, code(t, p, "oskar", nil, nil))
	refresh := url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {got.member("refresh_token")},
		"client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret},
	}
	redis.Kill()
	begun := time.Now() //nolint:forbidigo // how long an outage takes to be told is real time
	for range 2 {
		for _, form := range []url.Values{redeem, refresh} {
			answer := c.form(p.Endpoints.Token, form)
			if answer.status != http.StatusServiceUnavailable || answer.member("error") != "temporarily_unavailable" ||
				answer.header.Get("Retry-After") != "1" || answer.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%d %s %v", answer.status, answer.body, answer.header)
			}
		}
		if answer := c.send(http.MethodGet, p.Endpoints.Me, "", "Authorization", "Bearer "+got.member("access_token")); answer.status != http.StatusServiceUnavailable {
			t.Errorf("the API answers %d", answer.status)
		}
	}
	v := newVisitor(t)
	for _, address := range []string{authorization(p, nil), p.Issuer + "/login?client_id=x", p.Issuer + "/consent", p.Issuer, r.servers[0].URL() + "/"} {
		v.open(address)
		v.says("h1", "This page is away for a moment")
		if v.status != http.StatusServiceUnavailable || v.header.Get("Retry-After") != "1" || v.header.Get("Cache-Control") != "no-store" ||
			v.header.Get("X-Frame-Options") != "DENY" || !strings.Contains(v.words(), "cannot reach its store") {
			t.Errorf("%s: %d %v %s", address, v.status, v.header, v.words())
		}
	}
	for i, server := range r.servers {
		for what, err := range map[string]error{
			"health":  server.Control().Health(t.Context()),
			"control": errOf(server.Control().Platform(t.Context(), "mailup")),
		} {
			if err == nil || !strings.Contains(err.Error(), "503") || !strings.Contains(err.Error(), "the Redis at "+redis.Address+" does not answer") {
				t.Errorf("%s of replica %d: %v", what, i, err)
			}
		}
	}
	if took := time.Since(begun); took > 20*time.Second { //nolint:forbidigo // as above
		t.Errorf("fifteen answers took %s", took)
	}
	redis.Start(t)
	for i, server := range r.servers {
		if err := untilWell(t, server.Control()); err != nil {
			t.Errorf("replica %d: %v", i, err)
		}
	}
	for what, form := range map[string]url.Values{"code": redeem, "refresh token": refresh} {
		if answer := c.form(p.Endpoints.Token, form); answer.status != http.StatusOK {
			t.Errorf("the %s of before: %d %s", what, answer.status, answer.body)
		}
		if answer := c.form(p.Endpoints.Token, form); answer.status != http.StatusBadRequest {
			t.Errorf("the %s a second time: %d %s", what, answer.status, answer.body)
		}
	}
}

func errOf(_ control.Platform, err error) error { return err }

// untilWell asks until the server is well again: connections that failed are
// tried anew once a second.
func untilWell(t *testing.T, c *control.Client) (err error) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.NewTimer(15 * time.Second)
	defer end.Stop()
	for {
		if err = c.Health(t.Context()); err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-end.C:
			return err
		}
	}
}

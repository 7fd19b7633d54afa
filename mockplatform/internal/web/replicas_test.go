package web_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/redistest"
)

// replicas are two servers over one Redis behind an address that hands each
// request to the other one than the request before.
type replicas struct {
	servers [2]*mockplatform.Server
	redis   string
}

func startReplicas(t *testing.T) *replicas {
	t.Helper()
	return replicasOver(t, redistest.Address(t))
}

func replicasOver(t *testing.T, address string) *replicas {
	t.Helper()
	r := &replicas{redis: "redis://" + address + "/0"}
	var targets [2]*url.URL
	for i := range targets {
		targets[i] = &url.URL{Scheme: "http", Host: freeAddress(t)}
	}
	var turn atomic.Int64
	balancer := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(targets[turn.Add(1)%2])
		p.Out.Host = p.In.Host
	}})
	t.Cleanup(balancer.Close)
	for i := range r.servers {
		cfg := mockplatform.Default()
		cfg.Listen, cfg.Control, cfg.PublicURL, cfg.Store = targets[i].Host, "127.0.0.1:0", balancer.URL, r.redis
		server, err := mockplatform.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := server.Close(); err != nil {
				t.Error(err)
			}
		})
		r.servers[i] = server
	}
	return r
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// Every step of this test is served by the other replica than the step before.
func TestReplicasServeOneProtocol(t *testing.T) {
	r := startReplicas(t)
	p := described(t, r.servers[0], "mailup")
	c := newWireClient(t)
	got := tokens(t, c, p, "maya", nil)
	api := func(token string) int {
		return c.send(http.MethodGet, p.Endpoints.Me, "", "Authorization", "Bearer "+token).status
	}
	refresh := func(token string) reply {
		return c.form(p.Endpoints.Token, url.Values{
			"grant_type": {"refresh_token"}, "refresh_token": {token}, "client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret},
		})
	}
	for range 2 {
		if status := api(got.member("access_token")); status != http.StatusOK {
			t.Errorf("the API answered %d", status)
		}
	}
	first := got.member("refresh_token")
	next := refresh(first)
	if next.status != http.StatusOK || next.member("refresh_token") == first {
		t.Fatalf("refresh: %d %s", next.status, next.body)
	}
	for range 2 {
		if replay := refresh(first); replay.status != http.StatusBadRequest || replay.member("error") != "invalid_grant" {
			t.Errorf("replay: %d %s", replay.status, replay.body)
		}
		if status := api(next.member("access_token")); status != http.StatusUnauthorized {
			t.Errorf("after the replay the API answered %d", status)
		}
	}
}

func TestReplicasRedeemACodeOnce(t *testing.T) {
	r := startReplicas(t)
	p := described(t, r.servers[0], "mint")
	c := newWireClient(t)
	for range 5 {
		values := exchange(p, code(t, p, "maya", nil, nil))
		answers := make(chan int)
		for range 20 {
			go func() { answers <- c.form(p.Endpoints.Token, values).status }()
		}
		won := 0
		for range 20 {
			if <-answers == http.StatusOK {
				won++
			}
		}
		if won != 1 {
			t.Fatalf("%d of 20 won", won)
		}
	}
}

func TestReplicasShareTheirState(t *testing.T) {
	r := startReplicas(t)
	a, b := r.servers[0], r.servers[1]
	c := newWireClient(t)
	t.Run("clock", func(t *testing.T) {
		if _, err := a.Control().Advance(t.Context(), "mint", 24*time.Hour); err != nil {
			t.Fatal(err)
		}
		here, err := a.Control().Clock(t.Context(), "mint")
		if err != nil {
			t.Fatal(err)
		}
		there, err := b.Control().Clock(t.Context(), "mint")
		if err != nil || here.Offset != 24*time.Hour || there.Offset != here.Offset {
			t.Errorf("%s here, %s there, %v", here.Offset, there.Offset, err)
		}
	})
	t.Run("a follower of the other replica", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		present, err := b.Control().FollowClock(ctx, "mailup", "f", 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		told := make(chan control.Clock, 1)
		go func() {
			next, err := b.Control().FollowClock(ctx, "mailup", "f", present.Revision, 5*time.Second)
			if err == nil {
				told <- next
			}
		}()
		if _, err := a.Control().Advance(ctx, "mailup", time.Hour); err != nil {
			t.Fatal(err)
		}
		select {
		case next := <-told:
			if next.Offset != time.Hour {
				t.Errorf("told of %s", next.Offset)
			}
		case <-ctx.Done():
			t.Error("never told")
		}
	})
	t.Run("applications", func(t *testing.T) {
		p := described(t, a, "service")
		v := newVisitor(t)
		v.open(p.Endpoints.Developers)
		v.press("Register application", map[string]string{
			"name": "Demo", "website": "https://d.example", "redirect_uri": "https://d.example/callback",
		})
		v.says("h1", "Demo is registered")
		id, secret := text(v.by("id", "client_id")), text(v.by("id", "client_secret"))
		for range 2 {
			got := c.form(p.Endpoints.Token, url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}})
			if got.status != http.StatusOK {
				t.Errorf("answered %d %s", got.status, got.body)
			}
		}
	})
	t.Run("campaigns", func(t *testing.T) {
		p := described(t, a, "mint")
		bearer := "Bearer " + tokens(t, c, p, "maya", nil).member("access_token")
		if got := c.send(http.MethodPatch, p.Endpoints.Campaigns+"/c-101", `{"daily_budget_cents":777}`, "Authorization", bearer, "Content-Type", "application/json"); got.status != http.StatusOK {
			t.Fatalf("%d %s", got.status, got.body)
		}
		for range 2 {
			if got := c.send(http.MethodGet, p.Endpoints.Campaigns+"/c-101", "", "Authorization", bearer); !strings.Contains(got.body, `"daily_budget_cents":777`) {
				t.Errorf("%d %s", got.status, got.body)
			}
		}
	})
	t.Run("Platforms", func(t *testing.T) {
		made, err := a.Control().CreatePlatform(t.Context(), control.CreatePlatform{Profile: "mailup", Settings: []byte(`{"code":{"lifetime":"7s"}}`)})
		if err != nil {
			t.Fatal(err)
		}
		if there := described(t, b, made.Name); there.Issuer != made.Issuer {
			t.Errorf("%s there", there.Issuer)
		}
		other, err := b.Control().CreatePlatform(t.Context(), control.CreatePlatform{Profile: "mailup"})
		if err != nil || other.Name == made.Name {
			t.Errorf("%s, %v", other.Name, err)
		}
		if err := b.Control().DeletePlatform(t.Context(), made.Name); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Control().Platform(t.Context(), made.Name); err == nil {
			t.Error("a deleted Platform is still there")
		}
	})
}

func TestReplicasThatDoNotFitAreRefused(t *testing.T) {
	r := startReplicas(t)
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control, cfg.Store = "127.0.0.1:0", "127.0.0.1:0", r.redis
	for _, tc := range []struct {
		name, want string
		change     func(*mockplatform.Config)
	}{
		{"another address", "another profile or address", func(*mockplatform.Config) {}},
		{"a seed", "seed:", func(c *mockplatform.Config) { c.Seed = 1 }},
		{"no server", "no Redis answers at 127.0.0.1:1", func(c *mockplatform.Config) { c.Store = "redis://:secret@127.0.0.1:1/0" }},
		{"no address", "redis://HOST:PORT/DB", func(c *mockplatform.Config) { c.Store = "disk" }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			one := cfg
			tc.change(&one)
			server, err := mockplatform.New(one)
			if err == nil {
				_ = server.Close()
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "secret@") {
				t.Errorf("%v, want %q", err, tc.want)
			}
		})
	}
}

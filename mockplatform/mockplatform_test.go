package mockplatform_test

import (
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// Mistakes in the configuration are told in one sentence that names the field.
func TestNewRefuses(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	tests := []struct {
		name   string
		change func(*mockplatform.Config)
		want   []string
	}{
		{"no port", func(c *mockplatform.Config) { c.Listen = "127.0.0.1" }, []string{"listen:", "host:port"}},
		{"busy port", func(c *mockplatform.Config) { c.Listen = busy.Addr().String() }, []string{"cannot listen on " + busy.Addr().String(), "address already in use", "port 0"}},
		{"open control API", func(c *mockplatform.Config) { c.Control = "0.0.0.0:0" }, []string{"control:", "set a control token"}},
		{"public URL with a path", func(c *mockplatform.Config) { c.PublicURL = "http://x/y" }, []string{"public-url:", "scheme://host"}},
		{"public URL without scheme", func(c *mockplatform.Config) { c.APIPublicURL = "x:9" }, []string{"api-public-url:"}},
		{"unknown profile", func(c *mockplatform.Config) { c.Platforms = []mockplatform.Hosted{{Profile: "x"}} }, []string{"platform x:", "no such profile"}},
		{"name twice", func(c *mockplatform.Config) {
			c.Platforms = []mockplatform.Hosted{{Profile: "mint"}, {Profile: "mailup", Name: "mint"}}
		}, []string{"platform mint:", "exists already"}},
		{"bad document", func(c *mockplatform.Config) {
			c.Platforms = []mockplatform.Hosted{{Name: "shop", Document: []byte("name: shop\ncolour: red\ncode: {lifetime: soon}\n")}}
		}, []string{"platform shop:", "line 2: colour", "line 3: code.lifetime"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cfg := mockplatform.Default()
			cfg.Listen, cfg.Control = "127.0.0.1:0", "127.0.0.1:0"
			test.change(&cfg)
			server, err := mockplatform.New(cfg)
			if err == nil {
				_ = server.Close()
				t.Fatal("it started")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q: %v", want, err)
				}
			}
		})
	}
}

// Close frees the ports at once, so that the same addresses can be used again.
func TestCloseFreesThePorts(t *testing.T) {
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control = "127.0.0.1:0", "127.0.0.1:0"
	for range 3 {
		server, err := mockplatform.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Listen = strings.TrimPrefix(server.URL(), "http://")
		cfg.Control = strings.TrimPrefix(server.ControlURL(), "http://")
		if got := strings.Join(server.Platforms(), " "); got != "mailup mindbaz mint service" {
			t.Errorf("hosts %q", got)
		}
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A public URL decides issuer and endpoints, wherever the listener is.
func TestPublicURL(t *testing.T) {
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control, cfg.PublicURL = "127.0.0.1:0", "127.0.0.1:0", "https://ads.example/"
	server, err := mockplatform.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	p, err := server.Control().Platform(t.Context(), "mint")
	if err != nil || p.Issuer != "https://ads.example/mint" || p.Endpoints.Metadata != "https://ads.example/.well-known/oauth-authorization-server/mint" {
		t.Errorf("described as %s, %s, %v", p.Issuer, p.Endpoints.Metadata, err)
	}
}

// A dialect follows a profile after a plus sign, or a document of one's own in
// a field.
func TestDialects(t *testing.T) {
	mock := mockplatform.Start(t, "mailup+github")
	if p := mock.Platform("mailup-github"); p.Profile != "mailup+github" || !slices.Contains(p.Leniencies, "refresh_token.error_status=200") {
		t.Errorf("%+v", p)
	}
	if p := mock.Create("service+xero", `{"title":"Books"}`); p.Profile != "service+xero" || p.Title != "Books" {
		t.Errorf("%+v", p)
	}
	all, err := mockplatform.Dialects()
	if err != nil || len(all) < 8 || all[0].Name != "airlock" || !strings.HasPrefix(all[0].Sources[0], "https://") {
		t.Errorf("%+v, %v", all, err)
	}
	document, err := mockplatform.EffectiveProfile(mockplatform.Hosted{Profile: "mint+google"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Platforms = []mockplatform.Hosted{{Name: "own", Document: document, Dialect: "linkedin"}}
	server, err := mockplatform.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	p, err := server.Control().Platform(t.Context(), "own")
	if err != nil || p.Profile != "mint+linkedin" || !slices.Contains(p.Leniencies, "consent.deny_error=user_cancelled_authorize") {
		t.Errorf("%+v, %v", p, err)
	}
}

// Servers of one seed tell the same story on all their Platforms; a chosen seed
// is told, and serves for all.
func TestHostileFromTheStart(t *testing.T) {
	story := func(seed int64) (int64, []control.Exchange) {
		cfg := mockplatform.Default()
		cfg.Listen, cfg.Control = "127.0.0.1:0", "127.0.0.1:0"
		cfg.Platforms = []mockplatform.Hosted{{Profile: "mailup"}, {Profile: "mint"}}
		cfg.Hostile = &control.Hostile{Seed: seed}
		noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		cfg.Now = func() time.Time { return noon }
		server, err := mockplatform.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		var all []control.Exchange
		for _, name := range []string{"mailup", "mint"} {
			p, err := server.Control().Platform(t.Context(), name)
			if err != nil || p.Hostile == nil || p.Hostile.Seed != server.HostileSeed() {
				t.Fatalf("%s: %+v, %v, want the seed %d", name, p.Hostile, err, server.HostileSeed())
			}
			for range 5 {
				r, err := http.Get(p.Endpoints.Metadata)
				if err != nil {
					t.Fatal(err)
				}
				_ = r.Body.Close()
			}
			journal, err := server.Control().Journal(t.Context(), name, 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, journal.Exchanges...)
		}
		return server.HostileSeed(), all
	}
	seed, first := story(0)
	if seed == 0 || len(first) != 10 {
		t.Fatalf("seed %d, %d exchanges", seed, len(first))
	}
	if again, second := story(seed); again != seed || !reflect.DeepEqual(first, second) {
		t.Errorf("repeated with seed %d: %+v, at first %+v", again, second, first)
	}
	if _, other := story(seed + 1); reflect.DeepEqual(first, other) {
		t.Error("another seed tells the same story")
	}
}

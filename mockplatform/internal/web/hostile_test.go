package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// hostile runs one story at a Platform of the seed: code grant, refreshes, API
// calls, introspection, metadata. The client is a correct one: it reads JSON,
// ignores what it does not know, compares without case what has none, and
// renews its access token once when it is refused. It answers the journal and
// how often it was refused.
func hostile(t *testing.T, server *mockplatform.Server, seed int64) (control.Platform, []control.Exchange, int) {
	t.Helper()
	ctx := t.Context()
	p, err := server.Control().CreatePlatform(ctx, control.CreatePlatform{
		Profile: "mailup", Name: "shop", Hostile: &control.Hostile{Seed: seed}, Settings: json.RawMessage(`{"introspection":true}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	c := newWireClient(t)
	id, secret := p.Clients[0].ID, p.Clients[0].Secret
	var held struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Type    string `json:"token_type"`
		Expires int    `json:"expires_in"`
		Scope   string `json:"scope"`
	}
	take := func(got reply) {
		t.Helper()
		if err := json.Unmarshal([]byte(got.body), &held); err != nil || got.status != 200 {
			t.Fatalf("answered %d %q: %v", got.status, got.body, err)
		}
		scope := strings.Fields(held.Scope)
		slices.Sort(scope)
		if !strings.EqualFold(held.Type, "bearer") || held.Expires != 900 || !slices.Equal(scope, []string{"ads.read", "ads.write"}) {
			t.Errorf("token answer %+v", held)
		}
		if media := strings.Join(got.header.Values("Content-Type"), " and "); strings.Contains(media, "and") || !strings.HasPrefix(strings.ToLower(media), "application/json") || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("header %v", got.header)
		}
	}
	refresh := func() {
		t.Helper()
		take(c.form(p.Endpoints.Token, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {held.Refresh}, "client_id": {id}, "client_secret": {secret}}))
	}
	refused := 0
	take(c.form(p.Endpoints.Token, exchange(p, code(t, p, "maya", nil, nil))))
	for range 6 {
		for attempt := range 2 {
			got := c.send(http.MethodGet, p.Endpoints.Me, "", "Authorization", "Bearer "+held.Access)
			if got.status == 200 {
				break
			}
			if refused++; attempt > 0 {
				t.Fatalf("refused again: %d %s", got.status, got.body)
			}
			refresh()
		}
		refresh()
		active := c.form(p.Endpoints.Introspect, url.Values{"token": {held.Access}, "client_id": {id}, "client_secret": {secret}})
		var found struct{ Active bool }
		if err := json.Unmarshal([]byte(active.body), &found); err != nil || !found.Active {
			t.Errorf("introspection: %s %v", active.body, err)
		}
	}
	var document struct {
		Issuer string `json:"issuer"`
	}
	metadata := c.send(http.MethodGet, p.Endpoints.Metadata, "")
	if err := json.Unmarshal([]byte(metadata.body), &document); err != nil || document.Issuer != p.Issuer {
		t.Errorf("metadata: %s %v", metadata.body, err)
	}
	journal, err := server.Control().Journal(ctx, "shop", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Control().DeletePlatform(ctx, "shop"); err != nil {
		t.Fatal(err)
	}
	return p, journal.Exchanges, refused
}

// The same seed tells the same story down to the last fingerprint, another
// seed another one; a correct client comes through both.
func TestHostileSeeds(t *testing.T) {
	server := startAt(t, noon)
	first, one, refused := hostile(t, server, 7)
	_, again, _ := hostile(t, server, 7)
	_, other, _ := hostile(t, server, 8)
	if first.Hostile == nil || first.Hostile.Seed != 7 || refused != 1 {
		t.Errorf("seed %+v, refused %d times, want 7 and once", first.Hostile, refused)
	}
	if diff := cmp.Diff(one, again); diff != "" {
		t.Errorf("the journals of one seed differ:\n%s", diff)
	}
	if cmp.Equal(one, other) {
		t.Error("two seeds have the same journal")
	}
	played := map[string]bool{}
	for _, e := range slices.Concat(one, other) {
		played[e.Fault] = true
		if e.Endpoint == "token" && e.ContentType != "application/json" {
			t.Errorf("the journal says %q of a token answer", e.ContentType)
		}
		if want := map[bool]string{true: control.VerdictFaulted, false: control.VerdictAccepted}[e.Fault == control.Refusal]; e.Verdict != want {
			t.Errorf("%s at %s is %s, want %s", e.Fault, e.Endpoint, e.Verdict, want)
		}
		if names, is := strings.CutPrefix(e.Fault, control.Surprises); is {
			for _, name := range strings.Split(names, ",") {
				played[name] = true
			}
		}
	}
	for _, name := range []string{control.Refusal, "unknown_member", "member_order", "whitespace", "token_type", "scope_order", "header_case", "media_type"} {
		if !played[name] {
			t.Errorf("the surprise %s was never played: %v", name, played)
		}
	}
}

// Key sets are surprising too, and still the same keys.
func TestHostileKeySets(t *testing.T) {
	server := startAt(t, noon)
	p, err := server.Control().CreatePlatform(t.Context(), control.CreatePlatform{
		Profile: "mailup", Name: "shop", Hostile: &control.Hostile{Seed: 7}, Settings: json.RawMessage(`{"access_token":{"format":"jwt","alg":"EdDSA"}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	c, spelled := newWireClient(t), map[string]bool{}
	for range 8 {
		got := c.send(http.MethodGet, p.Endpoints.JWKS, "")
		var set struct{ Keys []struct{ Kty, Use string } }
		if err := json.Unmarshal([]byte(got.body), &set); err != nil || len(set.Keys) != 1 || set.Keys[0].Kty != "OKP" || set.Keys[0].Use != "sig" {
			t.Errorf("%s %v", got.body, err)
		}
		spelled[got.header.Get("Content-Type")] = true
	}
	if len(spelled) != 2 || !spelled["application/jwk-set+json"] || !spelled["Application/JWK-Set+JSON;charset=UTF-8"] {
		t.Errorf("media types %v", spelled)
	}
	journal, err := server.Control().Journal(t.Context(), "shop", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	played := map[string]bool{}
	for _, e := range journal.Exchanges {
		for _, name := range strings.Split(strings.TrimPrefix(e.Fault, control.Surprises), ",") {
			played[name] = true
		}
	}
	for _, name := range []string{"unknown_member", "member_order", "whitespace", "header_case", "media_type"} {
		if !played[name] {
			t.Errorf("the surprise %s was never played: %v", name, played)
		}
	}
}

// A seed that is left open is chosen and told.
func TestHostileSeedIsTold(t *testing.T) {
	server := startAt(t, noon)
	p, err := server.Control().CreatePlatform(t.Context(), control.CreatePlatform{Profile: "mindbaz", Hostile: &control.Hostile{}})
	if err != nil || p.Hostile == nil || p.Hostile.Seed < 1 {
		t.Errorf("%+v %v", p.Hostile, err)
	}
	_, err = server.Control().CreatePlatform(t.Context(), control.CreatePlatform{Profile: "mindbaz", Hostile: &control.Hostile{Seed: -1}})
	if err == nil || !strings.Contains(err.Error(), "hostile.seed: a seed is a whole number from 1 to 9007199254740992") {
		t.Errorf("a seed of -1: %v", err)
	}
}

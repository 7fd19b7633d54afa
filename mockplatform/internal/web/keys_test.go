package web_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// made hosts a Platform of a profile with settings.
func made(t testing.TB, server *mockplatform.Server, profile, settings string) control.Platform {
	t.Helper()
	p, err := server.Control().CreatePlatform(t.Context(), control.CreatePlatform{Profile: profile, Settings: json.RawMessage(settings)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// keySet fetches the JWK Set that the metadata names, as a client would.
func keySet(t testing.TB, c wireClient, p control.Platform) jose.JSONWebKeySet {
	t.Helper()
	address := c.send(http.MethodGet, p.Endpoints.Metadata, "").member("jwks_uri")
	if address != p.Issuer+"/jwks.json" || address != p.Endpoints.JWKS {
		t.Fatalf("jwks_uri %q, the control API tells %q", address, p.Endpoints.JWKS)
	}
	got := c.send(http.MethodGet, address, "")
	if got.status != 200 || got.header.Get("Content-Type") != "application/jwk-set+json" {
		t.Fatalf("%s answered %d %s", address, got.status, got.header.Get("Content-Type"))
	}
	for _, private := range []string{`"d"`, `"p"`, `"q"`, `"k"`} {
		if strings.Contains(got.body, private) {
			t.Fatalf("private key material is published: %s", got.body)
		}
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(got.body), &set); err != nil {
		t.Fatal(err)
	}
	return set
}

// verified checks a token with the published key that its header names, and
// answers the key's id.
func verified(t testing.TB, set jose.JSONWebKeySet, token string) string {
	t.Helper()
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.EdDSA})
	if err != nil {
		t.Fatal(err)
	}
	id := signed.Signatures[0].Header.KeyID
	keys := set.Key(id)
	if len(keys) != 1 || keys[0].Use != "sig" || keys[0].Algorithm != signed.Signatures[0].Header.Algorithm {
		t.Fatalf("key %s is published as %+v", id, keys)
	}
	if _, err := signed.Verify(keys[0]); err != nil {
		t.Fatal(err)
	}
	return id
}

// A client verifies tokens with the published keys before and after a rotation
// (RFC 7517, RFC 8414).
func TestKeysRotateOnTheWire(t *testing.T) {
	server := startAt(t, noon)
	c := newWireClient(t)
	for _, alg := range []string{"RS256", "ES256", "EdDSA"} {
		p := made(t, server, "mint", `{"access_token":{"format":"jwt","alg":"`+alg+`","profile":"rfc9068"},"resource_server":{"validation":"local"}}`)
		old := tokens(t, c, p, "maya", nil).member("access_token")
		first := verified(t, keySet(t, c, p), old)
		rotated, err := server.Control().RotateKey(t.Context(), p.Name)
		if err != nil {
			t.Fatal(err)
		}
		next := tokens(t, c, p, "maya", nil).member("access_token")
		set := keySet(t, c, p)
		if verified(t, set, old) != first || verified(t, set, next) != rotated.ID || rotated.ID == first || len(set.Keys) != 2 {
			t.Errorf("%s: %s became %s, published %d", alg, first, rotated.ID, len(set.Keys))
		}
		for what, token := range map[string]string{"old": old, "new": next} {
			if got := c.send(http.MethodGet, p.Endpoints.Me, "", "Authorization", "Bearer "+token); got.status != 200 {
				t.Errorf("%s: the API answered the %s token %d %s", alg, what, got.status, got.body)
			}
		}
		if _, err := server.Control().Advance(t.Context(), p.Name, 20*time.Minute); err != nil {
			t.Fatal(err)
		}
		if set := keySet(t, c, p); len(set.Keys) != 1 || set.Keys[0].KeyID != rotated.ID {
			t.Errorf("%s: after the old token's end %d keys are published", alg, len(set.Keys))
		}
	}
}

func TestRotationIsRefusedWhenTooManyKeysLive(t *testing.T) {
	server := startAt(t, noon)
	p := made(t, server, "mint", `{"access_token":{"format":"jwt","alg":"EdDSA"}}`)
	var refusal *control.Error
	for range 16 {
		if _, err := server.Control().RotateKey(t.Context(), p.Name); errors.As(err, &refusal) {
			break
		}
	}
	if refusal == nil || refusal.Status != 409 || refusal.Message != "16 keys still stand for tokens that live: advance the clock past access_token.lifetime first" {
		t.Errorf("%+v", refusal)
	}
}

// Without public keys there is no JWK Set, and the metadata names none.
func TestNoKeysNoJWKS(t *testing.T) {
	server := startAt(t, noon)
	c := newWireClient(t)
	for _, settings := range []string{`{}`, `{"access_token":{"format":"jwt","alg":"HS256"}}`} {
		p := made(t, server, "mint", settings)
		if got := c.send(http.MethodGet, p.Issuer+"/jwks.json", ""); got.status != 404 {
			t.Errorf("%s: answered %d %s", settings, got.status, got.body)
		}
		if body := c.send(http.MethodGet, p.Endpoints.Metadata, "").body; strings.Contains(body, "jwks_uri") || p.Endpoints.JWKS != "" {
			t.Errorf("%s: %q, %s", settings, p.Endpoints.JWKS, body)
		}
	}
}

// The audience of RFC 9068 is the API, which may have a base of its own.
func TestAudienceIsTheAPI(t *testing.T) {
	server := startAt(t, noon)
	c := newWireClient(t)
	p := made(t, server, "mint", `{"topology":"split","access_token":{"format":"jwe","alg":"ES256","profile":"rfc9068"},"resource_server":{"validation":"local"}}`)
	access := tokens(t, c, p, "maya", nil).member("access_token")
	got := c.form(p.Endpoints.Introspect, url.Values{"token": {access}, "client_id": {p.Clients[0].ID}, "client_secret": {p.Clients[0].Secret}})
	var said struct {
		Active   bool
		Audience []string `json:"aud"`
		ID       string   `json:"jti"`
	}
	if err := json.Unmarshal([]byte(got.body), &said); err != nil || !said.Active || len(said.Audience) != 1 || said.Audience[0] != p.APIBase || len(said.ID) != 36 || p.APIBase == p.Issuer {
		t.Errorf("API base %s, introspection %s, %v", p.APIBase, got.body, err)
	}
	if got := c.send(http.MethodGet, p.Endpoints.Me, "", "Authorization", "Bearer "+access); got.status != 200 {
		t.Errorf("the API answered %d %s", got.status, got.body)
	}
}

// Every way to say expires_in and token_type, byte for byte.
func TestAnswerDialects(t *testing.T) {
	server := startAt(t, noon)
	c := newWireClient(t)
	for settings, want := range map[string]string{
		`"expires_in":"exact"`:                        `"token_type":"Bearer","expires_in":1200,`,
		`"expires_in":"minus_one"`:                    `"token_type":"Bearer","expires_in":1199,`,
		`"expires_in":"string"`:                       `"token_type":"Bearer","expires_in":"1200",`,
		`"expires_in":"float"`:                        `"token_type":"Bearer","expires_in":1199.5,`,
		`"expires_in":"lying"`:                        `"token_type":"Bearer","expires_in":2400,`,
		`"expires_in":"absent","token_type":"bearer"`: `"token_type":"bearer",`,
		`"token_type":"BEARER"`:                       `"token_type":"BEARER","expires_in":1200,`,
	} {
		p := made(t, server, "mint", `{"token":{`+settings+`}}`)
		got := tokens(t, c, p, "maya", nil)
		want = `{"access_token":"<access_token>",` + want + `"refresh_token":"<refresh_token>","scope":"ads.read ads.write"}` + "\n"
		if shape(got.body) != want {
			t.Errorf("%s\ngot  %swant %s", settings, shape(got.body), want)
		}
	}
}

// Replicas sign with the same keys and believe each other's tokens, before and
// after a rotation at one of them.
func TestReplicasShareTheKeys(t *testing.T) {
	r := startReplicas(t)
	c := newWireClient(t)
	for _, format := range []string{`"format":"jwt","alg":"ES256"`, `"format":"jwe","alg":"RS256"`, `"format":"jwt","alg":"HS256"`} {
		p := made(t, r.servers[0], "mint", `{"access_token":{`+format+`},"resource_server":{"validation":"local"}}`)
		good := func(what, access string) {
			t.Helper()
			for range 2 { // one request to each replica
				if got := c.send(http.MethodGet, p.Endpoints.Me, "", "Authorization", "Bearer "+access); got.status != 200 {
					t.Errorf("%s, %s: the API answered %d %s", format, what, got.status, got.body)
				}
			}
		}
		first := tokens(t, c, p, "maya", nil).member("access_token")
		good("before the rotation", first)
		if p.Endpoints.JWKS == "" {
			continue
		}
		rotated, err := r.servers[1].Control().RotateKey(t.Context(), p.Name)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if set := keySet(t, c, p); len(set.Keys) != 2 || set.Keys[0].KeyID != rotated.ID {
				t.Errorf("%s: %d keys are published, %s first, want %s", format, len(set.Keys), set.Keys[0].KeyID, rotated.ID)
			}
			good("after the rotation", tokens(t, c, p, "maya", nil).member("access_token"))
		}
		good("from before the rotation", first)
	}
}

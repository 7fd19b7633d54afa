package issuer

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/mockplatform/internal/keyring"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// part decodes a part of a compact token as JSON.
func part(t testing.TB, value string, n int) map[string]any {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(value, ".")[n])
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// Two tokens of one second differ, whatever their format, and all open the API
// and the introspection endpoint.
func TestEveryFormatIsUniqueAndWorks(t *testing.T) {
	for _, format := range []string{
		`"format":"opaque"`, `"format":"jwt","alg":"HS256"`, `"format":"jwt","alg":"RS256"`, `"format":"jwt","alg":"ES256"`,
		`"format":"jwt","alg":"EdDSA","profile":"rfc9068"`, `"format":"jwe","alg":"ES256"`, `"format":"jwe","alg":"HS256","profile":"rfc9068"`,
	} {
		for _, validation := range []string{"introspection", "local"} {
			if validation == "local" && strings.Contains(format, "opaque") {
				continue
			}
			d := open(t, "mint", `{"access_token":{`+format+`},"resource_server":{"validation":"`+validation+`"}}`)
			one, two := d.connect("maya"), d.connect("maya")
			if one.AccessToken == two.AccessToken {
				t.Errorf("%s: two tokens of one second are the same", format)
			}
			a, err := d.Bearer(d.now, one.AccessToken)
			if err != nil {
				t.Errorf("%s, %s: %v (%s)", format, validation, err, err.Why())
			}
			want := Access{
				ClientID: "mint-web", Customer: "maya", GrantType: oauth.AuthorizationCode, Scope: oauth.Scope{"ads.read", "ads.write"},
				Family: "grant-1", IssuedAt: d.now, ExpiresAt: a.ExpiresAt,
			}
			if diff := cmp.Diff(want, a); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", format, validation, diff)
			}
			first, second := d.introspect(one.AccessToken), d.introspect(two.AccessToken)
			if signed := !strings.Contains(format, "opaque"); signed != (first.ID != "") || signed && first.ID == second.ID || !first.Active {
				t.Errorf("%s: introspection says %+v and %+v", format, first, second)
			}
			d.now = a.ExpiresAt.Add(-1)
			d.alive(format+" just before its end", one.AccessToken)
			d.now = a.ExpiresAt
			d.dead(format+" at its end", one.AccessToken)
		}
	}
}

// RFC 9068 section 2, claim by claim.
func TestRFC9068(t *testing.T) {
	d := open(t, "service", `{"access_token":{"format":"jwt","alg":"ES256","profile":"rfc9068","claims":{"plan":"pro","name":"{customer.name}"}}}`)
	value := d.connect("maya").AccessToken
	set, ok := d.JWKS(d.now)
	if !ok || len(set.Keys) != 1 {
		t.Fatalf("%+v", set)
	}
	if diff := cmp.Diff(map[string]any{"alg": "ES256", "kid": set.Keys[0].KeyID, "typ": "at+jwt"}, part(t, value, 0)); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	claims := part(t, value, 1)
	id, _ := claims["jti"].(string)
	want := map[string]any{
		"iss": issuerURL, "exp": float64(start.Unix() + 3600), "iat": float64(start.Unix()), "aud": issuerURL, "sub": "maya@example.test",
		"client_id": "service-mint", "scope": "ads.read ads.write", "jti": id, "plan": "pro", "name": "Maya Okafor",
	}
	if diff := cmp.Diff(want, claims); diff != "" || len(id) != 36 {
		t.Errorf("claims, jti %q (-want +got):\n%s", id, diff)
	}
	if got := d.introspect(value); got.ID != id || !cmp.Equal(got.Audience, []string{issuerURL}) || got.Subject != "maya@example.test" {
		t.Errorf("introspection %+v", got)
	}
	own := part(t, d.token("grant_type", "client_credentials").Answer.AccessToken, 1)
	if own["sub"] != "service-mint" || own["client_id"] != "service-mint" || own["scope"] != nil || own["name"] != nil {
		t.Errorf("the application's own token: %v", own)
	}
	named := open(t, "mint", `{"access_token":{"format":"jwt","alg":"ES256","profile":"rfc9068","claims":{"aud":"ads-api"}}}`)
	if got := part(t, named.connect("maya").AccessToken, 1)["aud"]; got != "ads-api" {
		t.Errorf("aud %v", got)
	}
}

// The API that never asks sees no revocation; the one that asks does (S004-20).
func TestLocalValidationBelievesUntilExpiry(t *testing.T) {
	for _, format := range []string{"jwt", "jwe"} {
		settings := `{"access_token":{"format":"` + format + `","alg":"EdDSA"},"resource_server":{"validation":"local"}}`
		d := open(t, "service", settings)
		tokens := d.connect("maya")
		own := d.token("grant_type", "client_credentials").Answer.AccessToken
		d.revoke("token", tokens.RefreshToken)
		d.alive(format+", revoked", tokens.AccessToken)
		if d.introspect(tokens.AccessToken).Active {
			t.Error("introspection says a revoked token is active")
		}
		if a, err := d.Bearer(d.now, own); err != nil || a.Customer != "" || a.ClientID != "service-mint" || len(a.Scope) != 0 {
			t.Errorf("the application's own token: %+v, %v", a, err)
		}
		elsewhere := open(t, "service", settings).connect("maya").AccessToken
		d.dead("of another Platform with other keys", elsewhere)
		d.dead("a refresh token", tokens.RefreshToken)
		d.now = start.Add(time.Hour)
		d.dead(format+", expired", tokens.AccessToken)

		asks := open(t, "service", `{"access_token":{"format":"`+format+`","alg":"EdDSA"}}`)
		tokens = asks.connect("maya")
		asks.revoke("token", tokens.RefreshToken)
		asks.dead(format+", revoked, asked about", tokens.AccessToken)
	}
	mindbaz := open(t, "mindbaz", `{"resource_server":{"validation":"local"}}`)
	mindbaz.alive("mindbaz", mindbaz.token("grant_type", "password", "username", "maya@example.test", "password", "maya-password-1").Answer.AccessToken)
}

func TestJournalKnowsWhyASignedTokenIsRefused(t *testing.T) {
	d := open(t, "mint", `{"access_token":{"format":"jwt","alg":"ES256"}}`)
	tokens := d.connect("maya")
	for value, want := range map[string]string{
		tokens.RefreshToken: "a refresh token was presented at the API (S000-30)",
		open(t, "mint", `{"access_token":{"format":"jwt","alg":"ES256"}}`).connect("maya").AccessToken: keyring.ErrKey.Error(),
		"garbage": keyring.ErrForm.Error(),
	} {
		if _, err := d.Bearer(d.now, value); err == nil || err.Why() != want {
			t.Errorf("%v, want %q", err.Why(), want)
		}
	}
}

func TestRotatedKeyLeavesOldTokensGood(t *testing.T) {
	d := open(t, "mint", `{"access_token":{"format":"jwt","alg":"ES256"},"resource_server":{"validation":"local"}}`)
	old := d.connect("maya").AccessToken
	id, err := d.RotateKey(d.now, nil)
	if err != nil {
		t.Fatal(err)
	}
	next := d.connect("maya").AccessToken
	if got := part(t, next, 0)["kid"]; got != id || part(t, old, 0)["kid"] == id {
		t.Errorf("signed with %v, want %s", got, id)
	}
	d.alive("signed before the rotation", old)
	d.alive("signed after it", next)
	if set, _ := d.JWKS(d.now); len(set.Keys) != 2 || set.Keys[0].KeyID != id {
		t.Errorf("%+v", set)
	}
	for settings, want := range map[string]error{"": ErrNoKeys, `{"access_token":{"format":"jwt","alg":"HS256"}}`: keyring.ErrSecret} {
		d := open(t, "mint", settings)
		if _, err := d.RotateKey(d.now, nil); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", settings, err, want)
		}
		if _, ok := d.JWKS(d.now); ok {
			t.Errorf("%s: keys are published", settings)
		}
	}
}

// FuzzBearer presents anything as access token to an API that goes by the
// token alone: what is accepted says what we signed, and nothing panics.
func FuzzBearer(f *testing.F) {
	const signed = `{"access_token":{"format":"jwt","alg":"EdDSA","profile":"rfc9068"},"resource_server":{"validation":"local"}}`
	const wrapped = `{"access_token":{"format":"jwe","alg":"HS256"},"resource_server":{"validation":"local"}}`
	desks := []*desk{open(f, "mint", signed), open(f, "mint", wrapped)}
	for _, d := range append(desks, open(f, "mint", signed), open(f, "mint", wrapped), open(f, "mindbaz", "")) {
		grant := []string{"grant_type", "password", "username", "maya@example.test", "password", "maya-password-1"}
		value := ""
		if d.client == "100" {
			value = d.token(grant...).Answer.AccessToken
		} else {
			value = d.connect("maya").AccessToken
		}
		parts := strings.Split(value, ".")
		none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"at+jwt"}`))
		bare := base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"` + issuerURL + `","sub":"oskar@example.test","exp":99999999999}`))
		for _, seed := range []string{
			value, value[:len(value)-1], value + "=", value + ".", strings.ToUpper(value),
			none + "." + parts[1] + ".", none + "." + bare + ".", parts[0] + "." + bare + "." + parts[2], parts[0] + "." + parts[1] + ".",
		} {
			f.Add(seed)
		}
	}
	for _, seed := range []string{"", ".", "..", "....", "a.b.c", "a.b.c.d.e", `{"payload":"e30","signatures":[]}`, strings.Repeat("A", 30_000), "eyJhbGciOiJFZERTQSIsImNyaXQiOlsieCJdfQ.e30.AA", "\x00\xff"} {
		f.Add(seed)
	}
	end := start.Truncate(time.Second).Add(20 * time.Minute)
	f.Fuzz(func(t *testing.T, value string) {
		for n, d := range desks {
			a, err := d.Bearer(start, value)
			if err == nil && (a.Customer != "maya" || a.ClientID != "mint-web" || !a.ExpiresAt.Equal(end)) {
				t.Errorf("desk %d: accepted %q as %+v", n, value, a)
			}
			if err != nil && (err.Status != 401 || err.Code != oauth.InvalidToken || err.Why() == "") {
				t.Errorf("desk %d: %q is refused with %d %s because %q", n, value, err.Status, err.Code, err.Why())
			}
			if len(value) > 20 && err != nil && strings.Contains(err.Why()+err.Challenge, value) {
				t.Errorf("desk %d: the refusal repeats the token %q", n, value)
			}
			if _, err := d.Bearer(end, value); err == nil {
				t.Errorf("desk %d: accepted %q at its end", n, value)
			}
		}
	})
}

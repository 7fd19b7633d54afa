package issuer

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

func decodeClaims(t *testing.T, part string) map[string]any {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(raw, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestSlidingRefreshOnMint(t *testing.T) {
	d := open(t, "mint", "")
	first := d.connect("maya")
	for _, pause := range []time.Duration{29 * day, 29 * day, 29 * day, 29 * day, 29 * day, 29 * day} {
		d.now = d.now.Add(pause)
		out := d.refresh(first.RefreshToken)
		if out.Err != nil || out.Answer.RefreshToken != "" || out.Answer.AccessToken == first.AccessToken || out.Answer.ExpiresIn != 1200 {
			t.Fatalf("after %s: %+v, %v", d.now.Sub(start), out.Answer, out.Err)
		}
		d.alive("fresh access token", out.Answer.AccessToken)
	}
	d.now = start.Add(180*day - 1)
	if out := d.refresh(first.RefreshToken); out.Err != nil {
		t.Errorf("just before the cap: %v", out.Err)
	}
	d.now = start.Add(180 * day)
	refused(t, "at the cap", d.refresh(first.RefreshToken), "invalid_grant", 400)

	d = open(t, "mint", "")
	idle := d.connect("maya").RefreshToken
	d.now = start.Add(30 * day)
	refused(t, "idle too long", d.refresh(idle), "invalid_grant", 400)
	refused(t, "and still dead", d.refresh(idle), "invalid_grant", 400)
}

func TestRotatingRefreshOnMailup(t *testing.T) {
	d := open(t, "mailup", "")
	one := d.connect("maya")
	two := d.refresh(one.RefreshToken)
	three := d.refresh(two.Answer.RefreshToken)
	if three.Err != nil || three.Answer.RefreshToken == two.Answer.RefreshToken || two.Answer.RefreshToken == one.RefreshToken {
		t.Fatalf("%+v, %v", three.Answer, three.Err)
	}
	if three.Exchange.Presented["refresh_token"] != two.Exchange.Issued["refresh_token"] || three.Exchange.Family != two.Exchange.Family {
		t.Errorf("the journal lost the lineage: %+v, %+v", two.Exchange, three.Exchange)
	}
	refused(t, "spent", d.refresh(one.RefreshToken), "invalid_grant", 400)
	refused(t, "newest after the replay", d.refresh(three.Answer.RefreshToken), "invalid_grant", 400)
	d.dead("access token after the replay", three.Answer.AccessToken)
	if g := d.Grants(d.now)[0]; !g.Revoked || g.Reason != "refresh_token_reused" || len(g.Tokens) != 6 {
		t.Errorf("%+v", g)
	}
}

func TestGraceOnService(t *testing.T) {
	d := open(t, "service", "")
	one := d.connect("maya")
	two := d.refresh(one.RefreshToken)
	d.now = d.now.Add(30*time.Second - 1)
	again := d.refresh(one.RefreshToken)
	if again.Err != nil || again.Answer.AccessToken != two.Answer.AccessToken || again.Answer.RefreshToken != two.Answer.RefreshToken || again.Answer.ExpiresIn != 3570 {
		t.Fatalf("%+v, then %+v, %v", two.Answer, again.Answer, again.Err)
	}
	d.now = d.now.Add(1)
	refused(t, "after the grace", d.refresh(one.RefreshToken), "invalid_grant", 400)
	d.dead("its family", two.Answer.AccessToken)
}

func TestSingleUseRefreshOnMindbaz(t *testing.T) {
	d := open(t, "mindbaz", "")
	one := *d.token("grant_type", "password", "username", "maya@example.test", "password", "maya-password-1").Answer
	d.now = d.now.Add(7*day - 1)
	two := d.refresh(one.RefreshToken)
	if two.Err != nil || len(two.Answer.RefreshToken) != 32 || two.Answer.RefreshToken == one.RefreshToken || two.Answer.ExpiresIn != 1199 {
		t.Fatalf("%+v, %v", two.Answer, two.Err)
	}
	refused(t, "spent", d.refresh(one.RefreshToken), "invalid_grant", 401)
	d.alive("the family after a replay", two.Answer.AccessToken)
	d.now = d.now.Add(7 * day)
	refused(t, "seven days later", d.refresh(two.Answer.RefreshToken), "invalid_grant", 401)
}

func TestRefreshScope(t *testing.T) {
	d := open(t, "mint", "")
	tokens := *d.exchange(d.code("maya", "scope", "ads.read ads.write")).Answer
	narrow := d.token("grant_type", "refresh_token", "refresh_token", tokens.RefreshToken, "scope", "ads.read")
	if narrow.Err != nil || narrow.Answer.Scope != "ads.read" {
		t.Fatalf("narrower: %+v, %v", narrow.Answer, narrow.Err)
	}
	if a, _ := d.Bearer(d.now, narrow.Answer.AccessToken); a.Scope.Has("ads.write") {
		t.Error("a narrowed token still writes")
	}
	if out := d.refresh(tokens.RefreshToken); out.Err != nil || out.Answer.Scope != "ads.read ads.write" {
		t.Errorf("none afterwards: %+v, %v", out.Answer, out.Err)
	}
	readOnly := *d.exchange(d.code("maya", "scope", "ads.read")).Answer
	refused(t, "wider", d.token("grant_type", "refresh_token", "refresh_token", readOnly.RefreshToken, "scope", "ads.read ads.write"), "invalid_scope", 400)
	refused(t, "unknown", d.token("grant_type", "refresh_token", "refresh_token", readOnly.RefreshToken, "scope", "admin"), "invalid_scope", 400)
}

func TestRefreshTokenIsBoundToItsClientAndItsPurpose(t *testing.T) {
	d := open(t, "mailup", `{"clients":{"other":{"name":"Other","secret":"other-secret","redirect_uris":["https://o.example/cb"],"grants":["authorization_code","refresh_token"]}}}`)
	tokens := d.connect("maya")
	r := d.request(form("grant_type", "refresh_token", "refresh_token", tokens.RefreshToken))
	r.Authorization = basicHeader("other", "other-secret")
	refused(t, "another client", d.Token(d.now, r, nil), "invalid_grant", 400)
	code := d.code("maya")
	r = d.request(form("grant_type", "authorization_code", "code", code, "redirect_uri", callback, "code_verifier", verifier))
	r.Authorization = basicHeader("other", "other-secret")
	refused(t, "another client's code", d.Token(d.now, r, nil), "invalid_grant", 400)
	for _, secret := range []string{"", "wrong"} {
		r = d.request(form("grant_type", "refresh_token", "refresh_token", tokens.RefreshToken))
		r.Authorization = basicHeader(d.client, secret)
		refused(t, "secret "+secret, d.Token(d.now, r, nil), "invalid_client", 401)
	}
	refused(t, "an access token", d.refresh(tokens.AccessToken), "invalid_grant", 400)
	refused(t, "a shortened one", d.refresh(tokens.RefreshToken[:42]), "invalid_grant", 400)
	if _, err := d.Bearer(d.now, tokens.RefreshToken); err == nil || err.Why() != "a refresh token was presented at the API (S000-30)" {
		t.Errorf("refresh token at the API: %v", err)
	}
	if out := d.refresh(tokens.RefreshToken); out.Err != nil {
		t.Errorf("the refresh token did not survive: %v", out.Err)
	}
}

func TestProfilesWithoutOrWithSpecialRefresh(t *testing.T) {
	d := open(t, "mint", `{"refresh_token":{"issued":false}}`)
	if tokens := d.connect("maya"); tokens.RefreshToken != "" {
		t.Error("a refresh token was issued")
	}
	d = open(t, "mint", `{"clients":{"mint-web":{"grants":["authorization_code"]}}}`)
	if tokens := d.connect("maya"); tokens.RefreshToken != "" {
		t.Error("a client without the refresh grant got a refresh token")
	}
	d = open(t, "mint", `{"refresh_token":{"returned":true}}`)
	tokens := d.connect("maya")
	if out := d.refresh(tokens.RefreshToken); out.Err != nil || out.Answer.RefreshToken != tokens.RefreshToken {
		t.Errorf("the same value was not returned: %+v, %v", out.Answer, out.Err)
	}
	d = open(t, "mint", `{"refresh_token":{"allowed":"after_expiry","previous_access_token":"kill","max_uses":1}}`)
	tokens = d.connect("maya")
	refused(t, "too early", d.refresh(tokens.RefreshToken), "invalid_grant", 400)
	d.now = d.now.Add(20 * time.Minute)
	if out := d.refresh(tokens.RefreshToken); out.Err != nil {
		t.Errorf("after expiry: %v", out.Err)
	}
	d.now = d.now.Add(20 * time.Minute)
	refused(t, "used up", d.refresh(tokens.RefreshToken), "invalid_grant", 400)
}

func TestControlExpiresAndRevokes(t *testing.T) {
	d := open(t, "mint", "")
	maya, oskar := d.connect("maya"), d.connect("oskar")
	if n, err := d.Expire(d.now, control.TokenSelector{Kind: "access_token", Customer: "maya"}); err != nil || n.Tokens != 1 {
		t.Errorf("%+v, %v", n, err)
	}
	d.dead("maya's", maya.AccessToken)
	d.alive("oskar's", oskar.AccessToken)
	if out := d.refresh(maya.RefreshToken); out.Err != nil {
		t.Errorf("maya's refresh: %v", out.Err)
	}
	if n, err := d.RevokeTokens(d.now, control.TokenSelector{Customer: "maya"}); err != nil || n.Tokens != 2 {
		t.Errorf("%+v, %v", n, err)
	}
	refused(t, "maya's refresh token", d.refresh(maya.RefreshToken), "invalid_grant", 400)
	if n, err := d.RevokeTokens(d.now, control.TokenSelector{All: true}); err != nil || n.Tokens != 2 {
		t.Errorf("%+v, %v", n, err)
	}
	d.dead("oskar's", oskar.AccessToken)
	for field, sel := range map[string]control.TokenSelector{
		"all": {}, "kind": {Kind: "code"}, "client": {Client: "x"}, "customer": {Customer: "mya"},
	} {
		_, err := d.Expire(d.now, sel)
		var se *SelectorError
		if !errors.As(err, &se) || se.Field != field {
			t.Errorf("%+v: %v", sel, err)
		}
	}
}

func TestGrantsShowTheLineage(t *testing.T) {
	d := open(t, "mailup", "")
	one := d.connect("maya")
	two := d.refresh(one.RefreshToken)
	g := d.Grants(d.now)[0]
	fp := d.fingerprints.Fingerprint
	want := []control.Token{
		{Kind: "access_token", Fingerprint: fp(one.AccessToken), State: "live"},
		{Kind: "access_token", Fingerprint: fp(two.Answer.AccessToken), Parent: fp(one.RefreshToken), State: "live"},
		{Kind: "refresh_token", Fingerprint: fp(one.RefreshToken), State: "spent"},
		{Kind: "refresh_token", Fingerprint: fp(two.Answer.RefreshToken), Parent: fp(one.RefreshToken), State: "live"},
	}
	if g.ClientID != d.client || g.Customer != "maya" || g.GrantType != "authorization_code" || len(g.Tokens) != len(want) {
		t.Fatalf("%+v", g)
	}
	for n, w := range want {
		got := g.Tokens[n]
		if got.Kind != w.Kind || got.Fingerprint != w.Fingerprint || got.Parent != w.Parent || got.State != w.State || (got.SpentAt != nil) != (w.State == "spent") {
			t.Errorf("token %d: %+v, want %+v", n, got, w)
		}
	}
}

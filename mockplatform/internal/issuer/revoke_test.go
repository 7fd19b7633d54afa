package issuer

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

const twoClients = `{"clients":{"other":{"name":"Other","secret":"other-secret","redirect_uris":["https://o.example/cb"],"grants":["authorization_code","refresh_token"]}}}`

func (d *desk) revoke(pairs ...string) Outcome[Revoked] {
	return d.Revoke(d.now, d.request(form(pairs...)), nil)
}

func (d *desk) introspect(value string) Introspection {
	d.t.Helper()
	out := d.Introspect(d.now, d.request(form("token", value)), nil)
	if out.Err != nil {
		d.t.Fatal(out.Err)
	}
	return *out.Answer
}

func TestRevocation(t *testing.T) {
	for _, hint := range []string{"", "access_token", "refresh_token", "nonsense"} {
		d := open(t, "mint", twoClients)
		tokens := d.connect("maya")
		stranger := d.request(form("token", tokens.RefreshToken))
		stranger.Authorization = basicHeader("other", "other-secret")
		refused(t, "another client", d.Revoke(d.now, stranger, nil), "unauthorized_client", 400)
		stranger.Authorization = nil
		refused(t, "nobody", d.Revoke(d.now, stranger, nil), "invalid_client", 401)
		d.alive("after refused revocations", tokens.AccessToken)

		if out := d.revoke("token", tokens.AccessToken, "token_type_hint", hint); out.Err != nil || out.Exchange.Presented["access_token"] == "" {
			t.Errorf("access token: %v", out.Err)
		}
		d.dead("revoked access token", tokens.AccessToken)
		fresh := d.refresh(tokens.RefreshToken)
		if fresh.Err != nil {
			t.Fatalf("its refresh token: %v", fresh.Err)
		}
		for range 2 {
			if out := d.revoke("token", tokens.RefreshToken, "token_type_hint", hint); out.Err != nil || out.Answer == nil {
				t.Errorf("refresh token: %v", out.Err)
			}
		}
		d.dead("the family's access token", fresh.Answer.AccessToken)
		refused(t, "the revoked refresh token", d.refresh(tokens.RefreshToken), "invalid_grant", 400)
		if g := d.Grants(d.now)[0]; g.Reason != "revoked_by_client" {
			t.Errorf("%+v", g)
		}
		if out := d.revoke("token", "garbage"); out.Err != nil {
			t.Errorf("unknown token: %v", out.Err)
		}
		refused(t, "no token", d.revoke(), "invalid_request", 400)
	}
}

// What ends with a refresh token is an option (RFC 7009 section 2.1): maya
// granted twice, oskar once.
func TestRevocationReach(t *testing.T) {
	for reach, want := range map[string]struct{ own, sibling, stranger bool }{
		"family":   {false, true, true},
		"token":    {true, true, true},
		"customer": {false, false, true},
	} {
		d := open(t, "mint", `{"revocation_reach":"`+reach+`"}`)
		one, two, other := d.connect("maya"), d.connect("maya"), d.connect("oskar")
		if out := d.revoke("token", one.RefreshToken); out.Err != nil {
			t.Fatalf("%s: %v", reach, out.Err)
		}
		refused(t, reach+": the revoked one", d.refresh(one.RefreshToken), "invalid_grant", 400)
		for what, row := range map[string]struct {
			tokens TokenResponse
			alive  bool
		}{"own": {one, want.own}, "sibling": {two, want.sibling}, "stranger": {other, want.stranger}} {
			if row.alive {
				d.alive(reach+", "+what, row.tokens.AccessToken)
			} else {
				d.dead(reach+", "+what, row.tokens.AccessToken)
			}
			if fresh := d.refresh(row.tokens.RefreshToken); what != "own" && (fresh.Err == nil) != row.alive {
				t.Errorf("%s, %s: refresh answered %v", reach, what, fresh.Err)
			}
		}
	}
}

func TestRevocationFaultStopsTheWork(t *testing.T) {
	d := open(t, "mint", "")
	tokens := d.connect("maya")
	before := func(r fault.Request) (control.Fault, bool) {
		return control.Fault{ID: "f", Action: control.FaultAction{Kind: fault.KindError}}, r.Endpoint == "revoke" && r.Customer == "maya"
	}
	out := d.Revoke(d.now, d.request(form("token", tokens.RefreshToken)), before)
	if out.Fault == nil || out.Answer != nil {
		t.Errorf("%+v", out)
	}
	d.alive("after the fault", tokens.AccessToken)
}

func TestIntrospection(t *testing.T) {
	d := open(t, "mint", twoClients)
	tokens := d.connect("maya")
	want := Introspection{
		Active: true, Scope: "ads.read ads.write", ClientID: "mint-web", Username: "maya@example.test", TokenType: "Bearer",
		ExpiresAt: start.Add(20 * time.Minute).Unix(), IssuedAt: start.Unix(), Subject: "maya@example.test", Issuer: issuerURL,
	}
	if diff := cmp.Diff(want, d.introspect(tokens.AccessToken)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want.TokenType, want.ExpiresAt = "", start.Add(30*day).Unix()
	if diff := cmp.Diff(want, d.introspect(tokens.RefreshToken)); diff != "" {
		t.Errorf("refresh token (-want +got):\n%s", diff)
	}
	inactive := func(what string, got Introspection) {
		if doc, _ := json.Marshal(got); string(doc) != `{"active":false}` {
			t.Errorf("%s: %s", what, doc)
		}
	}
	inactive("garbage", d.introspect("garbage"))
	r := d.request(form("token", tokens.AccessToken))
	r.Authorization = basicHeader("other", "other-secret")
	inactive("another client's", *d.Introspect(d.now, r, nil).Answer)
	r.Authorization = basicHeader("other", "wrong")
	refused(t, "wrong secret", d.Introspect(d.now, r, nil), "invalid_client", 401)
	r.Authorization = nil
	refused(t, "no credentials", d.Introspect(d.now, r, nil), "invalid_client", 401)
	d.revoke("token", tokens.AccessToken)
	inactive("revoked", d.introspect(tokens.AccessToken))
	d.now = start.Add(30 * day)
	inactive("expired", d.introspect(tokens.RefreshToken))

	public := open(t, "mindbaz", `{"introspection":true}`)
	refused(t, "a public client", public.Introspect(public.now, public.request(form("token", "x")), nil), "invalid_client", 401)
}

func TestChallenges(t *testing.T) {
	d := open(t, "mint", "")
	if e := d.NoToken(); e.Status != 401 || e.Code != "" || e.Challenge != `Bearer realm="Mint Ads"` {
		t.Errorf("%+v", e)
	}
	e := d.InsufficientScope("ads.write")
	if e.Status != 403 || e.Challenge != `Bearer realm="Mint Ads", error="insufficient_scope", error_description="the access token lacks the scope ads.write", scope="ads.write"` {
		t.Errorf("%+v", e)
	}
}

func TestMetadata(t *testing.T) {
	d := open(t, "service", "")
	doc, ok := d.Metadata()
	if !ok || doc.Issuer != issuerURL || doc.AuthorizationEndpoint != issuerURL+"/oauth2/authorize" || !doc.IssInResponses ||
		!slices.Equal(doc.TokenEndpointAuthMethods, []string{"client_secret_basic", "client_secret_post"}) ||
		!slices.Equal(doc.CodeChallengeMethods, []string{oauth.MethodS256}) ||
		!slices.Equal(doc.GrantTypesSupported, []string{"authorization_code", "refresh_token", "client_credentials"}) ||
		!slices.Equal(doc.ScopesSupported, []string{"ads.read", "ads.write"}) ||
		!slices.Equal(doc.ResponseTypesSupported, []string{"code"}) {
		t.Errorf("%+v", doc)
	}
	if _, ok := open(t, "mindbaz", "").Metadata(); ok {
		t.Error("a Platform without metadata publishes some")
	}
	off := open(t, "mint", `{"authorize":{"pkce":"off","iss":false}}`)
	if doc, _ := off.Metadata(); doc.CodeChallengeMethods != nil || doc.IssInResponses {
		t.Errorf("%+v", doc)
	}
	if _, err := off.ParseAuthorize(off.now, off.query("response_type", "x")); err == nil || member(t, err.Location(), "iss") != "" {
		t.Errorf("iss although off: %v", err)
	}
	public := open(t, "mindbaz", `{"metadata":true}`)
	if doc, _ := public.Metadata(); doc.AuthorizationEndpoint != "" || len(doc.ResponseTypesSupported) != 0 || doc.ResponseTypesSupported == nil {
		t.Errorf("%+v", doc)
	}
}

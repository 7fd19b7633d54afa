package issuer

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/internal/application"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
	"github.com/mint-conformance/mint/mockplatform/internal/throttle"
)

const elsewhere = "https://new.example/cb"

// redirect replaces the client's redirect URIs.
func (d *desk) redirect(uris ...string) {
	d.t.Helper()
	if _, err := d.Applications().Update(d.client, application.Change{RedirectURIs: &uris}); err != nil {
		d.t.Fatal(err)
	}
}

func TestAChangedRedirectURI(t *testing.T) {
	for _, tc := range []struct {
		rule           string
		runs, redeemed bool
	}{{"immediate", false, false}, {"drain", true, true}} {
		d := open(t, "service", `{"registration":{"redirect_change":"`+tc.rule+`"}}`)
		code := d.code("maya")
		underWay := d.query("state", "under way")
		if _, err := d.ParseAuthorize(d.now, underWay); err != nil {
			t.Fatal(err)
		}
		d.redirect(elsewhere)
		if _, err := d.ParseAuthorize(d.now, d.query("state", "new")); err == nil || err.Channel != oauth.ChannelPage {
			t.Errorf("%s: a new authorization with the old redirect URI: %v", tc.rule, err)
		}
		if req, err := d.ParseAuthorize(d.now, d.query("redirect_uri", elsewhere)); err != nil || req.RedirectURI != elsewhere {
			t.Errorf("%s: the new redirect URI: %v", tc.rule, err)
		}
		req, err := d.ParseAuthorize(d.now.Add(drainTime-time.Second), underWay)
		if (err == nil) != tc.runs || tc.runs && req.RedirectURI != callback {
			t.Errorf("%s: the authorization under way: %v", tc.rule, err)
		}
		if _, err := d.ParseAuthorize(d.now.Add(drainTime), underWay); err == nil {
			t.Errorf("%s: an hour later it is still under way", tc.rule)
		}
		out := d.exchange(code)
		if tc.redeemed != (out.Err == nil) || !tc.redeemed && out.Err.Code != oauth.InvalidGrant {
			t.Errorf("%s: the code from before the change: %v", tc.rule, out.Err)
		}
	}
}

// A request without redirect_uri stays with the one that it began with.
func TestADrainedRequestKeepsItsFilledInRedirectURI(t *testing.T) {
	d := open(t, "service", `{"registration":{"redirect_change":"drain"}}`)
	q := d.query("redirect_uri", "")
	if _, err := d.ParseAuthorize(d.now, q); err != nil {
		t.Fatal(err)
	}
	d.redirect(elsewhere)
	if req, err := d.ParseAuthorize(d.now, q); err != nil || req.RedirectURI != callback {
		t.Errorf("goes to %+v, %v; want %s", req, err, callback)
	}
	d.redirect(elsewhere, callback)
	d.redirect(callback)
	if d.desk().Lost(callback) {
		t.Error("a redirect URI that came back counts as lost")
	}
}

func (d *desk) desk() application.Application {
	a, _ := d.Applications().Lookup(d.client)
	return a
}

func TestARequestWithoutAnyClient(t *testing.T) {
	const grant = "grant_type=password&username=maya%40example.test&password=maya-password-1"
	for _, tc := range []struct {
		name, settings, body string
		authorization        []string
		code                 string // "" for tokens
	}{
		{"required", ``, grant, nil, oauth.InvalidClient},
		{"assumed", `{"token":{"client_id_required":false}}`, grant, nil, ""},
		{"sent all the same", `{"token":{"client_id_required":false}}`, grant + "&client_id=100", nil, ""},
		{"another", `{"token":{"client_id_required":false}}`, grant + "&client_id=101", nil, oauth.InvalidClient},
		{"folded", `{"token":{"client_id_required":false}}`, grant + "&client_Id=101", nil, oauth.InvalidClient},
		{"a secret alone", `{"token":{"client_id_required":false}}`, grant + "&client_secret=x", nil, oauth.InvalidClient},
		{"Basic", `{"token":{"client_id_required":false}}`, grant, basicHeader("x", "y"), oauth.InvalidClient},
	} {
		d := open(t, "mindbaz", tc.settings)
		r := Request{Method: "POST", ContentType: "application/x-www-form-urlencoded", Body: []byte(tc.body), Authorization: tc.authorization}
		out := d.Token(d.now, r, nil)
		switch {
		case tc.code != "":
			refused(t, tc.name, out, tc.code, 401)
		case out.Err != nil || out.Exchange.ClientID != "100" || out.Exchange.AuthMethod != oauth.AuthNone:
			t.Errorf("%s: %v, journal says client %q by %q", tc.name, out.Err, out.Exchange.ClientID, out.Exchange.AuthMethod)
		}
	}
	d := open(t, "mindbaz", `{"token":{"client_id_required":false},"revocation":true}`)
	refused(t, "revocation", d.Revoke(d.now, Request{Method: "POST", ContentType: "application/x-www-form-urlencoded", Body: []byte("token=x")}, nil), oauth.InvalidClient, 401)
}

// The pause is answered alike for right and wrong passwords, and in Platform
// time (RFC 6749 section 4.3.2).
func TestGuessingPasswordsIsSlow(t *testing.T) {
	d := open(t, "mindbaz", "")
	try := func(username, password string) Outcome[TokenResponse] {
		return d.token("grant_type", "password", "username", username, "password", password)
	}
	for n := range throttle.MaxFailures {
		for _, username := range []string{"maya@example.test", "nobody@example.test"} {
			if out := try(username, "wrong"); out.Err == nil || out.Err.Code != oauth.InvalidGrant || out.Err.RetryAfter != 0 {
				t.Fatalf("wrong password %d of %s: %v", n+1, username, out.Err)
			}
		}
	}
	d.now = d.now.Add(time.Millisecond)
	for _, username := range []string{"maya@example.test", "nobody@example.test"} {
		for _, password := range []string{"wrong", "maya-password-1"} {
			out := try(username, password)
			refused(t, username+" while it is paused", out, oauth.TemporarilyUnavailable, 429)
			if out.Err != nil && out.Err.RetryAfter != 60 {
				t.Errorf("Retry-After %d, want 60", out.Err.RetryAfter)
			}
		}
	}
	if out := try("oskar@example.test", "oskar-password-1"); out.Err != nil {
		t.Errorf("another username is paused too: %v", out.Err)
	}
	d.now = d.now.Add(throttle.Pause)
	if out := try("maya@example.test", "maya-password-1"); out.Err != nil {
		t.Errorf("after the pause: %v", out.Err)
	}
}

func TestGuessingClientSecretsIsSlow(t *testing.T) {
	d := open(t, "service", "")
	try := func(id, secret string) Outcome[TokenResponse] {
		return d.Token(d.now, ask(func(r *Request) { r.Authorization = basicHeader(id, secret) }), nil)
	}
	for range throttle.MaxFailures {
		refused(t, "wrong secret", try(d.client, "wrong"), oauth.InvalidClient, 401)
	}
	refused(t, "right secret, paused", try(d.client, d.secret), oauth.TemporarilyUnavailable, 429)
	refused(t, "another client", try("nobody", "wrong"), oauth.InvalidClient, 401)
	d.now = d.now.Add(throttle.Pause)
	if out := try(d.client, d.secret); out.Err != nil {
		t.Errorf("after the pause: %v", out.Err)
	}
}

func TestUnregisteringEndsWhatWasGranted(t *testing.T) {
	d := open(t, "service", "")
	tokens := d.connect("maya")
	if !d.Unregister(d.now, d.client) || d.Unregister(d.now, d.client) {
		t.Error("a client is unregistered once")
	}
	d.dead("its access token", tokens.AccessToken)
	refused(t, "its refresh token", d.refresh(tokens.RefreshToken), oauth.InvalidClient, 401)
	doc, err := json.Marshal(d.Connections(d.now, "maya"))
	if err != nil || string(doc) != "[]" {
		t.Errorf("connections %s, %v", doc, err)
	}
}

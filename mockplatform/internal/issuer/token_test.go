package issuer

import (
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

func TestCodeGrantOnEveryPlatformThatHasIt(t *testing.T) {
	for name, want := range map[string]TokenResponse{
		"mint":    {TokenType: "Bearer", ExpiresIn: 1200, Scope: "ads.read ads.write"},
		"mailup":  {TokenType: "Bearer", ExpiresIn: 900, Scope: "ads.read ads.write"},
		"service": {TokenType: "Bearer", ExpiresIn: 3600, Scope: "ads.read ads.write"},
	} {
		d := open(t, name, "")
		out := d.exchange(d.code("maya"))
		if out.Err != nil {
			t.Fatalf("%s: %v", name, out.Err)
		}
		got := *out.Answer
		if len(got.AccessToken) != 43 || len(got.RefreshToken) != 43 || got.AccessToken == got.RefreshToken {
			t.Errorf("%s: %+v", name, got)
		}
		if sent := strconv.FormatInt(want.ExpiresIn, 10); got.Expiry != json.Number(sent) {
			t.Errorf("%s: expires_in %s, want %s", name, got.Expiry, sent)
		}
		got.AccessToken, got.RefreshToken, got.Expiry = "", "", nil
		if got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		access, err := d.Bearer(d.now, out.Answer.AccessToken)
		if err != nil || access.Customer != "maya" || access.ClientID != d.client || !access.Scope.Has("ads.write") || access.GrantType != oauth.AuthorizationCode {
			t.Errorf("%s: %+v, %v", name, access, err)
		}
		d.now = d.now.Add(time.Duration(want.ExpiresIn)*time.Second - 1)
		d.alive(name+" just before its end", out.Answer.AccessToken)
		d.now = d.now.Add(1)
		d.dead(name+" at its end", out.Answer.AccessToken)
	}
}

func TestExchangeChecks(t *testing.T) {
	for _, tc := range []struct {
		name, profile, settings string
		authorize               []string
		pairs                   []string // over a good exchange
		after                   time.Duration
		code                    string
	}{
		{"good", "mint", "", nil, nil, 0, ""},
		{"just in time", "mint", "", nil, nil, time.Minute - 1, ""},
		{"too late", "mint", "", nil, nil, time.Minute, "invalid_grant"},
		{"unknown code", "mint", "", nil, []string{"code", "nothing"}, 0, "invalid_grant"},
		{"no code", "mint", "", nil, []string{"code", ""}, 0, "invalid_request"},
		{"other redirect_uri", "mint", "", nil, []string{"redirect_uri", callback + "x"}, 0, "invalid_grant"},
		{"redirect_uri not repeated", "mint", "", nil, []string{"redirect_uri", ""}, 0, "invalid_request"},
		{"redirect_uri never sent", "mint", "", []string{"redirect_uri", ""}, []string{"redirect_uri", ""}, 0, ""},
		{"redirect_uri never sent, but now and wrong", "mint", "", []string{"redirect_uri", ""}, []string{"redirect_uri", "https://x.example"}, 0, "invalid_grant"},
		{"redirect_uri required", "mailup", "", []string{"redirect_uri", ""}, []string{"redirect_uri", ""}, 0, "invalid_request"},
		{"redirect_uri ignored", "mint", `{"code":{"redirect_uri_at_token":"ignored"}}`, nil, []string{"redirect_uri", "https://x.example"}, 0, ""},
		{"no verifier", "mint", "", nil, []string{"code_verifier", ""}, 0, "invalid_grant"},
		{"wrong verifier", "mint", "", nil, []string{"code_verifier", verifier + "x"}, 0, "invalid_grant"},
		{"challenge as verifier", "mint", "", nil, []string{"code_verifier", oauth.S256(verifier)}, 0, "invalid_grant"},
		{"no PKCE at all", "mailup", "", []string{"code_challenge", "", "code_challenge_method", ""}, []string{"code_verifier", ""}, 0, ""},
		{"PKCE downgraded", "mailup", "", []string{"code_challenge", "", "code_challenge_method", ""}, nil, 0, "invalid_grant"},
	} {
		d := open(t, tc.profile, tc.settings)
		pairs := append([]string{
			"grant_type", "authorization_code", "code", d.code("maya", tc.authorize...), "redirect_uri", callback, "code_verifier", verifier,
		}, tc.pairs...)
		body := form(pairs...)
		for n := 0; n < len(tc.pairs); n += 2 {
			if tc.pairs[n+1] == "" {
				body.Del(tc.pairs[n])
			}
		}
		d.now = d.now.Add(tc.after)
		out := d.Token(d.now, d.request(body), nil)
		if tc.code == "" {
			if out.Err != nil || out.Answer == nil {
				t.Errorf("%s: %v", tc.name, out.Err)
			}
			continue
		}
		refused(t, tc.name, out, tc.code, 400)
	}
}

func TestRefusedExchangeDoesNotBurnTheCode(t *testing.T) {
	d := open(t, "mint", "")
	code := d.code("maya")
	refused(t, "wrong verifier", d.token("grant_type", "authorization_code", "code", code, "redirect_uri", callback, "code_verifier", verifier+"x"), "invalid_grant", 400)
	if out := d.exchange(code); out.Err != nil {
		t.Errorf("the right one afterwards: %v", out.Err)
	}
}

func TestCodeReplayEndsTheFamilyOnlyIfItIsValidOtherwise(t *testing.T) {
	d := open(t, "mint", "")
	code := d.code("maya")
	first := d.exchange(code)
	refused(t, "replay with wrong verifier", d.token("grant_type", "authorization_code", "code", code, "redirect_uri", callback, "code_verifier", verifier+"x"), "invalid_grant", 400)
	stranger := d.request(form("grant_type", "authorization_code", "code", code, "redirect_uri", callback, "code_verifier", verifier))
	stranger.Authorization = basicHeader(d.client, "wrong")
	refused(t, "replay with wrong secret", d.Token(d.now, stranger, nil), "invalid_client", 401)
	d.alive("after invalid replays", first.Answer.AccessToken)
	replay := d.exchange(code)
	refused(t, "valid replay", replay, "invalid_grant", 400)
	if replay.Exchange.Family != first.Exchange.Family || replay.Exchange.Presented["code"] != d.fingerprints.Fingerprint(code) {
		t.Errorf("journal: %+v", replay.Exchange)
	}
	d.dead("after a valid replay", first.Answer.AccessToken)
	refused(t, "its refresh token", d.refresh(first.Answer.RefreshToken), "invalid_grant", 400)
	if g := d.Grants(d.now)[0]; !g.Revoked || g.Reason != "code_reused" {
		t.Errorf("%+v", g)
	}
}

func TestGrantTypes(t *testing.T) {
	for _, tc := range []struct {
		profile, settings, grant, code string
	}{
		{"mint", "", "", "invalid_request"},
		{"mint", "", "banana", "unsupported_grant_type"},
		{"mint", "", "password", "unsupported_grant_type"},
		{"mailup", "", "client_credentials", "unsupported_grant_type"},
		{"service", `{"clients":{"service-mint":{"grants":["authorization_code"]}}}`, "client_credentials", "unauthorized_client"},
		{"mindbaz", "", "authorization_code", "unsupported_grant_type"},
	} {
		d := open(t, tc.profile, tc.settings)
		refused(t, tc.profile+" "+tc.grant, d.token("grant_type", tc.grant, "code", "x", "username", "u", "password", "p"), tc.code, 400)
	}
}

func TestClientCredentials(t *testing.T) {
	d := open(t, "service", "")
	out := d.token("grant_type", "client_credentials")
	if out.Err != nil || out.Answer.RefreshToken != "" || out.Answer.Scope != "" || out.Answer.ExpiresIn != 3600 {
		t.Fatalf("%+v, %v", out.Answer, out.Err)
	}
	a, err := d.Bearer(d.now, out.Answer.AccessToken)
	if err != nil || a.Customer != "" || a.GrantType != oauth.ClientCredentials || a.ClientID != d.client {
		t.Errorf("%+v, %v", a, err)
	}
	if out := d.token("grant_type", "client_credentials", "scope", "ads.read"); out.Err != nil || out.Answer.Scope != "ads.read" {
		t.Errorf("with scope: %+v, %v", out.Answer, out.Err)
	}
	refused(t, "unknown scope", d.token("grant_type", "client_credentials", "scope", "admin"), "invalid_scope", 400)
	narrow := open(t, "service", `{"clients":{"service-mint":{"scopes":["ads.read"]}}}`)
	refused(t, "scope beyond registration", narrow.token("grant_type", "client_credentials", "scope", "ads.write"), "invalid_scope", 400)
}

func TestPasswordGrantAnswersWhatMindbazDocuments(t *testing.T) {
	d := open(t, "mindbaz", "")
	out := d.token("grant_type", "password", "username", "maya@example.test", "password", "maya-password-1")
	if out.Err != nil {
		t.Fatal(out.Err)
	}
	doc, err := json.Marshal(out.Answer)
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	if err := json.Unmarshal(doc, &members); err != nil {
		t.Fatal(err)
	}
	if len(members) != 4 || members["token_type"] != "bearer" || members["expires_in"] != 1199.0 || len(out.Answer.RefreshToken) != 32 {
		t.Errorf("%s", doc)
	}
	parts := strings.Split(out.Answer.AccessToken, ".")
	if len(parts) != 3 {
		t.Fatalf("no JWT: %s", out.Answer.AccessToken)
	}
	claims := decodeClaims(t, parts[1])
	for name, want := range map[string]any{
		"iss": issuerURL, "aud": "RestAPI", "name": "Maya Okafor", "sub": "maya@example.test",
		"email": "maya@example.test", "cookey": "TVRJek5EVTJOemc1TUdGaVkyUmxaZz09",
	} {
		if claims[name] != want {
			t.Errorf("claim %s: %v, want %v", name, claims[name], want)
		}
	}
	if claims["exp"].(float64)-claims["iat"].(float64) != 1200 || len(claims["jti"].(string)) != 36 || len(claims) != 9 {
		t.Errorf("claims %v", claims)
	}
	again := d.token("grant_type", "password", "username", "maya@example.test", "password", "maya-password-1")
	if again.Answer.AccessToken == out.Answer.AccessToken {
		t.Error("two tokens of one second are equal")
	}
	d.alive("the JWT", out.Answer.AccessToken)
	d.dead("a changed JWT", out.Answer.AccessToken[:len(out.Answer.AccessToken)-2])
	d.now = d.now.Add(1200 * time.Second)
	d.dead("an expired JWT", out.Answer.AccessToken)
}

func TestPasswordGrantRefusals(t *testing.T) {
	d := open(t, "mindbaz", "")
	wrong := d.token("grant_type", "password", "username", "maya@example.test", "password", "nope")
	unknown := d.token("grant_type", "password", "username", "nobody", "password", "nope")
	refused(t, "wrong password", wrong, "invalid_grant", 401)
	refused(t, "unknown user", unknown, "invalid_grant", 401)
	if wrong.Err.Description != unknown.Err.Description {
		t.Errorf("told apart: %q, %q", wrong.Err.Description, unknown.Err.Description)
	}
	nora := d.token("grant_type", "password", "username", "nora@example.test", "password", "nora-password-1")
	refused(t, "no permission", nora, "invalid_grant", 401)
	if !strings.Contains(nora.Err.Description, "permission") {
		t.Errorf("nora is told %q", nora.Err.Description)
	}
	refused(t, "no password", d.token("grant_type", "password", "username", "maya@example.test"), "invalid_request", 400)
	d.client = "4711"
	site := d.token("grant_type", "password", "username", "maya@example.test", "password", "maya-password-1")
	refused(t, "site number as client_id", site, "invalid_client", 401)
	if !strings.Contains(site.Err.Description, "client_id") {
		t.Errorf("the message does not point at client_id: %q", site.Err.Description)
	}
}

// TestNoSecretReachesTheJournalOrAnError runs every grant with canaries.
func TestNoSecretReachesTheJournalOrAnError(t *testing.T) {
	const canary = "CANARY-5d1f"
	for _, name := range []string{"mint", "mailup", "service", "mindbaz"} {
		d := open(t, name, "")
		for _, grant := range []string{"authorization_code", "password", "client_credentials", "refresh_token", "x"} {
			r := d.request(form("grant_type", grant, "code", canary, "code_verifier", canary, "refresh_token", canary,
				"username", "maya@example.test", "password", canary, "token", canary, "state", canary))
			r.RawQuery = "client_secret=" + canary
			for _, out := range []any{d.Token(d.now, r, nil), d.Revoke(d.now, r, nil), d.Introspect(d.now, r, nil)} {
				doc, err := json.Marshal(out)
				if err != nil || strings.Contains(string(doc), canary) {
					t.Errorf("%s %s: %s, %v", name, grant, doc, err)
				}
			}
		}
	}
}

func TestFaultsComeAfterValidationAndBeforeState(t *testing.T) {
	for _, kind := range []string{
		fault.KindError, fault.KindBody, fault.KindGateway, fault.KindDropBefore, fault.KindDropAfter, fault.KindDropBody, fault.KindMalformed,
		fault.KindTruncated, fault.KindRewrite, fault.KindHeaders, fault.KindDelayBefore, fault.KindDelayAfter, fault.KindBarrier, fault.KindExpiry, fault.KindLag,
	} {
		works := !fault.Stops(control.FaultAction{Kind: kind})
		d := open(t, "mailup", "")
		tokens := d.connect("maya")
		d.now = d.now.Add(time.Minute)
		asked := 0
		before := func(r fault.Request) (control.Fault, bool) {
			asked++
			if r != (fault.Request{Endpoint: "token", GrantType: "refresh_token", Client: d.client, Customer: "maya", Family: "grant-1", Method: "POST", Age: time.Minute, Aged: true}) {
				t.Errorf("asked about %+v", r)
			}
			return control.Fault{ID: "fault-1", Action: control.FaultAction{Kind: kind}}, asked == 1
		}
		bad := d.Token(d.now, d.request(form("grant_type", "refresh_token", "refresh_token", "nothing")), before)
		if asked != 0 || bad.Fault != nil {
			t.Fatalf("%s: an invalid request used the fault", kind)
		}
		out := d.Token(d.now, d.request(form("grant_type", "refresh_token", "refresh_token", tokens.RefreshToken)), before)
		if out.Fault == nil || out.Exchange.Fault != "fault-1" || out.Err != nil || (out.Answer != nil) != works {
			t.Fatalf("%s: %+v", kind, out)
		}
		again := d.Token(d.now, d.request(form("grant_type", "refresh_token", "refresh_token", tokens.RefreshToken)), before)
		if spent := again.Err != nil; spent != works {
			t.Errorf("%s: the refresh token was spent: %t", kind, spent)
		}
	}
}

// TestSingleUseThroughTheEndpoint lets 100 requests redeem one code and one
// refresh token at once.
func TestSingleUseThroughTheEndpoint(t *testing.T) {
	d := open(t, "mailup", `{"refresh_token":{"on_reuse":"reject"}}`)
	for range 10 {
		code := d.code("maya")
		refresh := d.connect("maya").RefreshToken
		var mu sync.Mutex
		codes, refreshes := 0, 0
		gate := make(chan struct{})
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				<-gate
				c, r := d.exchange(code), d.refresh(refresh)
				mu.Lock()
				defer mu.Unlock()
				if c.Err == nil {
					codes++
				}
				if r.Err == nil {
					refreshes++
				}
			})
		}
		close(gate)
		wg.Wait()
		if codes != 1 || refreshes != 1 {
			t.Fatalf("%d exchanges, %d refreshes succeeded", codes, refreshes)
		}
	}
}

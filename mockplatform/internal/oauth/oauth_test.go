package oauth

import (
	"strings"
	"testing"
)

func TestScopes(t *testing.T) {
	for in, want := range map[string]string{
		"": "", " ": "", "a": "a", "a b": "a b", " a  b ": "a b", "b a b": "b a", "ads.read:x/y": "ads.read:x/y",
	} {
		got, err := ParseScope(in)
		if err != nil || got.String() != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, bad := range []string{"a\"b", `a\b`, "a\tb", "ä", "a\nb", "\x00"} {
		if got, err := ParseScope(bad); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
	a, ab := Scope{"a"}, Scope{"b", "a"}
	if !a.Within(ab) || ab.Within(a) || !Scope(nil).Within(nil) || a.Within(nil) {
		t.Error("Within")
	}
	if ab.Without(a).String() != "b" || ab.Sorted().String() != "a b" || ab.String() != "b a" || !ab.Has("a") || ab.Has("c") {
		t.Error("Without, Sorted, Has")
	}
}

// TestS256 uses the example of RFC 7636 appendix B.
func TestS256(t *testing.T) {
	const verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	if S256(verifier) != challenge || !ValidChallenge(challenge) || !ValidVerifier(verifier) {
		t.Error("the example of RFC 7636 does not work")
	}
	for _, tc := range []struct {
		name, challenge, verifier string
		want                      bool
	}{
		{"fits", challenge, verifier, true},
		{"other verifier", challenge, strings.Repeat("a", 43), false},
		{"challenge as verifier", challenge, challenge, false},
		{"padded challenge", challenge + "=", verifier, false},
		{"both empty", "", "", false},
		{"short verifier", S256("short"), "short", false},
		{"long verifier", S256(strings.Repeat("a", 129)), strings.Repeat("a", 129), false},
		{"longest verifier", S256(strings.Repeat("a", 128)), strings.Repeat("a", 128), true},
		{"forbidden character", S256(strings.Repeat("+", 43)), strings.Repeat("+", 43), false},
	} {
		if got := VerifyS256(tc.challenge, tc.verifier); got != tc.want {
			t.Errorf("%s: %t", tc.name, got)
		}
	}
	for _, bad := range []string{"", challenge[:42], challenge + "A", challenge[:42] + ".", challenge[:42] + "~", challenge[:42] + "+"} {
		if ValidChallenge(bad) {
			t.Errorf("challenge %q is valid", bad)
		}
	}
}

func TestErrorsAreCopiedBeforeTheyChange(t *testing.T) {
	e := NewError(InvalidGrant, "the code is unknown")
	changed := e.WithStatus(401).WithReason("r").WithChallenge("c").OnPage().Redirected(Response{Mode: ModeQuery, RedirectURI: "https://x"})
	if changed == e || *e != (Error{Code: InvalidGrant, Description: "the code is unknown", Status: 400}) {
		t.Errorf("%+v", e)
	}
	if e.Why() != "the code is unknown" || e.WithReason("r").Why() != "r" || e.Error() != "invalid_grant: the code is unknown" || NewError(InvalidToken, "").Error() != "invalid_token" {
		t.Error("texts")
	}
	for code, status := range map[string]int{
		InvalidRequest: 400, InvalidClient: 401, InvalidGrant: 400, UnauthorizedClient: 400, UnsupportedGrantType: 400,
		InvalidScope: 400, InvalidToken: 401, InsufficientScope: 403, AccessDenied: 403, ServerError: 500, TemporarilyUnavailable: 503,
	} {
		if got := NewError(code, "").Status; got != status {
			t.Errorf("%s: %d, want %d", code, got, status)
		}
	}
	if p := e.OnPage(); p.Channel != ChannelPage || p.Status != 400 || p.Channel.String() != "page" {
		t.Errorf("%+v", p)
	}
	if r := e.Redirected(Response{Mode: ModeQuery, RedirectURI: "https://x"}); r.Channel != ChannelRedirect || r.Status != 303 || r.Location() != "https://x" || r.Channel.String() != "redirect" || e.Channel.String() != "json" {
		t.Errorf("%+v", r)
	}
	if got := Printable("a\"b\\c\r\nd\x00e\x7fü"); got != "a?b?c??d?e??" {
		t.Errorf("printable: %q", got)
	}
}

func TestChallenges(t *testing.T) {
	for want, got := range map[string]string{
		`Bearer`:             BearerChallenge{}.String(),
		`Bearer realm="Ads"`: BearerChallenge{Realm: "Ads"}.String(),
		`Bearer realm="A?d?s", error="insufficient_scope", error_description="x", scope="ads.write"`: BearerChallenge{Realm: "A\"d\rs", Error: InsufficientScope, Description: "x", Scope: "ads.write"}.String(),
		`Basic realm="Ads", charset="UTF-8"`: BasicChallenge("Ads"),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestBearerToken(t *testing.T) {
	for _, tc := range []struct {
		name    string
		headers []string
		token   string
		present bool
		code    string
	}{
		{"none", nil, "", false, ""},
		{"usual", []string{"Bearer abc-._~+/="}, "abc-._~+/=", true, ""},
		{"lower case", []string{"bearer abc"}, "abc", true, ""},
		{"capitals", []string{"BEARER abc"}, "abc", true, ""},
		{"two spaces", []string{"Bearer  abc"}, "abc", true, ""},
		{"another scheme", []string{"Basic abc"}, "", false, ""},
		{"empty token", []string{"Bearer "}, "", true, InvalidToken},
		{"no space", []string{"Bearer"}, "", true, InvalidToken},
		{"two tokens", []string{"Bearer a b"}, "", true, InvalidToken},
		{"only padding", []string{"Bearer =="}, "", true, InvalidToken},
		{"padding inside", []string{"Bearer a=b"}, "", true, InvalidToken},
		{"control character", []string{"Bearer a\x01"}, "", true, InvalidToken},
		{"two headers", []string{"Bearer a", "Bearer b"}, "", true, InvalidRequest},
	} {
		token, present, err := BearerToken(tc.headers)
		code := ""
		if err != nil {
			code = err.Code
		}
		if token != tc.token || present != tc.present || code != tc.code {
			t.Errorf("%s: %q %t %v", tc.name, token, present, err)
		}
	}
}

func TestRedirectURIsAndWebsites(t *testing.T) {
	for uri, good := range map[string]bool{
		"https://app.example/cb": true, "https://app.example:8443/cb?x=1": true, "http://127.0.0.1:9/cb": true,
		"http://[::1]:9/cb": true, "http://localhost:9/cb": true,
		"": false, "/cb": false, "app.example/cb": false, "https://": false, "https:///cb": false,
		"https://app.example/cb#": false, "https://app.example/#x": false, "http://app.example/cb": false,
		"http://127.0.0.1.evil.example/": false, "http://localhost.evil.example/": false, "http://10.0.0.1/cb": false,
		"javascript:alert(1)": false, "data:text/html,x": false, "myapp://cb": false, "https://*.app.example/": false,
		"https://user@app.example/": false, "https://app.example/a b": false, "https://app.example/\x00": false,
		"https://app.example/ü": false, "https://app.example/<x>": false, "https://app.example:x/": false,
	} {
		if err := CheckRedirectURI(uri); (err == nil) != good {
			t.Errorf("%q: %v", uri, err)
		}
	}
	for website, good := range map[string]bool{
		"https://app.example": true, "http://app.example/x": true,
		"": false, "app.example": false, "ftp://app.example": false, "javascript:alert(1)": false, "https://": false,
	} {
		if err := CheckWebsite(website); (err == nil) != good {
			t.Errorf("website %q: %v", website, err)
		}
	}
}

func TestGrantTypes(t *testing.T) {
	for g, want := range map[GrantType]bool{AuthorizationCode: true, Password: true, ClientCredentials: true, RefreshToken: true, "": false, "implicit": false} {
		if g.Known() != want {
			t.Errorf("%q", g)
		}
	}
}

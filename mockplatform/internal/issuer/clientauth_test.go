package issuer

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// ask is a client_credentials request, the shortest that needs a client.
func ask(change func(*Request)) Request {
	r := Request{
		Method: "POST", ContentType: "application/x-www-form-urlencoded", Body: []byte("grant_type=client_credentials"),
		Authorization: basicHeader("service-mint", "service-mint-secret-for-tests-only"),
	}
	change(&r)
	return r
}

const (
	inBody = "client_id=service-mint&client_secret=service-mint-secret-for-tests-only"
	grant  = "grant_type=client_credentials"
)

func TestClientAuthentication(t *testing.T) {
	strict := `{"token":{"credentials_in":["basic","body"]},"clients":{"service-mint":{"auth_methods":["basic","body"]}}}`
	basicOnly := `{"clients":{"service-mint":{"auth_methods":["basic"]}}}`
	raw := func(s string) []string { return []string{"Basic " + base64.StdEncoding.EncodeToString([]byte(s))} }
	for _, tc := range []struct {
		name, settings string
		change         func(*Request)
		method         string // of a success
		code           string // of a refusal
		status         int
	}{
		{"basic", "", func(*Request) {}, "basic", "", 0},
		{"basic, other case", "", func(r *Request) { r.Authorization[0] = strings.Replace(r.Authorization[0], "Basic", "bAsIc", 1) }, "basic", "", 0},
		{"basic and the same client_id", "", func(r *Request) { r.Body = []byte(grant + "&client_id=service-mint") }, "basic", "", 0},
		{"basic and another client_id", "", func(r *Request) { r.Body = []byte(grant + "&client_id=other") }, "", "invalid_request", 400},
		{"body", "", func(r *Request) { r.Authorization, r.Body = nil, []byte(grant+"&"+inBody) }, "body", "", 0},
		{"body and basic", "", func(r *Request) { r.Body = []byte(grant + "&" + inBody) }, "", "invalid_request", 400},
		{"query, empty body", "", func(r *Request) { r.Authorization, r.Body, r.RawQuery, r.ContentType = nil, nil, grant+"&"+inBody, "" }, "query", "", 0},
		{"query, grant in the body", "", func(r *Request) { r.Authorization, r.RawQuery = nil, inBody }, "query", "", 0},
		{"query and body", "", func(r *Request) { r.Authorization, r.Body, r.RawQuery = nil, []byte(grant+"&"+inBody), inBody }, "", "invalid_request", 400},
		{"query, strict platform", strict, func(r *Request) { r.Authorization, r.RawQuery = nil, inBody }, "", "invalid_request", 400},
		{"all in the query, strict platform", strict, func(r *Request) { r.Authorization, r.Body, r.RawQuery = nil, nil, grant+"&"+inBody }, "", "invalid_request", 400},
		{"query, client may not", basicOnly, func(r *Request) { r.Authorization, r.RawQuery = nil, inBody }, "", "invalid_client", 401},
		{"body, client may not", basicOnly, func(r *Request) { r.Authorization, r.Body = nil, []byte(grant+"&"+inBody) }, "", "invalid_client", 401},
		{"wrong secret over basic", "", func(r *Request) { r.Authorization = basicHeader("service-mint", "wrong") }, "", "invalid_client", 401},
		{"wrong secret in body", "", func(r *Request) {
			r.Authorization, r.Body = nil, []byte(grant+"&client_id=service-mint&client_secret=x")
		}, "", "invalid_client", 401},
		{"unknown client", "", func(r *Request) { r.Authorization = basicHeader("nobody", "x") }, "", "invalid_client", 401},
		{"no secret", "", func(r *Request) { r.Authorization, r.Body = nil, []byte(grant+"&client_id=service-mint") }, "", "invalid_client", 401},
		{"empty secret over basic", "", func(r *Request) { r.Authorization = basicHeader("service-mint", "") }, "", "invalid_client", 401},
		{"nothing", "", func(r *Request) { r.Authorization = nil }, "", "invalid_client", 401},
		{"secret without id", "", func(r *Request) { r.Authorization, r.Body = nil, []byte(grant+"&client_secret=x") }, "", "invalid_client", 401},
		{"bearer instead of basic", "", func(r *Request) { r.Authorization = []string{"Bearer x"} }, "", "invalid_client", 401},
		{"no base64", "", func(r *Request) { r.Authorization = []string{"Basic ???"} }, "", "invalid_client", 401},
		{"no colon", "", func(r *Request) { r.Authorization = raw("service-mint") }, "", "invalid_client", 401},
		{"bad form-encoding", "", func(r *Request) { r.Authorization = raw("service-mint:%zz") }, "", "invalid_client", 401},
		{"two headers", "", func(r *Request) { r.Authorization = append(r.Authorization, r.Authorization[0]) }, "", "invalid_request", 400},
	} {
		d := open(t, "service", tc.settings)
		out := d.Token(d.now, ask(tc.change), nil)
		if tc.code == "" {
			if out.Err != nil || out.Exchange.AuthMethod != tc.method || out.Exchange.ClientID != "service-mint" {
				t.Errorf("%s: %v, journal says %s %s", tc.name, out.Err, out.Exchange.ClientID, out.Exchange.AuthMethod)
			}
			continue
		}
		refused(t, tc.name, out, tc.code, tc.status)
		if challenged := out.Err != nil && strings.HasPrefix(out.Err.Challenge, `Basic realm="`); challenged != (tc.status == 401) {
			t.Errorf("%s: challenge %q", tc.name, out.Err.Challenge)
		}
	}
}

func TestSecretsWithReservedCharacters(t *testing.T) {
	const secret = `a:b%c+d/e f&g=h"é`
	d := open(t, "service", `{"clients":{"service-mint":{"secret":"a:b%c+d/e f&g=h\"é"}}}`)
	if out := d.Token(d.now, ask(func(r *Request) { r.Authorization = basicHeader("service-mint", secret) }), nil); out.Err != nil {
		t.Errorf("basic: %v", out.Err)
	}
	body := form("grant_type", "client_credentials", "client_id", "service-mint", "client_secret", secret).Encode()
	if out := d.Token(d.now, ask(func(r *Request) { r.Authorization, r.Body = nil, []byte(body) }), nil); out.Err != nil {
		t.Errorf("body: %v", out.Err)
	}
}

func TestPublicClient(t *testing.T) {
	d := open(t, "mindbaz", "")
	good := func(pairs ...string) Request {
		body := form(append([]string{"grant_type", "password", "username", "maya@example.test", "password", "maya-password-1"}, pairs...)...)
		return Request{Method: "POST", ContentType: "application/x-www-form-urlencoded", Body: []byte(body.Encode())}
	}
	if out := d.Token(d.now, good("client_id", "100"), nil); out.Err != nil || out.Exchange.AuthMethod != "none" {
		t.Errorf("%v %s", out.Err, out.Exchange.AuthMethod)
	}
	for name, r := range map[string]Request{
		"no client_id": good(), "zero": good("client_id", "0"), "a secret": good("client_id", "100", "client_secret", "x"),
	} {
		out := d.Token(d.now, r, nil)
		refused(t, name, out, "invalid_client", 401)
		if out.Err != nil && out.Err.Challenge != "" {
			t.Errorf("%s: a Platform without Basic challenges %q", name, out.Err.Challenge)
		}
	}
	if out := d.Token(d.now, good("client_Id", "100"), nil); out.Err != nil {
		t.Errorf("client_Id on a tolerant Platform: %v", out.Err)
	}
	refused(t, "client_id and client_Id", d.Token(d.now, good("client_Id", "100", "client_id", "100"), nil), "invalid_request", 400)
	exact := open(t, "mindbaz", `{"token":{"param_case":"exact"}}`)
	refused(t, "client_Id on an exact Platform", exact.Token(exact.now, good("client_Id", "100"), nil), "invalid_client", 401)
}

func TestFormOfTokenRequests(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*Request)
		status int // 0 for accepted
	}{
		{"charset", func(r *Request) { r.ContentType += "; charset=UTF-8" }, 0},
		{"media type in capitals", func(r *Request) { r.ContentType = "Application/X-WWW-Form-URLencoded" }, 0},
		{"unknown parameter", func(r *Request) { r.Body = []byte(grant + "&foo=bar") }, 0},
		{"empty parameter", func(r *Request) { r.Body = []byte(grant + "&scope=&client_id=") }, 0},
		{"empty, then full", func(r *Request) { r.Body = []byte(grant + "&scope=&scope=ads.read") }, 0},
		{"GET", func(r *Request) { r.Method, r.RawQuery, r.Body = "GET", string(r.Body), nil }, 405},
		{"PUT", func(r *Request) { r.Method = "PUT" }, 405},
		{"JSON", func(r *Request) {
			r.ContentType, r.Body = "application/json", []byte(`{"grant_type":"client_credentials"}`)
		}, 400},
		{"multipart", func(r *Request) { r.ContentType = "multipart/form-data; boundary=x" }, 400},
		{"no media type", func(r *Request) { r.ContentType = "" }, 400},
		{"repeated grant_type", func(r *Request) { r.Body = []byte(grant + "&" + grant) }, 400},
		{"repeated unknown", func(r *Request) { r.Body = []byte(grant + "&x=1&x=2") }, 400},
		{"bad percent-encoding in the body", func(r *Request) { r.Body = []byte(grant + "&x=%zz") }, 400},
		{"bad percent-encoding in the query", func(r *Request) { r.RawQuery = "x=%zz" }, 400},
		{"semicolons", func(r *Request) { r.Body = []byte(grant + ";x=1") }, 400},
		{"no UTF-8", func(r *Request) { r.Body = []byte(grant + "&x=%ff") }, 400},
		{"too large", func(r *Request) { r.Body = []byte(grant + "&x=" + strings.Repeat("x", MaxBody)) }, 413},
		{"empty", func(r *Request) { r.Body = nil }, 400},
	} {
		d := open(t, "service", "")
		out := d.Token(d.now, ask(tc.change), nil)
		if tc.status == 0 {
			if out.Err != nil {
				t.Errorf("%s: %v", tc.name, out.Err)
			}
			continue
		}
		refused(t, tc.name, out, "invalid_request", tc.status)
		if out.Err != nil && (out.Err.Allow == "POST") != (tc.status == 405) {
			t.Errorf("%s: Allow %q", tc.name, out.Err.Allow)
		}
	}
}

func TestQueryCountsForNothingOnAStrictPlatform(t *testing.T) {
	d := open(t, "mailup", "")
	tokens := d.connect("maya")
	r := d.request(form("grant_type", "refresh_token"))
	r.RawQuery = url.Values{"refresh_token": {tokens.RefreshToken}}.Encode()
	refused(t, "refresh token in the query", d.Token(d.now, r, nil), "invalid_request", 400)
	r = d.request(form("grant_type", "refresh_token", "refresh_token", tokens.RefreshToken))
	r.RawQuery = "trace=1&grant_type=password"
	if out := d.Token(d.now, r, nil); out.Err != nil {
		t.Errorf("a harmless query: %v", out.Err)
	}
}

func TestClientComesBeforeGrant(t *testing.T) {
	d := open(t, "mailup", "")
	for _, grantType := range []string{"", "banana", "authorization_code", "refresh_token"} {
		r := d.request(form("grant_type", grantType))
		r.Authorization = basicHeader(d.client, "wrong")
		refused(t, "grant "+grantType, d.Token(d.now, r, nil), oauth.InvalidClient, 401)
	}
}

func FuzzToken(f *testing.F) {
	f.Add("POST", "application/x-www-form-urlencoded", "", "grant_type=authorization_code&code=x", "Basic YTpi")
	f.Add("POST", "application/x-www-form-urlencoded", "grant_type=client_credentials", "", "Basic")
	d := open(f, "service", "")
	f.Fuzz(func(t *testing.T, method, contentType, query, body, authorization string) {
		out := d.Token(d.now, Request{
			Method: method, ContentType: contentType, RawQuery: query, Body: []byte(body), Authorization: []string{authorization},
		}, nil)
		if (out.Answer == nil) == (out.Err == nil) {
			t.Errorf("%+v", out)
		}
		if out.Err != nil && (out.Err.Status < 400 || out.Err.Status > 413 || oauth.Printable(out.Err.Description) != out.Err.Description) {
			t.Errorf("%d %q", out.Err.Status, out.Err.Description)
		}
	})
}

package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// requestOf is the query of a good authorization request.
func requestOf(t *testing.T, p control.Platform, change map[string]string) url.Values {
	t.Helper()
	u, err := url.Parse(authorization(p, change))
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

// push sends an authorization request by the back channel.
func push(t *testing.T, c wireClient, p control.Platform, request url.Values) reply {
	t.Helper()
	request.Del("client_id")
	return c.form(p.Endpoints.PAR, request, "Authorization", basicAuth(p.Clients[0].ID, p.Clients[0].Secret))
}

// pushedURI is the request_uri of a success.
func pushedURI(t *testing.T, got reply) string {
	t.Helper()
	var answer struct {
		RequestURI string `json:"request_uri"`
		ExpiresIn  int    `json:"expires_in"`
	}
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil || got.status != http.StatusCreated || answer.ExpiresIn != 60 ||
		!strings.HasPrefix(answer.RequestURI, "urn:ietf:params:oauth:request_uri:") || got.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("pushed: %d %s", got.status, got.body)
	}
	return answer.RequestURI
}

func pushedAddress(p control.Platform, uri string) string {
	return p.Endpoints.Authorize + "?" + url.Values{"client_id": {p.Clients[0].ID}, "request_uri": {uri}}.Encode()
}

func TestPushedRequest(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", `{"authorize":{"par":true,"client_identification":"par"}}`)
	c := newWireClient(t)
	uri := pushedURI(t, push(t, c, p, requestOf(t, p, map[string]string{"scope": "ads.read"})))
	v := newVisitor(t)
	v.open(pushedAddress(p, uri) + "&scope=ads.write&redirect_uri=https://evil.example/")
	v.says("h1", "Log in to Mint Ads")
	v.logIn("maya")
	if strings.Contains(v.words(), "campaign budgets and status") {
		t.Error("the query beside request_uri counts")
	}
	v.open(v.url.String()) // a page may be loaded again
	consent := v.url.String()
	away := v.press("Allow", nil)
	if away == nil || away.Query().Get("state") != "st ate&1" || !strings.HasPrefix(away.String(), callback+"?code=") {
		t.Fatalf("answered by %v: %s", away, v.words())
	}
	if got := c.form(p.Endpoints.Token, exchange(p, away.Query().Get("code"))); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.body)
	}
	for what, address := range map[string]string{"request_uri": pushedAddress(p, uri), "consent page": consent} {
		if away := v.open(address); away != nil || v.status != http.StatusBadRequest || !strings.Contains(v.words(), "invalid_request_uri") {
			t.Errorf("the %s is good again: %v %s", what, away, v.words())
		}
	}
	if away := newVisitor(t).open(authorization(p, nil)); away == nil || away.Query().Get("error") != "invalid_request" {
		t.Errorf("a request that was not pushed: %v", away)
	}
}

// A request_uri is good once, for its client and for a minute.
func TestPushedRequestsAreBound(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", `{"authorize":{"par":true},"clients":{"other":{"name":"Other","secret":"other-secret-for-tests","redirect_uris":["`+callback+`"],"grants":["authorization_code"],"auth_methods":["basic"]}}}`)
	if p.Clients[0].ID != "mint-web" {
		t.Fatal(p.Clients)
	}
	c := newWireClient(t)
	fresh := func() string { return pushedURI(t, push(t, c, p, requestOf(t, p, nil))) }
	refused := func(what, address string) {
		t.Helper()
		v := newVisitor(t)
		if away := v.open(address); away != nil || v.status != http.StatusBadRequest || !strings.Contains(v.words(), "invalid_request_uri") {
			t.Errorf("%s: %d %v %s", what, v.status, away, v.words())
		}
	}
	uri := fresh()
	newVisitor(t).open(pushedAddress(p, uri))
	refused("used by another browser", pushedAddress(p, uri))
	refused("another client's", strings.Replace(pushedAddress(p, fresh()), "client_id=mint-web", "client_id=other", 1))
	refused("invented", pushedAddress(p, "urn:ietf:params:oauth:request_uri:x"))
	uri = fresh()
	mock.Advance(p.Name, time.Minute)
	refused("expired", pushedAddress(p, uri))

	v := newVisitor(t)
	v.open(pushedAddress(p, fresh()))
	mock.Advance(p.Name, 30*time.Minute) // a customer takes his time
	v.logIn("maya")
	if away := v.press("Allow", nil); away == nil || !away.Query().Has("code") {
		t.Errorf("after half an hour: %s", v.words())
	}
}

func TestPushesAreJudged(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", `{"authorize":{"par":true}}`)
	c := newWireClient(t)
	for name, tc := range map[string]struct {
		change map[string]string
		status int
		error  string
	}{
		"foreign redirect URI": {map[string]string{"redirect_uri": "https://evil.example/"}, 400, "invalid_request"},
		"unknown scope":        {map[string]string{"scope": "ads.delete"}, 400, "invalid_scope"},
		"no PKCE":              {map[string]string{"code_challenge": "", "code_challenge_method": ""}, 400, "invalid_request"},
		"response type":        {map[string]string{"response_type": "token"}, 400, "unsupported_response_type"},
		"request_uri":          {map[string]string{"request_uri": "urn:x"}, 400, "invalid_request"},
		"response mode":        {map[string]string{"response_mode": "form_post"}, 400, "invalid_request"},
	} {
		if got := push(t, c, p, requestOf(t, p, tc.change)); got.status != tc.status || got.member("error") != tc.error {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	wrong := c.form(p.Endpoints.PAR, requestOf(t, p, nil), "Authorization", basicAuth(p.Clients[0].ID, "wrong"))
	if wrong.status != 401 || wrong.member("error") != "invalid_client" {
		t.Errorf("wrong secret: %d %s", wrong.status, wrong.body)
	}
	if got := c.send(http.MethodGet, p.Endpoints.PAR, ""); got.status != 405 || got.header.Get("Allow") != "POST" {
		t.Errorf("GET: %d", got.status)
	}
	journal, err := mock.Control().Journal(t.Context(), p.Name, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if last := journal.Exchanges[0]; last.Endpoint != "par" || last.ClientID != "mint-web" {
		t.Errorf("the journal says %+v", last)
	}
	if got := mock.Create("mint", "{}").Endpoints.PAR; got != "" {
		t.Errorf("an endpoint that is not offered: %s", got)
	}
}

// The literal reading of S001-06: the secret stands in the query, and counts.
func TestSecretInTheQuery(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p := mock.Create("mint", `{"authorize":{"client_identification":"secret_in_query"}}`)
	for name, secret := range map[string]string{"missing": "", "wrong": "wrong-secret"} {
		v := newVisitor(t)
		if away := v.open(authorization(p, map[string]string{"client_secret": secret})); away != nil || v.status != 400 || !strings.Contains(v.words(), "invalid_client") {
			t.Errorf("%s: %v %s", name, away, v.words())
		}
		if strings.Contains(v.words(), "wrong-secret") {
			t.Error("the page repeats the secret")
		}
	}
	_, away := decided(t, p, map[string]string{"client_secret": p.Clients[0].Secret}, "Allow")
	if away == nil || !away.Query().Has("code") || strings.Contains(away.String(), p.Clients[0].Secret) {
		t.Errorf("answered by %v", away)
	}
}

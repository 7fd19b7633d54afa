package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

const (
	selfRegistering = `{"grants":["authorization_code","refresh_token","client_credentials"],"registration":{"mode":"dcr"}}`
	asJSON          = "application/json"
	reports         = "https://reports.example/cb"
)

// members are the JSON members of a reply.
func (r reply) members(t testing.TB) map[string]any {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(r.body), &all); err != nil {
		t.Fatalf("%d %q: %v", r.status, r.body, err)
	}
	return all
}

// enroll registers a client that describes itself so.
func enroll(t testing.TB, c wireClient, p control.Platform, metadata string) reply {
	t.Helper()
	got := c.send(http.MethodPost, p.Endpoints.Register, metadata, "Content-Type", asJSON)
	if got.status != http.StatusCreated {
		t.Fatalf("registration answered %d %s", got.status, got.body)
	}
	return got
}

func TestAClientRegistersItself(t *testing.T) {
	server := startAt(t, noon, "mint")
	c := newWireClient(t)
	p, err := server.Control().CreatePlatform(t.Context(), control.CreatePlatform{Profile: "mint", Settings: json.RawMessage(selfRegistering)})
	if err != nil {
		t.Fatal(err)
	}
	published := c.send(http.MethodGet, p.Endpoints.Metadata, "")
	if got := published.member("registration_endpoint"); got != p.Issuer+"/oauth2/register" || got != p.Endpoints.Register {
		t.Errorf("metadata say %q, the control API %q", got, p.Endpoints.Register)
	}
	got := enroll(t, c, p, `{"redirect_uris":["`+reports+`"],"client_name":"Reports","client_uri":"https://reports.example",
		"logo_uri":"https://reports.example/l.png","contacts":["ops@reports.example","+49 30 1"],"scope":"ads.read",
		"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"client_secret_post",
		"client_id":"chosen","client_name#de":"Berichte","software_id":"x","tos_uri":null}`)
	if got.header.Get("Cache-Control") != "no-store" || got.header.Get("Content-Type") != asJSON {
		t.Errorf("headers %v", got.header)
	}
	all := got.members(t)
	id, secret := got.member("client_id"), got.member("client_secret")
	if !strings.HasPrefix(id, "app-") || len(secret) != 32 || len(got.member("registration_access_token")) != 32 {
		t.Errorf("id %q, secret of %d characters: %s", id, len(secret), got.body)
	}
	for _, random := range []string{"client_id", "client_secret", "registration_access_token"} {
		delete(all, random)
	}
	want := map[string]any{
		"client_secret_expires_at": 0.0, "client_id_issued_at": float64(noon.Unix()), "registration_client_uri": p.Endpoints.Register + "/" + id,
		"redirect_uris": []any{reports}, "client_name": "Reports", "client_uri": "https://reports.example", "logo_uri": "https://reports.example/l.png",
		"contacts": []any{"ops@reports.example", "+49 30 1"}, "scope": "ads.read", "grant_types": []any{"authorization_code", "refresh_token"},
		"response_types": []any{"code"}, "token_endpoint_auth_method": "client_secret_post",
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("registered (-want +got):\n%s", diff)
	}
	value := code(t, p, "maya", map[string]string{"client_id": id, "redirect_uri": reports, "scope": ""}, nil)
	exchanged := url.Values{
		"grant_type": {"authorization_code"}, "code": {value}, "redirect_uri": {reports}, "code_verifier": {verifier},
		"client_id": {id}, "client_secret": {secret},
	}
	if got := c.form(p.Endpoints.Token, exchanged); got.status != 200 || got.member("scope") != "ads.read" || got.member("refresh_token") == "" {
		t.Errorf("its code answered %d %s", got.status, got.body)
	}
	basic := c.form(p.Endpoints.Token, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"x"}}, "Authorization", basicAuth(id, secret))
	if basic.status != 401 || basic.member("error") != "invalid_client" {
		t.Errorf("a method that it did not register: %d %s", basic.status, basic.body)
	}
}

func basicAuth(id, secret string) string {
	r := &http.Request{Header: http.Header{}}
	r.SetBasicAuth(id, secret)
	return r.Header.Get("Authorization")
}

func TestRegistrationDefaultsAndRefusals(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p, c := mock.Create("mint", selfRegistering), newWireClient(t)
	all := enroll(t, c, p, `{"redirect_uris":["`+reports+`"]}`).members(t)
	if all["client_name"] != all["client_id"] || all["token_endpoint_auth_method"] != "client_secret_basic" ||
		all["scope"] != "ads.read ads.write" || !cmp.Equal(all["grant_types"], []any{"authorization_code"}) || !cmp.Equal(all["response_types"], []any{"code"}) {
		t.Errorf("defaults: %v", all)
	}
	service := enroll(t, c, p, `{"grant_types":["client_credentials"],"client_name":"Robot"}`).members(t)
	if !cmp.Equal(service["response_types"], []any{}) || service["redirect_uris"] != nil {
		t.Errorf("a client without a browser: %v", service)
	}
	with := func(member string) string { return `{"redirect_uris":["` + reports + `"],` + member + `}` }
	for _, test := range []struct {
		name, body, kind string
		status           int
		code, says       string
	}{
		{"no redirect URI", `{}`, asJSON, 400, "invalid_redirect_uri", "redirect_uris"},
		{"relative", `{"redirect_uris":["/cb"]}`, asJSON, 400, "invalid_redirect_uri", "number 1"},
		{"fragment", `{"redirect_uris":["` + reports + `","https://a.example/#x"]}`, asJSON, 400, "invalid_redirect_uri", "number 2"},
		{"plain http", `{"redirect_uris":["http://a.example/"]}`, asJSON, 400, "invalid_redirect_uri", "https"},
		{"script", `{"redirect_uris":["javascript:alert(1)"]}`, asJSON, 400, "invalid_redirect_uri", ""},
		{"wildcard", `{"redirect_uris":["https://*.example/cb"]}`, asJSON, 400, "invalid_redirect_uri", "wildcard"},
		{"wrong type", `{"redirect_uris":"` + reports + `"}`, asJSON, 400, "invalid_client_metadata", "redirect_uris must be an array"},
		{"spelling", `{"Redirect_URIs":["` + reports + `"]}`, asJSON, 400, "invalid_redirect_uri", ""},
		{"control character", with(`"client_name":"a\u0007"`), asJSON, 400, "invalid_client_metadata", "client_name"},
		{"website", with(`"client_uri":"nowhere"`), asJSON, 400, "invalid_client_metadata", "client_uri"},
		{"logo", with(`"logo_uri":"data:image/png,x"`), asJSON, 400, "invalid_client_metadata", "logo_uri"},
		{"empty contact", with(`"contacts":[" "]`), asJSON, 400, "invalid_client_metadata", "contacts: number 1"},
		{"scope", with(`"scope":"ads.read admin"`), asJSON, 400, "invalid_client_metadata", "ads.read ads.write"},
		{"grant not offered", with(`"grant_types":["password"]`), asJSON, 400, "invalid_client_metadata", "grant_types"},
		{"implicit", with(`"response_types":["token"]`), asJSON, 400, "invalid_client_metadata", "response_types"},
		{"code without its grant", with(`"grant_types":["client_credentials"],"response_types":["code"]`), asJSON, 400, "invalid_client_metadata", "response_types"},
		{"method not offered", with(`"token_endpoint_auth_method":"private_key_jwt"`), asJSON, 400, "invalid_client_metadata", "client_secret_basic, client_secret_post"},
		{"no JSON", `redirect_uris`, asJSON, 400, "invalid_client_metadata", "JSON object"},
		{"null", `null`, asJSON, 400, "invalid_client_metadata", "JSON object"},
		{"two documents", `{}{}`, asJSON, 400, "invalid_client_metadata", "JSON object"},
		{"form", `redirect_uris=x`, "application/x-www-form-urlencoded", 415, "invalid_request", "application/json"},
	} {
		got := c.send(http.MethodPost, p.Endpoints.Register, test.body, "Content-Type", test.kind)
		if got.status != test.status || got.member("error") != test.code || !strings.Contains(got.member("error_description"), test.says) {
			t.Errorf("%s: answered %d %s, want %d %s (%s)", test.name, got.status, got.body, test.status, test.code, test.says)
		}
	}
	if n := len(mock.Platform(p.Name).Clients); n != 3 {
		t.Errorf("there are %d clients, want the profile's and two", n)
	}
	if got := c.send(http.MethodGet, p.Endpoints.Register, ""); got.status != 405 || got.header.Get("Allow") != "POST" {
		t.Errorf("GET answered %d, Allow %q", got.status, got.header.Get("Allow"))
	}
	for _, mode := range []string{"manual", "portal"} {
		other := mock.Create("mint", `{"registration":{"mode":"`+mode+`"}}`)
		if got := c.send(http.MethodPost, other.Issuer+"/oauth2/register", `{}`, "Content-Type", asJSON); got.status != 404 || other.Endpoints.Register != "" {
			t.Errorf("mode %s answered %d, endpoint %q", mode, got.status, other.Endpoints.Register)
		}
	}
}

func TestPublicClientsRegisterWithoutASecret(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p, c := mock.Create("mint", `{"registration":{"mode":"dcr"},"token":{"credentials_in":["basic","body","none"]}}`), newWireClient(t)
	got := enroll(t, c, p, `{"redirect_uris":["http://127.0.0.1:4711/cb"],"token_endpoint_auth_method":"none"}`)
	all := got.members(t)
	if _, has := all["client_secret"]; has || all["client_secret_expires_at"] != nil || all["token_endpoint_auth_method"] != "none" {
		t.Errorf("registered %s", got.body)
	}
	bad := c.send(http.MethodPost, p.Endpoints.Register, `{"grant_types":["client_credentials"],"token_endpoint_auth_method":"none"}`, "Content-Type", asJSON)
	if bad.status != 400 || bad.member("error") != "invalid_client_metadata" {
		t.Errorf("client_credentials without a secret: %d %s", bad.status, bad.body)
	}
}

func TestTheInitialTokenIsAskedFor(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p, c := mock.Create("mint", `{"registration":{"mode":"dcr","initial_token":"initial-token-for-tests"}}`), newWireClient(t)
	for _, test := range []struct {
		header    string
		status    int
		challenge string
	}{
		{"", 401, `Bearer realm="Mint Ads"`},
		{"Basic eDp5", 401, `Bearer realm="Mint Ads"`},
		{"Bearer wrong", 401, `Bearer realm="Mint Ads", error="invalid_token", error_description="the initial access token is not the right one"`},
		{"Bearer initial-token-for-tests", 201, ""},
	} {
		headers := []string{"Content-Type", asJSON}
		if test.header != "" {
			headers = append(headers, "Authorization", test.header)
		}
		got := c.send(http.MethodPost, p.Endpoints.Register, `{"redirect_uris":["`+reports+`"]}`, headers...)
		if got.status != test.status || got.header.Get("WWW-Authenticate") != test.challenge {
			t.Errorf("%q: %d %q %s", test.header, got.status, got.header.Get("WWW-Authenticate"), got.body)
		}
	}
}

func TestAClientManagesItsRegistration(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p, c := mock.Create("mint", selfRegistering), newWireClient(t)
	mine, other := enroll(t, c, p, `{"redirect_uris":["`+reports+`"],"client_name":"Reports","contacts":["a@b.example"]}`), enroll(t, c, p, `{"redirect_uris":["`+reports+`"]}`)
	id, secret, uri := mine.member("client_id"), mine.member("client_secret"), mine.member("registration_client_uri")
	bearer := "Bearer " + mine.member("registration_access_token")
	if got := c.send(http.MethodGet, uri, "", "Authorization", bearer); got.status != 200 || got.body != mine.body {
		t.Errorf("read %d %s, registered %s", got.status, got.body, mine.body)
	}
	for name, test := range map[string]struct{ uri, header string }{
		"another's token": {uri, "Bearer " + other.member("registration_access_token")},
		"its secret":      {uri, "Bearer " + secret},
		"unknown client":  {p.Endpoints.Register + "/app-unknown", bearer},
		"profile's own":   {p.Endpoints.Register + "/mint-web", bearer},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
			got := c.send(method, test.uri, `{}`, "Authorization", test.header, "Content-Type", asJSON)
			if got.status != 401 || got.member("error") != "invalid_token" {
				t.Errorf("%s, %s: %d %s", name, method, got.status, got.body)
			}
		}
	}
	for body, says := range map[string]string{
		`{"redirect_uris":["` + reports + `"]}`:                                                            "client_id is missing",
		`{"client_id":"` + other.member("client_id") + `","redirect_uris":["` + reports + `"]}`:            "client_id is not",
		`{"client_id":"` + id + `","client_secret":"mine-own-choice","redirect_uris":["` + reports + `"]}`: "client_secret is not",
		`{"client_id":"` + id + `","client_id_issued_at":1,"redirect_uris":["` + reports + `"]}`:           "client_id_issued_at must not",
	} {
		got := c.send(http.MethodPut, uri, body, "Authorization", bearer, "Content-Type", asJSON)
		if got.status != 400 || got.member("error") != "invalid_client_metadata" || !strings.Contains(got.member("error_description"), says) {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
	put := c.send(http.MethodPut, uri, `{"client_id":"`+id+`","client_secret":"`+secret+`","redirect_uris":["https://new.example/cb"],"grant_types":["authorization_code","refresh_token"]}`, "Authorization", bearer, "Content-Type", asJSON)
	all := put.members(t)
	if put.status != 200 || all["client_secret"] != secret || all["registration_access_token"] != mine.member("registration_access_token") ||
		all["client_name"] != id || all["contacts"] != nil || !cmp.Equal(all["redirect_uris"], []any{"https://new.example/cb"}) {
		t.Errorf("replaced %d %s", put.status, put.body)
	}
}

func TestADeletedClientIsGoneWithItsTokens(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p, c := mock.Create("mint", selfRegistering), newWireClient(t)
	mine := enroll(t, c, p, `{"redirect_uris":["`+reports+`"],"grant_types":["authorization_code","refresh_token"],"token_endpoint_auth_method":"client_secret_post"}`)
	id, secret := mine.member("client_id"), mine.member("client_secret")
	uri, bearer := mine.member("registration_client_uri"), "Bearer "+mine.member("registration_access_token")
	granted := c.form(p.Endpoints.Token, url.Values{
		"grant_type": {"authorization_code"}, "code": {code(t, p, "maya", map[string]string{"client_id": id, "redirect_uri": reports}, nil)},
		"redirect_uri": {reports}, "code_verifier": {verifier}, "client_id": {id}, "client_secret": {secret},
	})
	owner := "Bearer " + granted.member("access_token")
	if got := c.send(http.MethodGet, p.Endpoints.Me, "", "Authorization", owner); got.status != 200 {
		t.Fatalf("before the deletion: %d %s", got.status, got.body)
	}
	if got := c.send(http.MethodDelete, uri, "", "Authorization", bearer); got.status != 204 || got.body != "" {
		t.Fatalf("deletion answered %d %s", got.status, got.body)
	}
	if got := c.send(http.MethodGet, p.Endpoints.Me, "", "Authorization", owner); got.status != 401 || got.member("error") != "invalid_token" {
		t.Errorf("its access token: %d %s", got.status, got.body)
	}
	refresh := c.form(p.Endpoints.Token, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {granted.member("refresh_token")}, "client_id": {id}, "client_secret": {secret}})
	if refresh.status != 401 || refresh.member("error") != "invalid_client" {
		t.Errorf("its refresh token: %d %s", refresh.status, refresh.body)
	}
	if got := c.send(http.MethodGet, uri, "", "Authorization", bearer); got.status != 401 {
		t.Errorf("its registration: %d", got.status)
	}
	families, err := mock.Control().Grants(t.Context(), p.Name)
	if err != nil || len(families) != 1 || !families[0].Revoked || families[0].Reason != "client_unregistered" {
		t.Errorf("families %+v, %v", families, err)
	}
	v := newVisitor(t)
	v.open(authorization(p, map[string]string{"client_id": id, "redirect_uri": reports}))
	if v.status != 401 && v.status != 400 {
		t.Errorf("its authorization request: %d %s", v.status, v.words())
	}
	journal, err := mock.Control().Journal(t.Context(), p.Name, 0, 0*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := json.Marshal(journal)
	for _, hidden := range []string{secret, strings.TrimPrefix(bearer, "Bearer ")} {
		if strings.Contains(string(raw), hidden) {
			t.Error("the journal holds a secret of the registration")
		}
	}
}

// A fault meets valid registrations only, and a lost answer leaves the client
// registered.
func TestARegistrationMeetsFaults(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p, c := mock.Create("mint", selfRegistering), newWireClient(t)
	_, err := mock.Control().ArmFault(t.Context(), p.Name, control.Fault{
		Match:  control.FaultMatch{Endpoint: "register", Method: "POST"},
		Action: control.FaultAction{Kind: "error", Status: 503, Error: "temporarily_unavailable"}, Count: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	send := func(body string) reply {
		return c.send(http.MethodPost, p.Endpoints.Register, body, "Content-Type", asJSON)
	}
	if got := send(`{}`); got.status != 400 {
		t.Errorf("an invalid registration: %d %s", got.status, got.body)
	}
	if got := send(`{"redirect_uris":["` + reports + `"]}`); got.status != 503 || len(mock.Platform(p.Name).Clients) != 1 {
		t.Errorf("under the fault: %d %s", got.status, got.body)
	}
	if got := send(`{"redirect_uris":["` + reports + `"]}`); got.status != 201 {
		t.Errorf("after the fault: %d %s", got.status, got.body)
	}
}

// A request that was authenticated before the deletion and issues after it
// comes too late (RFC 7592 section 2.3).
func TestNothingIsIssuedToAClientThatIsGone(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p, c := mock.Create("mint", selfRegistering), newWireClient(t)
	mine := enroll(t, c, p, `{"grant_types":["client_credentials"],"token_endpoint_auth_method":"client_secret_post"}`)
	held := mock.Arm(p.Name, control.Fault{
		Match: control.FaultMatch{Endpoint: "token"}, Action: control.FaultAction{Kind: "barrier", Timeout: "30s"}, Count: 2, MayNotFire: true,
	})[0]
	answered := make(chan reply, 1)
	go func() {
		answered <- c.form(p.Endpoints.Token, url.Values{
			"grant_type": {"client_credentials"}, "client_id": {mine.member("client_id")}, "client_secret": {mine.member("client_secret")},
		})
	}()
	for fired := 0; fired == 0; {
		faults, err := mock.Control().Faults(t.Context(), p.Name)
		if err != nil {
			t.Fatal(err)
		}
		fired = faults[0].Fired
	}
	if gone := c.send(http.MethodDelete, mine.member("registration_client_uri"), "", "Authorization", "Bearer "+mine.member("registration_access_token")); gone.status != 204 {
		t.Fatalf("deletion answered %d %s", gone.status, gone.body)
	}
	if err := mock.Control().DisarmFault(t.Context(), p.Name, held.ID); err != nil {
		t.Fatal(err)
	}
	if got := <-answered; got.status != 401 || got.member("error") != "invalid_client" || !strings.Contains(got.member("error_description"), "deleted its registration") {
		t.Errorf("the request that was held answered %d %s", got.status, got.body)
	}
	families, err := mock.Control().Grants(t.Context(), p.Name)
	if err != nil || len(families) != 1 || !families[0].Revoked || families[0].Reason != "client_unregistered" || families[0].Tokens[0].State != "revoked" {
		t.Errorf("families %+v, %v", families, err)
	}
}

// A client that registered for the implicit grant gets that and no code, and
// the reverse.
func TestAClientGetsTheResponseTypesThatItRegistered(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	p, c := mock.Create("mint", `{"authorize":{"response_types":["code","token"]},"registration":{"mode":"dcr"}}`), newWireClient(t)
	published := c.send(http.MethodGet, p.Endpoints.Metadata, "").members(t)
	if !cmp.Equal(published["grant_types_supported"], []any{"authorization_code", "refresh_token", "implicit"}) {
		t.Errorf("metadata say %v", published["grant_types_supported"])
	}
	for grant, response := range map[string]string{"implicit": "token", "authorization_code": "code"} {
		mine := enroll(t, c, p, `{"redirect_uris":["`+callback+`"],"grant_types":["`+grant+`"],"response_types":["`+response+`"]}`)
		for _, asked := range []string{"token", "code"} {
			change := map[string]string{"client_id": mine.member("client_id"), "response_type": asked}
			if asked == "token" {
				change["code_challenge"], change["code_challenge_method"] = "", ""
			}
			v := newVisitor(t)
			away := v.open(authorization(p, change))
			if asked == response {
				v.logIn("maya")
				away = v.press("Allow", nil)
			}
			said := ""
			if away != nil {
				said = away.RawQuery + away.EscapedFragment()
			}
			if asked == response && strings.Contains(said, "error=") || asked != response && !strings.Contains(said, "error=unauthorized_client") {
				t.Errorf("registered for %s, asked for %s: %q", grant, asked, said)
			}
		}
	}
}

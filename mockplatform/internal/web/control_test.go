package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// Every refusal of the control API: its status and a sentence that names the
// field.
func TestControlRefusals(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	c := newWireClient(t)
	base := mock.ControlURL() + "/v1/platforms"
	tests := []struct {
		name, method, target, body string
		status                     int
		message                    string
	}{
		{"no JSON", "POST", base, `{`, 400, "the body is not the expected JSON object"},
		{"empty", "POST", base, ``, 400, "the body is empty"},
		{"two documents", "POST", base, `{"profile":"mint"}{}`, 400, "more than one JSON document"},
		{"unknown member", "POST", base, `{"profil":"mint"}`, 400, `unknown field "profil"`},
		{"wrong type", "POST", base, `{"profile":1}`, 400, "profile: is a JSON number and must be a string"},
		{"no profile", "POST", base, `{}`, 422, "profile: name one of mailup, mindbaz, mint, service"},
		{"unknown profile", "POST", base, `{"profile":"x"}`, 422, `profile: there is none of the name "x"; there are mailup, mindbaz, mint, service`},
		{"unknown dialect", "POST", base, `{"profile":"mint+klingon"}`, 422, `profile: no such dialect: "klingon"; there are airlock, atlassian`},
		{"bad name", "POST", base, `{"profile":"mint","name":"A b"}`, 422, `name: "A b" cannot be used`},
		{"name in use", "POST", base, `{"profile":"mint","name":"mint"}`, 409, `name: "mint" is in use`},
		{"bad settings", "POST", base, `{"profile":"mint","settings":{"code":{"lifetime":"soon"},"colour":"red"}}`, 422, "code.lifetime"},
		{"huge", "POST", base, `{"profile":"` + strings.Repeat("x", 70_000) + `"}`, 413, "larger than 64 KiB"},
		{"no such Platform", "GET", base + "/nobody", ``, 404, `no Platform of the name "nobody"`},
		{"no such path", "GET", mock.ControlURL() + "/v2", ``, 404, "the control API has nothing at /v2"},
		{"wrong method", "PUT", base, ``, 405, "/v1/platforms does not take PUT"},
		{"clock, nothing to do", "POST", base + "/mint/clock", `{}`, 422, "advance: say what to change"},
		{"clock backwards", "POST", base + "/mint/clock", `{"advance":"-5m"}`, 422, "advance: "},
		{"clock, no duration", "POST", base + "/mint/clock", `{"advance":"soon"}`, 422, "advance: "},
		{"clock, after without follower", "GET", base + "/mint/clock?after=1", ``, 400, "follower: after and wait belong to a follower"},
		{"clock, bad wait", "GET", base + "/mint/clock?follower=a&wait=2h", ``, 400, `wait: "2h" is not a duration between 0s and 1m0s`},
		{"clock, unknown parameter", "GET", base + "/mint/clock?folower=a", ``, 400, `the query parameter "folower" is unknown here`},
		{"no such follower", "DELETE", base + "/mint/clock/followers/x", ``, 404, `the clock of mint has no follower "x"`},
		{"fault, no endpoint", "POST", base + "/mint/faults", `{"match":{},"action":{"kind":"error"},"count":1}`, 422, "match.endpoint: is missing"},
		{"fault, count 0", "POST", base + "/mint/faults", `{"match":{"endpoint":"api"},"action":{"kind":"unauthorized"},"count":0}`, 422, "count: "},
		{"fault, unknown customer", "POST", base + "/mint/faults", `{"match":{"endpoint":"api","customer":"mia"},"action":{"kind":"unauthorized"},"count":1}`, 422, `match.customer: there is no customer with the key "mia"`},
		{"fault, unknown client", "POST", base + "/mint/faults", `{"match":{"endpoint":"api","client":"x"},"action":{"kind":"unauthorized"},"count":1}`, 422, `match.client: there is no client with the id "x"`},
		{"fault, with id", "POST", base + "/mint/faults", `{"id":"f","match":{"endpoint":"api"},"action":{"kind":"unauthorized"},"count":1}`, 422, "id: "},
		{"no such fault", "DELETE", base + "/mint/faults/f9", ``, 404, `mint has no fault "f9"`},
		{"tokens, empty selector", "POST", base + "/mint/tokens/expire", `{}`, 422, "all"},
		{"tokens, unknown kind", "POST", base + "/mint/tokens/revoke", `{"kind":"id_token"}`, 422, "kind"},
		{"keys, none to rotate", "POST", base + "/mint/keys/rotate", ``, 409, "opaque access tokens have no keys: set access_token.format to jwt or jwe"},
		{"keys, with a body", "POST", base + "/mint/keys/rotate", `{"kid":"mine"}`, 400, "a rotation takes no body"},
		{"bad journal size", "POST", base, `{"profile":"mint","journal_size":100001}`, 422, "journal_size: a journal cannot keep that many exchanges: 100001 is not from 1 to 100000"},
		{"journal, bad status", "GET", base + "/mint/journal?status=4x", ``, 400, `status: "4x" is no status: use one such as 401, a class such as 4xx, or dropped`},
		{"journal, bad since", "GET", base + "/mint/journal?since=noon", ``, 400, `since: "noon" is no instant`},
		{"journal, bad limit", "GET", base + "/mint/journal?limit=0", ``, 400, `limit: "0" is not a whole number from 1 to 100000`},
		{"journal, bad verdict", "GET", base + "/mint/journal?verdict=ok", ``, 400, `verdict: "ok" is unknown: use accepted, refused, faulted`},
		{"journal, bad format", "GET", base + "/mint/journal?format=xml", ``, 400, `format: "xml" is unknown: use json, ndjson or har`},
		{"journal, twice", "GET", base + "/mint/journal?client=a&client=b", ``, 400, "client: stands more than once"},
		{"journal, empty", "GET", base + "/mint/journal?client=", ``, 400, "client: is empty"},
		{"journal, unknown parameter", "GET", base + "/mint/journal?endpont=token", ``, 400, `the query parameter "endpont" is unknown here`},
		{"journal, bad after", "GET", base + "/mint/journal?after=x", ``, 400, `after: "x" is not a whole number`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := c.send(test.method, test.target, test.body, "Content-Type", "application/json")
			if got.status != test.status || !strings.Contains(got.member("message"), test.message) {
				t.Errorf("answered %d %s, want %d with %q", got.status, got.body, test.status, test.message)
			}
		})
	}
	all, err := mock.Control().Platforms(t.Context())
	if err != nil || len(all) != 1 {
		t.Errorf("refused calls left %d Platforms, %v", len(all), err)
	}
}

// Browsers and strangers stay out.
func TestControlDoor(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	c := newWireClient(t)
	target := mock.ControlURL() + "/v1/platforms"
	refused := func(name, message string, got reply, status int) {
		t.Helper()
		if got.status != status || !strings.Contains(got.member("message"), message) || strings.Contains(got.body, "secret-for-tests") {
			t.Errorf("%s: answered %d %s", name, got.status, got.body)
		}
	}
	refused("Origin", "without an Origin header", c.send("GET", target, "", "Origin", "http://127.0.0.1:9400"), 403)
	refused("Origin null", "without an Origin header", c.send("GET", target, "", "Origin", "null"), 403)
	refused("cross-site", "browsers", c.send("GET", target, "", "Sec-Fetch-Site", "cross-site"), 403)

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "rebound.example:9401"
	answer, err := c.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("a foreign Host header: %d", answer.StatusCode)
	}

	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control, cfg.ControlToken, cfg.Platforms = "127.0.0.1:0", "127.0.0.1:0", "t0ken", nil
	locked, err := mockplatform.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = locked.Close() })
	for _, header := range []string{"", "Bearer wrong", "Basic t0ken"} {
		got := c.send("GET", locked.ControlURL()+"/v1/platforms", "", "Authorization", header)
		refused("token "+header, "asks for its token", got, 401)
		if got.header.Get("WWW-Authenticate") == "" {
			t.Error("401 without a challenge")
		}
	}
	if got := c.send("GET", locked.ControlURL()+"/v1/health", ""); got.status != 200 {
		t.Errorf("health without token: %d", got.status)
	}
	if _, err := locked.Control().Platforms(t.Context()); err != nil {
		t.Errorf("with the token: %v", err)
	}
}

// A change of the clock returns when its followers have taken it over, and
// names those who did not.
func TestClockFollowers(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	client := mock.Control()
	start, err := client.FollowClock(t.Context(), "mint", "diligent", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	seen := make(chan control.Clock, 10)
	done := make(chan error, 1)
	go func() {
		after := start.Revision
		for {
			now, err := client.FollowClock(ctx, "mint", "diligent", after, 30*time.Second)
			if err != nil {
				done <- err
				return
			}
			seen <- now
			after = now.Revision
		}
	}()
	changed, err := client.Advance(t.Context(), "mint", 20*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if got := <-seen; got.Revision != changed.Revision || got.Offset != start.Offset+20*time.Minute {
		t.Errorf("the follower saw %+v, the change was %+v", got, changed)
	}
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the follower ended with %v", err)
	}
	if err := client.UnfollowClock(t.Context(), "mint", "diligent"); err != nil {
		t.Error(err)
	}
	if _, err := client.Advance(t.Context(), "mint", time.Minute); err != nil {
		t.Errorf("after the follower left: %v", err)
	}
}

// The description and the routes are the same set.
func TestOpenAPIListsTheRoutes(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	c := newWireClient(t)
	got := c.send("GET", mock.ControlURL()+"/v1/openapi.json", "")
	var document struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal([]byte(got.body), &document); err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("{platform}", "nobody", "{fault}", "x", "{follower}", "x")
	for path, operations := range document.Paths {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			_, described := operations[strings.ToLower(method)]
			answer := c.send(method, mock.ControlURL()+fill.Replace(path), "")
			if routed := answer.status != http.StatusMethodNotAllowed; routed != described {
				t.Errorf("%s %s: described %v, routed %v (%d)", method, path, described, routed, answer.status)
			}
			if strings.Contains(answer.body, "the control API has nothing at") {
				t.Errorf("%s %s is described and not there", method, path)
			}
		}
	}
	if len(document.Paths) != 14 {
		t.Errorf("%d paths are described, want 14", len(document.Paths))
	}
}

// Platforms are separate: what is created is complete, what is deleted is gone.
func TestPlatformsComeAndGo(t *testing.T) {
	mock := mockplatform.Start(t, "mint")
	client := mock.Control()
	made, err := client.CreatePlatform(t.Context(), control.CreatePlatform{Profile: "mindbaz", Name: "mine", Settings: json.RawMessage(`{"title":"Mine"}`)})
	if err != nil {
		t.Fatal(err)
	}
	if made.Name != "mine" || made.Title != "Mine" || made.Issuer != mock.URL()+"/mine" || made.Endpoints.Token != made.Issuer+"/oauth2/token" || made.Endpoints.Authorize != "" || len(made.Customers) != 4 || made.Clients[0].ID != "100" {
		t.Errorf("created %+v", made)
	}
	generated := mock.Create("mint", "")
	if generated.Name == "" || generated.Name == "mint" {
		t.Errorf("the generated name is %q", generated.Name)
	}
	if err := client.DeletePlatform(t.Context(), "mine"); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Platform(t.Context(), "mine"); !control.IsNotFound(err) {
		t.Errorf("after the deletion: %v", err)
	}
	if got := newWireClient(t).send("POST", made.Endpoints.Token, ""); got.status != 404 {
		t.Errorf("its token endpoint still answers %d", got.status)
	}
	profiles, err := client.Profiles(t.Context())
	if err != nil || len(profiles) != 5 || profiles[1].Name != "mindbaz" || profiles[1].Title != "Mindbaz" || len(profiles[1].Leniencies) == 0 {
		t.Errorf("profiles %+v, %v", profiles, err)
	}
	dialects, err := client.Dialects(t.Context())
	at := slices.IndexFunc(dialects, func(d control.Dialect) bool { return d.Name == "github" })
	if err != nil || len(dialects) != len(fixtures.Dialects()) || at < 0 {
		t.Fatalf("dialects %+v, %v", dialects, err)
	}
	if d := dialects[at]; d.Title != "GitHub Apps" || !strings.HasPrefix(d.Summary, "Refresh tokens rotate") || !strings.HasPrefix(d.Sources[0], "https://docs.github.com/") {
		t.Errorf("dialect %+v", d)
	}
}

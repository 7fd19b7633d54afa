package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mint-conformance/mint/mockplatform"
	"github.com/mint-conformance/mint/mockplatform/control"
)

// stage is a Platform with a fault, a client and one refresh token that
// rotates.
type stage struct {
	t    *testing.T
	mock *mockplatform.Server
	p    control.Platform
	c    wireClient
	rt   string
	at   string
	wait []time.Duration // what the server was told to wait
}

// newStage serves the profile with a clock that stands still and waits that
// take no time.
func newStage(t *testing.T, profile string) *stage {
	t.Helper()
	s := &stage{t: t, c: newWireClient(t)}
	var mu sync.Mutex
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control, cfg.Platforms = "127.0.0.1:0", "127.0.0.1:0", []mockplatform.Hosted{{Profile: profile}}
	cfg.Now = func() time.Time { return noon }
	cfg.Timer = func(d time.Duration) (<-chan time.Time, func() bool) {
		mu.Lock()
		defer mu.Unlock()
		s.wait = append(s.wait, d)
		done := make(chan time.Time, 1)
		done <- noon
		return done, func() bool { return false }
	}
	server, err := mockplatform.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	s.mock, s.p = server, described(t, server, profile)
	s.connect()
	return s
}

func (s *stage) connect() {
	s.t.Helper()
	first := tokens(s.t, s.c, s.p, "maya", nil)
	s.at, s.rt = first.member("access_token"), first.member("refresh_token")
}

func (s *stage) arm(endpoint string, action control.FaultAction) control.Fault {
	s.t.Helper()
	armed, err := s.mock.Control().ArmFault(s.t.Context(), s.p.Name, control.Fault{
		Match: control.FaultMatch{Endpoint: endpoint}, Action: action, Count: 1,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return armed
}

func (s *stage) refreshForm() url.Values {
	return url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {s.rt}, "client_id": {s.p.Clients[0].ID}, "client_secret": {s.p.Clients[0].Secret},
	}
}

// post sends a form and answers what came, and the error of reading it.
func (s *stage) post(target string, form url.Values) (reply, error) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, target, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := s.c.http.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, string(body)}, err
}

func (s *stage) last() control.Exchange {
	s.t.Helper()
	journal, err := s.mock.Control().Journal(s.t.Context(), s.p.Name, 0, 0)
	if err != nil || len(journal.Exchanges) == 0 {
		s.t.Fatalf("journal: %v", err)
	}
	return journal.Exchanges[len(journal.Exchanges)-1]
}

// actions has one of every kind that the token endpoint takes, with the status
// that goes out (0: none) and whether the refresh token is spent by it.
var actions = []struct {
	name   string
	action control.FaultAction
	status int
	body   string // is in the answer
	header string // "Name: value" of the answer
	spent  bool
}{
	{"error", control.FaultAction{Kind: "error", Status: 503, Error: "temporarily_unavailable", Description: "Later.", RetryAfter: "90s"}, 503, `{"error":"temporarily_unavailable","error_description":"Later."}`, "Retry-After: 90", false},
	{"error after", control.FaultAction{Kind: "error", After: true, Status: 500, Error: "server_error"}, 500, `{"error":"server_error"}`, "", true},
	{"date", control.FaultAction{Kind: "error", Status: 429, Error: "slow_down", RetryAfter: "1500ms", RetryAfterForm: "date"}, 429, `slow_down`, "Retry-After: Sat, 14 Nov 2026 12:00:02 GMT", false},
	{"body", control.FaultAction{Kind: "body", Status: 200, Body: "[]", Headers: map[string]string{"X-Cache": "HIT"}}, 200, `[]`, "X-Cache: HIT", false},
	{"gateway", control.FaultAction{Kind: "gateway"}, 502, `<title>502 Bad Gateway</title>`, "Content-Type: text/html", false},
	{"gateway after", control.FaultAction{Kind: "gateway", Status: 504, After: true}, 504, `504 Gateway Timeout`, "Content-Type: text/html", true},
	{"drop_before", control.FaultAction{Kind: "drop_before"}, 0, "", "", false},
	{"drop_after", control.FaultAction{Kind: "drop_after"}, 0, "", "", true},
	{"drop_body", control.FaultAction{Kind: "drop_body"}, 200, `{"access_token":"`, "Content-Type: application/json", true},
	{"malformed", control.FaultAction{Kind: "malformed"}, 200, `",}`, "", true},
	{"truncated", control.FaultAction{Kind: "truncated"}, 200, `{"access_token":"`, "", true},
	{"rewrite", control.FaultAction{Kind: "rewrite", Drop: []string{"expires_in", "nothing"}, Set: map[string]json.RawMessage{"token_type": []byte("7"), "extra": []byte(`{"a":[1]}`)}}, 200, `"token_type":7,"refresh_token"`, "", true},
	{"headers", control.FaultAction{Kind: "headers", Headers: map[string]string{"Deprecation": "true"}}, 200, `"expires_in":900`, "Deprecation: true", true},
	{"delay_before", control.FaultAction{Kind: "delay_before", Delay: "3s"}, 200, `"expires_in":900`, "", true},
	{"delay_after", control.FaultAction{Kind: "delay_after", Delay: "4s"}, 200, `"expires_in":900`, "", true},
	{"expiry", control.FaultAction{Kind: "expiry", Lifetime: "30s"}, 200, `"expires_in":900`, "", true},
	{"lag", control.FaultAction{Kind: "lag", Uses: 2}, 200, `"expires_in":900`, "", true},
}

// Every action does what its name says, to the wire and to the state, and to
// no request that is invalid.
func TestEveryActionAtTheTokenEndpoint(t *testing.T) {
	s := newStage(t, "mailup")
	for _, test := range actions {
		t.Run(test.name, func(t *testing.T) {
			s.t = t
			s.connect()
			armed := s.arm("token", test.action)
			for _, bad := range []url.Values{
				{"grant_type": {"refresh_token"}, "refresh_token": {s.rt}, "client_id": {s.p.Clients[0].ID}, "client_secret": {"wrong"}},
				{"grant_type": {"refresh_token"}, "refresh_token": {"unknown"}, "client_id": {s.p.Clients[0].ID}, "client_secret": {s.p.Clients[0].Secret}},
				{"grant_type": {"refresh_token"}, "refresh_token": {s.rt}, "scope": {"ads.everything"}, "client_id": {s.p.Clients[0].ID}, "client_secret": {s.p.Clients[0].Secret}},
			} {
				got, err := s.post(s.p.Endpoints.Token, bad)
				if code := got.member("error"); err != nil || got.status < 400 || code == "" || code == test.action.Error || s.last().Fault != "" {
					t.Fatalf("an invalid request was answered %d %s (%v), fault %q", got.status, got.body, err, s.last().Fault)
				}
			}
			got, err := s.post(s.p.Endpoints.Token, s.refreshForm())
			torn := test.status == 0 || test.action.Kind == "drop_body"
			if (err != nil) != torn {
				t.Errorf("error %v, want one: %t", err, torn)
			}
			if got.status != test.status || !strings.Contains(got.body, test.body) {
				t.Errorf("answered %d %s, want %d with %s", got.status, got.body, test.status, test.body)
			}
			if name, value, _ := strings.Cut(test.header, ": "); got.header.Get(name) != value {
				t.Errorf("%s: %q, want %q", name, got.header.Get(name), value)
			}
			if entry := s.last(); entry.Fault != armed.ID || entry.Status != test.status {
				t.Errorf("the journal has fault %q and status %d, want %s and %d", entry.Fault, entry.Status, armed.ID, test.status)
			}
			again, err := s.post(s.p.Endpoints.Token, s.refreshForm())
			if err != nil || (again.status != 200) != test.spent {
				t.Errorf("afterwards the refresh token is answered %d (%v), want it spent: %t", again.status, err, test.spent)
			}
		})
	}
	if len(s.wait) != 2 || s.wait[0] != 3*time.Second || s.wait[1] != 4*time.Second {
		t.Errorf("waited %v, want 3s and 4s", s.wait)
	}
}

// One fault does several things to one exchange; two faults never meet on one.
func TestSeveralActionsAtOnce(t *testing.T) {
	s := newStage(t, "mailup")
	armed, err := s.mock.Control().ArmFaults(t.Context(), s.p.Name, control.FaultPlan{Faults: []control.Fault{
		{
			Match:  control.FaultMatch{Endpoint: "token"},
			Action: control.FaultAction{Kind: "rewrite", Drop: []string{"expires_in"}},
			Also: []control.FaultAction{
				{Kind: "delay_after", Delay: "4s", RetryAfter: "2s"}, {Kind: "delay_before", Delay: "3s"},
				{Kind: "headers", Headers: map[string]string{"Deprecation": "true"}}, {Kind: "lag", Uses: 1},
			},
			Count: 1,
		},
		{
			Match: control.FaultMatch{Endpoint: "token"}, Action: control.FaultAction{Kind: "gateway"},
			Also: []control.FaultAction{{Kind: "delay_after", Delay: "5s"}}, Count: 1,
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.post(s.p.Endpoints.Token, s.refreshForm())
	if err != nil || got.status != 200 || strings.Contains(got.body, "expires_in") || got.header.Get("Deprecation") != "true" || got.header.Get("Retry-After") != "2" {
		t.Errorf("answered %d %s %v, %v", got.status, got.body, got.header, err)
	}
	if entry := s.last(); entry.Fault != armed[0].ID || entry.Reason == "" || !strings.HasSuffix(entry.Reason, "rewrite+delay_after+delay_before+headers+lag") && !strings.Contains(entry.Reason, "refresh token") {
		t.Errorf("the journal says %q of %s", entry.Reason, entry.Fault)
	}
	if me := s.me(got.member("access_token")); me.status != 401 {
		t.Errorf("the API knows the token already: %d", me.status)
	}
	if me := s.me(got.member("access_token")); me.status != 200 {
		t.Errorf("the API does not know the token yet: %d", me.status)
	}
	s.rt = got.member("refresh_token")
	if got, err = s.post(s.p.Endpoints.Token, s.refreshForm()); err != nil || got.status != 502 || s.last().Fault != armed[1].ID {
		t.Errorf("the second fault answered %d %s, %v", got.status, got.body, err)
	}
	if want := []time.Duration{3 * time.Second, 4 * time.Second, 5 * time.Second}; !slices.Equal(s.wait, want) {
		t.Errorf("waited %v, want %v", s.wait, want)
	}
}

func TestBrokenJSONIsBroken(t *testing.T) {
	s := newStage(t, "mailup")
	for _, kind := range []string{"malformed", "truncated"} {
		s.connect()
		s.arm("token", control.FaultAction{Kind: kind})
		got, err := s.post(s.p.Endpoints.Token, s.refreshForm())
		if err != nil || json.Valid([]byte(got.body)) || got.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %v, %s", kind, err, got.body)
		}
	}
}

func (s *stage) me(token string) reply {
	s.t.Helper()
	return s.c.send(http.MethodGet, s.p.Endpoints.Me, "", "Authorization", "Bearer "+token)
}

// The access token of an expiry fault ends when the fault says, whatever the
// answer said.
func TestExpiryFault(t *testing.T) {
	for _, test := range []struct {
		lifetime    string
		alive, dead time.Duration
	}{{"30s", 29 * time.Second, time.Second}, {"2h", 119 * time.Minute, time.Minute}} {
		s := newStage(t, "mailup") // 15 minutes by its profile
		s.arm("token", control.FaultAction{Kind: "expiry", Lifetime: test.lifetime})
		got, err := s.post(s.p.Endpoints.Token, s.refreshForm())
		if err != nil {
			t.Fatal(err)
		}
		for i, step := range []time.Duration{test.alive, test.dead} {
			if _, err := s.mock.Control().Advance(t.Context(), s.p.Name, step); err != nil {
				t.Fatal(err)
			}
			if status, want := s.me(got.member("access_token")).status, []int{200, 401}[i]; status != want {
				t.Errorf("%s: %d at step %d, want %d", test.lifetime, status, i, want)
			}
		}
	}
}

// The access token of a lag fault is unknown for so many calls or so long, and
// other tokens are not.
func TestLagFault(t *testing.T) {
	s := newStage(t, "mailup")
	armed := s.arm("token", control.FaultAction{Kind: "lag", Uses: 2})
	got, err := s.post(s.p.Endpoints.Token, s.refreshForm())
	if err != nil {
		t.Fatal(err)
	}
	fresh := got.member("access_token")
	for i, want := range []int{401, 401, 200} {
		answer := s.me(fresh)
		if answer.status != want || want == 401 && (!strings.Contains(answer.header.Get("WWW-Authenticate"), `error="invalid_token"`) || s.last().Fault != armed.ID) {
			t.Errorf("call %d: %d %v, want %d", i, answer.status, answer.header, want)
		}
	}
	if status := s.me(s.at).status; status != 200 {
		t.Errorf("the older token: %d", status)
	}

	s.rt = got.member("refresh_token")
	s.arm("token", control.FaultAction{Kind: "lag", Lag: "5s"})
	if got, err = s.post(s.p.Endpoints.Token, s.refreshForm()); err != nil {
		t.Fatal(err)
	}
	for i, step := range []time.Duration{4 * time.Second, time.Second} {
		if _, err := s.mock.Control().Advance(t.Context(), s.p.Name, step); err != nil {
			t.Fatal(err)
		}
		if status, want := s.me(got.member("access_token")).status, []int{401, 200}[i]; status != want {
			t.Errorf("after step %d: %d, want %d", i, status, want)
		}
	}
}

// A barrier lets requests race that would have come one by one; single use
// still holds.
func TestBarrierReleasesTogether(t *testing.T) {
	cfg := mockplatform.Default()
	cfg.Listen, cfg.Control, cfg.Platforms = "127.0.0.1:0", "127.0.0.1:0", []mockplatform.Hosted{{Profile: "mailup"}}
	cfg.Timer = func(time.Duration) (<-chan time.Time, func() bool) { return nil, func() bool { return true } }
	server, err := mockplatform.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	s := &stage{t: t, mock: server, p: described(t, server, "mailup"), c: newWireClient(t)}
	s.connect()
	armed, err := server.Control().ArmFault(t.Context(), "mailup", control.Fault{
		Match: control.FaultMatch{Endpoint: "token", GrantType: "refresh_token"}, Action: control.FaultAction{Kind: "barrier"}, Count: 3,
	})
	if err != nil {
		t.Fatal(err)
	}
	got := make([]reply, 3)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() { got[i], _ = s.post(s.p.Endpoints.Token, s.refreshForm()) })
	}
	all.Wait()
	won := 0
	for _, one := range got {
		if one.status == 200 {
			won++
		}
	}
	if won != 1 {
		t.Errorf("%d of 3 refreshes with one token won", won)
	}
	journal, err := server.Control().Journal(t.Context(), "mailup", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range journal.Exchanges[len(journal.Exchanges)-3:] {
		if one.Fault != armed.ID || !strings.Contains(one.Reason, "the barrier released 3 requests together") {
			t.Errorf("entry %+v", one)
		}
	}
}

// Faults also reach the documents that anybody may read, and only what is
// there.
func TestMetadataFaults(t *testing.T) {
	s := newStage(t, "mailup")
	s.arm("metadata", control.FaultAction{Kind: "rewrite", Drop: []string{"token_endpoint"}})
	if got := s.c.send(http.MethodGet, s.p.Endpoints.Metadata, ""); got.status != 200 || got.member("token_endpoint") != "" || got.member("issuer") == "" {
		t.Errorf("rewritten: %d %s", got.status, got.body)
	}
	if got := s.c.send(http.MethodGet, s.p.Endpoints.Metadata, ""); got.member("token_endpoint") != s.p.Endpoints.Token {
		t.Errorf("afterwards: %s", got.body)
	}
}

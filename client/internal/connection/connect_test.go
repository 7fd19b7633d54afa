package connection

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client/internal/platform"
)

func newPair(t *testing.T) (*fakePlatform, *testMint) {
	t.Helper()
	clock := newClock()
	f := newFake(t, clock)
	return f, newMint(t, clock, f.integration("fake"))
}

func (m *testMint) begin(f *fakePlatform) (url.Values, Callback) {
	m.t.Helper()
	address, err := m.StartConnect(m.t.Context(), workspace, session, "fake", nil)
	if err != nil {
		m.t.Fatal(err)
	}
	parsed, err := url.Parse(address)
	if err != nil {
		m.t.Fatal(err)
	}
	return parsed.Query(), f.consent(address)
}

func (m *testMint) finishAs(owner, in string, callback Callback) Outcome {
	m.t.Helper()
	outcome, err := m.FinishConnect(m.t.Context(), owner, in, callback)
	if err != nil {
		m.t.Fatal(err)
	}
	if outcome.Sentence == "" {
		m.t.Errorf("outcome %+v has no sentence", outcome)
	}
	return outcome
}

// CL-01, CL-02, CL-06 to CL-09, CL-11: the authorization request.
func TestAuthorizationRequest(t *testing.T) {
	f, m := newPair(t)
	states, challenges := map[string]bool{}, map[string]bool{}
	for range 20 {
		query, _ := m.begin(f)
		for name, values := range query {
			wantInt(t, "occurrences of "+name, len(values), 1)
		}
		want := map[string]string{
			"response_type": "code", "client_id": "mint", "redirect_uri": "http://127.0.0.1:9500/oauth/callback",
			"scope": "ads.read ads.write", "code_challenge_method": "S256",
		}
		for name, value := range want {
			if query.Get(name) != value {
				t.Errorf("%s = %q, want %q", name, query.Get(name), value)
			}
		}
		if strings.Contains(query.Encode(), "client-secret") || query.Has("client_secret") {
			t.Error("the client secret is in the front channel")
		}
		wantInt(t, "length of state", len(query.Get("state")), 43)
		wantInt(t, "length of challenge", len(query.Get("code_challenge")), 43)
		states[query.Get("state")], challenges[query.Get("code_challenge")] = true, true
	}
	wantInt(t, "distinct states", len(states), 20)
	wantInt(t, "distinct challenges", len(challenges), 20)
}

// CL-07, CL-28: the exchange repeats the redirect URI, authenticates in one way
// and puts nothing into the address.
func TestExchangeRequest(t *testing.T) {
	f, m := newPair(t)
	_, callback := m.begin(f)
	if outcome := m.finishAs(workspace, session, callback); outcome.Kind != Connected {
		t.Fatalf("outcome = %+v", outcome)
	}
	request := f.seen("token")[0]
	if request.method != http.MethodPost || request.query != "" || request.form.Get("code") != callback.Code ||
		request.form.Get("redirect_uri") != "http://127.0.0.1:9500/oauth/callback" || len(request.form.Get("code_verifier")) != 43 {
		t.Errorf("request = %s ?%s %v", request.method, request.query, request.form)
	}
	if request.header.Get("Authorization") == "" || request.form.Has("client_secret") || request.form.Has("client_id") {
		t.Error("want exactly one way of authenticating, Basic")
	}
}

// CL-03 to CL-05, CL-17 to CL-19, CL-26, CL-67: responses that must not lead
// to an exchange, and harmless extras that must not prevent one.
func TestAuthorizationResponses(t *testing.T) {
	for name, row := range map[string]struct {
		change    func(*Callback)
		workspace string
		session   string
		kind      OutcomeKind
		exchanges int
	}{
		"good":                     {func(*Callback) {}, workspace, session, Connected, 1},
		"no state":                 {func(c *Callback) { c.State = "" }, workspace, session, Failed, 0},
		"altered state":            {func(c *Callback) { c.State += "x" }, workspace, session, Failed, 0},
		"another browser":          {func(*Callback) {}, workspace, "session-2", Failed, 0},
		"another workspace":        {func(*Callback) {}, "workspace-2", session, Failed, 0},
		"wrong issuer":             {func(c *Callback) { c.Issuer = "https://evil.example" }, workspace, session, Failed, 0},
		"missing issuer":           {func(c *Callback) { c.Issuer = "" }, workspace, session, Failed, 0},
		"wrong issuer on an error": {func(c *Callback) { c.Code, c.Error, c.Issuer = "", "access_denied", "https://evil.example" }, workspace, session, Failed, 0},
		"code and error":           {func(c *Callback) { c.Error = "access_denied" }, workspace, session, Failed, 0},
		"two codes":                {func(c *Callback) { c.Repeated = []string{"code"} }, workspace, session, Failed, 0},
		"a token":                  {func(c *Callback) { c.CarriesToken = true }, workspace, session, Failed, 0},
		"neither code nor error":   {func(c *Callback) { c.Code = "" }, workspace, session, Failed, 0},
		"denied":                   {func(c *Callback) { c.Code, c.Error = "", "access_denied" }, workspace, session, Denied, 0},
		"server_error":             {func(c *Callback) { c.Code, c.Error = "", "server_error" }, workspace, session, Failed, 0},
		"unknown error":            {func(c *Callback) { c.Code, c.Error = "", "<script>" }, workspace, session, Failed, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f, m := newPair(t)
			_, callback := m.begin(f)
			row.change(&callback)
			callback.ErrorDescription = "<script>alert(1)</script>"
			outcome := m.finishAs(row.workspace, row.session, callback)
			if outcome.Kind != row.kind || strings.Contains(outcome.Sentence, "<") {
				t.Errorf("outcome = %+v, want %s", outcome, row.kind)
			}
			wantInt(t, "exchanges", f.calls("token"), row.exchanges)
			if rows, err := m.db.AllConnections(t.Context()); err != nil || len(rows) != row.exchanges {
				t.Errorf("connections = %d, %v; want %d", len(rows), err, row.exchanges)
			}
		})
	}
}

// A stranger's delivery does not use up the owner's flow.
func TestForeignDeliveryDoesNotConsume(t *testing.T) {
	f, m := newPair(t)
	_, callback := m.begin(f)
	if outcome := m.finishAs("workspace-2", "session-2", callback); outcome.Kind != Failed || outcome.PlatformID != "" {
		t.Errorf("outcome = %+v, want a failure that tells nothing", outcome)
	}
	if outcome := m.finishAs(workspace, session, callback); outcome.Kind != Connected {
		t.Errorf("outcome = %+v, want connected", outcome)
	}
}

func TestCallbackFrom(t *testing.T) {
	values, err := url.ParseQuery("state=s&code=a&code=b&iss=i&session_state=x&access_token=t")
	if err != nil {
		t.Fatal(err)
	}
	got := CallbackFrom(values)
	if got.State != "s" || got.Code != "a" || got.Issuer != "i" || !got.CarriesToken || len(got.Repeated) != 1 || got.Repeated[0] != "code" {
		t.Errorf("callback = %+v", got)
	}
}

// CL-05, CL-21, U-14: reload, Back and double click: one exchange, one
// connection, and a way on.
func TestCallbackIsUsedOnce(t *testing.T) {
	f, m := newPair(t)
	_, callback := m.begin(f)
	gate := make(chan struct{})
	f.set(func(f *fakePlatform) { f.delay = gate })
	outcomes := make([]Outcome, 20)
	var tabs sync.WaitGroup
	for i := range outcomes {
		tabs.Go(func() { outcomes[i], _ = m.FinishConnect(t.Context(), workspace, session, callback) })
	}
	eventually(t, "an exchange", func() bool { return f.calls("token") == 1 })
	close(gate)
	tabs.Wait()
	kinds := map[OutcomeKind]int{}
	for _, outcome := range outcomes {
		kinds[outcome.Kind]++
		if outcome.ConnectionID != outcomes[0].ConnectionID || outcome.ConnectionID == "" {
			t.Errorf("outcome = %+v, want connection %s", outcome, outcomes[0].ConnectionID)
		}
	}
	if kinds[Connected] != 1 || kinds[AlreadyUsed] != 19 {
		t.Errorf("outcomes = %v, want 1 connected and 19 already used", kinds)
	}
	callback.Code = "a-new-code" // CL-05: the same state with a new code
	if outcome := m.finishAs(workspace, session, callback); outcome.Kind != AlreadyUsed {
		t.Errorf("outcome = %+v, want already used", outcome)
	}
	wantInt(t, "exchanges", f.calls("token"), 1)
}

// CL-21, CL-39, U-05: an exchange that fails is not repeated, and leaves no
// half-made connection.
func TestFailedExchange(t *testing.T) {
	for name, script := range map[string]script{
		"500":             answer(500, ``),
		"dropped before":  dropBefore,
		"dropped after":   dropAfter,
		"invalid_grant":   answer(400, `{"error":"invalid_grant"}`),
		"invalid_client":  answer(401, `{"error":"invalid_client"}`),
		"HTML":            answer(200, `<html>`),
		"empty":           answer(200, ``),
		"error in 200":    answer(200, `{"error":"invalid_grant","access_token":"x","token_type":"bearer"}`),
		"no access token": answer(200, `{"token_type":"bearer"}`),
		"mac":             answer(200, `{"access_token":"x","token_type":"mac"}`),
		"no token_type":   answer(200, `{"access_token":"x"}`),
		"redirect":        answer(307, ``, "Location", "https://evil.example/"),
	} {
		t.Run(name, func(t *testing.T) {
			f, m := newPair(t)
			_, callback := m.begin(f)
			f.script("token", script)
			if outcome := m.finishAs(workspace, session, callback); outcome.Kind != Failed || outcome.ConnectionID != "" {
				t.Errorf("outcome = %+v, want failed", outcome)
			}
			if outcome := m.finishAs(workspace, session, callback); outcome.Kind != AlreadyUsed || outcome.ConnectionID != "" {
				t.Errorf("second outcome = %+v, want already used without a connection", outcome)
			}
			wantInt(t, "exchanges", f.calls("token"), 1)
			states, err := m.Overview(t.Context(), workspace)
			if err != nil || states[0].Connection != nil {
				t.Errorf("overview = %+v, %v; want no connection", states, err)
			}
			m.connect(f, "fake") // and trying again works
		})
	}
}

func TestFlowExpires(t *testing.T) {
	f, m := newPair(t)
	_, callback := m.begin(f)
	m.clock.Advance(flowTime)
	if outcome := m.finishAs(workspace, session, callback); outcome.Kind != Failed || outcome.Title != "Fake Ads" {
		t.Errorf("outcome = %+v, want failed", outcome)
	}
	wantInt(t, "exchanges", f.calls("token"), 0)
}

// U-14: pressing Connect twice gives one connection.
func TestTwoFlowsOneConnection(t *testing.T) {
	f, m := newPair(t)
	_, first := m.begin(f)
	_, second := m.begin(f)
	one, two := m.finishAs(workspace, session, first), m.finishAs(workspace, session, second)
	if one.Kind != Connected || two.Kind != Connected || one.ConnectionID != two.ConnectionID {
		t.Errorf("outcomes = %+v and %+v, want one connection", one, two)
	}
	m.figures(one.ConnectionID)
}

// E-11: a reconnect with another account is refused, and what there was stays;
// after a disconnect it makes a connection of its own.
func TestReconnectWithAnotherAccount(t *testing.T) {
	f, m := newPair(t)
	id := m.connect(f, "fake")
	m.figures(id)
	f.set(func(f *fakePlatform) { f.account.Account, f.account.Name = "oskar-ads", "Oskar Ruiz" })
	outcome := m.tryConnect(f, "fake")
	if outcome.Kind != Failed || !strings.Contains(outcome.Sentence, "Maya Okafor") {
		t.Errorf("outcome = %+v, want a refusal that names the account", outcome)
	}
	m.figures(id)
	m.wantState(id, StateConnected, "")
	if got := m.show(id).Account; got != "maya-ads" {
		t.Errorf("account = %s, want maya-ads", got)
	}
	if _, err := m.RunOutbox(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantInt(t, "revocations of the other account's tokens", f.calls("revoke"), 2)
	if _, err := m.Disconnect(t.Context(), workspace, id); err != nil {
		t.Fatal(err)
	}
	if other := m.connect(f, "fake"); other == id {
		t.Error("another account took over the ended connection")
	}
	if _, err := m.Disconnect(t.Context(), workspace, m.mustOverview()[0].Connection.ID); err != nil {
		t.Fatal(err)
	}
}

func (m *testMint) mustOverview() []PlatformState {
	m.t.Helper()
	states, err := m.Overview(m.t.Context(), workspace)
	if err != nil {
		m.t.Fatal(err)
	}
	return states
}

// TX-03: when asking for the account fails, the tokens are kept; on a
// reconnect the account is checked before anything is shown.
func TestAccountUnknownAtFirst(t *testing.T) {
	f, m := newPair(t)
	f.script("me", answer(500, ``))
	id := m.connect(f, "fake")
	if got := m.show(id).Account; got != "" {
		t.Errorf("account = %q, want unknown", got)
	}
	m.figures(id)
	if got := m.show(id).Account; got != "maya-ads" {
		t.Errorf("account = %q, want maya-ads", got)
	}
	f.set(func(f *fakePlatform) { f.account.Account = "oskar-ads" })
	f.script("me", answer(500, ``))
	if got := m.connect(f, "fake"); got != id {
		t.Fatalf("reconnect made %s, want %s", got, id)
	}
	m.stale(id)
	m.wantState(id, StateNeedsReconnect, ReasonOtherAccount)
	wantInt(t, "listings with the other account's token", f.calls("campaigns"), 1)
}

// CL-70, U-15: credentials are used once and are nowhere to be found.
func TestPasswordPlatform(t *testing.T) {
	clock := newClock()
	f := newFake(t, clock)
	integration := f.integration("fake")
	integration.Grants, integration.ClientAuth, integration.ClientSecret = []string{platform.GrantPassword}, platform.AuthNone, ""
	integration.ClientID, integration.Scopes = "100", nil
	m := newMint(t, clock, integration)
	const password = "maya-password-1"
	outcome, err := m.ConnectWithPassword(t.Context(), workspace, "fake", "maya@example.test", "wrong-password-9")
	if err != nil || outcome.Kind != Failed || !strings.Contains(outcome.Sentence, "permission") {
		t.Fatalf("outcome = %+v, %v; want the platform's own reason", outcome, err)
	}
	outcome, err = m.ConnectWithPassword(t.Context(), workspace, "fake", "maya@example.test", password)
	if err != nil || outcome.Kind != Connected {
		t.Fatalf("outcome = %+v, %v", outcome, err)
	}
	m.figures(outcome.ConnectionID)
	if !m.show(outcome.ConnectionID).CanChange {
		t.Error("a platform without scopes has none to withhold")
	}
	clock.Advance(time.Hour)
	f.script("token", answer(401, `{"error":"invalid_grant"}`))
	m.stale(outcome.ConnectionID)
	m.wantState(outcome.ConnectionID, StateNeedsReconnect, ReasonExpired)
	wantInt(t, "password grants", f.calls("token", platform.GrantPassword), 2)
	if request := f.seen("token")[1]; request.form.Get("client_id") != "100" || request.header.Get("Authorization") != "" || request.form.Has("scope") {
		t.Errorf("request = %v", request.form)
	}
	m.wantNowhere(password, "wrong-password-9")
	if _, err := m.StartConnect(t.Context(), workspace, session, "fake", nil); err == nil {
		t.Error("a password platform started a redirect")
	}
}

// wantNowhere searches the database files and the log.
func (m *testMint) wantNowhere(secrets ...string) {
	m.t.Helper()
	places := map[string]string{"log": m.log.String()}
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		content, err := os.ReadFile(m.database + suffix)
		if err == nil {
			places["database"+suffix] = string(content)
		}
	}
	for place, content := range places {
		for _, secret := range secrets {
			for spelling, form := range spellings(secret) {
				if strings.Contains(content, form) {
					m.t.Errorf("the %s holds a secret (%s)", place, spelling)
				}
			}
		}
	}
}

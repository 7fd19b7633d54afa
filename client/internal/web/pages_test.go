package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/suggestion"
)

func unavailable(sentence string) error {
	return &connection.Problem{Kind: connection.ErrUnavailable, Sentence: sentence}
}

func oneState(state connection.PlatformState) func(string) ([]connection.PlatformState, error) {
	return func(string) ([]connection.PlatformState, error) { return []connection.PlatformState{state}, nil }
}

func TestConnectSendsTheBrowserToThePlatform(t *testing.T) {
	var got []string
	s := serve(t, &domain{start: func(workspace, session, platformID string, scopes []string) (string, error) {
		got = append(got, workspace, session, platformID, fmt.Sprint(scopes == nil))
		return "https://ads.example/oauth2/authorize?state=x", nil
	}})
	b := s.browser(t)
	b.post("/platforms/ads/connect", nil).leads(t, "https://ads.example/oauth2/authorize?state=x")
	b.post("/platforms/ads/connect", nil).leads(t, "https://ads.example/oauth2/authorize?state=x")
	if len(got) != 8 || got[0] == "" || got[1] == "" || !slices.Equal(got[:4], got[4:]) || got[2] != "ads" || got[3] != "true" {
		t.Errorf("two presses of one browser reach the domain as %q", got)
	}
	other := s.browser(t)
	other.post("/platforms/ads/connect", nil)
	if got[8] == got[0] || got[9] == got[1] {
		t.Error("two browsers share workspace or session")
	}
}

func TestAPlatformThatIsDownIsSaidWithARetryAndOthersWork(t *testing.T) {
	s := serve(t, &domain{
		start: func(_, _, id string, _ []string) (string, error) {
			if id == "more" {
				return "https://more.example:8443/authorize", nil
			}
			return "", unavailable("Ads cannot be reached at the moment. Nothing was connected.")
		},
		overview: oneState(connection.PlatformState{PlatformID: "ads", Title: "Ads", State: connection.StateNotConnected}),
	})
	b := s.browser(t)
	b.post("/platforms/ads/connect", nil).leads(t, "/")
	page := b.get("/")
	if got := page.roleText("alert"); got != "Ads cannot be reached at the moment. Nothing was connected." {
		t.Errorf("alert %q", got)
	}
	page.says(t, 200, `<form method="post" action="/platforms/ads/connect">`, "Try again</button>")
	if again := b.get("/").roleText("alert"); again != "" {
		t.Errorf("the notice is shown twice: %q", again)
	}
	b.post("/platforms/more/connect", nil).leads(t, "https://more.example:8443/authorize")
	b.post("/platforms/none/connect", nil).leads(t, "/")
}

func TestCallbackPageHandsNothingOverByItself(t *testing.T) {
	finished := 0
	b := serve(t, &domain{finish: func(string, string, connection.Callback) (connection.Outcome, error) {
		finished++
		return connection.Outcome{Kind: connection.Connected, ConnectionID: "k-1"}, nil
	}}).browser(t)
	page := b.get("/oauth/callback?code=c%22d&state=s&iss=https%3A%2F%2Fads.example")
	page.says(t, 200, "<h1>One moment</h1>", `data-csrf="`+b.token()+`"`, `<script src="/static/relay.js?v=`,
		`<input type="hidden" name="query" value="code=c%22d&amp;state=s&amp;iss=https%3A%2F%2Fads.example">`, `Continue</button>`)
	if finished != 0 {
		t.Errorf("a GET finished the flow %d times", finished)
	}
	b.get("/oauth/callback").leads(t, "/oauth/used")
}

func TestCallbackIsRelayedOnce(t *testing.T) {
	var got []connection.Callback
	connected := false
	d := &domain{
		finish: func(_, _ string, callback connection.Callback) (connection.Outcome, error) {
			got = append(got, callback)
			if connected {
				return connection.Outcome{Kind: connection.AlreadyUsed, PlatformID: "ads", ConnectionID: "k-1", Sentence: "This link was already used."}, nil
			}
			connected = true
			return connection.Outcome{Kind: connection.Connected, PlatformID: "ads", Title: "Ads", ConnectionID: "k-1", Sentence: "Ads is connected."}, nil
		},
		overview: func(string) ([]connection.PlatformState, error) {
			state := connection.PlatformState{PlatformID: "ads", Title: "Ads", State: connection.StateNotConnected}
			if connected {
				state.State, state.Connection = connection.StateConnected, &connection.Connection{ID: "k-1"}
			}
			return []connection.PlatformState{state}, nil
		},
		connection: func(_, id string) (connection.Connection, error) {
			return connection.Connection{ID: id, PlatformID: "ads", Title: "Ads", State: connection.StateConnected}, nil
		},
		campaigns: func(string, string) (connection.Snapshot, error) { return connection.Snapshot{AsOf: noon}, nil },
	}
	b := serve(t, d).browser(t)
	b.get("/oauth/used").says(t, 200, "<h1>This link was already used</h1>", "Nothing was connected by it this time", `href="/"`)

	const relay = `{"query":"code=c&state=s&iss=i&x=1"}`
	first := b.send(http.MethodPost, "/api/oauth/callback", relay)
	if want := `{"outcome":"connected","platform":"ads","connection_id":"k-1","message":"Ads is connected.","location":"/connections/k-1"}`; first.body != want {
		t.Errorf("relay answered %s, want %s", first.body, want)
	}
	if diff := cmp.Diff(connection.Callback{State: "s", Code: "c", Issuer: "i"}, got[0]); diff != "" {
		t.Errorf("the domain got (-want +got):\n%s", diff)
	}
	if status := b.get("/connections/k-1").roleText("status"); status != "Ads is connected." {
		t.Errorf("status %q", status)
	}
	second := b.send(http.MethodPost, "/api/oauth/callback", relay)
	second.says(t, 200, `"outcome":"already_used"`, `"location":"/oauth/used"`)
	used := b.get("/oauth/used")
	used.says(t, 200, "<h1>This link was already used</h1>", `<a class="button primary" href="/connections/k-1">Open Ads</a>`)
	if used.roleText("alert") != "" {
		t.Error("the page of a used link alarms")
	}
	b.post("/oauth/callback", url.Values{"query": {"code=c&state=s"}}).leads(t, "/oauth/used")
	asked := len(got)
	b.post("/oauth/callback", nil).leads(t, "/oauth/used")
	if len(got) != asked {
		t.Error("an empty answer reached the domain")
	}
}

func TestDenyAndFailureLeadHomeWithAWayToTryAgain(t *testing.T) {
	outcome := connection.Outcome{Kind: connection.Denied, PlatformID: "ads", Title: "Ads", Sentence: "Ads was not connected: you declined."}
	b := serve(t, &domain{
		finish:   func(string, string, connection.Callback) (connection.Outcome, error) { return outcome, nil },
		overview: oneState(connection.PlatformState{PlatformID: "ads", Title: "Ads", State: connection.StateNotConnected}),
	}).browser(t)
	for _, tt := range []struct {
		why  string
		next connection.Outcome
	}{
		{"denied", outcome},
		{"exchange failed", connection.Outcome{Kind: connection.Failed, PlatformID: "ads", Title: "Ads", Sentence: "Ads was not connected. Please try again."}},
	} {
		outcome = tt.next
		b.send(http.MethodPost, "/api/oauth/callback", `{"query":"error=access_denied&state=s"}`).says(t, 200, `"outcome":"`+string(tt.next.Kind)+`"`, `"location":"/"`)
		page := b.get("/")
		page.says(t, 200, "Try again</button>", `data-state="not_connected"`, "Connect Ads</button>")
		if got := page.roleText("alert"); got != tt.next.Sentence {
			t.Errorf("%s: alert %q", tt.why, got)
		}
		b.post("/oauth/callback", url.Values{"query": {"error=access_denied&state=s"}}).leads(t, "/")
		if got := b.get("/").roleText("alert"); got != tt.next.Sentence {
			t.Errorf("%s, without script: alert %q", tt.why, got)
		}
	}
	b.post("/oauth/callback", url.Values{"query": {"code=%zz"}}).leads(t, "/")
	if got := b.get("/").roleText("alert"); got != "MINT could not read the platform's answer, so nothing was connected. Please try again." {
		t.Errorf("an answer that cannot be read: %q", got)
	}
}

func TestPasswordFormUsesCredentialsOnceAndForgetsThem(t *testing.T) {
	var seen []string
	kind := connection.Failed
	s := serve(t, &domain{password: func(_, id, login string, password platform.Secret) (connection.Outcome, error) {
		seen = append(seen, id, login, password.Reveal())
		return connection.Outcome{Kind: kind, PlatformID: "form", ConnectionID: "k-9", Sentence: "Form Ads was not connected: it refused the login or the password."}, nil
	}})
	b := s.browser(t)
	form := b.get("/platforms/form/password")
	form.says(t, 200, "<h1>Connect Form Ads</h1>", `<label for="login">API login</label>`, `<label for="password">API password</label>`, "less safe", "Connect Form Ads</button>")
	fields := url.Values{"login": {"maya"}, "password": {"s3cret & more"}}
	b.post("/platforms/form/password", fields).leads(t, "/platforms/form/password")
	if want := []string{"form", "maya", "s3cret & more"}; !slices.Equal(seen, want) {
		t.Errorf("the domain got %q, want %q", seen, want)
	}
	again := b.get("/platforms/form/password")
	if got := again.roleText("alert"); got != "Form Ads was not connected: it refused the login or the password." {
		t.Errorf("alert %q", got)
	}
	for _, place := range []string{again.body, s.log.String()} {
		if strings.Contains(place, "s3cret") {
			t.Errorf("the password is kept: %s", place)
		}
	}
	for _, row := range s.sessions.rows {
		if strings.Contains(string(row), "s3cret") || strings.Contains(string(row), "maya") {
			t.Errorf("the session keeps credentials: %s", row)
		}
	}
	b.post("/platforms/form/password", url.Values{"login": {"maya"}}).leads(t, "/platforms/form/password")
	if got := b.get("/platforms/form/password").roleText("alert"); got != "Please enter both the API login and the API password." || len(seen) != 3 {
		t.Errorf("an empty field: %q after %d calls", got, len(seen)/3)
	}
	kind = connection.Connected
	b.post("/platforms/form/password", fields).leads(t, "/connections/k-9")
	for _, id := range []string{"ads", "none"} {
		b.get("/platforms/"+id+"/password").says(t, 404)
		b.post("/platforms/"+id+"/password", fields).says(t, 404)
	}
}

// theirs is a domain with one connection, which belongs to one workspace.
func theirs(owner *string) *domain {
	mine := func(workspace string) error {
		if workspace != *owner {
			return errNotFound
		}
		return nil
	}
	return &domain{
		connection: func(w, id string) (connection.Connection, error) {
			return connection.Connection{ID: id, PlatformID: "ads", Title: "Ads", State: connection.StateConnected, CanChange: true}, mine(w)
		},
		campaigns: func(w, _ string) (connection.Snapshot, error) { return connection.Snapshot{AsOf: noon}, mine(w) },
		suggestions: func(w, _ string) ([]connection.Suggestion, error) {
			return []connection.Suggestion{{Suggestion: suggestion.Suggestion{ID: "s-1", CampaignID: "c-1", Title: "Pause it"}, Status: "open"}}, mine(w)
		},
		refresh: func(w, id string) (connection.Connection, error) { return connection.Connection{ID: id}, mine(w) },
		disconnect: func(w, _ string) (connection.DisconnectOutcome, error) {
			return connection.DisconnectOutcome{Revoked: true, Sentence: "Ads is disconnected."}, mine(w)
		},
		apply: func(w, _, _ string) (connection.ApplyOutcome, error) {
			return connection.ApplyOutcome{Applied: true, Sentence: "Done: it is paused."}, mine(w)
		},
		dismiss: func(w, _, id string) (connection.Suggestion, error) {
			return connection.Suggestion{Suggestion: suggestion.Suggestion{ID: id, Title: "Pause it"}, Status: "dismissed"}, mine(w)
		},
		start: func(w, _, _ string, _ []string) (string, error) { *owner = w; return "https://ads.example/", nil },
	}
}

func TestAnotherBrowsersConnectionIsNotFound(t *testing.T) {
	var owner string
	s := serve(t, theirs(&owner))
	maya, stranger := s.browser(t), s.browser(t)
	maya.post("/platforms/ads/connect", nil)
	stranger.get("/")
	gets := []string{"/connections/k-1", "/api/connections/k-1", "/api/connections/k-1/campaigns", "/api/connections/k-1/suggestions"}
	posts := []string{"/connections/k-1/disconnect", "/connections/k-1/suggestions/s-1/apply", "/connections/k-1/suggestions/s-1/dismiss"}
	writes := []string{"/api/connections/k-1/refresh", "/api/connections/k-1/disconnect", "/api/connections/k-1/suggestions/s-1/apply", "/api/connections/k-1/suggestions/s-1/dismiss"}
	for _, who := range []struct {
		browser *browser
		mine    bool
	}{{maya, true}, {stranger, false}} {
		check := func(path string, got answer, fine int) {
			t.Helper()
			want := 404
			if who.mine {
				want = fine
			}
			if got.status != want {
				t.Errorf("%s, own %v: %d, want %d: %s", path, who.mine, got.status, want, got.body)
			}
		}
		for _, path := range gets {
			check(path, who.browser.get(path), 200)
		}
		for _, path := range posts {
			check(path, who.browser.post(path, nil), 303)
		}
		for _, path := range writes {
			check(path, who.browser.send(http.MethodPost, path, ""), 200)
		}
	}
}

func TestSuggestionsAreAppliedAndDismissedByAPress(t *testing.T) {
	var owner string
	d := theirs(&owner)
	b := serve(t, d).browser(t)
	b.post("/platforms/ads/connect", nil)
	b.post("/connections/k-1/suggestions/s-1/apply", nil).leads(t, "/connections/k-1")
	if got := b.get("/connections/k-1").roleText("status"); got != "Done: it is paused." {
		t.Errorf("status %q", got)
	}
	b.post("/connections/k-1/suggestions/s-1/dismiss", nil).leads(t, "/connections/k-1")
	if got := b.get("/connections/k-1").roleText("status"); got != "Dismissed: Pause it. Nothing was changed." {
		t.Errorf("status %q", got)
	}
	d.apply = func(string, string, string) (connection.ApplyOutcome, error) {
		return connection.ApplyOutcome{}, &connection.Problem{Kind: connection.ErrRefused, Sentence: "Ads refused the change; nothing was changed."}
	}
	b.post("/connections/k-1/suggestions/s-1/apply", nil).leads(t, "/connections/k-1")
	if got := b.get("/connections/k-1").roleText("alert"); got != "Ads refused the change; nothing was changed." {
		t.Errorf("alert %q", got)
	}
	b.post("/connections/k-1/disconnect", nil).leads(t, "/")
	if got := b.get("/").roleText("status"); got != "Ads is disconnected." {
		t.Errorf("status %q", got)
	}
}

func TestThePageOfALostConnectionShowsOldFiguresAndReconnect(t *testing.T) {
	asked := 0
	d := &domain{
		connection: func(string, string) (connection.Connection, error) {
			state := connection.StateConnected
			if asked > 0 { // the platform's refusal is noticed while figures are fetched
				state = connection.StateNeedsReconnect
			}
			return connection.Connection{ID: "k-1", PlatformID: "ads", Title: "Ads", State: state, Since: noon, CanChange: true}, nil
		},
		campaigns: func(string, string) (connection.Snapshot, error) {
			asked++
			return connection.Snapshot{AsOf: noon.AddDate(0, 0, -3), Stale: true, Problem: "Ads asks you to reconnect."}, nil
		},
	}
	b := serve(t, d).browser(t)
	page := b.get("/connections/k-1")
	page.says(t, 200, `data-state="needs_reconnect"`, "Older figures, as of <time datetime=\"2026-11-11T12:00:00Z\">11 November 2026, 12:00 UTC</time>", "Reconnect Ads</button>")
	if got := page.roleText("alert"); got != "Ads asks you to reconnect." {
		t.Errorf("alert %q", got)
	}
	d.campaigns = func(string, string) (connection.Snapshot, error) {
		return connection.Snapshot{}, &connection.Problem{Kind: connection.ErrNeedsReconnect, Sentence: "x"}
	}
	b.get("/connections/k-1").says(t, 200, "data-no-figures", "Reconnect Ads</button>")
}

func TestApplicationAccount(t *testing.T) {
	app := connection.Application{ClientID: "id", Name: "MINT", Website: "https://mint.example", Description: "Old.", RedirectURIs: []string{"https://mint.example/cb"}}
	var down error
	d := &domain{
		application: func(string) (connection.Application, error) { return app, down },
		update: func(_ string, change connection.ApplicationChange) (connection.Application, error) {
			if *change.Description == "no" {
				return app, &connection.Problem{Kind: connection.ErrRefused, Sentence: "More Ads refused this description."}
			}
			app.Description, app.RedirectURIs = *change.Description, change.RedirectURIs
			return app, nil
		},
	}
	b := serve(t, d).browser(t)
	b.get("/applications/more").says(t, 200, "<h1>MINT&#39;s own account at More Ads</h1>", `<dd data-field="description">Old.</dd>`)
	b.post("/applications/more", url.Values{"description": {"New <b>."}, "redirect_uri": {"https://mint.example/cb\r\nhttps://mint.example/two"}}).leads(t, "/applications/more")
	saved := b.get("/applications/more")
	saved.says(t, 200, `<dd data-field="description">New &lt;b&gt;.</dd>`, "<code data-field=\"redirect_uri\">https://mint.example/two</code>")
	if got := saved.roleText("status"); got != "Saved. More Ads now knows MINT like this." {
		t.Errorf("status %q", got)
	}
	b.post("/applications/more", url.Values{"description": {"Newer."}, "redirect_uri": {"/cb"}}).says(t, 422, `data-error-for="redirect_uri"`, "Newer.</textarea>")
	refused := b.post("/applications/more", url.Values{"description": {"no"}, "redirect_uri": {"https://mint.example/cb"}})
	refused.says(t, 422, ">no</textarea>")
	if got := refused.roleText("alert"); got != "More Ads refused this description." {
		t.Errorf("alert %q", got)
	}
	down = unavailable("More Ads cannot be reached at the moment.")
	off := b.get("/applications/more")
	off.says(t, 200, "Try again</a>")
	if got := off.roleText("alert"); got != "More Ads cannot be reached at the moment." {
		t.Errorf("alert %q", got)
	}
	b.get("/applications/ads").says(t, 404)
}

package page_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/suggestion"
	"github.com/mint-conformance/mint/client/internal/web/page"
	"github.com/mint-conformance/mint/client/internal/web/session"
)

var update = flag.Bool("update", false, "write the golden fragments anew; read the difference before committing it")

var noon = time.Date(2026, 11, 14, 12, 0, 0, 0, time.UTC)

// golden compares the main element of a page with testdata/name.html.
func golden(t *testing.T, name string, page []byte) {
	t.Helper()
	_, after, found := strings.Cut(string(page), "<main")
	if !found {
		t.Fatalf("no main element in %s", page)
	}
	fragment, _, _ := strings.Cut(after, "</main>")
	got := "<main" + fragment + "</main>\n"
	path := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("page %s (-want +got):\n%s", name, diff)
	}
}

func render(t *testing.T, name page.Name, view any) []byte {
	t.Helper()
	html, err := page.Render(name, view)
	if err != nil {
		t.Fatal(err)
	}
	return html
}

func maya(state connection.State, scopes ...string) connection.Connection {
	return connection.Connection{
		ID: "k-1", Workspace: "w-1", PlatformID: "ads", Title: "Ads & Co", State: state, Since: noon.Add(-time.Hour),
		Account: "maya-ads", AccountName: "Maya Okafor", Scopes: scopes, CanChange: len(scopes) != 1, Renewable: true,
		ConnectedAt: noon.Add(-time.Hour),
	}
}

func TestOverviewTellsEveryStateInWords(t *testing.T) {
	lost := maya(connection.StateNeedsReconnect, "ads.read", "ads.write")
	ended := maya(connection.StateDisconnected)
	good := maya(connection.StateConnected, "ads.read", "ads.write")
	shaky := maya(connection.StateDegraded, "ads.read", "ads.write")
	states := []connection.PlatformState{
		{PlatformID: "new", Title: "New Ads", State: connection.StateNotConnected},
		{PlatformID: "form", Title: "Form Ads", State: connection.StateNotConnected, PasswordForm: true},
		{PlatformID: "good", Title: "Good Ads", State: connection.StateConnected, Since: good.Since, Connection: &good, ApplicationAccount: true},
		{PlatformID: "shaky", Title: "Shaky Ads", State: connection.StateDegraded, Reason: connection.ReasonUnreachable, Since: noon, Connection: &shaky},
		{PlatformID: "lost", Title: "Lost Ads", State: connection.StateNeedsReconnect, Reason: connection.ReasonRevoked, Since: noon,
			Explanation: "Lost Ads no longer lets MINT in: the access was withdrawn.", Connection: &lost},
		{PlatformID: "ended", Title: "Ended Ads", State: connection.StateDisconnected, Since: noon, Connection: &ended,
			Explanation: "You disconnected Ended Ads on 14 November 2026, 12:00 UTC."},
		{PlatformID: "off", Title: "Off <Ads>", State: connection.StateUnavailable, Reason: connection.ReasonUnreachable, Since: noon,
			Explanation: "Off Ads cannot be reached at the moment."},
		{PlatformID: "sealed", Title: "Sealed Ads", State: connection.StateUnreadable, Since: noon, Connection: &lost},
	}
	kept := &session.Notice{Problem: true, Text: "New Ads was not connected: you declined.", Platform: "new"}
	golden(t, "overview", render(t, page.Overview, page.NewOverview(page.Frame{CSRF: "TOKEN"}, states, kept)))
}

func TestOverviewWithoutPlatformsSaysWhatToDo(t *testing.T) {
	html := string(render(t, page.Overview, page.NewOverview(page.Frame{}, nil, nil)))
	if !strings.Contains(html, "--integrations FILE") {
		t.Error("an empty list does not say how to fill it")
	}
}

func snapshot(stale bool) *connection.Snapshot {
	figures := connection.CampaignFigures{
		Campaign: platform.Campaign{ID: "c-101", Name: "Spring <sale>", Status: "active", DailyBudgetCents: 12000, Currency: "EUR"},
		Days: []platform.Day{
			{Date: "2026-11-13", Impressions: 900, Clicks: 40, SpendCents: 11800},
			{Date: "2026-11-14", Impressions: 1000, Clicks: 60, SpendCents: 12000},
		},
	}
	idle := connection.CampaignFigures{Campaign: platform.Campaign{ID: "c-102", Name: "Winter coats", Status: "paused", DailyBudgetCents: 1234500, Currency: "EUR"},
		Days: []platform.Day{{Date: "2026-11-13"}, {Date: "not a date", SpendCents: 1}}}
	s := &connection.Snapshot{AsOf: noon, Campaigns: []connection.CampaignFigures{figures, idle}}
	if stale {
		s.Stale, s.Problem = true, "Fresh figures could not be fetched."
	}
	return s
}

func suggestions(blocked string) []connection.Suggestion {
	return []connection.Suggestion{
		{Suggestion: suggestion.Suggestion{ID: "s-1", CampaignID: "c-101", Title: "Pause Spring <sale>", Reason: "It costs much."}, Status: connection.SuggestionOpen, Blocked: blocked},
		{Suggestion: suggestion.Suggestion{ID: "s-2", CampaignID: "c-102", Title: "Resume Winter coats", Reason: "It was good."}, Status: connection.SuggestionApplied, DecidedAt: noon},
		{Suggestion: suggestion.Suggestion{ID: "s-3", CampaignID: "c-102", Title: "Raise Winter coats", Reason: "It was good."}, Status: connection.SuggestionDismissed, DecidedAt: noon},
	}
}

func TestConnectionPage(t *testing.T) {
	platform := connection.PlatformState{PlatformID: "ads", Title: "Ads & Co"}
	form := connection.PlatformState{PlatformID: "ads", Title: "Ads & Co", PasswordForm: true}
	for _, tt := range []struct {
		name    string
		account page.Account
	}{
		{"connected", page.Account{Connection: maya(connection.StateConnected, "ads.read", "ads.write"), Platform: platform, Snapshot: snapshot(false), Suggestions: suggestions("")}},
		{"read-only", page.Account{Connection: maya(connection.StateConnected, "ads.read"), Platform: platform, Snapshot: snapshot(false),
			Suggestions: suggestions("You allowed MINT to read only.")}},
		{"old-figures", page.Account{Connection: maya(connection.StateNeedsReconnect, "ads.read", "ads.write"), Platform: platform, Snapshot: snapshot(true)}},
		{"degraded-form", page.Account{Connection: maya(connection.StateDegraded), Platform: form, Snapshot: snapshot(true)}},
		{"disconnected", page.Account{Connection: maya(connection.StateDisconnected), Platform: platform}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.account.Today = noon
			golden(t, "connection-"+tt.name, render(t, page.Connection, page.NewConnection(page.Frame{CSRF: "TOKEN"}, tt.account)))
		})
	}
}

func TestWhatIsKnownOfTheAccessIsSaid(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*connection.Connection)
		want   string
	}{
		{"renewable, never renewed", func(*connection.Connection) {}, "MINT renews it by itself when it is due."},
		{"renewed", func(c *connection.Connection) { c.RefreshedAt = noon }, "MINT renews it by itself; last on 14 November 2026, 12:00 UTC."},
		{"held back", func(c *connection.Connection) { c.RetryAt = noon.Add(time.Minute) }, "MINT tries to renew it again on 14 November 2026, 12:01 UTC."},
		{"held back until now", func(c *connection.Connection) { c.RetryAt = noon }, "MINT renews it by itself when it is due."},
		{"not renewable", func(c *connection.Connection) { c.Renewable, c.AccessExpiresAt = false, noon }, "Ends on 14 November 2026, 12:00 UTC; this platform gives no means to renew it."},
		{"gone", func(c *connection.Connection) { c.State = connection.StateNeedsReconnect }, ""},
	} {
		c := maya(connection.StateConnected)
		tt.change(&c)
		if got := page.NewConnection(page.Frame{}, page.Account{Connection: c, Today: noon}).Access; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.why, got, tt.want)
		}
	}
}

func TestApplicationFormNamesFaultsAtTheirField(t *testing.T) {
	for _, tt := range []struct {
		why                      string
		form                     page.ApplicationForm
		description, redirectURI string
	}{
		{"right", page.ApplicationForm{Description: "x", RedirectURI: "https://a.example/cb\n\n http://127.0.0.1:9500/cb \n"}, "", ""},
		{"none", page.ApplicationForm{RedirectURI: " \n"}, "", "Please enter at least one redirect URI."},
		{"relative", page.ApplicationForm{RedirectURI: "/cb"}, "", "“/cb” is not a whole address. It has to begin with https:// and name a host."},
		{"fragment", page.ApplicationForm{RedirectURI: "https://a.example/cb#x"}, "", "“https://a.example/cb#x” has a part after #, which a redirect URI must not have."},
		{"long", page.ApplicationForm{Description: strings.Repeat("ä", 1001), RedirectURI: "https://a.example"}, "Please use at most 1000 characters.", ""},
		{"many", page.ApplicationForm{RedirectURI: strings.Repeat("https://a.example\n", 21)}, "", "Please enter at most 20 redirect URIs."},
	} {
		description, redirectURI := tt.form.Faults()
		if description != tt.description || redirectURI != tt.redirectURI {
			t.Errorf("%s: %q, %q; want %q, %q", tt.why, description, redirectURI, tt.description, tt.redirectURI)
		}
	}
	view := page.NewApplication(page.Frame{CSRF: "TOKEN"}, "ads", "Ads & Co", platform.Application{
		ClientID: "id-1", Name: "MINT", Website: "https://mint.example", Description: "Old.", RedirectURIs: []string{"https://mint.example/cb"},
	}).WithInput(page.ApplicationForm{Description: "New.", RedirectURI: "/cb"})
	golden(t, "application-fault", render(t, page.Application, view))
}

func TestAssetsAreVersionedAndNothingIsForeign(t *testing.T) {
	css := page.Assets()["mint.css"]
	if css.ContentType != "text/css; charset=utf-8" || len(css.Version) != 12 {
		t.Errorf("mint.css is %s version %q", css.ContentType, css.Version)
	}
	html := string(render(t, page.Overview, page.NewOverview(page.Frame{}, nil, nil)))
	if want := `<link rel="stylesheet" href="/static/mint.css?v=` + css.Version + `">`; !strings.Contains(html, want) {
		t.Errorf("the page lacks %s", want)
	}
	for name, asset := range page.Assets() {
		content := strings.ReplaceAll(string(asset.Content), "http://www.w3.org/2000/svg", "")
		for _, foreign := range []string{"http://", "https://", "url(", "@import", "innerHTML", "eval("} {
			if strings.Contains(content, foreign) {
				t.Errorf("%s holds %q", name, foreign)
			}
		}
	}
}

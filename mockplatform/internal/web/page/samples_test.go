package page_test

import (
	"testing"

	"github.com/mint-conformance/mint/mockplatform/internal/web/page"
)

// samples draws every page with everything on it.
func samples(t testing.TB, pages *page.Pages, profile, title string) map[string]page.View {
	t.Helper()
	frame := page.Frame{
		Platform: page.Platform{
			Title: title, Summary: "Campaigns, budgets and daily figures of an invented advertising platform.",
			Home: "/p/", LogoutURL: "/p/logout", Theme: pages.Theme(profile),
			Doors: []page.Door{{Name: "Connected applications", URL: "/p/connected"}, {Name: "Developers", URL: "/p/developers"}},
		},
		CSRF: "csrf-value",
	}
	with := func(change func(*page.Frame)) page.Frame { f := frame; change(&f); return f }
	scopes := []page.Scope{
		{Name: "ads.read", Text: "your campaigns, their budgets and daily figures"},
		{Name: "ads.write", Text: "campaign budgets and status", Changes: true},
	}
	mint := page.Application{
		ClientID: "mint-web", Name: "MINT", Website: "https://mint.example",
		Scopes: []string{scopes[0].Text, scopes[1].Text}, Since: "21 November 2026", SinceISO: "2026-11-21T09:00:00Z",
	}
	viewer := append([]page.Scope(nil), scopes...)
	viewer[1].Refusal = "Your role is viewer: you may look at this account, not change it."
	people := []page.Person{{Key: "maya", Name: "Maya Okafor"}, {Key: "victor", Name: "Victor Lindqvist"}}
	members := []page.Member{{Name: "code", Value: "Zk3vQ1mXb8tN5sYw", Label: "Code"}, {Name: "state", Value: "s1", Label: "State"}}
	return map[string]page.View{
		"login": &page.Login{
			Frame: with(func(f *page.Frame) {
				f.Heading, f.Transaction, f.Alert = "Log in to "+title, true, "The username or password is not right."
			}),
			Action: "/p/login?client_id=mint-web&state=x", Username: "maya@example.test", Asking: "MINT",
			Ways: []string{"password", "one_click", "sso_stub"}, People: people,
		},
		"identity": &page.Identity{
			Frame:  with(func(f *page.Frame) { f.Heading, f.Transaction = "Example Identity", true }),
			Action: "/p/sso?a=b", People: people,
		},
		"deliver-form": &page.Deliver{
			Frame: with(func(f *page.Frame) { f.Heading, f.Transaction = "Back to MINT", true }), Asking: "MINT",
			Members: members, Action: "https://mint.example/callback?tenant=7",
		},
		"deliver-message": &page.Deliver{
			Frame: with(func(f *page.Frame) { f.Heading, f.Transaction = "Back to MINT", true }), Asking: "MINT",
			Origin: "https://mint.example", Message: `{"code":"c","state":"s"}`,
		},
		"deliver-manual": &page.Deliver{
			Frame: with(func(f *page.Frame) { f.Heading, f.Transaction = "Copy this to MINT", true }), Asking: "MINT", Members: members,
		},
		"permission": &page.Message{
			Frame: with(func(f *page.Frame) {
				f.Heading, f.Transaction, f.Alert = "Permission missing", true, "Nora Brandt has no permission."
			}),
			Leave: page.Door{Name: "Back to MINT", URL: "/p/consent?a=b"},
		},
		"consent": &page.Consent{
			Frame: with(func(f *page.Frame) {
				f.Heading, f.Transaction, f.Person = "MINT asks for access to your "+title+" account", true, "Maya Okafor"
			}),
			Action: "/p/consent?a=b", SwitchAction: "/p/logout?a=b", Client: mint, Scopes: scopes,
		},
		"consent-viewer": &page.Consent{
			Frame: with(func(f *page.Frame) {
				f.Heading, f.Transaction, f.Person = "MINT asks for access to your "+title+" account", true, "Victor Lindqvist"
			}),
			Action: "/p/consent?a=b", SwitchAction: "/p/logout?a=b", Client: mint, Scopes: viewer, Selectable: true,
		},
		"error": &page.Message{
			Frame: with(func(f *page.Frame) {
				f.Heading, f.Alert = "This link does not work", "The application that sent you here is not registered at "+title+"."
			}),
			Paragraphs: []string{"Nothing was shared. Please go back to the application and start again."},
			Ways:       []page.Door{{Name: "To the start page of " + title, URL: "/p/"}},
			Detail:     "invalid_request: client_id \"nobody\" is unknown",
		},
		"connected": &page.Connected{
			Frame: with(func(f *page.Frame) {
				f.Heading, f.Here, f.Person, f.Status = "Connected applications", "Connected applications", "Maya Okafor", "Demo Reports may no longer use your account."
			}),
			Action:       "/p/connected",
			Applications: []page.Application{mint, {ClientID: "x", Name: "Demo Reports", Scopes: []string{scopes[0].Text}, Since: "1 June 2026", SinceISO: "2026-06-01T00:00:00Z"}},
		},
		"developers": &page.Developers{
			Frame: with(func(f *page.Frame) {
				f.Heading, f.Here, f.Alert = "Register an application", "Developers", "Nothing was registered yet: one field needs a change."
			}),
			Action: "/p/developers",
			Fields: []page.Field{
				{Name: "name", Label: "Application name", Type: "text", Value: "Demo Reports", Required: true, Limit: 80, Hint: "Customers see it when they are asked for consent."},
				{Name: "website", Label: "Application website", Type: "url", Value: "https://reports.example", Required: true, Limit: 300},
				{Name: "redirect_uri", Label: "Redirect URI", Type: "url", Value: "/callback", Required: true, Limit: 300, Error: "The redirect URI must be absolute, for example https://app.example/callback."},
				{Name: "description", Label: "Description", Long: true, Limit: 500, Hint: "Optional."},
			},
		},
		"registered": &page.Registered{
			Frame: with(func(f *page.Frame) {
				f.Heading, f.Here, f.Status = "Demo Reports is registered", "Developers", "Copy both values now."
			}),
			ClientID: "app-7f3k2m9q", ClientSecret: "Zk3vQ1mXb8tN5sYw0LrCqPqT", RedirectURI: "https://reports.example/callback", Again: "/p/developers",
		},
		"landing": &page.Landing{
			Frame: with(func(f *page.Frame) { f.Heading = title }),
			Doors: []page.Door{
				{Name: "Connected applications", Says: "See who may use your account, and withdraw it.", URL: "/p/connected"},
				{Name: "Developers", Says: "Register an application.", URL: "/p/developers"},
				{Name: "Metadata", Says: "Endpoints for machines (RFC 8414).", URL: "/.well-known/oauth-authorization-server/p"},
			},
			Customers: []page.Customer{
				{Name: "Maya Okafor", Username: "maya@example.test", Password: "maya-password-1", May: "read and change"},
				{Name: "Victor Lindqvist", Username: "victor@example.test", Password: "victor-password-1", May: "read"},
			},
		},
		"hosted": &page.Hosted{
			Frame: with(func(f *page.Frame) {
				f.Heading, f.Platform.Title, f.Platform.Doors = "Platforms on this address", "mockplatform", nil
			}),
			Doors: []page.Door{{Name: "Mint Ads", Says: "Code grant.", URL: "/mint/", Path: "/mint", Mark: pages.Theme("mint").Mark}},
		},
	}
}

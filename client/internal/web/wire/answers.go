package wire

import (
	"time"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/platform"
)

// Error is every refusal of the API.
type Error struct {
	// Code is one word for programs: not_found, needs_reconnect,
	// forbidden_scope, throttled, unavailable, refused, unreadable, unclear,
	// invalid_request, forbidden, too_large, method_not_allowed, internal.
	Code string `json:"error"`
	// Message is one sentence for people.
	Message string    `json:"message"`
	RetryAt time.Time `json:"retry_at,omitzero"`
}

// Session tells a script what it needs for POSTs.
type Session struct {
	CSRFToken string `json:"csrf_token"`
}

// Health says that MINT serves.
type Health struct {
	Status string `json:"status"`
}

// Platforms is the answer of GET /api/platforms.
type Platforms struct {
	Platforms []Platform `json:"platforms"`
}

// Platform is one integration with the state of this browser's connection.
type Platform struct {
	ID          string    `json:"id"`
	Title       string    `json:"title"`
	State       string    `json:"state"`
	Reason      string    `json:"reason,omitempty"`
	Explanation string    `json:"explanation,omitempty"`
	Since       time.Time `json:"since,omitzero"`
	// Connect is "redirect" or "password".
	Connect            string `json:"connect"`
	ApplicationAccount bool   `json:"application_account"`
	ConnectionID       string `json:"connection_id,omitempty"`
}

// NewPlatforms builds the answer.
func NewPlatforms(states []connection.PlatformState) Platforms {
	out := Platforms{Platforms: make([]Platform, 0, len(states))}
	for _, s := range states {
		p := Platform{ID: s.PlatformID, Title: s.Title, State: string(s.State), Reason: string(s.Reason),
			Explanation: s.Explanation, Since: utc(s.Since), Connect: "redirect", ApplicationAccount: s.ApplicationAccount}
		if s.PasswordForm {
			p.Connect = "password"
		}
		if s.Connection != nil {
			p.ConnectionID = s.Connection.ID
		}
		out.Platforms = append(out.Platforms, p)
	}
	return out
}

// Connections is the answer of GET /api/connections.
type Connections struct {
	Connections []Connection `json:"connections"`
}

// Connection is what a person may know of one connection.
type Connection struct {
	ID              string    `json:"id"`
	Platform        string    `json:"platform"`
	Title           string    `json:"title"`
	State           string    `json:"state"`
	Reason          string    `json:"reason,omitempty"`
	Explanation     string    `json:"explanation,omitempty"`
	Since           time.Time `json:"since,omitzero"`
	Account         string    `json:"account,omitempty"`
	AccountName     string    `json:"account_name,omitempty"`
	Scopes          []string  `json:"scopes"`
	CanChange       bool      `json:"can_change"`
	Renewable       bool      `json:"renewable"`
	ConnectedAt     time.Time `json:"connected_at,omitzero"`
	RefreshedAt     time.Time `json:"refreshed_at,omitzero"`
	AccessExpiresAt time.Time `json:"access_expires_at,omitzero"`
	RetryAt         time.Time `json:"retry_at,omitzero"`
	AsOf            time.Time `json:"as_of,omitzero"`
	Version         int64     `json:"version"`
}

// NewConnection builds the answer. The workspace stays inside: it is the key
// to everything that belongs to one browser.
func NewConnection(c connection.Connection) Connection {
	return Connection{
		ID: c.ID, Platform: c.PlatformID, Title: c.Title, State: string(c.State), Reason: string(c.Reason),
		Explanation: c.Explanation, Since: utc(c.Since), Account: c.Account, AccountName: c.AccountName,
		Scopes: append([]string{}, c.Scopes...), CanChange: c.CanChange, Renewable: c.Renewable,
		ConnectedAt: utc(c.ConnectedAt), RefreshedAt: utc(c.RefreshedAt), AccessExpiresAt: utc(c.AccessExpiresAt),
		RetryAt: utc(c.RetryAt), AsOf: utc(c.AsOf), Version: c.Version,
	}
}

// Snapshot is the figures of one connection.
type Snapshot struct {
	AsOf      time.Time  `json:"as_of,omitzero"`
	Stale     bool       `json:"stale"`
	Problem   string     `json:"problem,omitempty"`
	Campaigns []Campaign `json:"campaigns"`
}

// Campaign is one campaign with its daily figures, oldest day first.
type Campaign struct {
	ID               string    `json:"id"`
	Name             string    `json:"name"`
	Status           string    `json:"status"`
	DailyBudgetCents int64     `json:"daily_budget_cents"`
	Currency         string    `json:"currency"`
	UpdatedAt        time.Time `json:"updated_at,omitzero"`
	SpendCents       int64     `json:"spend_cents"`
	Clicks           int64     `json:"clicks"`
	Days             []Day     `json:"days"`
}

// Day is one day of a campaign.
type Day struct {
	Date        string `json:"date"`
	Impressions int64  `json:"impressions"`
	Clicks      int64  `json:"clicks"`
	SpendCents  int64  `json:"spend_cents"`
}

// NewSnapshot builds the answer.
func NewSnapshot(s connection.Snapshot) Snapshot {
	out := Snapshot{AsOf: utc(s.AsOf), Stale: s.Stale, Problem: s.Problem, Campaigns: make([]Campaign, 0, len(s.Campaigns))}
	for _, f := range s.Campaigns {
		campaign := Campaign{ID: f.Campaign.ID, Name: f.Campaign.Name, Status: f.Campaign.Status,
			DailyBudgetCents: f.Campaign.DailyBudgetCents, Currency: f.Campaign.Currency, UpdatedAt: utc(f.Campaign.UpdatedAt),
			SpendCents: f.SpendCents(), Clicks: f.Clicks(), Days: make([]Day, 0, len(f.Days))}
		for _, d := range f.Days {
			campaign.Days = append(campaign.Days, Day(d))
		}
		out.Campaigns = append(out.Campaigns, campaign)
	}
	return out
}

// Suggestions is the answer of GET /api/connections/{connection}/suggestions.
type Suggestions struct {
	Suggestions []Suggestion `json:"suggestions"`
}

// Suggestion is a proposal and what the customer made of it.
type Suggestion struct {
	ID           string    `json:"id"`
	Kind         string    `json:"kind"`
	CampaignID   string    `json:"campaign_id"`
	CampaignName string    `json:"campaign_name"`
	Title        string    `json:"title"`
	Reason       string    `json:"reason"`
	Status       string    `json:"status"`
	DecidedAt    time.Time `json:"decided_at,omitzero"`
	Blocked      string    `json:"blocked,omitempty"`
}

// NewSuggestion builds one suggestion.
func NewSuggestion(s connection.Suggestion) Suggestion {
	return Suggestion{ID: s.ID, Kind: s.Kind, CampaignID: s.CampaignID, CampaignName: s.CampaignName, Title: s.Title,
		Reason: s.Reason, Status: s.Status, DecidedAt: utc(s.DecidedAt), Blocked: s.Blocked}
}

// NewSuggestions builds the answer.
func NewSuggestions(all []connection.Suggestion) Suggestions {
	out := Suggestions{Suggestions: make([]Suggestion, 0, len(all))}
	for _, s := range all {
		out.Suggestions = append(out.Suggestions, NewSuggestion(s))
	}
	return out
}

// Applied is the answer to applying a suggestion.
type Applied struct {
	Suggestion Suggestion `json:"suggestion"`
	Applied    bool       `json:"applied"`
	Already    bool       `json:"already"`
	Message    string     `json:"message"`
}

// Authorization is where a browser has to go to connect.
type Authorization struct {
	AuthorizationURL string `json:"authorization_url"`
}

// Outcome is the end of an attempt to connect.
type Outcome struct {
	// Outcome is connected, denied, already_used or failed.
	Outcome      string `json:"outcome"`
	Platform     string `json:"platform,omitempty"`
	ConnectionID string `json:"connection_id,omitempty"`
	Message      string `json:"message"`
	// Location is the page to show next, a path of MINT.
	Location string `json:"location"`
}

// Disconnected is the answer to disconnecting.
type Disconnected struct {
	Revoked bool   `json:"revoked"`
	Pending bool   `json:"pending"`
	Message string `json:"message"`
}

// Application is MINT's own registration at a platform.
type Application struct {
	ClientID     string   `json:"client_id"`
	Name         string   `json:"name"`
	Website      string   `json:"website"`
	Description  string   `json:"description"`
	RedirectURIs []string `json:"redirect_uris"`
}

// NewApplication builds the answer.
func NewApplication(a platform.Application) Application {
	return Application{ClientID: a.ClientID, Name: a.Name, Website: a.Website, Description: a.Description,
		RedirectURIs: append([]string{}, a.RedirectURIs...)}
}

// utc keeps zero zero and puts everything else into UTC.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC()
}

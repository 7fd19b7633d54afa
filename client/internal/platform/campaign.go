package platform

import "time"

// Statuses of a campaign.
const (
	StatusActive = "active"
	StatusPaused = "paused"
)

// Campaign is one campaign as the advertising API shows it. Money is in
// hundredths of Currency.
type Campaign struct {
	ID               string    `json:"id"`
	Name             string    `json:"name"`
	Status           string    `json:"status"`
	DailyBudgetCents int64     `json:"daily_budget_cents"`
	Currency         string    `json:"currency"`
	UpdatedAt        time.Time `json:"updated_at"`
}

// Day is one day of a campaign's figures. Date is YYYY-MM-DD in the platform's
// own time zone.
type Day struct {
	Date        string `json:"date"`
	Impressions int64  `json:"impressions"`
	Clicks      int64  `json:"clicks"`
	SpendCents  int64  `json:"spend_cents"`
}

// CampaignChange is what MINT may change, one member at a time; nil members
// stay as they are.
type CampaignChange struct {
	Status           *string `json:"status,omitempty"`
	DailyBudgetCents *int64  `json:"daily_budget_cents,omitempty"`
}

// Holds reports whether campaign already is as the change wants it.
func (c CampaignChange) Holds(campaign Campaign) bool {
	if c.Status != nil && campaign.Status != *c.Status {
		return false
	}
	return c.DailyBudgetCents == nil || campaign.DailyBudgetCents == *c.DailyBudgetCents
}

// Account is the answer of /api/me: who consented, and over which account.
type Account struct {
	Username string `json:"username"`
	Name     string `json:"name"`
	Role     string `json:"role"`
	Account  string `json:"account"`
}

// Application is MINT's own registration at a platform, as /api/application
// shows it to a client_credentials token.
type Application struct {
	ClientID     string   `json:"client_id"`
	Name         string   `json:"name"`
	Website      string   `json:"website"`
	Description  string   `json:"description"`
	RedirectURIs []string `json:"redirect_uris"`
}

// ApplicationChange changes the registration; nil members stay as they are.
type ApplicationChange struct {
	Name         *string  `json:"name,omitempty"`
	Website      *string  `json:"website,omitempty"`
	Description  *string  `json:"description,omitempty"`
	RedirectURIs []string `json:"redirect_uris,omitempty"`
}

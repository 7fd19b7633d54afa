// Package ads is the advertising business of a mock Platform: accounts,
// campaigns, daily figures and changes to them. Everything is computed from
// fixtures and the date, so the same day always shows the same figures; there
// is no randomness and no clock in here, callers pass the Platform's time.
package ads

import (
	"errors"
	"time"
)

// Campaign is a campaign as the API shows it.
type Campaign struct {
	ID               string    `json:"id"`
	Name             string    `json:"name"`
	Status           string    `json:"status"` // active, paused
	DailyBudgetCents int64     `json:"daily_budget_cents"`
	Currency         string    `json:"currency"`
	UpdatedAt        time.Time `json:"updated_at"`
}

// The states of a campaign.
const (
	StatusActive = "active"
	StatusPaused = "paused"
)

// Filter selects campaigns for a page.
type Filter struct {
	Status  string // active, paused, or empty for all
	Page    int    // from 1; 0 means 1
	PerPage int    // 1 to 100; 0 means 20
}

// Page is one page of campaigns, ordered by id.
type Page struct {
	Campaigns []Campaign
	Page      int
	PerPage   int
	Total     int  // campaigns that match the filter
	More      bool // there is a next page
}

// Change is an update of a campaign; nil members stay as they are.
type Change struct {
	Status           *string `json:"status,omitempty"`
	DailyBudgetCents *int64  `json:"daily_budget_cents,omitempty"`
}

// Day is one day's figures.
type Day struct {
	Date        string `json:"date"` // 2006-01-02, UTC
	Impressions int64  `json:"impressions"`
	Clicks      int64  `json:"clicks"`
	SpendCents  int64  `json:"spend_cents"`
}

// Metrics are a campaign's figures over a range of days.
type Metrics struct {
	CampaignID string `json:"campaign_id"`
	Currency   string `json:"currency"`
	Days       []Day  `json:"days"`
}

// ErrNotFound answers ids that do not exist in the account asked, other
// customers' ids included.
var ErrNotFound = errors.New("no such campaign in this account")

// ErrKeyReused answers an idempotency key that came with another change before.
var ErrKeyReused = errors.New("this Idempotency-Key was used for another change before")

// FieldError says which parameter or member is wrong and how to mend it.
type FieldError struct{ Field, Problem string }

// Error is one sentence.
func (e *FieldError) Error() string { return e.Field + ": " + e.Problem }

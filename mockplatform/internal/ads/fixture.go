package ads

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Account is a campaign fixture: the campaigns an advertising account begins
// with. It is read once and shared by all Books.
type Account struct {
	Name      string            `yaml:"account"`
	Currency  string            `yaml:"currency"`
	Campaigns []AccountCampaign `yaml:"campaigns"`
}

// AccountCampaign is one campaign of a fixture.
type AccountCampaign struct {
	ID               string `yaml:"id"`
	Name             string `yaml:"name"`
	Status           string `yaml:"status"`
	DailyBudgetCents int64  `yaml:"daily_budget_cents"`
	// Impressions, Clicks and SpendCents are those of an ordinary active day,
	// SpendCents without regard to the budget, which caps it.
	Impressions int64 `yaml:"impressions"`
	Clicks      int64 `yaml:"clicks"`
	SpendCents  int64 `yaml:"spend_cents"`
	// Swing is how far single days stray from that, 0.1 for a tenth.
	Swing float64 `yaml:"swing"`
	// PausedDaysAgo is how many days before the Book's beginning a paused
	// campaign stopped running.
	PausedDaysAgo int `yaml:"paused_days_ago"`
}

// ParseAccount reads a campaign fixture strictly and lists all its faults.
func ParseAccount(doc []byte) (*Account, error) {
	dec := yaml.NewDecoder(bytes.NewReader(doc))
	dec.KnownFields(true)
	var a Account
	if err := dec.Decode(&a); err != nil {
		return nil, fmt.Errorf("campaign account: %w", err)
	}
	return &a, a.check()
}

func (a *Account) check() error {
	var faults []error
	fault := func(field, problem string) { faults = append(faults, &FieldError{Field: field, Problem: problem}) }
	if a.Name == "" {
		fault("account", "is missing: give the account's name")
	}
	if len(a.Currency) != 3 || strings.ToUpper(a.Currency) != a.Currency {
		fault("currency", "write three capital letters, for example EUR")
	}
	seen := map[string]bool{}
	for _, c := range a.Campaigns {
		at := "campaigns." + c.ID
		if c.ID == "" || seen[c.ID] {
			fault("campaigns", fmt.Sprintf("id %q is empty or used twice: give every campaign its own", c.ID))
		}
		seen[c.ID] = true
		if c.Status != StatusActive && c.Status != StatusPaused {
			fault(at+".status", "write active or paused")
		}
		if c.DailyBudgetCents < 1 {
			fault(at+".daily_budget_cents", "must be 1 or more")
		}
		if !(c.Swing >= 0 && c.Swing <= 0.9) {
			fault(at+".swing", "must be 0 to 0.9")
		}
		if c.PausedDaysAgo < 0 || (c.PausedDaysAgo > 0 && c.Status != StatusPaused) {
			fault(at+".paused_days_ago", "is for a paused campaign, and not negative")
		}
		if c.Impressions < 0 || c.Clicks < 0 || c.SpendCents < 0 {
			fault(at+".impressions", "figures must not be negative: see impressions, clicks and spend_cents")
		}
	}
	return errors.Join(faults...)
}

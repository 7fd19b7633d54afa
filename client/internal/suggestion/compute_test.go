package suggestion

import (
	"fmt"
	"testing"
	"time"

	"github.com/mint-conformance/mint/client/internal/platform"
)

// steady makes n days with the same figures.
func steady(n int, impressions, clicks, spend int64) []platform.Day {
	days := make([]platform.Day, n)
	for i := range days {
		days[i] = platform.Day{Date: fmt.Sprintf("2026-11-%02d", i+1), Impressions: impressions, Clicks: clicks, SpendCents: spend}
	}
	return days
}

func campaign(id, status string, budget int64) platform.Campaign {
	return platform.Campaign{ID: id, Name: "Campaign " + id, Status: status, DailyBudgetCents: budget, Currency: "EUR",
		UpdatedAt: time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)}
}

// The policy at its boundaries.
func TestCompute(t *testing.T) {
	ended := append(steady(8, 30000, 1400, 6200), steady(6, 0, 0, 0)...)
	for name, row := range map[string]struct {
		campaign platform.Campaign
		days     []platform.Day
		kind     string // empty: nothing is proposed
	}{
		"wastes money":                   {campaign("a", "active", 20000), steady(14, 96000, 7, 15500), KindPause},
		"wastes money without a click":   {campaign("a", "active", 20000), steady(14, 96000, 0, 15500), KindPause},
		"wastes money, paused already":   {campaign("a", "paused", 20000), steady(14, 96000, 7, 15500), ""},
		"just enough clicks":             {campaign("a", "active", 20000), steady(14, 100000, 100, 15500), ""},
		"just too few clicks":            {campaign("a", "active", 20000), steady(14, 100000, 99, 15500), KindPause},
		"too little money to matter":     {campaign("a", "active", 20000), steady(4, 1000, 0, 1249), ""},
		"just enough money to matter":    {campaign("a", "active", 20000), steady(4, 1000, 0, 1250), KindPause},
		"too few days to judge":          {campaign("a", "active", 20000), steady(2, 96000, 7, 15500), ""},
		"budget used up, does well":      {campaign("a", "active", 8000), steady(14, 38000, 2300, 8000), KindRaise},
		"budget nearly used up":          {campaign("a", "active", 8000), steady(14, 38000, 2300, 7840), KindRaise},
		"budget not used up":             {campaign("a", "active", 8000), steady(14, 38000, 2300, 7839), ""},
		"budget used up, does so-so":     {campaign("a", "active", 8000), steady(14, 38000, 379, 8000), ""},
		"budget used up on six of seven": {campaign("a", "active", 8000), append(steady(13, 38000, 2300, 8000), steady(1, 38000, 2300, 100)...), KindRaise},
		"budget used up on five":         {campaign("a", "active", 8000), append(steady(12, 38000, 2300, 8000), steady(2, 38000, 2300, 100)...), ""},
		"no budget known":                {campaign("a", "active", 0), steady(14, 38000, 2300, 8000), ""},
		"did well, paused":               {campaign("a", "paused", 9000), ended, KindResume},
		"did well, runs":                 {campaign("a", "active", 9000), ended, ""},
		"did so-so, paused":              {campaign("a", "paused", 9000), steady(8, 30000, 299, 6200), ""},
		"long paused":                    {campaign("a", "paused", 9000), steady(14, 0, 0, 0), ""},
		"no figures":                     {campaign("a", "active", 9000), nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			proposals := Compute([]Figures{{row.campaign, row.days}})
			if row.kind == "" {
				if len(proposals) != 0 {
					t.Errorf("proposed %+v, want nothing", proposals)
				}
				return
			}
			if len(proposals) != 1 || proposals[0].Kind != row.kind || proposals[0].Change.Holds(row.campaign) {
				t.Errorf("proposed %+v, want one %s that changes something", proposals, row.kind)
			}
		})
	}
}

// What is said, with the figures it rests on.
func TestWording(t *testing.T) {
	account := []Figures{
		{campaign("waster", "active", 20000), steady(14, 96000, 7, 15500)},
		{campaign("winner", "active", 3333), steady(14, 38000, 2300, 3333)},
		{campaign("rest", "active", 9000), steady(14, 20000, 400, 4000)},
		{campaign("paused", "paused", 9000), steady(8, 30000, 1400, 6200)},
	}
	want := []struct{ title, reason string }{
		{"Pause Campaign waster", "It spent 2,170.00 EUR in 14 days and brought 98 clicks, which is 22.14 EUR per click. Your campaigns usually pay 0.04 EUR."},
		{"Raise the daily budget of Campaign winner to 40.00 EUR", "On 7 of the last 7 days its budget of 33.33 EUR was used up, and 6.1 % of those who saw it clicked."},
		{"Resume Campaign paused", "Before it was paused it brought 11,200 clicks in 8 days for 496.00 EUR, and 4.7 % of those who saw it clicked."},
	}
	got := Compute(account)
	if len(got) != len(want) {
		t.Fatalf("%d proposals, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i].Title != want[i].title || got[i].Reason != want[i].reason {
			t.Errorf("proposal %d:\n%s: %s\nwant\n%s: %s", i, got[i].Title, got[i].Reason, want[i].title, want[i].reason)
		}
	}
}

// An id holds as long as the campaign is as it was, whatever the figures do.
func TestIDsAreDeterministic(t *testing.T) {
	one := Compute([]Figures{{campaign("a", "active", 8000), steady(14, 38000, 2300, 8000)}})[0]
	nextDay := Compute([]Figures{{campaign("a", "active", 8000), steady(13, 38100, 2310, 8000)}})[0]
	if one.ID != nextDay.ID {
		t.Errorf("ids %s and %s, want the same", one.ID, nextDay.ID)
	}
	changed := campaign("a", "active", 8000)
	changed.UpdatedAt = changed.UpdatedAt.Add(time.Second)
	for name, other := range map[string]platform.Campaign{
		"another campaign": campaign("b", "active", 8000), "another budget": campaign("a", "active", 7999), "changed since": changed,
	} {
		if again := Compute([]Figures{{other, steady(14, 38000, 2300, 8000)}})[0]; again.ID == one.ID {
			t.Errorf("%s has the same id %s", name, one.ID)
		}
	}
}

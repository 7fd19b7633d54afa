package suggestion

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mint-conformance/mint/client/internal/platform"
)

// Figures is what a proposal rests on: a campaign and its days, oldest first.
type Figures struct {
	Campaign platform.Campaign
	Days     []platform.Day
}

// The policy. Shares are of impressions that were clicked.
const (
	poorShare       = 0.001 // below: hardly anybody clicks
	goodShare       = 0.01  // from here on: a campaign does well
	worthNoticing   = 50_00 // spend of a period, in hundredths, below which nothing is proposed
	daysToJudge     = 3     // a campaign needs so many days with spend
	budgetDays      = 7     // the last days that decide about a budget
	budgetUsedUp    = 0.98  // of the daily budget
	budgetDaysShare = 0.8   // of budgetDays
	raisePercent    = 20
)

// Compute returns the proposals for an account, in the order of its campaigns;
// at most one per campaign.
func Compute(account []Figures) []Suggestion {
	others := typicalClickPrice(account)
	var proposals []Suggestion
	for _, figures := range account {
		sums := sum(figures.Days)
		if sums.days < daysToJudge || sums.spend < worthNoticing {
			continue
		}
		for _, propose := range []func(Figures, totals, int64) (Suggestion, bool){pause, raise, resume} {
			if proposal, ok := propose(figures, sums, others); ok {
				proposals = append(proposals, proposal)
				break
			}
		}
	}
	return proposals
}

// totals are the totals over the days on which a campaign spent something.
type totals struct {
	days                       int
	impressions, clicks, spend int64
}

func sum(days []platform.Day) totals {
	var total totals
	for _, day := range days {
		if day.SpendCents > 0 {
			total.days++
		}
		total.impressions += day.Impressions
		total.clicks += day.Clicks
		total.spend += day.SpendCents
	}
	return total
}

func (s totals) share() float64 {
	if s.impressions == 0 {
		return 0
	}
	return float64(s.clicks) / float64(s.impressions)
}

// clickPrice is the spend per click in hundredths; without clicks, all of it.
func (s totals) clickPrice() int64 { return s.spend / max(1, s.clicks) }

// typicalClickPrice is the lower median over the campaigns that spent.
func typicalClickPrice(account []Figures) int64 {
	var prices []int64
	for _, figures := range account {
		if total := sum(figures.Days); total.spend > 0 {
			prices = append(prices, total.clickPrice())
		}
	}
	if len(prices) == 0 {
		return 0
	}
	slices.Sort(prices)
	return prices[(len(prices)-1)/2]
}

func pause(figures Figures, total totals, others int64) (Suggestion, bool) {
	campaign := figures.Campaign
	if campaign.Status != platform.StatusActive || total.share() >= poorShare {
		return Suggestion{}, false
	}
	reason := fmt.Sprintf("It spent %s in %d days and brought %s, which is %s per click.",
		money(total.spend, campaign.Currency), total.days, count(total.clicks, "click"), money(total.clickPrice(), campaign.Currency))
	if others > 0 && others < total.clickPrice() {
		reason += fmt.Sprintf(" Your campaigns usually pay %s.", money(others, campaign.Currency))
	}
	status := platform.StatusPaused
	return propose(KindPause, campaign, "Pause "+campaign.Name, reason, platform.CampaignChange{Status: &status}), true
}

func raise(figures Figures, total totals, _ int64) (Suggestion, bool) {
	campaign := figures.Campaign
	if campaign.Status != platform.StatusActive || campaign.DailyBudgetCents <= 0 || total.share() < goodShare {
		return Suggestion{}, false
	}
	last := figures.Days[max(0, len(figures.Days)-budgetDays):]
	limited := 0
	for _, day := range last {
		if float64(day.SpendCents) >= budgetUsedUp*float64(campaign.DailyBudgetCents) {
			limited++
		}
	}
	if limited < daysToJudge || float64(limited) < budgetDaysShare*float64(len(last)) {
		return Suggestion{}, false
	}
	// Up to whole units, so that 80.00 becomes 96.00 and 33.33 becomes 40.00.
	budget := (campaign.DailyBudgetCents*(100+raisePercent)/100 + 99) / 100 * 100
	reason := fmt.Sprintf("On %d of the last %d days its budget of %s was used up, and %s of those who saw it clicked.",
		limited, len(last), money(campaign.DailyBudgetCents, campaign.Currency), percent(total.share()))
	title := fmt.Sprintf("Raise the daily budget of %s to %s", campaign.Name, money(budget, campaign.Currency))
	return propose(KindRaise, campaign, title, reason, platform.CampaignChange{DailyBudgetCents: &budget}), true
}

func resume(figures Figures, total totals, _ int64) (Suggestion, bool) {
	campaign := figures.Campaign
	if campaign.Status != platform.StatusPaused || total.share() < goodShare {
		return Suggestion{}, false
	}
	reason := fmt.Sprintf("Before it was paused it brought %s in %d days for %s, and %s of those who saw it clicked.",
		count(total.clicks, "click"), total.days, money(total.spend, campaign.Currency), percent(total.share()))
	status := platform.StatusActive
	return propose(KindResume, campaign, "Resume "+campaign.Name, reason, platform.CampaignChange{Status: &status}), true
}

// propose makes the proposal and its id: a hash of what would be changed and
// of the campaign's present state, so that a decision about it holds until the
// campaign itself changes.
func propose(kind string, campaign platform.Campaign, title, reason string, change platform.CampaignChange) Suggestion {
	state := []string{kind, campaign.ID, campaign.Status, strconv.FormatInt(campaign.DailyBudgetCents, 10)}
	if !campaign.UpdatedAt.IsZero() {
		state = append(state, campaign.UpdatedAt.UTC().Format("2006-01-02T15:04:05.999999999Z"))
	}
	hash := sha256.Sum256([]byte(strings.Join(state, "\x00")))
	return Suggestion{
		ID: kind + "-" + hex.EncodeToString(hash[:6]), Kind: kind,
		CampaignID: campaign.ID, CampaignName: campaign.Name, Title: title, Reason: reason, Change: change,
	}
}

// money writes hundredths of a currency: "1,234.50 EUR".
func money(hundredths int64, currency string) string {
	return fmt.Sprintf("%s.%02d %s", grouped(hundredths/100), hundredths%100, currency)
}

func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return grouped(n) + " " + noun + "s"
}

func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func percent(share float64) string {
	return strconv.FormatFloat(share*100, 'f', 1, 64) + " %"
}

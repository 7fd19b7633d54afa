package page

import (
	"html/template"
	"net/url"
	"time"

	"github.com/mint-conformance/mint/client/internal/connection"
	"github.com/mint-conformance/mint/client/internal/web/chart"
)

// ConnectionView is the page of one connection.
type ConnectionView struct {
	Frame
	ID, Title string
	State     string
	Badge     string
	Sentence  string
	SinceWord string
	Since     time.Time

	Account     string
	Permissions string // what the customer consented to, in words
	Access      string // whether and how access is renewed, in words

	// Figures is nil when there are none to show.
	Figures     *Figures
	Suggestions []SuggestionCard
	// Widen is the text of the button that asks for permission to make
	// changes; empty when MINT may.
	Widen       string
	Reconnect   string // text of the button; empty when not needed
	Disconnect  string // text of the button; empty when there is nothing to end
	Prominent   bool   // reconnecting is the thing to do
	ConnectPath string
	// PasswordPath is set for platforms that are connected by a form.
	PasswordPath string
}

// Figures is the table and the chart.
type Figures struct {
	// Again is the address that fetches anew; empty when that cannot help.
	Again     string
	AsOf      time.Time
	Stale     bool
	Problem   string
	Campaigns []CampaignRow
	Days      []DayRow
	Period    string
	Chart     template.HTML
	Total     CampaignRow
}

// CampaignRow is one campaign's line, texts ready to show and the bare
// numbers beside them.
type CampaignRow struct {
	ID, Name, Status, Budget, Spend, Clicks, PerClick string
	BudgetCents, SpendCents, ClickCount               int64
}

// DayRow is one day over all campaigns.
type DayRow struct{ Date, Spend, Clicks string }

// SuggestionCard is one suggestion.
type SuggestionCard struct {
	ID, CampaignID, Status string
	Title, Reason          string
	Blocked                string
	DecidedWord            string
	DecidedAt              time.Time
	ApplyPath, DismissPath string
}

// Account is everything the page of one connection is built from.
type Account struct {
	Connection  connection.Connection
	Platform    connection.PlatformState
	Snapshot    *connection.Snapshot // nil when there are no figures at all
	Suggestions []connection.Suggestion
	Today       time.Time
}

// NewConnection builds the page.
func NewConnection(frame Frame, a Account) ConnectionView {
	c := a.Connection
	frame.Heading = c.Title
	view := ConnectionView{
		Frame: frame, ID: c.ID, Title: c.Title, State: string(c.State),
		Badge: badge(c.State), Sentence: c.Explanation, SinceWord: sinceWord(c.State),
		Account: account(c), Figures: newFigures(c, a.Snapshot),
	}
	if working(c.State) {
		view.Permissions, view.Access = permissions(c), access(c, a.Today)
	}
	card := NewCard(a.Platform)
	view.ConnectPath, view.PasswordPath = card.ConnectPath, card.PasswordPath
	view.Reconnect, view.Prominent = connectButton(c.State, c.Title)
	if view.Sentence == "" {
		view.Sentence = explain(c.State, c.Title)
	}
	view.Since = unlessSaid(c.Since, view.Sentence)
	if c.State != connection.StateDisconnected {
		view.Disconnect = "Disconnect " + c.Title
	}
	if !c.CanChange && working(c.State) {
		view.Widen = "Ask " + c.Title + " for permission to make changes"
	}
	for _, s := range a.Suggestions {
		view.Suggestions = append(view.Suggestions, newSuggestion(c, s))
	}
	return view
}

// working says that MINT holds access that it uses.
func working(s connection.State) bool {
	return s == connection.StateConnected || s == connection.StateDegraded
}

func account(c connection.Connection) string {
	switch {
	case c.AccountName != "" && c.Account != "":
		return c.AccountName + " (" + c.Account + ")"
	case c.AccountName != "":
		return c.AccountName
	}
	return c.Account
}

// access says how long MINT can go on, as far as that is known.
func access(c connection.Connection, now time.Time) string {
	switch {
	case !c.Renewable && !c.AccessExpiresAt.IsZero():
		return "Ends on " + When(c.AccessExpiresAt) + "; this platform gives no means to renew it."
	case c.RetryAt.After(now):
		return "MINT tries to renew it again on " + When(c.RetryAt) + "."
	case !c.RefreshedAt.IsZero():
		return "MINT renews it by itself; last on " + When(c.RefreshedAt) + "."
	case c.Renewable:
		return "MINT renews it by itself when it is due."
	}
	return ""
}

func newFigures(c connection.Connection, snapshot *connection.Snapshot) *Figures {
	if snapshot == nil {
		return nil
	}
	figures := &Figures{AsOf: snapshot.AsOf, Stale: snapshot.Stale, Problem: snapshot.Problem}
	if working(c.State) {
		figures.Again = ConnectionPath(c.ID)
	}
	var spend, clicks int64
	currency := ""
	for _, f := range snapshot.Campaigns {
		currency = f.Campaign.Currency
		spend += f.SpendCents()
		clicks += f.Clicks()
		figures.Campaigns = append(figures.Campaigns, newRow(f))
	}
	days := sumDays(snapshot.Campaigns)
	figures.Chart = chart.SVG(days, currency)
	figures.Period = chart.Period(days)
	figures.Total = CampaignRow{Spend: chart.Money(spend, currency), Clicks: chart.Grouped(clicks), PerClick: perClick(spend, clicks, currency)}
	for _, d := range days {
		figures.Days = append(figures.Days, DayRow{Date: d.Date.Format("2 January 2006"), Spend: chart.Money(d.SpendCents, currency), Clicks: chart.Grouped(d.Clicks)})
	}
	return figures
}

func newRow(f connection.CampaignFigures) CampaignRow {
	return CampaignRow{
		ID: f.Campaign.ID, Name: f.Campaign.Name, Status: f.Campaign.Status,
		Budget:   chart.Money(f.Campaign.DailyBudgetCents, f.Campaign.Currency),
		Spend:    chart.Money(f.SpendCents(), f.Campaign.Currency),
		Clicks:   chart.Grouped(f.Clicks()),
		PerClick: perClick(f.SpendCents(), f.Clicks(), f.Campaign.Currency),

		BudgetCents: f.Campaign.DailyBudgetCents, SpendCents: f.SpendCents(), ClickCount: f.Clicks(),
	}
}

func perClick(spend, clicks int64, currency string) string {
	if clicks == 0 {
		return "–"
	}
	return chart.Money((spend+clicks/2)/clicks, currency)
}

// sumDays adds the campaigns up, day by day, oldest first. Days that cannot
// be read as dates are left out: they are the platform's fault and no reason
// to show nothing.
func sumDays(campaigns []connection.CampaignFigures) []chart.Day {
	byDate := map[string]chart.Day{}
	for _, f := range campaigns {
		for _, d := range f.Days {
			date, err := time.Parse(time.DateOnly, d.Date)
			if err != nil {
				continue
			}
			sum := byDate[d.Date]
			sum.Date = date
			sum.SpendCents += d.SpendCents
			sum.Clicks += d.Clicks
			byDate[d.Date] = sum
		}
	}
	return chart.Sorted(byDate)
}

func newSuggestion(c connection.Connection, s connection.Suggestion) SuggestionCard {
	path := ConnectionPath(c.ID) + "/suggestions/" + url.PathEscape(s.ID)
	card := SuggestionCard{
		ID: s.ID, CampaignID: s.CampaignID, Status: s.Status, Title: s.Title, Reason: s.Reason,
		Blocked: s.Blocked, DecidedAt: s.DecidedAt,
		ApplyPath: path + "/apply", DismissPath: path + "/dismiss",
	}
	switch s.Status {
	case connection.SuggestionApplied:
		card.DecidedWord = "Applied on"
	case connection.SuggestionDismissed:
		card.DecidedWord = "Dismissed on"
	}
	return card
}

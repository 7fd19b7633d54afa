package steps

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

var suggestionSteps = []definition{
	when(`{who} applies the suggestion to {proposal}`, (*world).applies),
	when(`{who} double-clicks to apply the suggestion to {proposal}`, (*world).appliesTwice),
	given(`{who} has dismissed the suggestion to {proposal}`, (*world).dismisses),

	then(`that campaign is (paused|active) at the platform`, (*world).campaignIs),
	then(`that campaign has a higher budget at the platform`, (*world).campaignHasMore),
	then(`the platform has received no change`, (*world).receivedNoChange),
	then(`the platform has received {number} changes?`, (*world).receivedChanges),
	then(`MINT shows the suggestion as (applied|dismissed)`, (*world).suggestionIs),
	then(`{who} sees suggestions`, (*world).seesSuggestions),
	then(`MINT says why they cannot be applied`, (*world).suggestionsBlocked),
	then(`MINT may only read`, (*world).mayOnlyRead),
	then(`{who} is told that the change was not made`, (*world).toldNotMade),
}

// suggested is a suggestion as MINT's page shows it, with its campaign before
// anything was decided.
type suggested struct {
	ID, Campaign, Status, Title string
	before                      campaign
}

// proposal is what a suggestion wants to do, in the words of the feature
// files; its first word begins the title in MINT.
type proposal string

func (s proposal) verb() string { return strings.Fields(string(s))[0] }

// choose opens the connection's page, if need be, and finds the suggestion
// that the scenario is about.
func (w *world) choose(ctx context.Context, who person, what proposal) (mintPages, error) {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return mintPages{}, err
	}
	mint := w.mintPages(v)
	if there, err := v.session.Exists(ctx, onConnection); err != nil || !there {
		if err := mint.openConnection(ctx, v.seen[p.profile]); err != nil {
			return mint, err
		}
	}
	if w.idea, err = mint.suggestionTo(ctx, what.verb()); err != nil {
		return mint, err
	}
	w.idea.before, err = mint.campaign(ctx, w.idea.Campaign)
	return mint, err
}

func (w *world) applies(ctx context.Context, who person, what proposal) error {
	mint, err := w.choose(ctx, who, what)
	if err != nil {
		return err
	}
	if err := mint.decideOn(ctx, w.idea, "Apply"); err != nil {
		return err
	}
	return mint.session.WaitFor(ctx, aNotice+", "+anAlert)
}

func (w *world) appliesTwice(ctx context.Context, who person, what proposal) error {
	mint, err := w.choose(ctx, who, what)
	if err != nil {
		return err
	}
	if err := doubleClick(ctx, mint.session, ofSuggestion(w.idea.ID), "Apply"); err != nil {
		return err
	}
	return mint.session.WaitFor(ctx, ofSuggestion(w.idea.ID)+"[data-status=applied]")
}

func (w *world) dismisses(ctx context.Context, who person, what proposal) error {
	mint, err := w.choose(ctx, who, what)
	if err != nil {
		return err
	}
	if err := mint.decideOn(ctx, w.idea, "Dismiss"); err != nil {
		return err
	}
	return mint.session.WaitFor(ctx, ofSuggestion(w.idea.ID)+"[data-status=dismissed]")
}

// seenAfresh opens the connection's page, which fetches from the Platform, and
// reads the campaign that the scenario is about.
func (w *world) seenAfresh(ctx context.Context) (campaign, error) {
	v, p, err := w.visiting(ctx, w.acting.who, "")
	if err != nil {
		return campaign{}, err
	}
	if err := w.mintPages(v).openConnection(ctx, v.seen[p.profile]); err != nil {
		return campaign{}, err
	}
	stale, err := v.session.Attr(ctx, "#as-of", "data-stale")
	if err != nil {
		return campaign{}, err
	}
	if err := expectEqual("whether the figures are old ones", stale, "false"); err != nil {
		return campaign{}, err
	}
	return w.mintPages(v).campaign(ctx, w.idea.Campaign)
}

func (w *world) campaignIs(ctx context.Context, want string) error {
	got, err := w.seenAfresh(ctx)
	if err != nil {
		return err
	}
	return expectEqual("the status of campaign "+w.idea.Campaign, got.Status, want)
}

func (w *world) campaignHasMore(ctx context.Context) error {
	got, err := w.seenAfresh(ctx)
	if err != nil {
		return err
	}
	before, after := digits(w.idea.before.Budget), digits(got.Budget)
	if before == 0 || after <= before {
		return fmt.Errorf("expected a budget above %s, got %s", w.idea.before.Budget, got.Budget)
	}
	return nil
}

// digits reads the digits of an amount of money as one number.
func digits(amount string) (n int) {
	for _, r := range amount {
		if r >= '0' && r <= '9' {
			n = 10*n + int(r-'0')
		}
	}
	return n
}

func (w *world) receivedNoChange(ctx context.Context) error {
	return w.count(ctx, "", changeRequests, 0)
}

// receivedChanges counts the changes that the Platform made, all of which must
// be to the campaign that the scenario is about.
func (w *world) receivedChanges(ctx context.Context, want int) error {
	p, err := w.platform(ctx, "")
	if err != nil {
		return err
	}
	if err := p.expect(ctx, changes, want); err != nil {
		return err
	}
	made, err := p.all(ctx, changes)
	for _, e := range made {
		if !strings.HasSuffix(e.Path, "/campaigns/"+w.idea.Campaign) {
			return fmt.Errorf("expected changes of campaign %s only, got %s %s", w.idea.Campaign, e.Method, e.Path)
		}
	}
	return err
}

func (w *world) suggestionIs(ctx context.Context, want string) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	got, err := w.mintPages(v).suggestionStatus(ctx, w.idea.ID)
	if err != nil {
		return err
	}
	return expectEqual("the suggestion "+w.idea.Title, got, want)
}

func (w *world) seesSuggestions(ctx context.Context, who person) error {
	v, _, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	return v.session.WaitFor(ctx, onConnection+" article[data-suggestion][data-status=open]")
}

func (w *world) suggestionsBlocked(ctx context.Context) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	open := "article[data-suggestion][data-status=open]"
	reason, err := v.session.Text(ctx, open+" [data-reason]")
	if err := expectWords("the suggestion", reason, err, "read"); err != nil {
		return err
	}
	enabled, err := v.session.Exists(ctx, open+" form[action$='/apply'] button:not([disabled])")
	if err != nil {
		return err
	}
	return expectEqual("whether a suggestion can be applied", enabled, false)
}

func (w *world) mayOnlyRead(ctx context.Context) error {
	v, p, err := w.visiting(ctx, w.acting.who, "")
	if err != nil {
		return err
	}
	if _, err := w.mintPages(v).arriveAtFigures(ctx); err != nil {
		return err
	}
	if err := v.session.WaitForText(ctx, "main", "Ask "+p.Title+" for permission to make changes"); err != nil {
		return err
	}
	granted, err := p.families(ctx, v.account)
	if err != nil {
		return err
	}
	if len(granted) == 0 {
		return fmt.Errorf("expected a grant of %s at %s, got none", v.account, p.Title)
	}
	return expectEqual("the scope granted", granted[len(granted)-1].Scope, "ads.read")
}

func (w *world) toldNotMade(ctx context.Context, who person) error {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	got, err := v.session.Text(ctx, anAlert)
	if err := expectWords("MINT's alert", got, err, "not"); err != nil {
		return err
	}
	return p.expect(ctx, kind{"changes refused", func(e exchange) bool {
		return changeRequests.match(e) && e.Status >= http.StatusInternalServerError
	}}, 1)
}

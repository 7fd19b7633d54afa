package steps

import (
	"context"
	"fmt"
	"time"
)

var campaignSteps = []definition{
	when(`{who} looks at {her} campaigns`, (*world).looks),
	given(`{who} has returned after {duration}`, (*world).returnsAfter),
	when(`{who} returns after {duration}`, (*world).returnsAfter),
	when(`{who} returns to {the platform} after {duration}`, (*world).returnsToAfter),
	given(`MINT has renewed access {times}`, (*world).mintRenews),

	then(`{who} sees {her} {number} campaigns`, (*world).seesCampaigns),
	then(`{who} sees the figures of {duration} ago with their date`, (*world).seesOldFigures),
	then(`MINT still shows the figures of {the platform}`, (*world).mintShowsFigures),
	then(`the chart of spend and clicks has a title and a description`, (*world).chartIsDescribed),
}

// campaign is one campaign as MINT's table shows it.
type campaign struct{ Status, Budget string }

func (w *world) looks(ctx context.Context, who person) error {
	return w.comesBack(ctx, who, "", 0)
}

func (w *world) returnsAfter(ctx context.Context, who person, d time.Duration) error {
	return w.comesBack(ctx, who, "", d)
}

func (w *world) returnsToAfter(ctx context.Context, who person, of profile, d time.Duration) error {
	return w.comesBack(ctx, who, of, d)
}

// comesBack lets time pass and opens the person's connection page.
func (w *world) comesBack(ctx context.Context, who person, of profile, d time.Duration) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	if err := w.advance(ctx, d); err != nil {
		return err
	}
	if err := w.mintPages(v).openConnection(ctx, v.seen[p.profile]); err != nil {
		return err
	}
	return v.session.WaitFor(ctx, "main")
}

// mintRenews lets access run out so many times, with a look each time.
func (w *world) mintRenews(ctx context.Context, n times) error {
	p, err := w.platform(ctx, "")
	if err != nil {
		return err
	}
	for range n {
		if err := w.comesBack(ctx, w.acting.who, "", factsOf[p.profile].access+time.Minute); err != nil {
			return err
		}
	}
	return p.expect(ctx, renewals, int(n))
}

func (w *world) seesCampaigns(ctx context.Context, who person, want int) error {
	v, _, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	got, err := w.mintPages(v).campaigns(ctx)
	if err == nil {
		err = expectEqual("the number of campaigns shown", got, want)
	}
	if err != nil {
		return err
	}
	stale, err := v.session.Attr(ctx, "#as-of", "data-stale")
	if err != nil {
		return err
	}
	return expectEqual("whether the figures are old ones", stale, "false")
}

// tolerance is for the time that the scenario itself takes.
const tolerance = 30 * time.Second

func (w *world) seesOldFigures(ctx context.Context, who person, ago time.Duration) error {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	asOf, err := w.mintPages(v).asOf(ctx)
	if err != nil {
		return err
	}
	clock, err := p.control.Clock(ctx, p.Name)
	if err != nil {
		return err
	}
	if age := clock.Now.Sub(asOf); age < ago-time.Second || age > ago+tolerance {
		return fmt.Errorf("expected figures of %v ago, got figures of %v ago (%v)", ago, age, asOf)
	}
	rows, err := w.mintPages(v).campaigns(ctx)
	if err == nil && rows == 0 {
		err = fmt.Errorf("expected the old figures to be shown, got an empty table")
	}
	return err
}

func (w *world) mintShowsFigures(ctx context.Context, of profile) error {
	v, p, err := w.visiting(ctx, w.acting.who, of)
	if err != nil {
		return err
	}
	if err := w.mintPages(v).openConnection(ctx, v.seen[p.profile]); err != nil {
		return err
	}
	if _, err := w.mintPages(v).arriveAtFigures(ctx); err != nil {
		return err
	}
	got, err := v.session.Attr(ctx, onConnection, "data-state")
	if err != nil {
		return err
	}
	return expectEqual("the state of the connection with "+p.Title, got, "connected")
}

func (w *world) chartIsDescribed(ctx context.Context) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	var words struct{ Title, Description string }
	if err := v.session.Eval(ctx, &words, `() => {
		const of = name => document.querySelector('svg#chart > ' + name)?.textContent.trim() ?? '';
		return {Title: of('title'), Description: of('desc')};
	}`); err != nil {
		return err
	}
	if err := expectWords("the chart's title", words.Title, nil, "spend", "clicks"); err != nil {
		return err
	}
	return expectWords("the chart's description", words.Description, nil)
}

package steps

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

var linkSteps = []definition{
	when(`{who} connects {the platform} with a double click`, (*world).connectsWithDoubleClick),
	given(`{who} has left one tab at the consent of {the platform}`, (*world).leavesTabAtConsent),
	given(`{who} has connected {the platform} in another tab`, (*world).connects),
	when(`{who} allows access in the first tab`, (*world).allowsInFirstTab),
	when(`{who} opens the link that led back to MINT again`, (*world).opensUsedLink),
	when(`{who} goes back and then looks at {her} campaigns`, (*world).goesBack),
	given(`{who} has allowed access but not yet come back to MINT`, (*world).allowsButStays),
	when(`{who} opens the link that leads {who} back`, (*world).opensLinkOf),
	when(`{who} comes back to MINT with (another state|another issuer|no issuer)`, (*world).comesBackWith),
	when(`{who} opens the page of {who}'s connection`, (*world).opensConnectionOf),

	then(`{who} is told that this link was already used`, (*world).toldAlreadyUsed),
	then(`{who} is told to start again`, (*world).toldToStartAgain),
	then(`{who} is told that there is no such page`, (*world).toldNoSuchPage),
}

func (w *world) connectsWithDoubleClick(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	mint := w.mintPages(v)
	if err := mint.open(ctx); err != nil {
		return err
	}
	if err := doubleClick(ctx, v.session, article(p), "Connect "+p.Title); err != nil {
		return err
	}
	if err := v.session.WaitForURL(ctx, p.Issuer); err != nil {
		return err
	}
	if err := v.consents(ctx, p, allowsAll); err != nil {
		return err
	}
	v.seen[p.profile], err = mint.arriveAtFigures(ctx)
	return err
}

func (w *world) leavesTabAtConsent(ctx context.Context, who person, of profile) error {
	_, err := w.waitAtConsent(ctx, who, of)
	return err
}

// waitAtConsent takes a person to the consent page and keeps its address.
func (w *world) waitAtConsent(ctx context.Context, who person, of profile) (*visitor, error) {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return nil, err
	}
	if err := w.mintPages(v).pressConnect(ctx, p); err != nil {
		return nil, err
	}
	if err := v.at(p).logInIfAsked(ctx); err != nil {
		return nil, err
	}
	if _, err := v.at(p).heading(ctx); err != nil {
		return nil, err
	}
	v.kept, err = v.session.URL(ctx)
	return v, err
}

func (w *world) allowsInFirstTab(ctx context.Context, who person) error {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	if err := v.session.Goto(ctx, v.kept); err != nil {
		return err
	}
	if err := v.at(p).decide(ctx, allowsAll); err != nil {
		return err
	}
	v.seen[p.profile], err = w.mintPages(v).arriveAtFigures(ctx)
	return err
}

func (w *world) opensUsedLink(ctx context.Context, who person) error {
	v, _, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	link, err := v.linkBack(w.mint.URL())
	if err != nil {
		return err
	}
	return v.session.Goto(ctx, link)
}

// linkBack finds the address at which the Platform sent the browser back.
func (v *visitor) linkBack(mint string) (string, error) {
	for _, r := range v.session.Requests() {
		if strings.HasPrefix(r.URL, mint+"/oauth/callback?") {
			return r.URL, nil
		}
	}
	return "", fmt.Errorf("expected the browser of %s to have been sent back to %s, it was not", v.who, mint)
}

func (w *world) goesBack(ctx context.Context, who person) error {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	if err := v.session.Back(ctx); err != nil {
		return err
	}
	return w.mintPages(v).openConnection(ctx, v.seen[p.profile])
}

// allowsButStays gives consent without following the redirect: the harness
// sends the consent form with the browser's cookies and keeps the address that
// the Platform answers with.
func (w *world) allowsButStays(ctx context.Context, who person) error {
	v, err := w.waitAtConsent(ctx, who, "")
	if err != nil {
		return err
	}
	v.kept, err = v.allowUnfollowed(ctx, w.env.Topology.HTTPClient())
	return err
}

func (w *world) opensLinkOf(ctx context.Context, who, whose person) error {
	v, _, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	return v.session.Goto(ctx, w.visitors[whose].kept)
}

// change is what is done to a link back.
type change string

func (w *world) comesBackWith(ctx context.Context, who person, c change) error {
	v, _, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	link, err := url.Parse(v.kept)
	if err != nil {
		return err
	}
	link.RawQuery = c.of(link.Query()).Encode()
	return v.session.Goto(ctx, link.String())
}

func (c change) of(query url.Values) url.Values {
	switch c {
	case "another state":
		query.Set("state", "another-"+query.Get("state"))
	case "another issuer":
		query.Set("iss", "https://elsewhere.example")
	case "no issuer":
		query.Del("iss")
	}
	return query
}

func (w *world) opensConnectionOf(ctx context.Context, who, whose person) error {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	return w.mintPages(v).openConnection(ctx, w.visitors[whose].seen[p.profile])
}

func (w *world) toldAlreadyUsed(ctx context.Context, who person) error {
	v, _, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	return v.session.WaitForText(ctx, "main", "already used")
}

func (w *world) toldToStartAgain(ctx context.Context, who person) error {
	v, _, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	got, err := w.mintPages(v).arriveAtAlert(ctx)
	return expectWords("MINT's alert", got, err, "again")
}

func (w *world) toldNoSuchPage(ctx context.Context, who person) error {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	got, err := v.session.Text(ctx, anAlert)
	if err := expectWords("the alert", got, err); err != nil {
		return err
	}
	return v.answered(w.mint.URL()+"/connections/"+w.visitors["Maya"].seen[p.profile], 404)
}

package steps

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/steps/browser"
)

// mintPages are MINT's pages in one person's window.
type mintPages struct {
	session *browser.Session
	base    string
}

func (w *world) mintPages(v *visitor) mintPages {
	return mintPages{session: v.session, base: w.mint.URL()}
}

// Selectors of MINT's pages.
const (
	onConnection = "main[data-connection]"
	anAlert      = "[role=alert]"
	aNotice      = "[role=status]"
	aCampaign    = "#campaigns tr[data-campaign]"
)

// article is a platform's place in MINT's list.
func article(p *platform) string { return fmt.Sprintf("article[data-platform=%q]", p.profile) }

func (m mintPages) open(ctx context.Context) error { return m.session.Goto(ctx, m.base+"/") }

// openIfElsewhere opens the list unless the window shows it.
func (m mintPages) openIfElsewhere(ctx context.Context) error {
	if url, err := m.session.URL(ctx); err != nil || url == m.base+"/" {
		return err
	}
	return m.open(ctx)
}

// pressConnect presses the platform's button in the list, whichever of
// Connect and Reconnect it is.
func (m mintPages) pressConnect(ctx context.Context, p *platform) error {
	if err := m.openIfElsewhere(ctx); err != nil {
		return err
	}
	button, err := m.buttonOf(ctx, p)
	if err != nil {
		return err
	}
	return m.session.PressIn(ctx, article(p), button)
}

func (m mintPages) buttonOf(ctx context.Context, p *platform) (string, error) {
	state, err := m.session.Attr(ctx, article(p), "data-state")
	if err != nil {
		return "", err
	}
	switch state {
	case "not_connected", "disconnected":
		return "Connect " + p.Title, nil
	default:
		return "Reconnect " + p.Title, nil
	}
}

// enterAPIAccount follows the list's link to the form of a password platform
// and sends it.
func (m mintPages) enterAPIAccount(ctx context.Context, p *platform, c control.Customer) error {
	if err := m.openIfElsewhere(ctx); err != nil {
		return err
	}
	link, err := m.buttonOf(ctx, p)
	if err != nil {
		return err
	}
	if err := m.session.FollowIn(ctx, article(p), link); err != nil {
		return err
	}
	if err := m.session.Fill(ctx, "API login", c.Username); err != nil {
		return err
	}
	if err := m.session.Fill(ctx, "API password", c.Password); err != nil {
		return err
	}
	return m.session.Press(ctx, "Connect "+p.Title)
}

// arriveAtFigures waits for a connection's page with its campaigns and
// returns the connection's id.
func (m mintPages) arriveAtFigures(ctx context.Context) (string, error) {
	if err := m.session.WaitFor(ctx, onConnection+" "+aCampaign+", "+anAlert); err != nil {
		return "", err
	}
	if there, err := m.session.Exists(ctx, onConnection+" "+aCampaign); err != nil || !there {
		text, _ := m.session.Text(ctx, anAlert)
		return "", fmt.Errorf("expected campaigns, got the alert %q", text)
	}
	return m.session.Attr(ctx, onConnection, "data-connection")
}

// arriveAtAlert waits for MINT to say that something went wrong.
func (m mintPages) arriveAtAlert(ctx context.Context) (string, error) {
	if err := m.session.WaitForURL(ctx, m.base); err != nil {
		return "", err
	}
	return m.session.Text(ctx, anAlert)
}

// openConnection opens a connection's page.
func (m mintPages) openConnection(ctx context.Context, id string) error {
	return m.session.Goto(ctx, m.base+"/connections/"+id)
}

// campaigns counts the campaigns shown.
func (m mintPages) campaigns(ctx context.Context) (int, error) {
	if err := m.session.WaitFor(ctx, onConnection); err != nil {
		return 0, err
	}
	rows, err := m.session.Texts(ctx, aCampaign)
	return len(rows), err
}

// asOf is the date that the figures on the page carry.
func (m mintPages) asOf(ctx context.Context) (time.Time, error) {
	stamp, err := m.session.Attr(ctx, "#as-of time", "datetime")
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339, stamp)
}

// stateOf reads a platform's state where the person is: on its connection's
// page or in the list; from anywhere else it opens the list.
func (m mintPages) stateOf(ctx context.Context, p *platform, connection string) (string, error) {
	here, err := m.session.Exists(ctx, fmt.Sprintf("main[data-connection=%q]", connection))
	if err != nil {
		return "", err
	}
	if here {
		return m.session.Attr(ctx, onConnection, "data-state")
	}
	if err := m.openIfElsewhere(ctx); err != nil {
		return "", err
	}
	return m.session.Attr(ctx, article(p), "data-state")
}

// disconnect presses Disconnect on the connection's page.
func (m mintPages) disconnect(ctx context.Context, p *platform, id string) error {
	if err := m.openConnection(ctx, id); err != nil {
		return err
	}
	return m.session.Press(ctx, "Disconnect "+p.Title)
}

// suggestionTo finds the suggestion whose title begins with the verb.
func (m mintPages) suggestionTo(ctx context.Context, verb string) (suggested, error) {
	if err := m.session.WaitFor(ctx, onConnection); err != nil {
		return suggested{}, err
	}
	var found []suggested
	err := m.session.Eval(ctx, &found, `() => [...document.querySelectorAll('article[data-suggestion]')].map(a => ({
		id: a.dataset.suggestion, campaign: a.dataset.campaign, status: a.dataset.status,
		title: (a.querySelector('h2,h3,h4')?.textContent ?? '').trim()}))`)
	if err != nil {
		return suggested{}, err
	}
	for _, s := range found {
		if strings.HasPrefix(strings.ToLower(s.Title), verb) {
			return s, nil
		}
	}
	return suggested{}, fmt.Errorf("expected a suggestion to %s, got %+v", verb, found)
}

// ofSuggestion is a suggestion's place on the page.
func ofSuggestion(id string) string { return fmt.Sprintf("article[data-suggestion=%q]", id) }

func (m mintPages) suggestionStatus(ctx context.Context, id string) (string, error) {
	return m.session.Attr(ctx, ofSuggestion(id), "data-status")
}

func (m mintPages) decideOn(ctx context.Context, s suggested, button string) error {
	return m.session.PressIn(ctx, ofSuggestion(s.ID), button)
}

// campaign reads a campaign's status and daily budget as shown in the table.
func (m mintPages) campaign(ctx context.Context, id string) (campaign, error) {
	row := fmt.Sprintf("#campaigns tr[data-campaign=%q]", id)
	status, err := m.session.Text(ctx, row+" [data-field=status]")
	if err != nil {
		return campaign{}, err
	}
	budget, err := m.session.Text(ctx, row+" [data-field=budget]")
	return campaign{Status: strings.ToLower(status), Budget: budget}, err
}

// doubleClick clicks a button twice within one turn of the page, as fast as
// no person can.
func doubleClick(ctx context.Context, s *browser.Session, container, button string) error {
	if err := s.WaitFor(ctx, container); err != nil {
		return err
	}
	var clicked bool
	err := s.Eval(ctx, &clicked, `(container, text) => {
		const b = [...document.querySelectorAll(container + ' button')].find(b => b.textContent.trim() === text);
		if (!b) return false;
		b.click(); b.click();
		return true;
	}`, container, button)
	if err == nil && !clicked {
		err = fmt.Errorf("no button %q in %s", button, container)
	}
	return err
}

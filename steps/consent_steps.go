package steps

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

var consentSteps = []definition{
	given(`{who} has declined to connect {the platform}`, (*world).declines),
	when(`{who} declines to connect {the platform}`, (*world).declines),
	given(`{who} has given (a wrong password|an unknown username) to {the platform}`, (*world).givesWrong),
	when(`{who} gives (a wrong password|an unknown username) to {the platform}`, (*world).givesWrong),
	when(`{who} logs in and allows access`, (*world).logsInAndAllows),
	given(`{who} has withdrawn MINT's access at {the platform}`, (*world).withdraws),
	when(`{who} withdraws MINT's access at {the platform}`, (*world).withdraws),
	given(`{who} has allowed changes as well`, (*world).widens),
	when(`{who} asks for permission to make changes`, (*world).asksToWiden),
	when(`{who} opens the consent page of {the platform}`, (*world).opensConsent),
	when(`{who} tries to reach the consent page of {the platform}`, (*world).triesToReachConsent),

	then(`{who} is told that (?:she|he) declined`, (*world).toldDeclined),
	then(`{who} is told that the username or the password is wrong`, (*world).toldWrong),
	then(`{who} is told that (?:she|he) has no permission on an advertising account`, (*world).toldNoPermission),
	then(`{the platform} has told {who} why (?:she|he) cannot allow changes`, (*world).toldNoChanges),
	then(`(?:she|he) has logged in at {the platform} {times}`, (*world).loggedIn),
	then(`{her} way led from MINT to the login, the consent and back to MINT`, (*world).wayLed),
	then(`the address of the page (?:she|he) is on carries no code`, (*world).addressIsClean),
}

func (w *world) declines(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	if err := w.connect(ctx, v, p, denies); err != nil {
		return err
	}
	_, err = w.mintPages(v).arriveAtAlert(ctx)
	return err
}

func (w *world) givesWrong(ctx context.Context, who person, what wrong, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	customer, err := p.customer(who)
	if err != nil {
		return err
	}
	mistaken := wrongCredentials(customer, what)
	if p.passwords() {
		return w.mintPages(v).enterAPIAccount(ctx, p, mistaken)
	}
	if err := w.mintPages(v).pressConnect(ctx, p); err != nil {
		return err
	}
	return v.at(p).enter(ctx, mistaken)
}

func (w *world) logsInAndAllows(ctx context.Context, who person) error {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	if err := v.consents(ctx, p, allowsAll); err != nil {
		return err
	}
	v.seen[p.profile], err = w.mintPages(v).arriveAtFigures(ctx)
	return err
}

func (w *world) withdraws(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	return v.at(p).withdraw(ctx, factsOf[p.profile].client)
}

func (w *world) widens(ctx context.Context, who person) error {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	if err := v.widen(ctx, p); err != nil {
		return err
	}
	v.seen[p.profile], err = w.mintPages(v).arriveAtFigures(ctx)
	return err
}

func (w *world) asksToWiden(ctx context.Context, who person) error {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	return v.widen(ctx, p)
}

// widen asks from the connection's page for consent to everything, and allows
// it as far as the Platform lets the person.
func (v *visitor) widen(ctx context.Context, p *platform) error {
	if err := v.session.Press(ctx, "Ask "+p.Title+" for permission to make changes"); err != nil {
		return err
	}
	return v.consents(ctx, p, allowsAll)
}

func (w *world) opensConsent(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	if err := w.mintPages(v).pressConnect(ctx, p); err != nil {
		return err
	}
	return v.at(p).logInIfAsked(ctx)
}

func (w *world) triesToReachConsent(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	return w.mintPages(v).pressConnect(ctx, p)
}

func (w *world) toldDeclined(ctx context.Context, who person) error {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	got, err := w.mintPages(v).arriveAtAlert(ctx)
	return expectWords("MINT's alert", got, err, p.Title, "not connected", "declined")
}

func (w *world) toldWrong(ctx context.Context, who person) error {
	v, _, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	got, err := v.session.Text(ctx, anAlert)
	return expectWords("the alert", got, err, "not right", "password")
}

func (w *world) toldNoPermission(ctx context.Context, who person) error {
	v, _, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	got := v.told
	if got == "" {
		got, err = v.session.Text(ctx, anAlert)
	}
	return expectWords("the alert", got, err, "permission", "advertising account")
}

func (w *world) toldNoChanges(_ context.Context, _ profile, who person) error {
	v, known := w.visitors[who]
	if !known {
		return fmt.Errorf("%s has not been at the Platform", who)
	}
	return expectWords("the consent page", v.told, nil)
}

func (w *world) loggedIn(ctx context.Context, of profile, n times) error {
	p, err := w.platform(ctx, of)
	if err != nil {
		return err
	}
	return p.expect(ctx, logins, int(n))
}

// wayLed compares the pages that the browser's window showed, in order.
func (w *world) wayLed(ctx context.Context) error {
	v, p, err := w.visiting(ctx, w.acting.who, "")
	if err != nil {
		return err
	}
	var way []string
	for _, r := range v.session.Requests() {
		if r.Type != "Document" || r.Status != http.StatusOK {
			continue
		}
		way = append(way, w.siteOf(r.URL, p))
	}
	return expectEqual("her way", strings.Join(way, ", "), "MINT, the platform, the platform, MINT, MINT")
}

func (w *world) siteOf(url string, p *platform) string {
	switch {
	case strings.HasPrefix(url, p.Issuer+"/"):
		return "the platform"
	case strings.HasPrefix(url, w.mint.URL()+"/"):
		return "MINT"
	default:
		return url
	}
}

func (w *world) addressIsClean(ctx context.Context) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	url, err := v.session.URL(ctx)
	if err == nil && strings.Contains(url, "code=") {
		err = fmt.Errorf("expected an address without a code, got %s", url)
	}
	return err
}

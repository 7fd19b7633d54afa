package steps

import (
	"context"
	"fmt"
	"strings"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/steps/browser"
)

// platformPages are a Platform's pages in one person's window.
type platformPages struct {
	session  *browser.Session
	platform *platform
	as       person // whose account she uses there
}

func (v *visitor) at(p *platform) platformPages {
	return platformPages{session: v.session, platform: p, as: v.account}
}

// heading waits for the page and reads its heading.
func (pp platformPages) heading(ctx context.Context) (string, error) {
	return pp.session.Text(ctx, "h1")
}

func (pp platformPages) loginHeading() string { return "Log in to " + pp.platform.Title }

// onLogin says whether the page asks for a login.
func (pp platformPages) onLogin(ctx context.Context) (bool, error) {
	h, err := pp.heading(ctx)
	return h == pp.loginHeading(), err
}

// onConsent says whether the page asks for consent.
func (pp platformPages) onConsent(ctx context.Context) (bool, error) {
	h, err := pp.heading(ctx)
	return strings.HasSuffix(h, " asks for access to your "+pp.platform.Title+" account"), err
}

func (pp platformPages) logIn(ctx context.Context) error {
	customer, err := pp.platform.customer(pp.as)
	if err != nil {
		return err
	}
	return pp.enter(ctx, customer)
}

// enter sends the login form with an account.
func (pp platformPages) enter(ctx context.Context, c control.Customer) error {
	if err := pp.session.Fill(ctx, "Username", c.Username); err != nil {
		return err
	}
	if err := pp.session.Fill(ctx, "Password", c.Password); err != nil {
		return err
	}
	return pp.session.Press(ctx, "Log in")
}

// logInIfAsked logs in where the Platform asks for it.
func (pp platformPages) logInIfAsked(ctx context.Context) error {
	asked, err := pp.onLogin(ctx)
	if err != nil || !asked {
		return err
	}
	return pp.logIn(ctx)
}

// stopsHere says whether the Platform shows a page with an alert instead of
// asking for consent, and keeps what it tells.
func (pp platformPages) stopsHere(ctx context.Context, v *visitor) (bool, error) {
	consent, err := pp.onConsent(ctx)
	if err != nil || consent {
		return false, err
	}
	v.told, err = pp.session.Text(ctx, anAlert)
	return true, err
}

// refusal is why the page offers the customer no scope for changes, empty if
// it does.
func (pp platformPages) refusal(ctx context.Context) (string, error) {
	reasons, err := pp.session.Texts(ctx, "[data-grantable=no] .hint")
	return strings.Join(reasons, " "), err
}

// decide answers the consent page.
func (pp platformPages) decide(ctx context.Context, c choice) error {
	switch c {
	case denies:
		return pp.session.Press(ctx, "Deny")
	case allowsReading:
		if err := pp.untickChanges(ctx); err != nil {
			return err
		}
	}
	return pp.session.Press(ctx, "Allow")
}

// changesScope is how the Platform words the scope that covers changes.
const changesScope = "campaign budgets and status"

func (pp platformPages) untickChanges(ctx context.Context) error {
	return pp.session.SetChecked(ctx, changesScope, false)
}

// openConnected opens the list of connected applications, logging in.
func (pp platformPages) openConnected(ctx context.Context) error {
	if err := pp.session.Goto(ctx, pp.platform.Endpoints.Connected); err != nil {
		return err
	}
	return pp.logInIfAsked(ctx)
}

// ofApplication is an application's place in that list.
func ofApplication(id string) string { return fmt.Sprintf("article[data-client=%q]", id) }

// withdraw ends an application's access and waits for the confirmation.
func (pp platformPages) withdraw(ctx context.Context, clientID string) error {
	if err := pp.openConnected(ctx); err != nil {
		return err
	}
	if err := pp.session.PressIn(ctx, ofApplication(clientID), "Withdraw access"); err != nil {
		return err
	}
	return pp.session.WaitFor(ctx, aNotice)
}

// registration is what a developer enters at the portal.
type registration struct{ name, website, redirectURI, description string }

func (pp platformPages) openPortal(ctx context.Context) error {
	return pp.session.Goto(ctx, pp.platform.Endpoints.Developers)
}

func (pp platformPages) register(ctx context.Context, r registration) error {
	if err := pp.openPortal(ctx); err != nil {
		return err
	}
	for _, field := range []struct{ label, value string }{
		{"Application name", r.name}, {"Application website", r.website},
		{"Redirect URI", r.redirectURI}, {"Description", r.description},
	} {
		if err := pp.session.Fill(ctx, field.label, field.value); err != nil {
			return err
		}
	}
	return pp.session.Press(ctx, "Register application")
}

// credentials reads the id and the secret of a fresh registration.
func (pp platformPages) credentials(ctx context.Context) (id, secret string, err error) {
	if id, err = pp.session.Text(ctx, "code#client_id"); err != nil {
		return "", "", err
	}
	secret, err = pp.session.Text(ctx, "code#client_secret")
	return id, secret, err
}

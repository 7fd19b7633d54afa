package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

var developerSteps = []definition{
	given(`{who} has registered an application at {the platform}`, (*world).registers),
	when(`{who} registers an application at {the platform}`, (*world).registers),
	when(`{who} registers an application with (?:nothing|"([^"]*)") as (name|website|redirect URI)`, (*world).registersWith),
	when(`{who} reloads the page`, (*world).reloads),
	when(`{who} opens the portal of {the platform}`, (*world).opensPortal),
	when(`the application asks for its own access token`, (*world).applicationAsks),
	when(`{who} opens MINT's account at {the platform}`, (*world).opensAccount),
	given(`{who} has changed MINT's description to {text}`, (*world).changesDescription),
	given(`{who} has replaced MINT's redirect URI`, (*world).replacesRedirectURI),

	then(`{who} sees the application's id and its secret`, (*world).seesCredentials),
	then(`the platform says that the secret is not shown again`, (*world).saysOnce),
	then(`{who} sees no secret`, (*world).seesNoSecret),
	then(`the platform issues an access token`, (*world).issuesAccessToken),
	then(`the platform tells what is wrong beside the (name|website|redirect URI)`, (*world).tellsBeside),
	then(`no application was registered`, (*world).nothingRegistered),
	then(`the platform says whom to ask instead`, (*world).saysWhomToAsk),
	then(`MINT shows the name, website and redirect URI registered there`, (*world).showsAccount),
}

// good is a registration without a fault.
var good = registration{
	name: "Figures", website: "https://figures.example", redirectURI: "https://figures.example/callback",
	description: "Shows figures",
}

// registers fills the form and keeps the credentials, as a developer would.
func (w *world) registers(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	if err := v.at(p).register(ctx, good); err != nil {
		return err
	}
	id, secret, err := v.at(p).credentials(ctx)
	if err != nil {
		return err
	}
	w.client = &oauthClient{http: w.env.Topology.HTTPClient(), platform: p, id: id, secret: secret}
	return nil
}

// field is a field of the registration form.
type field string

// name is what the form calls the field.
func (f field) name() string { return strings.ToLower(strings.ReplaceAll(string(f), " ", "_")) }

func (w *world) registersWith(ctx context.Context, who person, entry string, f field) error {
	v, p, err := w.visiting(ctx, who, "")
	if err != nil {
		return err
	}
	r := good
	switch f {
	case "name":
		r.name = entry
	case "website":
		r.website = entry
	case "redirect URI":
		r.redirectURI = entry
	}
	return v.at(p).register(ctx, r)
}

func (w *world) reloads(ctx context.Context, who person) error {
	v, err := w.visitor(ctx, who)
	if err != nil {
		return err
	}
	return v.session.Reload(ctx)
}

func (w *world) opensPortal(ctx context.Context, who person, of profile) error {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return err
	}
	return v.at(p).openPortal(ctx)
}

func (w *world) applicationAsks(ctx context.Context) error {
	if w.client == nil {
		return errors.New("the scenario has registered no application")
	}
	return w.client.post(ctx, w.client.ownToken())
}

func (w *world) opensAccount(ctx context.Context, who person, of profile) error {
	_, err := w.openAccount(ctx, who, of)
	return err
}

// openAccount follows the list's link to MINT's own account at a Platform.
func (w *world) openAccount(ctx context.Context, who person, of profile) (*visitor, error) {
	v, p, err := w.visiting(ctx, who, of)
	if err != nil {
		return nil, err
	}
	if err := w.mintPages(v).open(ctx); err != nil {
		return nil, err
	}
	return v, v.session.FollowIn(ctx, article(p), "Application account")
}

func (w *world) changesDescription(ctx context.Context, who person, text string) error {
	return w.saves(ctx, who, "Description", text)
}

func (w *world) replacesRedirectURI(ctx context.Context, who person) error {
	return w.saves(ctx, who, "Redirect URI", "http://127.0.0.1:9/elsewhere")
}

// saves changes one field of MINT's own account.
func (w *world) saves(ctx context.Context, who person, label, value string) error {
	v, err := w.openAccount(ctx, who, "")
	if err != nil {
		return err
	}
	if err := v.session.Fill(ctx, label, value); err != nil {
		return err
	}
	if err := v.session.Press(ctx, "Save"); err != nil {
		return err
	}
	return v.session.WaitFor(ctx, aNotice)
}

func (w *world) seesCredentials(_ context.Context, _ person) error {
	if len(w.client.id) < 8 || len(w.client.secret) < 22 {
		return fmt.Errorf("expected an id and a secret of at least 128 bits, got %d and %d characters", len(w.client.id), len(w.client.secret))
	}
	return nil
}

func (w *world) saysOnce(ctx context.Context) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	got, err := v.session.Text(ctx, "main")
	return expectWords("the page", got, err, "shown", "not again")
}

func (w *world) seesNoSecret(ctx context.Context, _ person) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	source, err := v.session.HTML(ctx)
	if err == nil && strings.Contains(source, w.client.secret) {
		err = errors.New("expected the secret to be gone from the page, it is there")
	}
	return err
}

func (w *world) issuesAccessToken(_ context.Context) error {
	return w.client.answer.expectTokens()
}

func (w *world) tellsBeside(ctx context.Context, f field) error {
	v, err := w.her()
	if err != nil {
		return err
	}
	got, err := v.session.Text(ctx, fmt.Sprintf("[data-error-for=%s]", f.name()))
	return expectWords("the error beside the field", got, err)
}

func (w *world) nothingRegistered(ctx context.Context) error {
	p, err := w.platform(ctx, "")
	if err != nil {
		return err
	}
	now, err := p.control.Platform(ctx, p.Name)
	if err != nil {
		return err
	}
	return expectEqual("the number of registered applications", len(now.Clients), len(p.Clients))
}

func (w *world) saysWhomToAsk(ctx context.Context) error {
	v, p, err := w.visiting(ctx, w.acting.who, "")
	if err != nil {
		return err
	}
	got, err := v.session.Text(ctx, "main")
	if err := expectWords("the page", got, err, "api-support@service-ads.example"); err != nil {
		return err
	}
	return v.answered(p.Endpoints.Developers, http.StatusServiceUnavailable)
}

func (w *world) showsAccount(ctx context.Context) error {
	v, p, err := w.visiting(ctx, w.acting.who, "")
	if err != nil {
		return err
	}
	registered, err := p.registered(factsOf[p.profile].client)
	if err != nil {
		return err
	}
	got, err := v.session.Text(ctx, "main[data-application]")
	return expectWords("MINT's page of its account", got, err, registered.Name, registered.Website, registered.RedirectURIs[0])
}

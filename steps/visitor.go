package steps

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/steps/browser"
)

// person is one of the people of the feature files: Maya owns an advertising
// account, Victor may only view his, Nora has none, Oskar owns another one,
// Dana develops applications.
type person string

// key is what profiles call the person.
func (p person) key() string { return strings.ToLower(string(p)) }

// visitor is a person at a browser window of her own.
type visitor struct {
	who     person
	account person // whose account she uses at Platforms: her own, as a rule
	session *browser.Session
	seen    map[profile]string // her connection pages, by Platform
	kept    string             // an address she kept for later: a tab, a link back
	told    string             // what the Platform told her on the way
}

// visitor returns a person's browser window, opening it the first time.
func (w *world) visitor(ctx context.Context, who person) (*visitor, error) {
	v, known := w.visitors[who]
	if !known {
		b, err := w.env.Browser(ctx)
		if err != nil {
			return nil, err
		}
		session, err := b.NewSession(ctx)
		if err != nil {
			return nil, fmt.Errorf("opening a browser window for %s: %w", who, err)
		}
		v = &visitor{who: who, account: who, session: session, seen: map[profile]string{}}
		w.visitors[who] = v
	}
	w.acting = v
	return v, nil
}

// visiting returns a person's window, a running MINT and an existing Platform:
// what nearly every act of a person needs.
func (w *world) visiting(ctx context.Context, who person, of profile) (*visitor, *platform, error) {
	p, err := w.platform(ctx, of)
	if err != nil {
		return nil, nil, err
	}
	if w.journey() {
		if err := w.startMINT(ctx); err != nil {
			return nil, nil, err
		}
	}
	v, err := w.visitor(ctx, who)
	return v, p, err
}

// her returns the window of whoever acted last.
func (w *world) her() (*visitor, error) {
	if w.acting == nil {
		return nil, fmt.Errorf("nobody has acted yet in this scenario")
	}
	return w.acting, nil
}

// choice is what a person does with a consent page.
type choice string

const (
	allowsAll     choice = "allows all"
	allowsReading choice = "allows reading"
	denies        choice = "denies"
)

// connect walks from MINT's list to where the Platform and MINT lead, with the
// choice made on the consent page. It does not judge where the walk ends.
func (w *world) connect(ctx context.Context, v *visitor, p *platform, c choice) error {
	mint := w.mintPages(v)
	if p.passwords() {
		customer, err := p.customer(v.account)
		if err != nil {
			return err
		}
		return mint.enterAPIAccount(ctx, p, customer)
	}
	if err := mint.pressConnect(ctx, p); err != nil {
		return err
	}
	return v.consents(ctx, p, c)
}

// consents walks through the Platform's pages with the choice made on the
// consent page, unless the Platform stops before it.
func (v *visitor) consents(ctx context.Context, p *platform, c choice) error {
	at := v.at(p)
	if err := at.logInIfAsked(ctx); err != nil {
		return err
	}
	if stopped, err := at.stopsHere(ctx, v); err != nil || stopped {
		return err
	}
	if reason, err := at.refusal(ctx); err != nil {
		return err
	} else if reason != "" {
		v.told = reason
	}
	return at.decide(ctx, c)
}

// allowUnfollowed sends the consent form of the page as the browser would and
// returns the address that the Platform redirects to, unvisited.
func (v *visitor) allowUnfollowed(ctx context.Context, http *http.Client) (string, error) {
	var form struct {
		Action string
		Fields [][2]string
	}
	if err := v.session.Eval(ctx, &form, `() => {
		const f = document.querySelector('main form');
		return {Action: f.action, Fields: [...new FormData(f)]};
	}`); err != nil {
		return "", err
	}
	values := url.Values{"decision": {"allow"}}
	for _, f := range form.Fields {
		values.Add(f[0], f[1])
	}
	r, err := newRequest(ctx, "POST", form.Action, values)
	if err != nil {
		return "", err
	}
	cookies, err := v.session.Cookies(ctx, form.Action)
	if err != nil {
		return "", err
	}
	for _, c := range cookies {
		r.Header.Add("Cookie", c.Name+"="+c.Value)
	}
	answer, err := send(http, r)
	if err != nil {
		return "", err
	}
	if answer.Header.Get("Location") == "" {
		return "", fmt.Errorf("expected the consent form to be answered with a redirect, got %s", answer)
	}
	return answer.Header.Get("Location"), nil
}

// answered says whether the page at url was last answered with the status.
func (v *visitor) answered(url string, status int) error {
	got := 0
	for _, r := range v.session.Requests() {
		if r.URL == url && r.Type == "Document" {
			got = r.Status
		}
	}
	return expectEqual("the status of "+url, got, status)
}

// connected walks as connect does and ends on the connection's page with its
// figures. The time from pressing Connect to the figures is a journey.
func (w *world) connected(ctx context.Context, v *visitor, p *platform, c choice) error {
	mint := w.mintPages(v)
	if err := mint.open(ctx); err != nil {
		return err
	}
	begun := time.Now() //nolint:forbidigo // how long a person really waits
	if err := w.connect(ctx, v, p, c); err != nil {
		return err
	}
	id, err := mint.arriveAtFigures(ctx)
	if err != nil {
		return fmt.Errorf("%s did not arrive at her campaigns: %w", v.who, err)
	}
	if !p.passwords() {
		w.env.Recorder.Duration("journey", time.Since(begun)) //nolint:forbidigo // as above
	}
	v.seen[p.profile] = id
	return nil
}

// wrong is what a person gets wrong at a login.
type wrong string

// wrongCredentials are a customer's with one thing wrong.
func wrongCredentials(c control.Customer, what wrong) control.Customer {
	switch what {
	case "an unknown username":
		c.Username = "nobody@example.test"
	default:
		c.Password = "not-" + c.Password
	}
	return c
}

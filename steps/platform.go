package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// profile names one of the four kinds of Platform; empty in a sentence that
// speaks of "the platform".
type profile string

// facts are what the scenarios take for granted of a profile.
type facts struct {
	client string        // MINT's client_id there
	access time.Duration // lifetime of an access token
}

var factsOf = map[profile]facts{
	"mint":    {client: "mint-web", access: 20 * time.Minute},
	"mailup":  {client: "mailup-mint", access: 15 * time.Minute},
	"service": {client: "service-mint", access: time.Hour},
	"mindbaz": {client: "100", access: 20 * time.Minute},
}

// platform is one Platform of the scenario. Until create it is a plan.
type platform struct {
	control.Platform
	control  *control.Client
	profile  profile
	dialect  string // named after the profile, if any
	hostile  *control.Hostile
	settings map[string]any
	armed    bool          // a fault was armed
	ear      *eavesdropper // listens at the token endpoint, if asked for
	marked   int64         // how far the journal was when a step marked it
}

func (p *platform) exists() bool { return p.Name != "" }

// passwords says whether customers are connected without a consent page.
func (p *platform) passwords() bool { return p.profile == "mindbaz" }

// set lays a value over the profile, at a path of keys.
func (p *platform) set(value any, path ...string) {
	at := p.settings
	for _, key := range path[:len(path)-1] {
		next, ok := at[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[key] = next
		}
		at = next
	}
	at[path[len(path)-1]] = value
}

func (p *platform) create(ctx context.Context) error {
	settings, err := json.Marshal(p.settings)
	if err != nil {
		return fmt.Errorf("settings of the %s platform: %w", p.profile, err)
	}
	of := string(p.profile)
	if p.dialect != "" {
		of += "+" + p.dialect
	}
	p.Platform, err = p.control.CreatePlatform(ctx, control.CreatePlatform{Profile: of, Settings: settings, Hostile: p.hostile})
	if err != nil {
		return fmt.Errorf("creating a %s platform: %w", p.profile, err)
	}
	return nil
}

func (p *platform) close(ctx context.Context) error {
	var errs []error
	if p.ear != nil {
		errs = append(errs, p.ear.close())
	}
	if p.exists() {
		errs = append(errs, p.control.DeletePlatform(ctx, p.Name))
	}
	return errors.Join(errs...)
}

// registered returns the OAuth client with the id.
func (p *platform) registered(id string) (control.RegisteredClient, error) {
	for _, c := range p.Clients {
		if c.ID == id {
			return c, nil
		}
	}
	return control.RegisteredClient{}, fmt.Errorf("the %s platform has no client %q", p.profile, id)
}

// customer returns the test customer that a person is at this Platform.
func (p *platform) customer(who person) (control.Customer, error) {
	for _, c := range p.Customers {
		if c.Key == who.key() {
			return c, nil
		}
	}
	return control.Customer{}, fmt.Errorf("the %s platform has no customer %q", p.profile, who.key())
}

// liveTokens counts the tokens of a customer that would still be accepted.
func (p *platform) liveTokens(ctx context.Context, who person) (int, error) {
	families, err := p.families(ctx, who)
	n := 0
	for _, f := range families {
		n += live(f)
	}
	return n, err
}

func live(f control.Family) int {
	n := 0
	for _, t := range f.Tokens {
		if t.State == "live" {
			n++
		}
	}
	return n
}

// families are the grants that a customer has given, dead ones included.
func (p *platform) families(ctx context.Context, who person) ([]control.Family, error) {
	all, err := p.control.Grants(ctx, p.Name)
	if err != nil {
		return nil, fmt.Errorf("reading the grants of the %s platform: %w", p.profile, err)
	}
	var his []control.Family
	for _, f := range all {
		if f.Customer == who.key() {
			his = append(his, f)
		}
	}
	return his, nil
}

// plan adds a Platform to the scenario; it is created when first needed.
func (w *world) plan(of profile) *platform {
	p := &platform{control: w.env.Topology.Control(), profile: of, settings: map[string]any{}}
	w.platforms = append(w.platforms, p)
	return p
}

// find returns the planned or created Platform of a profile; an empty profile
// is the scenario's first.
func (w *world) find(of profile) (*platform, error) {
	for _, p := range w.platforms {
		if of == "" || p.profile == of {
			return p, nil
		}
	}
	return nil, fmt.Errorf("the scenario has no %s platform", of)
}

// platform returns a Platform that exists. All planned ones are created at
// once, because MINT is told of all of them when it starts.
func (w *world) platform(ctx context.Context, of profile) (*platform, error) {
	p, err := w.find(of)
	if err != nil {
		return nil, err
	}
	for _, planned := range w.platforms {
		if err := w.create(ctx, planned); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (w *world) create(ctx context.Context, p *platform) error {
	if p.exists() {
		return nil
	}
	if !p.passwords() {
		uri, err := w.redirectURI(ctx)
		if err != nil {
			return err
		}
		p.set([]string{uri}, "clients", factsOf[p.profile].client, "redirect_uris")
	}
	if err := p.create(ctx); err != nil {
		return err
	}
	w.env.Recorder.Leniencies(string(p.profile), p.Leniencies)
	if p.ear != nil {
		return p.ear.listen(ctx, w.env.Topology, p.Endpoints.Token)
	}
	return nil
}

// redirectURI is where authorization answers go: MINT's relay page in a
// journey, the harness's own listener in a protocol scenario.
func (w *world) redirectURI(ctx context.Context) (string, error) {
	if !w.journey() {
		c, err := w.openCatcher()
		if err != nil {
			return "", err
		}
		return c.uri(), nil
	}
	if w.mint == nil {
		mint, err := w.env.Topology.ReserveMINT(ctx)
		if err != nil {
			return "", fmt.Errorf("reserving a MINT: %w", err)
		}
		w.mint = mint
	}
	return w.mint.URL() + "/oauth/callback", nil
}

package platform

import (
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/ads"
	"github.com/mint-conformance/mint/mockplatform/internal/clock"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/issuer"
	"github.com/mint-conformance/mint/mockplatform/internal/journal"
	"github.com/mint-conformance/mint/mockplatform/internal/lapse"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/shared"
	"github.com/mint-conformance/mint/mockplatform/internal/token"
)

// Config is what one Platform is made of.
type Config struct {
	Name    string           // path segment: lower case letters, digits, hyphens
	Profile *profile.Profile // frozen
	BaseURL string           // public base without the name and without a trailing slash
	// APIBaseURL is the base of the API when the profile's topology is split;
	// empty means BaseURL.
	APIBaseURL string
	Now        func() time.Time // machine time; required
	Rand       io.Reader        // nil: crypto/rand; any other need not be safe for concurrent use
	Timer      fault.Timer      // for faults that hold requests; nil: real time
	// Hostile is the seed of a Platform that surprises its clients; 0: none. It
	// takes the place of Rand.
	Hostile int64
	// Accounts are the campaign accounts that customers may name; nil reads
	// the embedded ones.
	Accounts []*ads.Account
	// JournalBound is how many exchanges the journal keeps; 0 for its default.
	JournalBound int
	// JournalBodies keeps JSON bodies in the journal.
	JournalBodies bool
	// Shared is what replicas of this Platform have in common; nil keeps all
	// state in this process. Entry is the Platform's own in the replicas' table.
	Shared *shared.Space
	Entry  string
}

// Platform is one hosted Platform. It is safe for concurrent use.
type Platform struct {
	name    string
	profile *profile.Profile
	urls    urls
	clock   *clock.Clock
	journal *journal.Journal
	bodies  bool // are kept in the journal
	faults  *fault.Plan
	hostile *fault.Hostile // nil for a Platform without surprises
	random  io.Reader
	auth    *issuer.Issuer
	ads     *ads.Book
	secret  []byte        // keys derive from it
	shared  *shared.Space // nil without replicas
	entry   string        // in the replicas' table; "" for one hosted from the start
	tables  *lapse.Tables // of what is remembered for a while

	attach   sync.Once
	attached any
}

// New puts a Platform together. The error is profile.Faults when a customer
// names an account that does not exist, and ErrOtherReplica.
func New(cfg Config) (*Platform, error) {
	if cfg.Accounts == nil {
		accounts, err := embeddedAccounts()
		if err != nil {
			return nil, err
		}
		cfg.Accounts = accounts
	}
	if err := cfg.Profile.Passes(accountsIn(cfg.Accounts)); err != nil {
		return nil, err
	}
	random := cfg.Rand
	var hostile *fault.Hostile
	opaque := token.Opaque
	if cfg.Hostile != 0 && cfg.Shared != nil {
		return nil, profile.Faults{{Path: "hostile", Message: "replicas would all make the same values from one seed: use --store memory"}}
	}
	if cfg.Hostile != 0 {
		hostile, opaque = fault.NewHostile(cfg.Hostile), fault.OddToken
		random = hostile.Reader()
	}
	if random == nil {
		random = rand.Reader
	} else {
		random = &lockedReader{r: random}
	}
	p := &Platform{
		name: cfg.Name, profile: cfg.Profile, urls: urlsOf(cfg), clock: clock.New(cfg.Now),
		faults: fault.NewPlan(cfg.Timer), hostile: hostile, random: random, secret: make([]byte, 32), shared: cfg.Shared, entry: cfg.Entry,
	}
	if _, err := io.ReadFull(random, p.secret); err != nil {
		return nil, fmt.Errorf("no randomness for the Platform's keys: %w", err)
	}
	born, err := p.join()
	if err != nil {
		return nil, err
	}
	p.journal, p.bodies = p.newJournal(cfg.JournalBound), cfg.JournalBodies
	p.tables = p.newTables()
	p.faults.Share(fault.Sharing{Lags: p.tables.Open("lags", fault.MaxLags)})
	store := p.store()
	auth, err := issuer.New(issuer.Config{
		Profile: cfg.Profile, Endpoints: p.urls.endpoints(cfg.Profile), Issuer: p.urls.issuer, Audience: p.urls.api,
		Store: store, Applications: p.applications(), Tables: p.tables, Fingerprints: p.journal.Fingerprinter, Rand: random, Opaque: opaque,
		ShareKeys: p.shareKeys(),
	})
	if err != nil {
		return nil, err
	}
	p.auth = auth
	p.journal.Recognise(p.vocabulary())
	p.ads = ads.NewBook(born, cfg.Accounts...)
	p.clock.OnChange(store.Sweep)
	p.clock.OnChange(p.tables.Sweep)
	return p, p.share()
}

// Name is the path segment.
func (p *Platform) Name() string { return p.name }

// Profile is the effective profile; do not change it.
func (p *Platform) Profile() *profile.Profile { return p.profile }

// Issuer is the issuer identifier, BaseURL/Name.
func (p *Platform) Issuer() string { return p.urls.issuer }

// APIBase is where the API's paths begin.
func (p *Platform) APIBase() string { return p.urls.api }

// Endpoints are the absolute URLs.
func (p *Platform) Endpoints() control.Endpoints { return p.urls.endpoints(p.profile) }

// Clock is the Platform's clock.
func (p *Platform) Clock() *clock.Clock { return p.clock }

// JournalBodies reports whether the journal keeps JSON bodies.
func (p *Platform) JournalBodies() bool { return p.bodies }

// Journal is the Platform's record.
func (p *Platform) Journal() *journal.Journal { return p.journal }

// Faults are the armed deviations.
func (p *Platform) Faults() *fault.Plan { return p.faults }

// Hostile are the Platform's legal surprises; nil for none.
func (p *Platform) Hostile() *fault.Hostile { return p.hostile }

// Tables are where the web layer remembers something for a while.
func (p *Platform) Tables() *lapse.Tables { return p.tables }

// Attached answers what make made at its first call, for as long as the Platform
// lives: what somebody else holds of it goes with it, whoever deletes it.
func (p *Platform) Attached(make func() any) any {
	p.attach.Do(func() { p.attached = make() })
	return p.attached
}

// Rand is where the Platform's randomness comes from. It is safe for concurrent
// use.
func (p *Platform) Rand() io.Reader { return p.random }

// Auth is the authorization server.
func (p *Platform) Auth() *issuer.Issuer { return p.auth }

// Ads is the advertising business.
func (p *Platform) Ads() *ads.Book { return p.ads }

// Customer finds a customer by key.
func (p *Platform) Customer(key string) (profile.Customer, bool) { return p.profile.Customer(key) }

// Login answers the customer with this username and password.
func (p *Platform) Login(username, password string) (profile.Customer, bool) {
	return p.profile.Login(username, password)
}

// Describe is everything a test needs to know, secrets included.
func (p *Platform) Describe() control.Platform {
	d := control.Platform{
		Name: p.name, Profile: p.profile.Label(), Title: p.profile.Title, Issuer: p.urls.issuer, APIBase: p.urls.api,
		Endpoints: p.Endpoints(), Grants: slices.Clone(p.profile.Grants), PKCE: p.profile.Authorize.PKCE,
		Scopes:  append([]string{}, slices.Sorted(maps.Keys(p.profile.Scopes))...),
		Clients: []control.RegisteredClient{}, Customers: []control.Customer{},
		Leniencies: append([]string{}, p.profile.Leniencies()...),
	}
	if p.hostile != nil {
		d.Hostile = &control.Hostile{Seed: p.hostile.Seed()}
	}
	for _, a := range p.auth.Applications().List() {
		d.Clients = append(d.Clients, control.RegisteredClient{
			ID: a.ID, Secret: a.Secret, Name: a.Name, Website: a.Website, Description: a.Description,
			Logo: a.Logo, Contacts: a.Contacts,
			RedirectURIs: a.RedirectURIs, Grants: a.Grants, AuthMethods: a.AuthMethods,
		})
	}
	for _, key := range slices.Sorted(maps.Keys(p.profile.Customers)) {
		c := p.profile.Customers[key]
		d.Customers = append(d.Customers, control.Customer{
			Key: key, Username: c.Username, Password: c.Password, Name: c.Name, Role: c.Role,
		})
	}
	return d
}

// lockedReader makes a seeded source of randomness safe for concurrent use.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

// Read reads as one step.
func (l *lockedReader) Read(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return io.ReadFull(l.r, b)
}

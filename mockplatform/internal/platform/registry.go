package platform

import (
	"cmp"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/ads"
	"github.com/mint-conformance/mint/mockplatform/internal/fault"
	"github.com/mint-conformance/mint/mockplatform/internal/journal"
	"github.com/mint-conformance/mint/mockplatform/internal/profile"
	"github.com/mint-conformance/mint/mockplatform/internal/shared"
)

// DefaultLimit is how many Platforms a process hosts at most.
const DefaultLimit = 4096

// What Create and Add may answer, beside profile.Faults for bad settings.
var (
	ErrUnknownProfile = errors.New("no such profile")
	ErrNameTaken      = errors.New("a Platform of this name exists already")
	ErrBadName        = errors.New("a Platform's name is 1 to 63 lower case letters, digits and inner hyphens")
	ErrBadSeed        = fmt.Errorf("a seed is a whole number from 1 to %d, or 0 to get one chosen", fault.MaxSeed)
	ErrTooMany        = errors.New("no more Platforms can be hosted: delete one first")
	ErrBadJournalSize = errors.New("a journal cannot keep that many exchanges")
)

// RegistryConfig is what all Platforms of a process have in common.
type RegistryConfig struct {
	BaseURL    string           // public base, no trailing slash
	APIBaseURL string           // for topology split; empty means BaseURL
	Now        func() time.Time // machine time; required
	Rand       io.Reader        // nil: crypto/rand
	Timer      fault.Timer      // for faults that hold requests; nil: real time
	Limit      int              // 0: DefaultLimit
	// JournalBound is how many exchanges a Platform's journal keeps unless it
	// is created with another bound; 0: journal.DefaultBound.
	JournalBound int
	// Seed, if not "", makes every generated value of a Platform follow from it
	// and the Platform's name, in place of Rand.
	Seed string
	// Shared is what replicas of the process have in common; nil keeps all
	// state in this process.
	Shared *shared.Backend
}

// Registry hosts Platforms by name. It is safe for concurrent use.
type Registry struct {
	cfg      RegistryConfig
	profiles map[string]*profile.Profile // embedded, frozen
	dialects map[string]*profile.Dialect // embedded, frozen
	accounts []*ads.Account              // embedded, frozen

	adding sync.Mutex // held while a Platform is made that replicas share
	mu     sync.RWMutex
	byName map[string]*Platform
	last   int // number of the newest generated name
}

// NewRegistry reads the embedded profiles and campaign accounts, each once.
func NewRegistry(cfg RegistryConfig) (*Registry, error) {
	if cfg.Limit == 0 {
		cfg.Limit = DefaultLimit
	}
	if cfg.Rand != nil {
		cfg.Rand = &lockedReader{r: cfg.Rand}
	}
	r := &Registry{cfg: cfg, byName: map[string]*Platform{}}
	if err := r.embedded(); err != nil {
		return nil, err
	}
	accounts, err := embeddedAccounts()
	if err != nil {
		return nil, err
	}
	r.accounts = accounts
	return r, r.follow()
}

func embeddedAccounts() ([]*ads.Account, error) {
	accounts := []*ads.Account{}
	for _, name := range fixtures.CampaignAccounts() {
		doc, err := fixtures.Campaigns(name)
		if err != nil {
			return nil, err
		}
		a, err := ads.ParseAccount(doc)
		if err != nil {
			return nil, fmt.Errorf("embedded %w", err)
		}
		accounts = append(accounts, a)
	}
	return accounts, nil
}

// KnownAccounts finds customers of campaign accounts that do not exist.
func KnownAccounts() (profile.Check, error) {
	accounts, err := embeddedAccounts()
	return accountsIn(accounts), err
}

func accountsIn(accounts []*ads.Account) profile.Check {
	var names []string
	for _, a := range accounts {
		names = append(names, a.Name)
	}
	return func(p *profile.Profile, fault func(path, format string, args ...any)) {
		for _, key := range slices.Sorted(maps.Keys(p.Customers)) {
			if account := p.Customers[key].Account; account != "" && !slices.Contains(names, account) {
				fault("customers."+key+".account", "%q is no campaign account: use one of %s", account, strings.Join(names, ", "))
			}
		}
	}
}

// Profiles lists the embedded profiles' names, sorted.
func (r *Registry) Profiles() []string { return fixtures.Profiles() }

// Dialects lists the embedded dialects by name.
func (r *Registry) Dialects() []*profile.Dialect {
	out := make([]*profile.Dialect, 0, len(r.dialects))
	for _, name := range slices.Sorted(maps.Keys(r.dialects)) {
		out = append(out, r.dialects[name])
	}
	return out
}

// Create makes a Platform from an embedded profile, with or without a dialect,
// and settings; without a name it gets one. Errors: those above and profile.Faults.
func (r *Registry) Create(c control.CreatePlatform) (*Platform, error) {
	r.sync()
	return r.host(c, created)
}

// seed is that of a hostile Platform, chosen when it is left open; 0 for any
// other Platform.
func (r *Registry) seed(wanted *control.Hostile) (int64, error) {
	if wanted == nil {
		return 0, nil
	}
	if wanted.Seed < 0 || wanted.Seed > fault.MaxSeed {
		return 0, ErrBadSeed
	}
	if wanted.Seed != 0 {
		return wanted.Seed, nil
	}
	random := r.cfg.Rand
	if random == nil {
		random = rand.Reader
	}
	var b [4]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return 0, fmt.Errorf("no randomness for a seed: %w", err)
	}
	return 1 + int64(binary.BigEndian.Uint32(b[:])), nil
}

var nameForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// Add makes a Platform from a profile of one's own; without a name it gets
// one. A hostile one has the seed that is wanted, or a chosen one. Errors:
// those above and profile.Faults.
func (r *Registry) Add(name string, p *profile.Profile, hostile *control.Hostile) (*Platform, error) {
	seed, err := r.seed(hostile)
	if err != nil {
		return nil, err
	}
	return r.add(p, control.CreatePlatform{Name: name}, seed, hosted)
}

func (r *Registry) add(p *profile.Profile, c control.CreatePlatform, seed int64, from origin) (*Platform, error) {
	if c.JournalSize < 0 || c.JournalSize > journal.MaxBound {
		return nil, fmt.Errorf("%w: %d is not from 1 to %d", ErrBadJournalSize, c.JournalSize, journal.MaxBound)
	}
	if c.Name == "" {
		c.Name = r.freeName(p.Name)
	}
	if !nameForm.MatchString(c.Name) {
		return nil, ErrBadName
	}
	if r.cfg.Shared != nil {
		r.adding.Lock() // a second Platform of a name would listen in the first one's place
		defer r.adding.Unlock()
	}
	if p, known := r.known(c.Name); known && from == hosted && p.entry != "" {
		return p, nil // it was deleted and created again since the other replicas started
	}
	if err := r.room(c.Name); err != nil {
		return nil, err // the cheap refusal; the lock below decides
	}
	made, err := r.build(p, c, seed, from)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.roomLocked(c.Name); err != nil {
		return nil, err
	}
	r.byName[c.Name] = made
	return made, nil
}

// build puts a Platform together and, with replicas, tells them of it.
func (r *Registry) build(p *profile.Profile, c control.CreatePlatform, seed int64, from origin) (*Platform, error) {
	entry, space, err := r.entry(c, from)
	if err != nil {
		return nil, err
	}
	made, err := New(Config{
		Name: c.Name, Profile: p, BaseURL: r.cfg.BaseURL, APIBaseURL: r.cfg.APIBaseURL,
		Now: r.cfg.Now, Rand: r.random(c.Name), Timer: r.cfg.Timer, Hostile: seed, Accounts: r.accounts, Shared: space, Entry: entry,
		JournalBound: cmp.Or(c.JournalSize, r.cfg.JournalBound), JournalBodies: c.JournalBodies,
	})
	if from == created && space != nil {
		if err == nil && !r.table().PutOver("", "platform", c.Name, entry) {
			err = ErrNameTaken
		}
		if err != nil {
			_ = space.Drop() // nobody else knows where it lies
		}
	}
	return made, err
}

// freeName answers a name that was never generated before, here or, since
// replicas do not count together, at another replica at the same moment.
func (r *Registry) freeName(profileName string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		r.last++
		number := "-" + strconv.Itoa(r.last)
		if r.cfg.Shared != nil {
			number += "-" + strings.ToLower(rand.Text()[:8])
		}
		name := strings.TrimRight(profileName[:min(len(profileName), 63-len(number))], "-") + number
		if r.byName[name] == nil {
			return name
		}
	}
}

func (r *Registry) room(name string) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.roomLocked(name)
}

func (r *Registry) roomLocked(name string) error {
	switch {
	case r.byName[name] != nil:
		return ErrNameTaken
	case len(r.byName) >= r.cfg.Limit:
		return ErrTooMany
	}
	return nil
}

// Get finds a Platform, with all that other replicas did to it. It panics with
// *token.Unavailable when what they share is out of reach.
func (r *Registry) Get(name string) (*Platform, bool) {
	r.sync()
	r.mu.RLock()
	p, ok := r.byName[name]
	r.mu.RUnlock()
	if ok {
		p.sync()
	}
	return p, ok
}

// List answers all Platforms ordered by name.
func (r *Registry) List() []*Platform {
	r.sync()
	r.mu.RLock()
	defer r.mu.RUnlock()
	out := make([]*Platform, 0, len(r.byName))
	for _, p := range r.byName {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b *Platform) int { return cmp.Compare(a.name, b.name) })
	return out
}

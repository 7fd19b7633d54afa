package ads

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"
)

// MaxKey bounds an Idempotency-Key, in bytes.
const MaxKey = 255

// maxKeys bounds how many idempotency keys one Book remembers; the oldest go.
const maxKeys = 10_000

// maxBudgetCents bounds a daily budget: ten million.
const maxBudgetCents = 1_000_000_000

// Book holds the campaigns of one Platform. It is safe for concurrent use.
type Book struct {
	born time.Time

	mu       sync.RWMutex
	accounts map[string]*ledger
	applied  map[string]applied          // by account, campaign and key
	order    []string                    // keys of applied, oldest first
	publish  func(name, document string) // nil without replicas
}

// ledger is one account's campaigns, ordered by id.
type ledger struct {
	currency  string
	campaigns []*campaign
}

type campaign struct {
	fixture AccountCampaign
	now     Campaign
	history []setting // oldest first; never empty
	keyed   []keyed   // the newest changes that came with a key; with replicas only
}

// setting is what a campaign was set to from a day on.
type setting struct {
	from   string // date, "" for ever before
	status string
	budget int64
}

type applied struct {
	change Change
	result Campaign
}

// NewBook opens the accounts as they stand at born.
func NewBook(born time.Time, accounts ...*Account) *Book {
	b := &Book{born: born, accounts: map[string]*ledger{}, applied: map[string]applied{}}
	for _, a := range accounts {
		l := &ledger{currency: a.Currency}
		for _, f := range a.Campaigns {
			l.campaigns = append(l.campaigns, openCampaign(born, a.Currency, f))
		}
		slices.SortFunc(l.campaigns, func(x, y *campaign) int { return cmp.Compare(x.now.ID, y.now.ID) })
		b.accounts[a.Name] = l
	}
	return b
}

func openCampaign(born time.Time, currency string, f AccountCampaign) *campaign {
	c := &campaign{fixture: f, now: Campaign{
		ID: f.ID, Name: f.Name, Status: f.Status, DailyBudgetCents: f.DailyBudgetCents,
		Currency: currency, UpdatedAt: born.UTC(),
	}}
	c.history = []setting{{status: StatusActive, budget: f.DailyBudgetCents}}
	if f.Status == StatusPaused {
		stopped := born.AddDate(0, 0, -f.PausedDaysAgo)
		c.now.UpdatedAt = stopped.UTC()
		c.history = append(c.history, setting{from: date(stopped), status: StatusPaused, budget: f.DailyBudgetCents})
	}
	return c
}

// Campaigns answers one page of an account's campaigns; an unknown account has
// none. Errors: *FieldError.
func (b *Book) Campaigns(account string, f Filter) (Page, error) {
	if f.Page == 0 {
		f.Page = 1
	}
	if f.PerPage == 0 {
		f.PerPage = 20
	}
	switch {
	case f.Page < 1 || f.Page > 1_000_000:
		return Page{}, &FieldError{"page", "must be 1 to 1000000"}
	case f.PerPage < 1 || f.PerPage > 100:
		return Page{}, &FieldError{"per_page", "must be 1 to 100"}
	case f.Status != "" && f.Status != StatusActive && f.Status != StatusPaused:
		return Page{}, &FieldError{"status", "must be active or paused, or left out for all"}
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	matching := []Campaign{}
	if l := b.accounts[account]; l != nil {
		for _, c := range l.campaigns {
			if f.Status == "" || c.now.Status == f.Status {
				matching = append(matching, c.now)
			}
		}
	}
	first := min((f.Page-1)*f.PerPage, len(matching))
	last := min(first+f.PerPage, len(matching))
	return Page{
		Campaigns: matching[first:last], Page: f.Page, PerPage: f.PerPage,
		Total: len(matching), More: last < len(matching),
	}, nil
}

// Campaign answers one campaign. Errors: ErrNotFound.
func (b *Book) Campaign(account, id string) (Campaign, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	c, err := b.find(account, id)
	if err != nil {
		return Campaign{}, err
	}
	return c.now, nil
}

// find needs the lock.
func (b *Book) find(account, id string) (*campaign, error) {
	if l := b.accounts[account]; l != nil {
		for _, c := range l.campaigns {
			if c.now.ID == id {
				return c, nil
			}
		}
	}
	return nil, ErrNotFound
}

// Update changes a campaign at the Platform's time now and answers its new
// state. With a non-empty idempotency key the same change is applied once and
// answered the same again (repeated is true). Errors: ErrNotFound,
// ErrKeyReused, *FieldError.
func (b *Book) Update(now time.Time, account, id string, ch Change, key string) (c Campaign, repeated bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	found, before, err := b.judge(account, id, ch, key)
	if err != nil {
		return Campaign{}, false, err
	}
	if before != nil {
		return before.result, true, nil
	}
	next := *found
	next.history = slices.Clone(found.history)
	next.set(now, ch)
	slot := slotOf(account, id, key)
	b.told(account, slot, &next, ch) // before it counts here: it may panic
	*found = next
	if slot != "" {
		b.remember(slot, applied{change: ch, result: next.now})
	}
	return next.now, false, nil
}

// Check says what Update would refuse, and changes nothing.
func (b *Book) Check(account, id string, ch Change, key string) error {
	b.mu.RLock()
	defer b.mu.RUnlock()
	_, _, err := b.judge(account, id, ch, key)
	return err
}

// judge finds the campaign to change, or what its key came to before; the lock
// is held.
func (b *Book) judge(account, id string, ch Change, key string) (*campaign, *applied, error) {
	if err := ch.Validate(); err != nil {
		return nil, nil, err
	}
	if len(key) > MaxKey {
		return nil, nil, &FieldError{"Idempotency-Key", fmt.Sprintf("must have at most %d characters", MaxKey)}
	}
	found, err := b.find(account, id)
	if err != nil {
		return nil, nil, err
	}
	before, known := b.applied[slotOf(account, id, key)]
	switch {
	case !known:
		return found, nil, nil
	case !before.change.same(ch):
		return nil, nil, ErrKeyReused
	}
	return found, &before, nil
}

// slotOf is where it is remembered what a key came to; "" without a key.
func slotOf(account, id, key string) string {
	if key == "" {
		return ""
	}
	return account + "\x00" + id + "\x00" + key
}

func (b *Book) remember(slot string, a applied) {
	if len(b.order) >= maxKeys {
		delete(b.applied, b.order[0])
		b.order = b.order[1:]
	}
	b.applied[slot], b.order = a, append(b.order, slot)
}

func (c *campaign) set(now time.Time, ch Change) {
	if ch.Status != nil {
		c.now.Status = *ch.Status
	}
	if ch.DailyBudgetCents != nil {
		c.now.DailyBudgetCents = *ch.DailyBudgetCents
	}
	c.now.UpdatedAt = now.UTC()
	next := setting{from: date(now), status: c.now.Status, budget: c.now.DailyBudgetCents}
	if last := len(c.history) - 1; c.history[last].from == next.from {
		c.history[last] = next // the last setting of a day counts for the day
		return
	}
	c.history = append(c.history, next)
}

// Validate says what is wrong with a change on its own: nothing to change, an
// unknown status, a budget out of bounds. The error is a *FieldError.
func (ch Change) Validate() error {
	switch {
	case ch.Status == nil && ch.DailyBudgetCents == nil:
		return &FieldError{"status", "nothing to change: send status or daily_budget_cents"}
	case ch.Status != nil && *ch.Status != StatusActive && *ch.Status != StatusPaused:
		return &FieldError{"status", "must be active or paused"}
	case ch.DailyBudgetCents != nil && (*ch.DailyBudgetCents < 1 || *ch.DailyBudgetCents > maxBudgetCents):
		return &FieldError{"daily_budget_cents", fmt.Sprintf("must be 1 to %d", maxBudgetCents)}
	}
	return nil
}

func (ch Change) same(other Change) bool {
	equal := func(a, b *string) bool { return a == b || (a != nil && b != nil && *a == *b) }
	equalInt := func(a, b *int64) bool { return a == b || (a != nil && b != nil && *a == *b) }
	return equal(ch.Status, other.Status) && equalInt(ch.DailyBudgetCents, other.DailyBudgetCents)
}

package ads

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/fixtures"
)

var born = time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)

func mayasBook(t *testing.T) *Book {
	t.Helper()
	var accounts []*Account
	for _, name := range fixtures.CampaignAccounts() {
		doc, err := fixtures.Campaigns(name)
		if err != nil {
			t.Fatal(err)
		}
		a, err := ParseAccount(doc)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		accounts = append(accounts, a)
	}
	return NewBook(born, accounts...)
}

func ids(p Page) []string {
	var out []string
	for _, c := range p.Campaigns {
		out = append(out, c.ID)
	}
	return out
}

func TestCampaignsArePagedAndFiltered(t *testing.T) {
	b := mayasBook(t)
	for _, row := range []struct {
		why     string
		account string
		filter  Filter
		want    []string
		total   int
		more    bool
	}{
		{"all of an account", "maya-ads", Filter{}, []string{"c-101", "c-102", "c-103", "c-104", "c-105", "c-106"}, 6, false},
		{"first page", "maya-ads", Filter{PerPage: 4}, []string{"c-101", "c-102", "c-103", "c-104"}, 6, true},
		{"last page", "maya-ads", Filter{PerPage: 4, Page: 2}, []string{"c-105", "c-106"}, 6, false},
		{"page past the end", "maya-ads", Filter{Page: 9}, nil, 6, false},
		{"only paused ones", "maya-ads", Filter{Status: StatusPaused}, []string{"c-104", "c-106"}, 2, false},
		{"another account", "oskar-ads", Filter{}, []string{"c-301", "c-302"}, 2, false},
		{"no account", "", Filter{}, nil, 0, false},
	} {
		p, err := b.Campaigns(row.account, row.filter)
		if err != nil || !slices.Equal(ids(p), row.want) || p.Total != row.total || p.More != row.more {
			t.Errorf("%s: got %v of %d, more %t, %v; want %v of %d, more %t",
				row.why, ids(p), p.Total, p.More, err, row.want, row.total, row.more)
		}
	}
}

func TestBadInputNamesItsField(t *testing.T) {
	b := mayasBook(t)
	word, zero := "stopped", int64(0)
	update := func(ch Change, key string) error {
		_, _, err := b.Update(born, "maya-ads", "c-101", ch, key)
		return err
	}
	campaigns := func(f Filter) error { _, err := b.Campaigns("maya-ads", f); return err }
	metrics := func(from, to string) error { _, err := b.Metrics(born, "maya-ads", "c-101", from, to); return err }
	active := StatusActive
	for field, err := range map[string]error{
		"page":               campaigns(Filter{Page: -1}),
		"per_page":           campaigns(Filter{PerPage: 101}),
		"status":             campaigns(Filter{Status: "ended"}),
		"to":                 metrics("", "14.11.2026"),
		"from":               metrics("2026-11-20", "2026-11-01"),
		"daily_budget_cents": update(Change{DailyBudgetCents: &zero}, ""),
		"Idempotency-Key":    update(Change{Status: &active}, strings.Repeat("k", MaxKey+1)),
	} {
		var fe *FieldError
		if !errors.As(err, &fe) || fe.Field != field {
			t.Errorf("got %v, want a FieldError for %s", err, field)
		}
	}
	for _, ch := range []Change{{}, {Status: &word}} {
		var fe *FieldError
		if err := update(ch, ""); !errors.As(err, &fe) || fe.Field != "status" {
			t.Errorf("%+v: got %v, want a FieldError for status", ch, err)
		}
	}
}

// A replica that hears of the last of several changes only knows the keys of
// all of them.
func TestReplicasKnowTheKeysOfChangesBetween(t *testing.T) {
	here, there := mayasBook(t), mayasBook(t)
	var name, document string
	here.Publish(func(n, d string) { name, document = n, d })
	change := func(b *Book, cents int64, key string) (Campaign, bool) {
		t.Helper()
		c, repeated, err := b.Update(born, "maya-ads", "c-103", Change{DailyBudgetCents: &cents}, key)
		if err != nil {
			t.Fatal(err)
		}
		return c, repeated
	}
	first, _ := change(here, 6000, "k0")
	for i := range maxKeyed - 2 {
		change(here, int64(6100+i), "k"+strconv.Itoa(i+1))
	}
	change(here, 7000, "")
	if err := there.Adopt(name, document); err != nil {
		t.Fatal(err)
	}
	if again, repeated := change(there, 6000, "k0"); !repeated || again != first {
		t.Errorf("%+v, repeated %t; want the first answer", again, repeated)
	}
	if now, _ := there.Campaign("maya-ads", "c-103"); now.DailyBudgetCents != 7000 {
		t.Errorf("the budget is %d", now.DailyBudgetCents)
	}
	for i := range 2 * maxKeyed {
		change(here, int64(8000+i), "l"+strconv.Itoa(i))
	}
	if n := strings.Count(document, `"slot"`); n != maxKeyed {
		t.Errorf("%d keys are told", n)
	}
}

// A change that the replicas cannot be told of has not happened, and its key is
// good for another try.
func TestAChangeThatCannotBeToldHasNotHappened(t *testing.T) {
	b, budget := mayasBook(t), int64(6000)
	before, _ := b.Campaign("maya-ads", "c-103")
	away := true
	b.Publish(func(string, string) {
		if away {
			panic("away")
		}
	})
	update := func() (c Campaign, repeated bool, cause any) {
		defer func() { cause = recover() }()
		c, repeated, err := b.Update(born, "maya-ads", "c-103", Change{DailyBudgetCents: &budget}, "k")
		if err != nil {
			t.Fatal(err)
		}
		return c, repeated, nil
	}
	if _, _, cause := update(); cause != "away" {
		t.Fatalf("it was told: %v", cause)
	}
	if now, _ := b.Campaign("maya-ads", "c-103"); now != before {
		t.Errorf("%+v, want %+v", now, before)
	}
	away = false
	if now, repeated, _ := update(); repeated || now.DailyBudgetCents != budget {
		t.Errorf("the second try: %+v, repeated %t", now, repeated)
	}
}

func TestOtherAccountsIDsAreNotFound(t *testing.T) {
	b := mayasBook(t)
	active := StatusActive
	_, err := b.Campaign("maya-ads", "c-301")
	_, errMetrics := b.Metrics(born, "maya-ads", "c-301", "", "")
	_, _, errUpdate := b.Update(born, "maya-ads", "c-301", Change{Status: &active}, "")
	for _, err := range []error{err, errMetrics, errUpdate} {
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	}
}

func TestAnIdempotencyKeyAppliesOnce(t *testing.T) {
	b := mayasBook(t)
	paused, budget := StatusPaused, int64(6000)
	first, repeated, err := b.Update(born, "maya-ads", "c-103", Change{DailyBudgetCents: &budget}, "k1")
	if err != nil || repeated || first.DailyBudgetCents != 6000 {
		t.Fatalf("got %+v, %t, %v", first, repeated, err)
	}
	other := int64(7000)
	if _, _, err := b.Update(born, "maya-ads", "c-103", Change{DailyBudgetCents: &other}, ""); err != nil {
		t.Fatal(err)
	}
	again, repeated, err := b.Update(born.Add(time.Hour), "maya-ads", "c-103", Change{DailyBudgetCents: &budget}, "k1")
	if err != nil || !repeated || again != first {
		t.Errorf("the repeat answered %+v, %t, %v; want the first answer", again, repeated, err)
	}
	if now, _ := b.Campaign("maya-ads", "c-103"); now.DailyBudgetCents != 7000 {
		t.Errorf("the repeat changed the budget to %d", now.DailyBudgetCents)
	}
	if _, _, err := b.Update(born, "maya-ads", "c-103", Change{Status: &paused}, "k1"); !errors.Is(err, ErrKeyReused) {
		t.Errorf("another change under the same key: %v, want ErrKeyReused", err)
	}
}

func TestFiguresDependOnTheDayAndTheSettings(t *testing.T) {
	b := mayasBook(t)
	get := func(now time.Time, id string) Metrics {
		m, err := b.Metrics(now, "maya-ads", id, "", "")
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	sum := func(m Metrics) (clicks, spend int64) {
		for _, d := range m.Days {
			clicks, spend = clicks+d.Clicks, spend+d.SpendCents
		}
		return clicks, spend
	}
	m := get(born, "c-103")
	if len(m.Days) != 14 || m.Days[0].Date != "2026-11-07" || m.Days[13].Date != "2026-11-20" || m.Currency != "EUR" {
		t.Errorf("the default range is %s to %s, %d days", m.Days[0].Date, m.Days[len(m.Days)-1].Date, len(m.Days))
	}
	for _, d := range m.Days {
		if d.SpendCents != 8000 {
			t.Errorf("%s spent %d, want the whole budget", d.Date, d.SpendCents)
		}
	}
	if clicks, spend := sum(get(born, "c-102")); clicks > 14*8 || spend < 14*13000 {
		t.Errorf("the waster has %d clicks for %d cents", clicks, spend)
	}
	resting := get(born, "c-104").Days
	if resting[6].Clicks == 0 || resting[7].Clicks != 0 || resting[13].SpendCents != 0 {
		t.Errorf("paused 6 days ago, but the figures are %+v", resting[6:])
	}

	later := born.AddDate(0, 0, 3)
	if got, want := get(later, "c-101").Days[:11], get(born, "c-101").Days[3:]; !slices.Equal(got, want) {
		t.Errorf("the same days changed their figures:\n%v\n%v", got, want)
	}
	paused := StatusPaused
	if _, _, err := b.Update(later, "maya-ads", "c-101", Change{Status: &paused}, ""); err != nil {
		t.Fatal(err)
	}
	after := get(later.AddDate(0, 0, 2), "c-101").Days
	if after[10].Clicks == 0 || after[11].Clicks != 0 || after[13].SpendCents != 0 {
		t.Errorf("paused on %s, but the figures are %+v", date(later), after[9:])
	}
}

func TestDaysAfterTodayAreLeftOut(t *testing.T) {
	m, err := mayasBook(t).Metrics(born, "maya-ads", "c-101", "2026-11-19", "2026-12-01")
	if err != nil || len(m.Days) != 2 || m.Days[1].Date != "2026-11-20" {
		t.Errorf("got %+v, %v", m.Days, err)
	}
}

func TestParseAccountListsAllFaults(t *testing.T) {
	_, err := ParseAccount([]byte("account: x\ncurrency: eur\ncampaigns:\n - {id: a, status: gone, daily_budget_cents: 0}\n - {id: a, status: active, daily_budget_cents: 1, paused_days_ago: 2}\n"))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"currency", "campaigns.a.status", "campaigns.a.daily_budget_cents", "used twice", "campaigns.a.paused_days_ago"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %q", want, err)
		}
	}
	if _, err := ParseAccount([]byte("account: x\nbudgets: 3\n")); err == nil || !strings.Contains(err.Error(), "budgets") {
		t.Errorf("an unknown key: %v", err)
	}
}

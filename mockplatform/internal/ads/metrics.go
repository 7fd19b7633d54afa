package ads

import (
	"fmt"
	"hash/fnv"
	"time"
)

// defaultDays is the range of Metrics when none is asked; maxDays bounds it.
const (
	defaultDays = 14
	maxDays     = 400
)

const dateForm = "2006-01-02"

func date(t time.Time) string { return t.UTC().Format(dateForm) }

// Metrics answers the days from and to (2006-01-02, both included), by default
// the last 14 days up to the Platform's today; days after today are left out.
// Errors: ErrNotFound, *FieldError.
func (b *Book) Metrics(now time.Time, account, id, from, to string) (Metrics, error) {
	first, last, err := span(now, from, to)
	if err != nil {
		return Metrics{}, err
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	c, err := b.find(account, id)
	if err != nil {
		return Metrics{}, err
	}
	m := Metrics{CampaignID: id, Currency: c.now.Currency, Days: []Day{}}
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		m.Days = append(m.Days, c.figures(date(day)))
	}
	return m, nil
}

func span(now time.Time, from, to string) (first, last time.Time, err error) {
	today := now.UTC().Truncate(24 * time.Hour)
	last = today
	if to != "" {
		if last, err = time.Parse(dateForm, to); err != nil {
			return first, last, &FieldError{"to", "must be a date such as 2026-11-14"}
		}
	}
	first = last.AddDate(0, 0, 1-defaultDays)
	if from != "" {
		if first, err = time.Parse(dateForm, from); err != nil {
			return first, last, &FieldError{"from", "must be a date such as 2026-11-01"}
		}
	}
	switch {
	case first.After(last):
		return first, last, &FieldError{"from", "must not be after to"}
	case last.Sub(first) >= maxDays*24*time.Hour:
		return first, last, &FieldError{"from", fmt.Sprintf("ask for at most %d days at once", maxDays)}
	}
	if last.After(today) {
		last = today
	}
	return first, last, nil
}

// figures are one day's, computed from the typical day, the setting in force
// on that day and a swing that only the campaign and the date decide.
func (c *campaign) figures(day string) Day {
	inForce := c.history[0]
	for _, s := range c.history[1:] {
		if s.from <= day {
			inForce = s
		}
	}
	d := Day{Date: day}
	if inForce.status != StatusActive {
		return d
	}
	f := c.fixture
	d.Impressions = f.swung("impressions", day, f.Impressions)
	d.Clicks = min(f.swung("clicks", day, f.Clicks), d.Impressions)
	d.SpendCents = min(f.swung("spend", day, f.SpendCents), inForce.budget)
	return d
}

// swung moves a typical value by up to Swing either way.
func (f AccountCampaign) swung(what, day string, typical int64) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(f.ID + "\x00" + what + "\x00" + day)) // a hash never fails to write
	within := float64(h.Sum64()%2001)/1000 - 1                  // -1 to 1
	return typical + int64(within*f.Swing*float64(typical))
}

package chart

import (
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	"time"
)

// Day holds the figures of one calendar day.
type Day struct {
	Date       time.Time // midnight UTC of the day
	SpendCents int64
	Clicks     int64
}

// The drawing area, in SVG user units.
const (
	width, height            = 720.0, 270.0
	left, right, top, bottom = 58.0, 52.0, 34.0, 34.0
	plotWidth, plotHeight    = width - left - right, height - top - bottom
	barShare                 = 0.56 // of the room that one day has
)

// SVG draws spend as bars (left axis, in currency) and clicks as a line
// (right axis), oldest day first. The result carries the id "chart", a title
// and a description that says in words what the picture shows. No days: a
// frame with the words "No figures yet".
func SVG(days []Day, currency string) template.HTML {
	var b strings.Builder
	spendScale, clickScale := scales(days)
	fmt.Fprintf(&b, `<svg id="chart" class="chart" viewBox="0 0 %g %g" role="img" aria-labelledby="chart-title chart-desc">`, width, height)
	fmt.Fprintf(&b, `<title id="chart-title">Spend and clicks, %s</title>`, Period(days))
	fmt.Fprintf(&b, `<desc id="chart-desc">%s</desc>`, template.HTMLEscapeString(Describe(days, currency)))
	legend(&b, currency)
	grid(&b, spendScale, clickScale)
	if len(days) == 0 {
		fmt.Fprintf(&b, `<text class="empty" x="%g" y="%g" text-anchor="middle">No figures yet</text>`, width/2, top+plotHeight/2)
	}
	bars(&b, days, spendScale, currency)
	line(&b, days, clickScale)
	dates(&b, days)
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) //nolint:gosec // every text in it is escaped above or a number
}

// Describe says what the chart shows, for those who cannot see it.
func Describe(days []Day, currency string) string {
	if len(days) == 0 {
		return "There are no figures yet."
	}
	var spend, clicks int64
	best := days[0]
	for _, d := range days {
		spend += d.SpendCents
		clicks += d.Clicks
		if d.SpendCents > best.SpendCents {
			best = d
		}
	}
	return fmt.Sprintf("From %s to %s: %s spent in all and %s clicks. The most was spent on %s: %s.",
		day(days[0].Date), day(days[len(days)-1].Date), Money(spend, currency), Grouped(clicks),
		day(best.Date), Money(best.SpendCents, currency))
}

// Money writes an amount of cents with its currency ("12,500.00 EUR"), as the
// sentences of the domain do.
func Money(cents int64, currency string) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%s.%02d %s", sign, Grouped(cents/100), cents%100, currency)
}

func day(t time.Time) string { return t.Format("2 January") }

func scales(days []Day) (spend, clicks scale) {
	var mostSpend, mostClicks int64
	for _, d := range days {
		mostSpend = max(mostSpend, d.SpendCents)
		mostClicks = max(mostClicks, d.Clicks)
	}
	return newScale(float64(mostSpend)/100, false), newScale(float64(mostClicks), true)
}

func legend(b *strings.Builder, currency string) {
	fmt.Fprintf(b, `<g class="legend"><rect class="spend" x="%g" y="6" width="12" height="12" rx="2"/><text x="%g" y="16">Spend (%s)</text>`,
		left, left+18, template.HTMLEscapeString(currency))
	fmt.Fprintf(b, `<line class="clicks" x1="%g" y1="12" x2="%g" y2="12"/><circle class="clicks" cx="%g" cy="12" r="3.5"/><text x="%g" y="16">Clicks</text></g>`,
		left+112, left+134, left+123, left+141)
}

func grid(b *strings.Builder, spend, clicks scale) {
	b.WriteString(`<g class="grid">`)
	for i := range intervals + 1 {
		y := top + plotHeight*(1-float64(i)/intervals)
		fmt.Fprintf(b, `<line x1="%g" y1="%.1f" x2="%g" y2="%.1f"/>`, left, y, width-right, y)
		fmt.Fprintf(b, `<text x="%g" y="%.1f" text-anchor="end">%s</text>`, left-8, y+4, spend.tick(i))
		fmt.Fprintf(b, `<text x="%g" y="%.1f">%s</text>`, width-right+8, y+4, clicks.tick(i))
	}
	b.WriteString(`</g>`)
}

// centre is the middle of the room of day i.
func centre(i, count int) float64 {
	return left + plotWidth*(float64(i)+0.5)/float64(count)
}

func bars(b *strings.Builder, days []Day, s scale, currency string) {
	room := plotWidth / float64(max(len(days), 1))
	for i, d := range days {
		h := plotHeight * float64(d.SpendCents) / 100 / s.max()
		fmt.Fprintf(b, `<rect class="spend" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="2"><title>%s: %s, %s clicks</title></rect>`,
			centre(i, len(days))-room*barShare/2, top+plotHeight-h, room*barShare, h,
			day(d.Date), template.HTMLEscapeString(Money(d.SpendCents, currency)), Grouped(d.Clicks))
	}
}

func line(b *strings.Builder, days []Day, s scale) {
	if len(days) == 0 {
		return
	}
	points := make([]string, len(days))
	dots := strings.Builder{}
	for i, d := range days {
		x, y := centre(i, len(days)), top+plotHeight*(1-float64(d.Clicks)/s.max())
		points[i] = fmt.Sprintf("%.1f,%.1f", x, y)
		fmt.Fprintf(&dots, `<circle class="clicks" cx="%.1f" cy="%.1f" r="3"/>`, x, y)
	}
	fmt.Fprintf(b, `<polyline class="clicks" points="%s"/>%s`, strings.Join(points, " "), dots.String())
}

// dates labels every second day when there are many, always the last one.
func dates(b *strings.Builder, days []Day) {
	every := 1
	if len(days) > 8 {
		every = 2
	}
	b.WriteString(`<g class="dates">`)
	for i, d := range days {
		if (len(days)-1-i)%every != 0 {
			continue
		}
		fmt.Fprintf(b, `<text x="%.1f" y="%g" text-anchor="middle">%s</text>`, centre(i, len(days)), height-12, d.Date.Format("2 Jan"))
	}
	b.WriteString(`</g>`)
}

// Period names the time that days cover ("the last 14 days").
func Period(days []Day) string {
	switch len(days) {
	case 0:
		return "no days yet"
	case 1:
		return "one day"
	}
	return fmt.Sprintf("the last %d days", len(days))
}

// Sorted puts days into the order of time.
func Sorted(days map[string]Day) []Day {
	return slices.SortedFunc(maps.Values(days), func(a, b Day) int { return a.Date.Compare(b.Date) })
}

package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func fortnight() []Day {
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	days := make([]Day, 14)
	for i := range days {
		days[i] = Day{Date: start.AddDate(0, 0, i), SpendCents: int64(10000 + 1000*i), Clicks: int64(100 + 10*i)}
	}
	return days
}

func TestScaleEndsAtARoundValueAboveTheHighest(t *testing.T) {
	tests := []struct {
		why     string
		highest float64
		whole   bool
		max     float64
		second  string
	}{
		{"nothing to show still has an axis", 0, true, 4, "2"},
		{"exactly on a step", 400, false, 400, "200"},
		{"just above a step", 401, false, 600, "300"},
		{"clicks have no fractions", 5, true, 8, "4"},
		{"cents have", 0.3, false, 0.32, "0.16"},
		{"thousands are grouped", 7900, true, 8000, "4,000"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			got := newScale(tt.highest, tt.whole)
			if diff := got.max() - tt.max; diff > 1e-9 || diff < -1e-9 {
				t.Errorf("newScale(%v).max() = %v, want %v", tt.highest, got.max(), tt.max)
			}
			if got.tick(2) != tt.second {
				t.Errorf("newScale(%v).tick(2) = %q, want %q", tt.highest, got.tick(2), tt.second)
			}
		})
	}
}

func TestMoney(t *testing.T) {
	for _, tt := range []struct {
		cents    int64
		currency string
		want     string
	}{
		{12000, "EUR", "120.00 EUR"},
		{123456789, "USD", "1,234,567.89 USD"},
		{-5, "GBP", "-0.05 GBP"},
		{5, "SEK", "0.05 SEK"},
	} {
		if got := Money(tt.cents, tt.currency); got != tt.want {
			t.Errorf("Money(%d, %s) = %q, want %q", tt.cents, tt.currency, got, tt.want)
		}
	}
}

func TestDescribeSaysTheFiguresInWords(t *testing.T) {
	want := "From 1 November to 14 November: 2,310.00 EUR spent in all and 2,310 clicks. The most was spent on 14 November: 230.00 EUR."
	if got := Describe(fortnight(), "EUR"); got != want {
		t.Errorf("Describe() = %q, want %q", got, want)
	}
}

func TestSVGIsWellFormedAndDrawsEveryDay(t *testing.T) {
	for _, tt := range []struct {
		why  string
		days []Day
		bars int
	}{
		{"a fortnight", fortnight(), 14},
		{"one day", fortnight()[:1], 1},
		{"nothing", nil, 0},
		{"all zero", []Day{{Date: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}}, 1},
	} {
		t.Run(tt.why, func(t *testing.T) {
			svg := string(SVG(tt.days, `E<U>R`))
			if got := strings.Count(svg, `<rect class="spend"`) - 1; got != tt.bars {
				t.Errorf("%d bars, want %d", got, tt.bars)
			}
			if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
				t.Errorf("a coordinate is not a number: %s", svg)
			}
			if strings.Contains(svg, "style=") {
				t.Error("inline style is refused by the page's content security policy")
			}
			decoder := xml.NewDecoder(strings.NewReader(svg))
			for {
				if _, err := decoder.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("not well formed: %v", err)
				}
			}
		})
	}
}

func TestSVGScalesBothSeriesToTheirOwnAxis(t *testing.T) {
	days := []Day{{Date: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), SpendCents: 20000, Clicks: 4}}
	svg := string(SVG(days, "EUR"))
	// 200 of 200 fills the plot; 4 of 4 clicks touches its top edge.
	for _, want := range []string{
		`height="202.0" rx="2"><title>1 November: 200.00 EUR, 4 clicks</title>`,
		`<polyline class="clicks" points="363.0,34.0"/>`,
		`<title id="chart-title">Spend and clicks, one day</title>`,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("missing %q in %s", want, svg)
		}
	}
}

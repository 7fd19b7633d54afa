package page_test

import (
	"math"
	"strconv"
	"testing"
)

// contrastWithWhite is the contrast ratio of WCAG 2.2 between white and a
// colour in six hex digits.
func contrastWithWhite(t *testing.T, colour string) float64 {
	t.Helper()
	rgb, err := strconv.ParseUint(colour, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	linear := func(channel uint64) float64 {
		c := float64(channel&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	luminance := 0.2126*linear(rgb>>16) + 0.7152*linear(rgb>>8) + 0.0722*linear(rgb)
	return 1.05 / (luminance + 0.05)
}

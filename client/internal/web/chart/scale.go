package chart

import (
	"math"
	"strconv"
)

// intervals is the number of steps on both value axes; they share the grid
// lines, so that a line reads on either side.
const intervals = 4

// scale is one value axis: it ends at intervals*step.
type scale struct{ step float64 }

// newScale returns the smallest scale with round steps that holds highest.
// whole asks for steps without a fraction (clicks).
func newScale(highest float64, whole bool) scale {
	if highest <= 0 {
		return scale{step: 1}
	}
	raw := highest / intervals
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, round := range []float64{1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10} {
		step := round * power
		if step >= raw && (!whole || step == math.Trunc(step)) {
			return scale{step: step}
		}
	}
	return scale{step: math.Ceil(raw)}
}

// max is the value at the top of the axis.
func (s scale) max() float64 { return s.step * intervals }

// tick is the label of the i-th grid line, counted from the bottom.
func (s scale) tick(i int) string {
	value := s.step * float64(i)
	if s.step == math.Trunc(s.step) {
		return Grouped(int64(value))
	}
	decimals := 1
	if s.step < 0.1 || math.Trunc(s.step*10) != s.step*10 {
		decimals = 2
	}
	return strconv.FormatFloat(value, 'f', decimals, 64)
}

// Grouped writes n with a comma between groups of three digits ("12,500"), as
// the sentences of the domain do.
func Grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	out := make([]byte, 0, len(digits)+len(digits)/3*3)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, digits[i])
	}
	return sign + string(out)
}

package profile

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Duration is a length of time in a profile: a Go duration that also knows
// days ("30d", "1d12h", "1.5d").
type Duration time.Duration

const day = 24 * time.Hour

// ParseDuration reads a non-negative duration such as "20m", "30d" or "1d12h".
func ParseDuration(s string) (Duration, error) {
	bad := fmt.Errorf("%q is not a duration: write for example 90s, 20m, 168h or 30d", s)
	days, rest := time.Duration(0), s
	if head, tail, found := strings.Cut(s, "d"); found {
		n, err := strconv.ParseFloat(head, 64)
		if err != nil || n != n || n < 0 || n > 36500 {
			return 0, bad
		}
		days, rest = time.Duration(n*float64(day)), tail
		if rest == "" {
			return Duration(days), nil
		}
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 || d > 36500*day {
		return 0, bad
	}
	return Duration(days + d), nil
}

// String is the shortest form that ParseDuration reads back: whole days as
// "30d", anything else as Go writes it, without zero minutes and seconds.
func (d Duration) String() string {
	t := time.Duration(d)
	if t > 0 && t%day == 0 {
		return strconv.Itoa(int(t/day)) + "d"
	}
	s := t.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Std is the duration as the standard library knows it.
func (d Duration) Std() time.Duration { return time.Duration(d) }

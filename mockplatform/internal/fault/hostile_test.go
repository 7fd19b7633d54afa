package fault

import (
	"slices"
	"strings"
	"testing"
)

// Odd tokens are bearer tokens (RFC 6750 section 2.1) of every length, and the
// same seed makes the same ones.
func TestOddTokens(t *testing.T) {
	one, again := NewHostile(3).Reader(), NewHostile(3).Reader()
	seen := map[int]bool{}
	for range 200 {
		value, err := OddToken(one)
		if err != nil {
			t.Fatal(err)
		}
		if same, err := OddToken(again); err != nil || same != value {
			t.Fatalf("the same seed made %q and %q", value, same)
		}
		body := strings.TrimRight(value, "=")
		if strings.Trim(body, marks) != "" || len(value)-len(body) > 2 {
			t.Errorf("%q is no bearer token", value)
		}
		seen[len(body)] = true
	}
	for _, n := range lengths {
		if !seen[n] {
			t.Errorf("no token of %d characters", n)
		}
	}
}

func TestHostileRefusesOnce(t *testing.T) {
	for seed := range int64(50) {
		h, refused := NewHostile(seed+1), []int{}
		for n := range 20 {
			if h.Refuses() {
				refused = append(refused, n)
			}
		}
		if len(refused) != 1 || refused[0] > 3 {
			t.Errorf("seed %d refuses the calls %v", seed+1, refused)
		}
	}
	if (*Hostile)(nil).Refuses() {
		t.Error("no surprises, and yet one")
	}
}

// What comes at one endpoint does not depend on what was asked at another.
func TestDrawsAreByEndpoint(t *testing.T) {
	a, b := NewHostile(9), NewHostile(9)
	b.Draw(EndpointMetadata)
	for range 10 {
		one, _ := a.Draw(EndpointToken)
		two, _ := b.Draw(EndpointToken)
		if !slices.Equal(one, two) {
			t.Errorf("%v and %v", one, two)
		}
	}
}

package checks

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/steps/report"
)

// What RFC 6749 section 10.10 asks of anything that must not be guessed, in
// bits: what it demands, and what it recommends.
const (
	demandedBits    = 128
	recommendedBits = 160
)

// manySamples is from how many samples on a rising order is no accident.
const manySamples = 10

// unguessable judges samples of secrets in the order in which they were given
// out; things says what they are. Few bits are a Finding, less than
// recommended is a warning. Randomness cannot be proved: what passes may still
// be bad.
func (t *trial) unguessable(things string, samples []string) error {
	bits, flaw := strength(samples)
	switch {
	case flaw != "":
		return &report.Finding{Expected: things + " that cannot be guessed", Got: flaw}
	case bits < demandedBits:
		return &report.Finding{
			Expected: fmt.Sprintf("%s of %d random bits at least", things, demandedBits),
			Got:      fmt.Sprintf("%d samples, in which no more than %.0f bits vary", len(samples), bits),
		}
	case bits < recommendedBits:
		t.warn("%s have room for %.0f random bits; RFC 6749 section 10.10 recommends %d", things, bits, recommendedBits)
	}
	return nil
}

// strength is how many bits the samples can hold at most: the positions at
// which they differ, times the size of their alphabet. flaw is what makes them
// guessable whatever their length.
func strength(samples []string) (bits float64, flaw string) {
	shortest := math.MaxInt
	for i, s := range samples {
		shortest = min(shortest, len(s))
		if slices.Contains(samples[:i], s) {
			return 0, "the same value was given out twice"
		}
	}
	if len(samples) >= manySamples && slices.IsSortedFunc(samples, rising) {
		return 0, "each value is greater than the one before, as of a counter or a clock"
	}
	varying := 0
	for at := range shortest {
		if slices.ContainsFunc(samples, func(s string) bool { return s[at] != samples[0][at] }) {
			varying++
		}
	}
	return float64(varying) * math.Log2(float64(alphabet(strings.Join(samples, "")))), ""
}

// rising compares as numbers of the same base are compared.
func rising(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// alphabet is the size of the smallest usual alphabet that has all of text.
func alphabet(text string) int {
	for _, one := range []struct {
		letters string
		size    int
	}{
		{"0123456789", 10}, {"0123456789abcdef-", 16}, {"0123456789ABCDEF-", 16},
		{"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32}, {"abcdefghijklmnopqrstuvwxyz234567", 32},
		{"abcdefghijklmnopqrstuvwxyz0123456789", 36}, {"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 36},
		{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 62},
	} {
		if strings.Trim(text, one.letters) == "" {
			return one.size
		}
	}
	return 64
}

// signed says whether a token is a JWT, which protects itself by its
// signature and not by being hard to guess.
func signed(token string) bool {
	header, _, found := strings.Cut(token, ".")
	if !found {
		return false
	}
	raw, err := base64.RawURLEncoding.DecodeString(header)
	if err != nil {
		return false
	}
	var said struct {
		Alg string `json:"alg"`
	}
	return json.Unmarshal(raw, &said) == nil && said.Alg != ""
}

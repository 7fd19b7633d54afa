package profile

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// Combination rules speak beside faulty values, but never of them.
func TestRulesSpeakOnlyOfWhatWasWritten(t *testing.T) {
	base, err := Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, settings string
		want           []string // paths, in order of lines
	}{
		{"both kinds at once", "{colour: red, code: {lifetime: 11m}}", []string{"code.lifetime", "colour"}},
		{"a rule that hangs on a faulty switch", "refresh_token: {rotates: maybe, returned: false}", []string{"refresh_token.rotates"}},
		{"a rule that hangs on a faulty word", "refresh_token: {grace: {shape: same_pear}}", []string{"refresh_token.grace.shape"}},
		{"a rule that hangs on a misspelt key", "refresh_token: {rotate: false, sliding_step: 1d}", []string{"refresh_token.rotate"}},
		{"the same rule with a strange key", "refresh_token: {colour: red, sliding_step: 1d}", []string{"refresh_token.colour", "refresh_token.sliding_step"}},
		{"a rule that no meaning mends", "refresh_token: {max_uses: -1, rotates: maybe}", []string{"refresh_token.max_uses", "refresh_token.rotates"}},
		{"a rule in another section", "{grants: [authorization_code, refresh_tokn], code: {lifetime: 11m}}", []string{"code.lifetime", "grants[1]"}},
		{"a section of the wrong kind", "{refresh_token: [rotates], code: {lifetime: 11m}}", []string{"code.lifetime", "refresh_token"}},
		{"a list of the wrong kind", "{token: {credentials_in: basic}, code: {lifetime: 11m}}", []string{"code.lifetime", "token.credentials_in"}},
		{"a value given twice", "refresh_token: {issued: true, issued: false}", []string{"refresh_token.issued"}},
		{"a duration without unit", "refresh_token: {absolute_lifetime: 29}", []string{"refresh_token.absolute_lifetime"}},
		{"a faulty value has one fault", "refresh_token: {error_expired: [a]}", []string{"refresh_token.error_expired"}},
	} {
		_, err := base.With([]byte(tc.settings))
		var faults Faults
		if !errors.As(err, &faults) {
			t.Errorf("%s: error %v", tc.name, err)
			continue
		}
		var got []string
		for _, f := range faults {
			if f.Line != 1 {
				t.Errorf("%s: %s is said to be in line %d", tc.name, f.Path, f.Line)
			}
			got = append(got, f.Path)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: faults at %v, want %v:\n%v", tc.name, got, tc.want, err)
		}
	}
}

func TestChecksOfTheCallerJoinIn(t *testing.T) {
	check := func(p *Profile, fault func(path, format string, args ...any)) {
		if p.Title == "Small Ads" {
			fault("title", "%s is taken", p.Title)
		}
	}
	_, err := Parse([]byte(strings.Replace(small, "grants:", "colour: red\ngrants:", 1)), check)
	want := "line 3: title: Small Ads is taken\nline 4: colour: unknown key \"colour\": "
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v", err)
	}
}

// A document full of doubts is judged within the bound of work: without it
// this test takes hours.
func TestManyDoubtsAreBounded(t *testing.T) {
	doc := small + "sources:\n" + strings.Repeat("  - [x]\n", 20_000)
	_, err := Parse([]byte(doc))
	var faults Faults
	if !errors.As(err, &faults) || len(faults) != 20_000 {
		t.Errorf("%d faults", len(faults))
	}
}

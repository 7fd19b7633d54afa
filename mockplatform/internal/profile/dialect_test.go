package profile

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/fixtures"
)

func dialect(t testing.TB, name string) *Dialect {
	t.Helper()
	doc, err := fixtures.Dialect(name)
	if err != nil {
		t.Fatal(err)
	}
	d, err := ParseDialect(name, doc)
	if err != nil {
		t.Fatalf("%s:\n%v", name, err)
	}
	return d
}

func TestEveryDialectFitsEveryProfile(t *testing.T) {
	if n := len(fixtures.Dialects()); n < 8 {
		t.Errorf("%d dialects", n)
	}
	for _, name := range fixtures.Dialects() {
		d := dialect(t, name)
		for _, base := range fixtures.Profiles() {
			p := embedded(t, base)
			before := p.Label()
			spoken, err := p.Speak(d)
			if err != nil {
				t.Error(err)
				continue
			}
			if spoken.Label() != base+"+"+name || spoken.Name != base || p.Label() != before {
				t.Errorf("%s over %s is called %s", name, base, spoken.Label())
			}
		}
	}
}

// A dialect says all that makes a refresh token live or die, or the profile
// below would shine through by chance.
func TestEveryDialectDecidesTheLifeOfRefreshTokens(t *testing.T) {
	for _, name := range fixtures.Dialects() {
		d := dialect(t, name)
		decoder := decoder{lines: map[string]int{}}
		var p Profile
		decoder.value(d.settings, &p, "")
		for _, key := range []string{
			"issued", "rotates", "idle_lifetime", "absolute_lifetime", "max_uses", "max_live", "sliding_step",
			"rotation_lifetime", "grace.shape", "grace.window", "allowed", "earliest_refresh",
		} {
			if _, written := decoder.lines["refresh_token."+key]; !written {
				t.Errorf("%s does not say refresh_token.%s", name, key)
			}
		}
	}
}

func TestBadDialects(t *testing.T) {
	for doc, want := range map[string]string{
		"":            "the document is empty",
		"sources: 1":  "title: is missing: say what people call",
		"summary: x":  "sources: is missing: give the public addresses that say so",
		"settings: 1": "line 1: settings: must be a mapping",
		"summary: x\nsources: [https://x.example]":                                "settings: is missing",
		"summary: x\nsources: [http://x.example]\nsettings: {}":                   "line 2: sources[0]: must be a public address",
		"summary: x\nsources: [https://x.example]\nsettings: {name: y}":           `line 3: settings.name: "name" is no behaviour`,
		"summary: x\nsource: [https://x.example]\nsettings: {}":                   `line 2: source: unknown key "source": did you mean sources?`,
		"summary: [x]\nsources: [https://x.example]\nsettings: {clients: {a: 1}}": `line 3: settings.clients: "clients" is no behaviour`,
	} {
		_, err := ParseDialect("x", []byte(doc))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", doc, err, want)
		}
	}
	d, err := ParseDialect("odd", []byte("title: Odd\nsummary: x\nsources: [https://x.example]\nsettings:\n  refresh_token: {rotates: false, grace: {shape: same_pair, window: 1s}}"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = embedded(t, "mailup").Speak(d)
	var faults Faults
	if !errors.As(err, &faults) || !slices.ContainsFunc(faults, func(f Fault) bool { return f.Path == "refresh_token.grace.shape" && f.Line == 5 }) ||
		!strings.HasPrefix(err.Error(), "the dialect odd does not fit the profile mailup:\n") {
		t.Errorf("%v", err)
	}
}

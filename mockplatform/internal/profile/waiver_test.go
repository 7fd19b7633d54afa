package profile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWaiversSayWhatTheyMust(t *testing.T) {
	for _, tc := range []struct{ waivers, want string }{ // no want: they are good
		{`[{check: TK-12, reason: documented, risk: logs, until: "2027-01-31"}, {check: AZ-18, reason: documented}]`, ""},
		{`[{reason: documented}]`, `waivers[0].check: is missing: name the check that is waived, such as TK-12`},
		{`[{check: tk-12, reason: documented}]`, `waivers[0].check: "tk-12" is no id of a check: write it as`},
		{`[{check: TK-12, reason: " "}]`, `waivers[0].reason: is missing: say why`},
		{`[{check: TK-12, reason: a}, {check: AZ-18, reason: a}, {check: TK-12, reason: b}]`, `waivers[2].check: TK-12 is waived by waivers[0] already: remove one`},
		{`[{check: TK-12, reason: a, until: "31.1.2027"}]`, `waivers[0].until: "31.1.2027" is no date: write year, month and day`},
		{`[{check: TK-12, reason: a, owner: me}]`, `waivers[0].owner: unknown key "owner"`},
		{`[{check: TK-12, reason: null}]`, `waivers[0].reason: must be one value, not null`},
		{`[TK-12]`, `waivers[0]: must be a mapping of keys to values`},
		{`{TK-12: documented}`, `waivers: must be a list`},
	} {
		_, whole := Parse([]byte(small + "waivers: " + tc.waivers + "\n"))
		_, laid := embedded(t, "mint").With([]byte("waivers: " + tc.waivers))
		for where, err := range map[string]error{"profile": whole, "settings": laid} {
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || strings.Count(err.Error(), "\n") > 0 || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("%s with %s: %v, want %q", where, tc.waivers, err, tc.want)
			}
		}
	}
}

// Settings replace the list, and null empties it; what is shown names the
// origin of each value and reads back.
func TestWaiversAreReplacedAndShown(t *testing.T) {
	document := []byte(small + "waivers:\n  - {check: TK-12, reason: \"a: b # c\"}\n  - {check: AZ-18, reason: second}\n")
	p, shown, err := Effective(Layers{Document: document})
	if err != nil {
		t.Fatal(err)
	}
	want := "waivers:\n  - check: TK-12 # profile\n    reason: 'a: b # c' # profile\n    risk: \"\" # default\n    until: \"\" # default\n  - check: AZ-18 # profile\n"
	if !strings.Contains(string(shown), want) {
		t.Errorf("%q is not in\n%s", want, shown)
	}
	back, err := Parse(shown)
	if err != nil {
		t.Fatalf("%v\n%s", err, shown)
	}
	if diff := cmp.Diff(p.Waivers, back.Waivers); diff != "" {
		t.Errorf("(-shown +read):\n%s", diff)
	}
	other, shown, err := Effective(Layers{Document: document, Settings: []byte("waivers: [{check: PW-05, reason: other}]")})
	if err != nil || len(other.Waivers) != 1 || !strings.Contains(string(shown), "waivers:\n  - check: PW-05 # settings\n") {
		t.Errorf("%v\n%s", err, shown)
	}
	none, shown, err := Effective(Layers{Document: document, Settings: []byte("waivers: null")})
	if err != nil || len(none.Waivers) != 0 || !strings.Contains(string(shown), "waivers: [] # settings\n") {
		t.Errorf("%v\n%s", err, shown)
	}
}

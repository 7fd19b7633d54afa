package catalogue

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func loaded(t *testing.T) *Catalogue {
	t.Helper()
	k, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The number of checks in each group, in the order of a run.
var sizes = []struct {
	group string
	size  int
}{
	{"TL", 5}, {"MD", 5}, {"RG", 8}, {"AZ", 18}, {"UI", 13}, {"PK", 8}, {"CG", 9}, {"TK", 18}, {"PW", 6},
	{"CC", 6}, {"RF", 9}, {"RR", 6}, {"RS", 6}, {"RV", 6}, {"IN", 4}, {"PR", 9}, {"JT", 6}, {"PA", 2},
}

func TestGroupsAreComplete(t *testing.T) {
	k := loaded(t)
	if len(k.Groups()) != len(sizes) {
		t.Fatalf("%d groups, want %d", len(k.Groups()), len(sizes))
	}
	for i, g := range k.Groups() {
		if g.ID != sizes[i].group || len(g.Checks) != sizes[i].size {
			t.Errorf("group %d is %s with %d checks, want %s with %d", i, g.ID, len(g.Checks), sizes[i].group, sizes[i].size)
		}
		for n, c := range g.Checks {
			if want := fmt.Sprintf("%s-%02d", g.ID, n+1); c.ID != want || c.Group != g.ID {
				t.Errorf("check %q of group %q, want %q", c.ID, c.Group, want)
			}
		}
	}
	if all := k.All(); len(all) != 144 || all[0].ID != "TL-01" || all[143].ID != "PA-02" {
		t.Errorf("%d checks from %s to %s", len(all), all[0].ID, all[len(all)-1].ID)
	}
}

func TestTitlesDiffer(t *testing.T) {
	seen := map[string]string{}
	for _, c := range loaded(t).All() {
		for _, text := range []string{c.Title, c.Why} {
			if other, taken := seen[text]; taken && text == c.Title {
				t.Errorf("%s and %s have one title: %s", c.ID, other, text)
			}
			seen[text] = c.ID
		}
	}
}

// Every other list of ids has no gaps either.
func TestNamesAreComplete(t *testing.T) {
	k := loaded(t)
	for prefix, size := range map[string]int{
		"S000": 41, "S001": 22, "S002": 18, "S003": 29, "S004": 45, "U": 17, "CL": 73, "TX": 30, "E": 19,
	} {
		for n := 1; n <= size; n++ {
			if id := fmt.Sprintf("%s-%02d", prefix, n); k.names[id].Title == "" {
				t.Errorf("%s has no title", id)
			}
		}
		if _, more := k.Name(fmt.Sprintf("%s-%02d", prefix, size+1)); more {
			t.Errorf("%s has more than %d", prefix, size)
		}
	}
	if all := len(k.Names()); all != 144+41+22+18+29+45+17+73+30+19 {
		t.Errorf("%d names in all", all)
	}
}

func TestURLs(t *testing.T) {
	shape := regexp.MustCompile(`^https://(www\.rfc-editor\.org/rfc/rfc\d+|datatracker\.ietf\.org/doc/html/draft-ietf-oauth-v2-1-16)#(section-\d+(\.\d+)*|appendix-[A-Z](\.\d+)*)$`)
	for _, c := range loaded(t).All() {
		for _, cited := range c.Cited() {
			if cited.Title == "" {
				t.Errorf("%s: %s has no title", c.ID, cited)
			}
			if cited.Kind == Requirement {
				if cited.URL != "" || cited.ID == "" {
					t.Errorf("%s: %+v", c.ID, cited)
				}
				continue
			}
			if _, err := url.Parse(cited.URL); err != nil || !shape.MatchString(cited.URL) {
				t.Errorf("%s: %s leads to %q: %v", c.ID, cited, cited.URL, err)
			}
		}
	}
}

func TestEveryClauseIsCited(t *testing.T) {
	k := loaded(t)
	cited := map[string]bool{}
	for _, c := range k.All() {
		for _, x := range c.Cited() {
			cited[x.String()] = true
		}
	}
	for name, d := range k.documents {
		for section := range d.Sections {
			if !cited[name+" §"+section] {
				t.Errorf("sections.yaml: nobody cites %s §%s", name, section)
			}
		}
	}
}

// A deviation belongs to one check, but for the two that must show in two.
func TestDeviationsAreNarrow(t *testing.T) {
	want := map[string][]string{
		"pkce.compare=skip":        {"PK-02", "PK-08"},
		"rotation.old_token=alive": {"RR-02", "RR-06"},
	}
	k := loaded(t)
	for d, ids := range k.Deviations() {
		if len(ids) > 1 && !slices.Equal(ids, want[d]) {
			t.Errorf("%s breaks %v", d, ids)
		}
		for _, id := range ids {
			c, _ := k.Check(id)
			if !slices.ContainsFunc(c.Deviations, func(own Deviation) bool { return own.String() == d }) {
				t.Errorf("%s does not name %s", id, d)
			}
		}
	}
	for d, profile := range map[string]string{"password.throttle=off": "mindbaz", "login.throttle=off": "strict", "jwt.typ=JWT": "strict", "nothing=here": ""} {
		if got := k.StagedOn(d); got != profile {
			t.Errorf("%s is staged on %q, want %q", d, got, profile)
		}
	}
	for d, ids := range want {
		if got := k.Deviations()[d]; !slices.Equal(got, ids) {
			t.Errorf("%s breaks %v, want %v", d, got, ids)
		}
	}
}

func TestGates(t *testing.T) {
	k := loaded(t)
	for id, want := range map[string][]string{
		"CG-01": nil,
		"MD-03": {"MD-01"},
		"PK-02": {"CG-01", "PK-01"},
		"CG-03": {"CG-01", "CG-02", "CG-09", "PW-01", "RF-01"},
		"RR-03": {"CG-01", "CG-09", "PW-01", "RF-01", "RR-01", "RR-02"},
		"RS-05": {"CG-01", "CG-09", "PW-01", "RF-01", "RS-02", "RS-03"},
		"RV-06": {"CG-01", "CG-09", "PW-01", "RF-01", "RV-01"},
		"PW-04": {"PW-01", "PW-02", "UI-02"},
		"RG-06": {"CG-01", "CC-01"},
		"PA-02": {"CG-01", "PA-01"},
	} {
		if got := k.Gates(id); !slices.Equal(got, want) {
			t.Errorf("gates of %s: %v, want %v", id, got, want)
		}
	}
}

func TestTwoWays(t *testing.T) {
	k := loaded(t)
	ids := func(checks []*Check) (all []string) {
		for _, c := range checks {
			all = append(all, c.ID)
		}
		return all
	}
	if got := ids(k.ByRequirement("S001-11")); !slices.Equal(got, []string{"CG-04"}) {
		t.Errorf("S001-11 is checked by %v", got)
	}
	if got := ids(k.ByRequirement("S001-12")); got != nil {
		t.Errorf("S001-12 binds the client, but is checked by %v", got)
	}
	// one check takes S003-27 as its rule, the other lets it excuse a target
	if got := ids(k.ByRequirement("S003-27")); !slices.Equal(got, []string{"TK-12", "CC-05"}) {
		t.Errorf("S003-27 is checked by %v", got)
	}
	if got := ids(k.ByRFC("7636", "4.4")); !slices.Equal(got, []string{"PK-05", "PK-07", "PK-08"}) {
		t.Errorf("RFC 7636 section 4.4 and below is checked by %v", got)
	}
	if got := ids(k.ByRFC("2.1", "7.9")); !slices.Equal(got, []string{"UI-04", "UI-12"}) {
		t.Errorf("section 7.9 of the draft is checked by %v", got)
	}
	if got := k.ByRFC("8693", ""); got != nil {
		t.Errorf("token exchange is checked by %v", ids(got))
	}
	clauses := k.Clauses()
	sorted := slices.IsSortedFunc(clauses, func(a, b Clause) int {
		if a.Document != b.Document {
			return 0
		}
		return CompareNumbers(a.Section, b.Section)
	})
	if !sorted || clauses[0].Document != "OAuth 2.1" {
		t.Errorf("clauses begin with %+v; sorted: %v", clauses[0], sorted)
	}
	for _, clause := range clauses {
		for _, id := range clause.Checks {
			c, _ := k.Check(id)
			if !slices.ContainsFunc(c.Cited(), func(x Citation) bool { return x.URL == clause.URL }) {
				t.Errorf("%s §%s lists %s, which does not cite it", clause.Document, clause.Section, id)
			}
		}
	}
}

// A check that ends grants or locks accounts must not be marked as harmless.
func TestSafety(t *testing.T) {
	k := loaded(t)
	for id, want := range map[string]Safety{
		"CG-02": Kills, "CG-03": Kills, "RR-02": Kills, "RR-03": Kills, "RV-01": Kills, "RV-02": Kills, "RV-06": Kills, "UI-12": Kills,
		"TK-17": Never, "PW-04": Never, "PW-06": Never, "RG-01": Never, "RG-02": Never, "RG-03": Never,
		"CG-08": OptIn, "RR-06": OptIn, "RG-04": OptIn, "RG-05": OptIn, "RG-06": OptIn, "RG-07": OptIn, "RG-08": OptIn,
	} {
		if c, _ := k.Check(id); c.RealServer != want {
			t.Errorf("%s is marked %q, want %q", id, c.RealServer, want)
		}
	}
	var strict []string
	for _, c := range k.All() {
		if c.NoWaiver {
			strict = append(strict, c.ID)
		}
	}
	want := strings.Fields("TL-01 TL-02 AZ-02 AZ-03 AZ-15 UI-01 UI-05 CG-02 CG-05 TK-10 RF-03 RF-04 PR-04 PR-05 PR-08 JT-02 JT-03")
	slices.Sort(strict)
	slices.Sort(want)
	if !slices.Equal(strict, want) {
		t.Errorf("never waived: %v, want %v", strict, want)
	}
}

func TestLevelsOfTheDraft(t *testing.T) {
	differ := map[string]Level{"AZ-07": Must, "PR-06": Must, "CG-06": None}
	for _, c := range loaded(t).All() {
		want, differs := differ[c.ID]
		if !differs {
			want = c.Level
		}
		if c.DraftLevel != want {
			t.Errorf("%s: %s under the draft, want %s", c.ID, c.DraftLevel, want)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := load(files); err != nil {
			b.Fatal(err)
		}
	}
}

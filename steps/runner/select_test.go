package runner_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/steps/runner"
)

func TestLoadFillsInBackgroundsAndRows(t *testing.T) {
	all, err := runner.Load(os.DirFS("testdata/features"))
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		ID, Rule, Name string
		Tags           []string
		Keywords       string
	}
	var got []row
	for _, sc := range all {
		if sc.File != "sub/rules.feature" {
			continue
		}
		var keywords []string
		for _, st := range sc.Steps {
			keywords = append(keywords, st.Keyword)
		}
		got = append(got, row{sc.ID, sc.Rule, sc.Name, sc.Tags, strings.Join(keywords, " ")})
	}
	want := []row{
		{"sub/rules.feature:12", "Backgrounds of rules count", "Inside a rule", []string{"@R-01"}, "Given Given When Then"},
		{"sub/rules.feature:35", "Outlines make one scenario per row", "A row (the usual)", []string{"@R-02", "@row-one"}, "Given When And Then"},
		{"sub/rules.feature:39", "Outlines make one scenario per row", "A row (with a quote)", []string{"@R-02"}, "Given When And Then"},
		{"sub/rules.feature:40", "Outlines make one scenario per row", "A row (with a backslash)", []string{"@R-02"}, "Given When And Then"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("scenarios (-want +got):\n%s", diff)
	}
}

func TestLoadNamesEveryFault(t *testing.T) {
	_, err := runner.Load(fstest.MapFS{
		"a.feature": {Data: []byte("Feature: A\n  Scenario: Empty\n")},
		"b.feature": {Data: []byte("Nonsense\n")},
		"c.feature": {Data: []byte("# nothing\n")},
		"d.txt":     {Data: []byte("ignored")},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`a.feature:2: the scenario "Empty" has no steps`, "b.feature: ", "c.feature: there is no Feature in it"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	tests := []struct {
		name      string
		selection runner.Selection
		topology  string
		want      string
	}{
		{"unknown tag", runner.Selection{Tags: "@passess or @fails"}, "", "no scenario has the tag @passess; did you mean passes?"},
		{"nothing alike", runner.Selection{Tags: "@completely-else"}, "", "`conformance list` shows all"},
		{"old tag language", runner.Selection{Tags: "@passes && ~@fails"}, "", `write "and", "or" and "not"`},
		{"half an expression", runner.Selection{Tags: "@passes and"}, "", "it ends where a tag is expected"},
		{"open parenthesis", runner.Selection{Tags: "(@passes or @fails"}, "", "a closing parenthesis is missing"},
		{"two tags side by side", runner.Selection{Tags: "@passes @fails"}, "", "join tags by and or or"},
		{"no @", runner.Selection{Tags: "passes"}, "", "write tags with their @"},
		{"empty selection", runner.Selection{Tags: "@passes and @fails"}, "", "nothing is selected: no scenario fits --tags @passes and @fails together"},
		{"unknown check", runner.Selection{Checks: []string{"P-01", "F-02"}}, "", `no scenario is about "F-02"; did you mean F-01?`},
		{"a target that is no mock", runner.Selection{Target: "partner.yaml"}, "", "write mock:mint, mock:mailup"},
		{"an unknown profile", runner.Selection{Target: "mock:mynt"}, "", `there is no profile "mynt"; did you mean mint?`},
		{"a profile without scenarios", runner.Selection{Target: "mock:mint"}, "", "nothing is selected"},
		{"nothing for containers", runner.Selection{}, "containers", "runs the scenarios tagged @containers"},
		{"nothing for replicas", runner.Selection{}, "replicas", "runs the scenarios tagged @protocol"},
		{"more parts than scenarios", runner.Selection{Tags: "@passes", Shard: runner.Shard{Index: 2, Of: 2}}, "", "fewer scenarios than parts in --shard 2/2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := config(t, tt.selection)
			if tt.topology != "" {
				c.TopologyName = tt.topology
			}
			r, err := runner.Run(t.Context(), c)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one that says %q", err, tt.want)
			}
			if code := runner.ExitCode(r, err); code != 2 {
				t.Errorf("exit code %d, want 2", code)
			}
			if _, err := os.Stat(c.Out); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("something was written to --out: %v", err)
			}
		})
	}
	t.Run("an output directory that is a file", func(t *testing.T) {
		c, _ := config(t, runner.Selection{})
		c.Out = filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(c.Out, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		r, err := runner.Run(t.Context(), c)
		if code := runner.ExitCode(r, err); code != 2 || !strings.Contains(err.Error(), "--out") {
			t.Errorf("exit code %d, error %v", code, err)
		}
	})
}

func TestTagExpressions(t *testing.T) {
	tests := []struct {
		expression string
		tags       string
		want       bool
	}{
		{"@a", "@a @b", true},
		{"not @a", "@b", true},
		{"@a and not @b", "@a @b", false},
		{"@a or @b and @c", "@a", true},
		{"(@a or @b) and @c", "@a", false},
		{"not (@a or @b)", "@c", true},
		{"not @a and @b", "@b", true},
		{"@S000-34 or @rfc9700-4.14.2", "@rfc9700-4.14.2", true},
	}
	for _, tt := range tests {
		e, err := runner.ParseExpression(tt.expression)
		if err != nil {
			t.Errorf("%s: %v", tt.expression, err)
			continue
		}
		if got := e.Fits(strings.Fields(tt.tags)); got != tt.want {
			t.Errorf("%s with %s: %v, want %v", tt.expression, tt.tags, got, tt.want)
		}
	}
}

func TestShardsCoverEverythingOnce(t *testing.T) {
	all, err := runner.Load(os.DirFS("testdata/features"))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := 1; i <= 3; i++ {
		s, err := runner.ParseShard(fmt.Sprintf("%d/3", i))
		if err != nil {
			t.Fatal(err)
		}
		picked, err := runner.Select(all, runner.Selection{Shard: s}, "embedded", nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, sc := range picked {
			ids = append(ids, sc.ID)
		}
	}
	slices.Sort(ids)
	if len(ids) != len(all) || len(slices.Compact(slices.Clone(ids))) != len(all) {
		t.Errorf("shards hold %d of %d scenarios: %v", len(ids), len(all), ids)
	}
	for _, wrong := range []string{"", "0/3", "4/3", "1", "1/2/3", "a/b"} {
		if _, err := runner.ParseShard(wrong); !errors.Is(err, runner.ErrUsage) {
			t.Errorf("shard %q: %v, want ErrUsage", wrong, err)
		}
	}
}

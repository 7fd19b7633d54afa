package features_test

import (
	"bytes"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"

	"github.com/mint-conformance/mint/features"
)

// feature is one parsed file.
type feature struct {
	path string
	doc  *messages.GherkinDocument
}

func parsed(t *testing.T) []feature {
	t.Helper()
	var all []feature
	err := fs.WalkDir(features.FS, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".feature") {
			return err
		}
		source, err := features.FS.ReadFile(path)
		if err != nil {
			return err
		}
		doc, err := gherkin.ParseGherkinDocument(bytes.NewReader(source), (&messages.Incrementing{}).NewId)
		if err != nil {
			return err
		}
		all = append(all, feature{path, doc})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// scenarios lists a file's scenarios with the rule they stand under.
func (f feature) scenarios() (all []*messages.Scenario) {
	for _, child := range f.doc.Feature.Children {
		if child.Scenario != nil {
			all = append(all, child.Scenario)
		}
		if child.Rule == nil {
			continue
		}
		for _, inRule := range child.Rule.Children {
			if inRule.Scenario != nil {
				all = append(all, inRule.Scenario)
			}
		}
	}
	return all
}

// own is every tag written at a scenario or its examples.
func own(s *messages.Scenario) (tags []string) {
	for _, t := range s.Tags {
		tags = append(tags, t.Name)
	}
	for _, e := range s.Examples {
		for _, t := range e.Tags {
			tags = append(tags, t.Name)
		}
	}
	return tags
}

var traces = regexp.MustCompile(`^@(S00\d-\d\d|U-\d\d|[A-Z]{2}-\d\d)$`)

// TestEveryScenarioTraces: whether the ids and words are known is for package
// steps/catalogue to say, which may import this one.
func TestEveryScenarioTraces(t *testing.T) {
	for _, f := range parsed(t) {
		for _, s := range f.scenarios() {
			if !slices.ContainsFunc(own(s), traces.MatchString) {
				t.Errorf("%s: %q names no requirement and no check", f.path, s.Name)
			}
		}
	}
}

func TestWords(t *testing.T) {
	want := []string{"@journey", "@protocol", "@check", "@mint", "@mailup", "@service", "@mindbaz", "@containers"}
	if got := features.Words(); !slices.Equal(got, want) {
		t.Errorf("words %v, want %v", got, want)
	}
}

func TestDialects(t *testing.T) {
	plain := regexp.MustCompile(`\b(30\d|4[0-4]\d|50\d)\b|_token\b|grant_type|redirect_uri`)
	for _, f := range parsed(t) {
		dialect, _, _ := strings.Cut(f.path, "/")
		want := map[string]string{"journeys": "@journey", "protocol": "@protocol", "checks": "@check"}[dialect]
		if !slices.ContainsFunc(f.doc.Feature.Tags, func(tag *messages.Tag) bool { return tag.Name == want }) {
			t.Errorf("%s: expected the tag %s", f.path, want)
		}
		for _, s := range f.scenarios() {
			for _, step := range s.Steps {
				if dialect == "journeys" && plain.MatchString(step.Text) {
					t.Errorf("%s: %q speaks of the protocol: %s", f.path, s.Name, step.Text)
				}
				if strings.Contains(step.Text, "should") {
					t.Errorf("%s: %q: a step says what happens, not what should: %s", f.path, s.Name, step.Text)
				}
			}
		}
	}
}

func TestShapeOfScenarios(t *testing.T) {
	names := map[string]string{}
	count := 0
	for _, f := range parsed(t) {
		for _, child := range f.doc.Feature.Children {
			if child.Scenario != nil {
				t.Errorf("%s: %q stands under no Rule", f.path, child.Scenario.Name)
			}
		}
		for _, s := range f.scenarios() {
			count++
			if other, taken := names[s.Name]; taken {
				t.Errorf("%s: %q is also in %s", f.path, s.Name, other)
			}
			names[s.Name] = f.path
			checkShape(t, f, s)
		}
	}
	if count < 60 {
		t.Errorf("expected at least 60 scenarios, got %d", count)
	}
	t.Logf("%d scenarios", count)
}

// checkShape keeps the house's rules: one When, three to seven steps, outlines
// of fewer than seven rows whose first column says why the row exists.
func checkShape(t *testing.T, f feature, s *messages.Scenario) {
	t.Helper()
	if strings.HasPrefix(f.path, "checks/") {
		checkShapeOfCheck(t, f, s)
		return
	}
	whens := 0
	for _, step := range s.Steps {
		if step.KeywordType == messages.StepKeywordType_ACTION {
			whens++
		}
	}
	if whens != 1 {
		t.Errorf("%s: %q has %d When steps", f.path, s.Name, whens)
	}
	if len(s.Steps) < 3 || len(s.Steps) > 7 {
		t.Errorf("%s: %q has %d steps", f.path, s.Name, len(s.Steps))
	}
	for _, e := range s.Examples {
		if len(e.TableBody) > 6 {
			t.Errorf("%s: %q has %d rows in one table", f.path, s.Name, len(e.TableBody))
		}
		if e.TableHeader.Cells[0].Value != "why" {
			t.Errorf("%s: %q: the first column does not say why", f.path, s.Name)
		}
	}
}

// checkShapeOfCheck: a check is one scenario with one id, so that its verdict
// is that scenario's; it looks at something or tries it, and says what it expects.
func checkShapeOfCheck(t *testing.T, f feature, s *messages.Scenario) {
	t.Helper()
	ids := slices.DeleteFunc(own(s), func(tag string) bool { return !traces.MatchString(tag) })
	if len(ids) != 1 || len(s.Examples) > 0 {
		t.Errorf("%s: %q carries the ids %v and %d tables of examples; a check is one scenario with one id and without examples", f.path, s.Name, ids, len(s.Examples))
	}
	kinds := map[messages.StepKeywordType]int{}
	for _, step := range s.Steps {
		kinds[step.KeywordType]++
	}
	prepared := kinds[messages.StepKeywordType_CONTEXT] + kinds[messages.StepKeywordType_ACTION]
	if prepared == 0 || kinds[messages.StepKeywordType_OUTCOME] == 0 || len(s.Steps) > 10 {
		t.Errorf("%s: %q has %d steps, %v", f.path, s.Name, len(s.Steps), kinds)
	}
}

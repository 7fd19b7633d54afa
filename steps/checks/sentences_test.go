package checks

import (
	"regexp"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/features"
	"github.com/mint-conformance/mint/steps/runner"
)

// TestEverySentenceIsDefinedOnce: a line that two sentences fit would be
// refused at run time, one that none fits would be undefined, and a sentence
// that no feature file says is dead code.
func TestEverySentenceIsDefinedOnce(t *testing.T) {
	scenarios, err := runner.Load(features.FS)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, sc := range scenarios {
		if !strings.HasPrefix(sc.File, "checks/") {
			continue
		}
		keyword := ""
		for _, step := range sc.Steps {
			if step.Keyword == "Given" || step.Keyword == "When" || step.Keyword == "Then" {
				keyword = step.Keyword
			}
			var fits []string
			for _, noun := range nouns {
				for _, s := range noun(&trial{}) {
					if s.keyword == keyword && regexp.MustCompile(s.pattern).MatchString(step.Text) {
						fits = append(fits, s.pattern)
					}
				}
			}
			if len(fits) != 1 {
				t.Errorf("%s: %s %s is defined %d times: %q", sc.ID, keyword, step.Text, len(fits), fits)
			}
			for _, pattern := range fits {
				used[pattern] = true
			}
		}
	}
	for _, noun := range nouns {
		for _, s := range noun(&trial{}) {
			if !used[s.pattern] {
				t.Errorf("no feature file says %s", s.pattern)
			}
		}
	}
}

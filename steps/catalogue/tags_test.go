package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mint-conformance/mint/features"
	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/runner"
)

// TestEveryTagIsKnown: a tag is a word of features/tags.txt or the id of
// something; a misspelt one would let a scenario vanish from its check.
func TestEveryTagIsKnown(t *testing.T) {
	k, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	scenarios, err := runner.Load(features.FS)
	if err != nil {
		t.Fatal(err)
	}
	words := features.Words()
	used := map[string]bool{}
	for _, s := range scenarios {
		for _, tag := range s.Tags {
			used[strings.TrimPrefix(tag, "@")] = true
			if _, known := k.Name(strings.TrimPrefix(tag, "@")); !known && !slices.Contains(words, tag) {
				t.Errorf("%s: %q: the tag %s is neither in features/tags.txt nor an id of the catalogue", s.ID, s.Name, tag)
			}
		}
	}
	// What no scenario names is printed, so that coverage is a fact.
	missing := map[catalogue.Kind][]string{}
	for _, n := range k.Names() {
		if !used[n.ID] {
			missing[n.Kind] = append(missing[n.Kind], n.ID)
		}
	}
	for kind, ids := range missing {
		t.Logf("no scenario names %d of the ids of kind %q: %s", len(ids), kind, strings.Join(ids, " "))
	}
}

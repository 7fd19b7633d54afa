package command

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/mint-conformance/mint/fixtures"
	"github.com/mint-conformance/mint/mockplatform"
)

// source reads PROFILE|FILE[+DIALECT], as serve and profiles take it. A plus
// sign in a file's name is only taken for a dialect's if one follows.
func source(value string) (mockplatform.Hosted, error) {
	base, dialect := value, ""
	if at := strings.LastIndex(value, "+"); at > 0 {
		front, back := value[:at], value[at+1:]
		if slices.Contains(fixtures.Dialects(), back) {
			base, dialect = front, back
		} else if slices.Contains(fixtures.Profiles(), front) {
			return mockplatform.Hosted{}, fmt.Errorf("%q is no dialect: use one of %s", back, strings.Join(fixtures.Dialects(), ", "))
		}
	}
	if slices.Contains(fixtures.Profiles(), base) {
		return mockplatform.Hosted{Profile: base, Dialect: dialect}, nil
	}
	document, err := os.ReadFile(base)
	if err != nil {
		return mockplatform.Hosted{}, fmt.Errorf("%q is neither a profile (%s) nor a file that can be read", base, strings.Join(fixtures.Profiles(), ", "))
	}
	return mockplatform.Hosted{Document: document, Dialect: dialect}, nil
}

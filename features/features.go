// Package features embeds the feature files and the list of tags they may
// carry. journeys/ speaks as Maya and MINT, protocol/ speaks as the RFCs do.
// It holds no code that runs a scenario: see package steps.
package features

import (
	"bufio"
	"bytes"
	"embed"
	"fmt"
	"strconv"
	"strings"
)

// FS holds the feature files, below journeys and protocol, and tags.txt.
//
//go:embed journeys protocol tags.txt
var FS embed.FS

// Tags lists every tag that a scenario may carry, with its "@", in the order
// of tags.txt. The error names the line that cannot be read.
func Tags() ([]string, error) {
	document, err := FS.ReadFile("tags.txt")
	if err != nil {
		return nil, err
	}
	var all []string
	lines := bufio.NewScanner(bytes.NewReader(document))
	for n := 1; lines.Scan(); n++ {
		entry, _, _ := strings.Cut(lines.Text(), "#")
		fields := strings.Fields(entry)
		if len(fields) == 0 {
			continue
		}
		tags, err := expand(fields[0])
		if err != nil {
			return nil, fmt.Errorf("features/tags.txt line %d: %w", n, err)
		}
		all = append(all, tags...)
	}
	return all, lines.Err()
}

// expand turns "S000-01..41" into its 41 tags, and any other word into one.
func expand(word string) ([]string, error) {
	first, last, isRange := strings.Cut(word, "..")
	if !isRange {
		return []string{"@" + word}, nil
	}
	dash := strings.LastIndex(first, "-")
	if dash < 0 {
		return nil, fmt.Errorf("%q: a range begins like CG-01", word)
	}
	from, err := strconv.Atoi(first[dash+1:])
	if err != nil {
		return nil, fmt.Errorf("%q: %w", word, err)
	}
	to, err := strconv.Atoi(last)
	if err != nil || to < from {
		return nil, fmt.Errorf("%q: the range ends before it begins", word)
	}
	var tags []string
	for i := from; i <= to; i++ {
		tags = append(tags, fmt.Sprintf("@%s-%02d", first[:dash], i))
	}
	return tags, nil
}

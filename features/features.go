// Package features embeds the feature files and the list of words they may be
// tagged with. journeys/ speaks as Maya and MINT, protocol/ speaks as the RFCs
// do. It holds no code that runs a scenario: see package steps. The ids that
// scenarios carry as tags are named in package steps/catalogue.
package features

import (
	"bufio"
	"embed"
	"strings"
)

// FS holds the feature files, below journeys and protocol.
//
//go:embed journeys protocol checks
var FS embed.FS

//go:embed tags.txt
var words string

// Words lists the tags, with their "@", that a scenario may carry besides the
// ids of the catalogue, in the order of tags.txt.
func Words() []string {
	var all []string
	for lines := bufio.NewScanner(strings.NewReader(words)); lines.Scan(); {
		entry, _, _ := strings.Cut(lines.Text(), "#")
		if word := strings.TrimSpace(entry); word != "" {
			all = append(all, "@"+word)
		}
	}
	return all
}

package runner

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WriteList writes scenarios as a table for people.
func WriteList(w io.Writer, scenarios []Scenario) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, sc := range scenarios {
		if _, err := fmt.Fprintf(table, "%s\t%s\t%s\n", sc.ID, sc.Name, strings.Join(sc.Tags, " ")); err != nil {
			return err
		}
	}
	return table.Flush()
}

// listed is one scenario in WriteJSONList. Fields are only ever added.
type listed struct {
	ID      string   `json:"id"`
	File    string   `json:"file"`
	Line    int      `json:"line"`
	Feature string   `json:"feature"`
	Rule    string   `json:"rule,omitempty"`
	Name    string   `json:"name"`
	Tags    []string `json:"tags"`
}

// WriteJSONList writes scenarios as {"scenarios": […]}.
func WriteJSONList(w io.Writer, scenarios []Scenario) error {
	all := make([]listed, 0, len(scenarios))
	for _, sc := range scenarios {
		tags := sc.Tags
		if tags == nil {
			tags = []string{}
		}
		all = append(all, listed{sc.ID, sc.File, sc.Line, sc.Feature, sc.Rule, sc.Name, tags})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(map[string]any{"scenarios": all})
}

package command

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"
)

// table prints aligned columns.
type table struct{ writer *tabwriter.Writer }

func newTable(out io.Writer, heads ...string) table {
	t := table{tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)}
	if len(heads) > 0 {
		t.row(heads)
	}
	return t
}

func (t table) add(cells ...any) {
	texts := make([]string, len(cells))
	for i, cell := range cells {
		texts[i] = visible(fmt.Sprint(cell))
		if texts[i] == "" {
			texts[i] = "-"
		}
	}
	t.row(texts)
}

// visible shows what a terminal would obey, or the table fall apart over, as Go
// would write it: cells hold what clients sent.
func visible(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 && utf8.ValidString(text) {
		return text
	}
	quoted := strconv.Quote(text)
	return quoted[1 : len(quoted)-1]
}

func (t table) row(cells []string) { fmt.Fprintln(t.writer, strings.Join(cells, "\t")) }

func (t table) flush() error { return t.writer.Flush() }

// printJSON prints a document for programs.
func printJSON(out io.Writer, document any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(document)
}

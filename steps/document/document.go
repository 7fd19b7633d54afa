// Package document reads the YAML files that people write for the harness:
// strictly, with every fault at once, each with its line and the mend. It also
// makes their JSON Schema.
package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Fault is one thing wrong with a file: the line it stands in, from 1, and a
// sentence that names the key and the mend.
type Fault struct {
	Line int
	Text string
}

// Faults are all that is wrong with one file.
type Faults struct {
	File string
	All  []Fault
}

// Error lists the faults in the order of their lines, one in each.
func (f *Faults) Error() string {
	sorted := slices.Clone(f.All)
	slices.SortStableFunc(sorted, func(a, b Fault) int { return a.Line - b.Line })
	lines := make([]string, len(sorted))
	for i, one := range sorted {
		lines[i] = fmt.Sprintf("%s:%d: %s", f.File, max(one.Line, 1), one.Text)
	}
	return strings.Join(lines, "\n")
}

// ExitCode is that of a program which the file was for: wrong usage.
func (f *Faults) ExitCode() int { return 2 }

// Decode reads text into the struct that value points to. Unknown keys,
// keys that stand twice, wrong kinds of values and a second document are
// faults. The tree tells the lines of later ones; it is nil if there are
// faults of the form.
func Decode(text []byte, value any) (*Tree, []Fault) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	err := d.Decode(value)
	var many *yaml.TypeError
	switch {
	case errors.Is(err, io.EOF):
		return nil, []Fault{{1, "the file is empty"}}
	case errors.As(err, &many):
		keys := keysByType(reflect.TypeOf(value).Elem(), map[string][]string{})
		var faults []Fault
		for _, text := range many.Errors {
			faults = append(faults, explained(text, keys))
		}
		return nil, faults
	case err != nil:
		return nil, []Fault{explained(strings.TrimPrefix(err.Error(), "yaml: "), nil)}
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, []Fault{{1, "there is more than one document in the file; leave one"}}
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil || len(root.Content) == 0 {
		return nil, []Fault{{1, "the file has no keys"}}
	}
	return &Tree{root.Content[0]}, nil
}

var (
	atLine    = regexp.MustCompile(`^line (\d+): (?s)(.*)$`)
	notFound  = regexp.MustCompile(`^field (\S+) not found in type (\S+)$`)
	wrongKind = regexp.MustCompile("(?s)^cannot unmarshal !!(\\w+)(?: `(.*)`)? into (\\S+)$")
	twice     = regexp.MustCompile(`^mapping key ("[^"]*") already defined at line (\d+)$`)
)

// explained turns a complaint of the YAML library into a sentence for people.
func explained(text string, keys map[string][]string) Fault {
	f := Fault{1, text}
	if m := atLine.FindStringSubmatch(text); m != nil {
		f.Line, _ = strconv.Atoi(m[1]) // digits
		f.Text = m[2]
	}
	if m := notFound.FindStringSubmatch(f.Text); m != nil {
		f.Text = fmt.Sprintf("the key %q is not known; use %s", m[1], strings.Join(keys[m[2]], ", "))
	}
	if m := wrongKind.FindStringSubmatch(f.Text); m != nil {
		said := kinds[m[1]]
		if m[2] != "" {
			said = fmt.Sprintf("%q", m[2])
		}
		f.Text = fmt.Sprintf("%s stands where %s belongs", said, expected(m[3]))
	}
	if m := twice.FindStringSubmatch(f.Text); m != nil {
		f.Text = fmt.Sprintf("the key %s stands in line %s already; leave one", m[1], m[2])
	}
	return f
}

var kinds = map[string]string{
	"map": "a mapping (key: value)", "seq": "a list", "str": "text", "int": "a number", "float": "a number",
	"bool": "true or false", "null": "nothing", "timestamp": "a date",
}

func expected(goType string) string {
	switch {
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case goType == "string":
		return "text"
	case goType == "bool":
		return "true or false"
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "float"):
		return "a number"
	}
	return "a mapping (key: value)"
}

// keysByType gathers the keys that structs know, by the type's name.
func keysByType(t reflect.Type, known map[string][]string) map[string][]string {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return keysByType(t.Elem(), known)
	case reflect.Struct:
		if _, seen := known[t.String()]; seen {
			return known
		}
		known[t.String()] = nil
		var keys []string
		for _, f := range reflect.VisibleFields(t) {
			if name := key(f); name != "" {
				keys = append(keys, name)
				keysByType(f.Type, known)
			}
		}
		known[t.String()] = keys
	}
	return known
}

// key is the name of a field in YAML, "" if it is not written there.
func key(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if name == "-" {
		return ""
	}
	return name
}

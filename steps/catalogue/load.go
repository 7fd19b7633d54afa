package catalogue

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed checks ids sections.yaml
var files embed.FS

// Load reads and validates the embedded catalogue, once for the whole program.
// The error lists every fault with file and line; a released program has none.
var Load = sync.OnceValues(func() (*Catalogue, error) { return load(files) })

// groupFile is one file below checks/.
type groupFile struct {
	Group  string  `yaml:"group"`
	Title  string  `yaml:"title"`
	Base   string  `yaml:"base"`
	Checks []entry `yaml:"checks"`
}

// entry is one check as it is written.
type entry struct {
	ID         string   `yaml:"id"`
	Title      string   `yaml:"title"`
	Level      Level    `yaml:"level"`
	DraftLevel Level    `yaml:"draft_level"`
	LevelNote  string   `yaml:"level_note"`
	NoWaiver   bool     `yaml:"never_waived"`
	Cite       []string `yaml:"cite"`
	Actor      Actor    `yaml:"actor"`
	Base       string   `yaml:"base"`
	Needs      []string `yaml:"needs"`
	Fixtures   []string `yaml:"fixtures"`
	Gates      []string `yaml:"gates"`
	Accepted   []struct {
		What string   `yaml:"what"`
		Cite []string `yaml:"cite"`
	} `yaml:"accepted"`
	Why        string   `yaml:"why"`
	Mend       string   `yaml:"mend"`
	RealServer Safety   `yaml:"real_server"`
	Browser    Browser  `yaml:"browser"`
	Time       []Wait   `yaml:"time"`
	WaitFor    string   `yaml:"wait_for"`
	Last       bool     `yaml:"last"`
	Break      []string `yaml:"break"`
}

// document is one cited document in sections.yaml.
type document struct {
	Title    string            `yaml:"title"`
	Sections map[string]string `yaml:"sections"`
}

// load reads a catalogue laid out as the embedded one.
func load(from fs.FS) (*Catalogue, error) {
	r := reader{from: from, catalogue: newCatalogue()}
	r.documents()
	r.names()
	r.groups()
	r.catalogue.link(&r.faults)
	if len(r.faults) > 0 {
		return nil, errors.Join(r.faults...)
	}
	return r.catalogue, nil
}

// faults are collected, never returned at the first one.
type faults []error

func (f *faults) add(file string, line int, format string, args ...any) {
	*f = append(*f, fmt.Errorf("%s:%d: %s", file, line, fmt.Sprintf(format, args...)))
}

type reader struct {
	from      fs.FS
	catalogue *Catalogue
	faults    faults
}

// decode reads one file strictly into value and answers its tree, for the
// lines of later faults; nil if it cannot be used.
func (r *reader) decode(file string, value any) *yaml.Node {
	text, err := fs.ReadFile(r.from, file)
	if err != nil {
		r.faults = append(r.faults, err)
		return nil
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(value); err != nil {
		r.decodeFaults(file, err)
		return nil
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		r.faults.add(file, 1, "there is more than one document in it")
		return nil
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil || len(root.Content) == 0 {
		r.faults.add(file, 1, "it cannot be read as YAML: %v", err)
		return nil
	}
	return root.Content[0]
}

// decodeFaults splits what the YAML library found, which begins "line 7: ".
func (r *reader) decodeFaults(file string, err error) {
	texts := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	var many *yaml.TypeError
	if errors.As(err, &many) {
		texts = many.Errors
	}
	for _, text := range texts {
		line := 1
		if _, err := fmt.Sscanf(text, "line %d:", &line); err == nil {
			_, text, _ = strings.Cut(text, ": ")
		}
		r.faults.add(file, line, "%s", text)
	}
}

// documents reads the clauses that may be cited.
func (r *reader) documents() {
	r.decode("sections.yaml", &r.catalogue.documents)
}

// names reads the ids that are no checks of a server. The kind of an id is the
// file it stands in.
func (r *reader) names() {
	for _, kind := range []Kind{KindRequirement, KindJourney, KindClient, KindBug} {
		file := "ids/" + string(kind) + "s.yaml"
		var known map[string]string
		root := r.decode(file, &known) // a key that stands there twice is a fault
		if root == nil {
			continue
		}
		for i := 0; i+1 < len(root.Content); i += 2 {
			key := root.Content[i]
			if !idOf[kind].MatchString(key.Value) {
				r.faults.add(file, key.Line, "%q is no id of this file", key.Value)
			}
			if fault := sentence(known[key.Value]); fault != "" {
				r.faults.add(file, key.Line, "%s: the title %s", key.Value, fault)
			}
			r.name(Name{ID: key.Value, Kind: kind, Title: known[key.Value]}, file, key.Line)
		}
	}
}

// name adds an id, unless it is taken.
func (r *reader) name(n Name, file string, line int) {
	if other, taken := r.catalogue.names[n.ID]; taken {
		r.faults.add(file, line, "%s is also the id of a %s", n.ID, other.Kind.Words())
		return
	}
	r.catalogue.names[n.ID] = n
	r.catalogue.order = append(r.catalogue.order, n.ID)
}

// groups reads the checks.
func (r *reader) groups() {
	names, err := fs.Glob(r.from, "checks/*.yaml")
	if err != nil || len(names) == 0 {
		r.faults.add("checks", 1, "there are no checks: %v", err)
	}
	for _, file := range names {
		var g groupFile
		root := r.decode(file, &g)
		if root == nil {
			continue
		}
		if want := strings.ToLower(g.Group) + ".yaml"; path.Base(file) != want {
			r.faults.add(file, 1, "the group %q belongs into %s", g.Group, want)
		}
		if fault := sentence(g.Title); fault != "" {
			r.faults.add(file, 1, "the title %s", fault)
		}
		group := &Group{ID: g.Group, Title: g.Title}
		lines := entryLines(root)
		for i, e := range g.Checks {
			at := place{file: file}
			if i < len(lines) {
				at.lines = lines[i]
			}
			c := r.check(g, e, at)
			r.name(Name{ID: c.ID, Kind: KindServer, Title: c.Title}, file, at.line("id"))
			group.Checks = append(group.Checks, c)
		}
		r.catalogue.groups = append(r.catalogue.groups, group)
	}
}

// place is where a check is written: its file and the lines of its keys.
type place struct {
	file  string
	lines map[string]int // "" is the line the check begins on
}

func (p place) line(key string) int {
	if n, ok := p.lines[key]; ok {
		return n
	}
	return p.lines[""]
}

// entryLines finds the lines of every key of every check of a file.
func entryLines(root *yaml.Node) []map[string]int {
	var all []map[string]int
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "checks" {
			continue
		}
		for _, check := range root.Content[i+1].Content {
			lines := map[string]int{"": check.Line}
			for k := 0; k+1 < len(check.Content); k += 2 {
				lines[check.Content[k].Value] = check.Content[k].Line
			}
			all = append(all, lines)
		}
	}
	return all
}

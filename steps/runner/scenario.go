package runner

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"
)

// Scenario is one executable scenario: a Scenario, or one row of an outline.
type Scenario struct {
	ID      string // file and line: "journeys/connecting.feature:12"
	File    string
	Line    int
	Feature string
	Rule    string
	Name    string
	Tags    []string // with the @, those of feature, rule and examples included
	Steps   []Step
}

// Step is one step of a scenario, backgrounds included, values filled in.
type Step struct {
	Keyword  string // as written: Given, When, Then, And, But, *
	Text     string
	Line     int
	argument *messages.PickleStepArgument
	kind     messages.PickleStepType
}

// Argument is the step's doc string or table as text, empty without one.
func (s Step) Argument() string {
	var b strings.Builder
	writeArgument(&b, s.argument, "")
	return strings.TrimRight(b.String(), "\n")
}

// Load reads every .feature file below the root of files, in the order of
// their paths. All faults are reported at once.
func Load(files fs.FS) ([]Scenario, error) {
	var all []Scenario
	var faults []error
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".feature" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		scenarios, err := parse(name, text)
		if err != nil {
			faults = append(faults, err)
		}
		all = append(all, scenarios...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return all, nil
}

// parse reads one feature file.
func parse(name string, text []byte) ([]Scenario, error) {
	ids := (&messages.Incrementing{}).NewId
	doc, err := gherkin.ParseGherkinDocument(bytes.NewReader(text), ids)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if doc.Feature == nil {
		return nil, fmt.Errorf("%s: there is no Feature in it", name)
	}
	nodes := index(doc.Feature)
	var all []Scenario
	for _, pickle := range gherkin.Pickles(*doc, name, ids) {
		s := nodes.scenario(pickle)
		s.File, s.Feature = name, doc.Feature.Name
		s.ID = fmt.Sprintf("%s:%d", name, s.Line)
		if len(s.Steps) == 0 {
			return nil, fmt.Errorf("%s: the scenario %q has no steps", s.ID, s.Name)
		}
		all = append(all, s)
	}
	return all, nil
}

// nodes finds the parts of a document by the ids that pickles refer to.
type nodes struct {
	scenarios map[string]*messages.Scenario
	rules     map[string]string // scenario id to its rule's name
	rows      map[string]*messages.TableRow
	steps     map[string]*messages.Step
}

func index(f *messages.Feature) nodes {
	n := nodes{
		scenarios: map[string]*messages.Scenario{}, rules: map[string]string{},
		rows: map[string]*messages.TableRow{}, steps: map[string]*messages.Step{},
	}
	for _, child := range f.Children {
		switch {
		case child.Rule != nil:
			for _, c := range child.Rule.Children {
				n.add(child.Rule.Name, c.Background, c.Scenario)
			}
		default:
			n.add("", child.Background, child.Scenario)
		}
	}
	return n
}

func (n nodes) add(rule string, background *messages.Background, scenario *messages.Scenario) {
	var steps []*messages.Step
	if background != nil {
		steps = background.Steps
	}
	if scenario != nil {
		n.scenarios[scenario.Id], n.rules[scenario.Id] = scenario, rule
		steps = append(slices.Clone(steps), scenario.Steps...)
		for _, examples := range scenario.Examples {
			for _, row := range examples.TableBody {
				n.rows[row.Id] = row
			}
		}
	}
	for _, step := range steps {
		n.steps[step.Id] = step
	}
}

// scenario turns a pickle into a Scenario. A row of an outline is named by
// its first cell, which by house rule says why the row exists, unless the
// outline's own name already differs from row to row.
func (n nodes) scenario(pickle *messages.Pickle) Scenario {
	source := n.scenarios[pickle.AstNodeIds[0]]
	s := Scenario{Name: pickle.Name, Rule: n.rules[source.Id], Line: int(source.Location.Line)}
	if len(pickle.AstNodeIds) > 1 {
		row := n.rows[pickle.AstNodeIds[1]]
		s.Line = int(row.Location.Line)
		if source.Name == pickle.Name && len(row.Cells) > 0 {
			s.Name += " (" + row.Cells[0].Value + ")"
		}
	}
	for _, tag := range pickle.Tags {
		if !slices.Contains(s.Tags, tag.Name) {
			s.Tags = append(s.Tags, tag.Name)
		}
	}
	for _, step := range pickle.Steps {
		written := n.steps[step.AstNodeIds[0]]
		s.Steps = append(s.Steps, Step{
			Keyword:  strings.TrimSpace(written.Keyword),
			Text:     step.Text,
			Line:     int(written.Location.Line),
			argument: step.Argument,
			kind:     step.Type,
		})
	}
	return s
}

// write renders the scenario as a feature file of its own, for godog.
func (s Scenario) write() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "Feature: %s\n", oneLine(s.Feature))
	if len(s.Tags) > 0 {
		fmt.Fprintf(&b, "  %s\n", strings.Join(s.Tags, " "))
	}
	fmt.Fprintf(&b, "  Scenario: %s\n", oneLine(s.Name))
	for _, step := range s.Steps {
		fmt.Fprintf(&b, "    %s %s\n", keywordOf(step.kind), step.Text)
		writeArgument(&b, step.argument, "      ")
	}
	return []byte(b.String())
}

func keywordOf(kind messages.PickleStepType) string {
	switch kind {
	case messages.PickleStepType_CONTEXT:
		return "Given"
	case messages.PickleStepType_ACTION:
		return "When"
	case messages.PickleStepType_OUTCOME:
		return "Then"
	default:
		return "*"
	}
}

var (
	cellEscapes = strings.NewReplacer(`\`, `\\`, "|", `\|`, "\n", `\n`)
	textEscapes = strings.NewReplacer("`", "\\`")
)

func writeArgument(b *strings.Builder, a *messages.PickleStepArgument, indent string) {
	switch {
	case a == nil:
	case a.DataTable != nil:
		for _, row := range a.DataTable.Rows {
			b.WriteString(indent + "|")
			for _, cell := range row.Cells {
				b.WriteString(" " + cellEscapes.Replace(cell.Value) + " |")
			}
			b.WriteString("\n")
		}
	case a.DocString != nil:
		fmt.Fprintf(b, "%s```%s\n", indent, a.DocString.MediaType)
		for _, line := range strings.Split(fenced(a.DocString.Content), "\n") {
			b.WriteString(indent + line + "\n")
		}
		fmt.Fprintf(b, "%s```\n", indent)
	}
}

// fenced escapes what would end a doc string.
func fenced(text string) string {
	return strings.ReplaceAll(text, "```", textEscapes.Replace("```"))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

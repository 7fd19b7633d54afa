package document

import (
	"encoding/json"
	"strings"
	"testing"
)

type pet struct {
	Name  string            `yaml:"name" doc:"what it is called"`
	Kind  string            `yaml:"kind" enum:"cat,dog"`
	Age   int               `yaml:"age"`
	Vets  []vet             `yaml:"vets"`
	Toys  map[string]string `yaml:"toys"`
	Extra string            `yaml:"-"`
}

type vet struct {
	Town string `yaml:"town"`
}

func TestDecodeListsEveryFault(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"good", "name: Rex\nvets: [{town: Ulm}]\n", ""},
		{"empty", "", "pet.yaml:1: the file is empty"},
		{"comments only", "# nothing\n", "pet.yaml:1: the file is empty"},
		{"no YAML", "name: [\n", "pet.yaml:1: did not find expected node content"},
		{"an unknown key", "name: Rex\ncolour: red\n", `pet.yaml:2: the key "colour" is not known; use name, kind, age, vets, toys`},
		{"an unknown key below", "vets:\n  - city: Ulm\n", `pet.yaml:2: the key "city" is not known; use town`},
		{
			"several at once", "age: old\nvets: Ulm\nname: {a: b}\n",
			"pet.yaml:1: \"old\" stands where a number belongs\npet.yaml:2: \"Ulm\" stands where a list belongs\npet.yaml:3: a mapping (key: value) stands where text belongs",
		},
		{"a key twice", "name: Rex\nname: Bo\n", `pet.yaml:2: the key "name" stands in line 1 already; leave one`},
		{"two documents", "name: Rex\n---\nname: Bo\n", "pet.yaml:1: there is more than one document in the file; leave one"},
		{"a list", "- Rex\n", "pet.yaml:1: a list stands where a mapping (key: value) belongs"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p pet
			_, faults := Decode([]byte(tt.text), &p)
			if got := (&Faults{"pet.yaml", faults}).Error(); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestLine(t *testing.T) {
	var p pet
	tree, faults := Decode([]byte("name: Rex\nvets:\n  - town: Ulm\n  -\n    town: Bern\ntoys:\n  ball: red\n"), &p)
	if faults != nil {
		t.Fatal(faults)
	}
	tests := []struct {
		path []any
		want int
	}{
		{nil, 1},
		{[]any{"vets"}, 2},
		{[]any{"vets", 0, "town"}, 3},
		{[]any{"vets", 1, "town"}, 5},
		{[]any{"vets", 1, "street"}, 5},
		{[]any{"vets", 7}, 2},
		{[]any{"toys", "ball"}, 7},
		{[]any{"age"}, 1},
	}
	for _, tt := range tests {
		if got := tree.Line(tt.path...); got != tt.want {
			t.Errorf("%v stands in line %d, want %d", tt.path, got, tt.want)
		}
	}
}

func TestSchema(t *testing.T) {
	var got struct {
		Title                string
		AdditionalProperties bool
		Properties           struct {
			Name struct{ Type, Description string }
			Kind struct{ Enum []string }
			Vets struct {
				Items struct {
					Properties map[string]struct{ Type string }
				}
			}
			Extra any
		}
	}
	if err := json.Unmarshal(Schema("A pet", pet{}), &got); err != nil {
		t.Fatal(err)
	}
	if got.Title != "A pet" || got.AdditionalProperties || got.Properties.Name.Description != "what it is called" ||
		strings.Join(got.Properties.Kind.Enum, " ") != "cat dog" || got.Properties.Vets.Items.Properties["town"].Type != "string" ||
		got.Properties.Extra != nil {
		t.Errorf("schema %+v", got)
	}
}

package profile

import (
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxVisits bounds the work on doubtful documents, in values read.
const maxVisits = 200_000

// doubt is a faulty place of a document with what may have been meant there.
// A combination rule is only worth reporting if it is broken whatever was
// meant: otherwise the report would speak of a value that nobody wrote.
type doubt struct {
	node     *yaml.Node
	meanings []*yaml.Node
}

// certain keeps those faults that stay when each doubtful place in turn has
// another meaning; again judges the document anew, at a cost of visits.
func certain(faults Faults, doubts []doubt, visits int, again func() Faults) Faults {
	budget := maxVisits
	for _, d := range doubts {
		for _, meaning := range d.meanings {
			if budget -= visits + 1; budget < 0 {
				return nil // too much in doubt to say more
			}
			if len(faults) == 0 {
				return nil
			}
			written := *d.node
			*d.node = *meaning
			still := again()
			*d.node = written
			faults = slices.DeleteFunc(faults, func(f Fault) bool {
				return !slices.ContainsFunc(still, func(g Fault) bool { return g.Path == f.Path && g.Message == f.Message })
			})
		}
	}
	return faults
}

// apart drops combination faults at, or inside of, a place that has a fault of
// its own.
func (f Faults) apart(own Faults) Faults {
	return slices.DeleteFunc(f, func(one Fault) bool {
		return slices.ContainsFunc(own, func(o Fault) bool {
			rest, inside := strings.CutPrefix(one.Path, o.Path)
			return inside && (rest == "" || rest[0] == '.' || rest[0] == '[')
		})
	})
}

// meanings are values of a type that make a difference to combination rules.
func meanings(t reflect.Type, enum string) []*yaml.Node {
	switch {
	case t == durationType:
		return texts("0s", "1s", "5m", "1h", "30d", "3650d")
	case t.Kind() == reflect.Struct:
		var out []*yaml.Node
		for _, f := range reflect.VisibleFields(t) {
			if name := f.Tag.Get("yaml"); name != "-" {
				for _, m := range meanings(f.Type, f.Tag.Get("enum")) {
					out = append(out, &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{text(name), m}})
				}
			}
		}
		return out
	case t.Kind() == reflect.Map:
		return []*yaml.Node{{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}}
	case t.Kind() == reflect.Slice:
		each := meanings(t.Elem(), enum)
		out := []*yaml.Node{list(), list(each...)}
		for _, m := range each {
			out = append(out, list(m))
		}
		return out
	case t.Kind() == reflect.Bool:
		return []*yaml.Node{scalar("!!bool", "false"), scalar("!!bool", "true")}
	case t.Kind() == reflect.Int && enum == "":
		return []*yaml.Node{scalar("!!int", "0"), scalar("!!int", "1"), scalar("!!int", "1000000")}
	case t.Kind() == reflect.Int:
		var out []*yaml.Node
		for word := range strings.SplitSeq(enum, ",") {
			out = append(out, scalar("!!int", word))
		}
		return out
	case enum != "":
		return texts(strings.Split(enum, ",")...)
	}
	return texts("", "x", "long-enough-for-a-secret", "https://x.example/x", "/x")
}

func texts(values ...string) []*yaml.Node {
	out := make([]*yaml.Node, 0, len(values))
	for _, v := range values {
		out = append(out, text(v))
	}
	return out
}

func text(value string) *yaml.Node { return scalar("!!str", value) }

func scalar(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}

func list(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items}
}

package profile

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Layers are the documents of which an effective profile is made, one over the
// other. Only Document is required.
type Layers struct {
	Document []byte // complete
	Dialect  *Dialect
	Settings []byte // partial
}

// Effective answers the profile that the layers make together, and the YAML
// document of all its values, each with its origin as a comment: default,
// profile, dialect or settings. The document is a complete profile again.
func Effective(l Layers, checks ...Check) (*Profile, []byte, error) {
	s := shower{origin: map[string]string{}}
	root, err := document(l.Document)
	if err != nil {
		return nil, nil, Faults{{Message: err.Error()}}
	}
	p, err := s.add("profile", root, defaults(), false, checks)
	if err == nil && l.Dialect != nil {
		if p, err = p.Speak(l.Dialect, checks...); err == nil {
			_, err = s.add("dialect "+l.Dialect.Name, l.Dialect.settings, *p, true, checks)
		}
	}
	if err == nil && len(bytes.TrimSpace(l.Settings)) > 0 {
		if root, err = document(l.Settings); err != nil {
			return nil, nil, Faults{{Message: err.Error()}}
		}
		p, err = s.add("settings", root, *p, true, checks)
	}
	if err != nil {
		return nil, nil, err
	}
	shown, err := s.print(p)
	return p, shown, err
}

// shower remembers which layer wrote each path last.
type shower struct{ origin map[string]string }

func (s *shower) add(origin string, root *yaml.Node, base Profile, partial bool, checks []Check) (*Profile, error) {
	p, lines, err := lay(root, base, partial, checks)
	for path := range lines {
		s.origin[path] = origin
	}
	return p, err
}

func (s *shower) print(p *Profile) ([]byte, error) {
	root := s.node(reflect.ValueOf(*p), "", "")
	root.HeadComment = "# Effective profile " + p.Label() + "; a comment names the origin of each value."
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(root); err != nil {
		return nil, fmt.Errorf("writing the profile: %w", err)
	}
	return out.Bytes(), e.Close()
}

func (s *shower) node(v reflect.Value, path, enum string) *yaml.Node {
	switch {
	case v.Type() == durationType:
		return s.said(text(fmt.Sprint(v.Interface())), path)
	case v.Kind() == reflect.Struct:
		return s.structure(v, path)
	case v.Kind() == reflect.Map:
		return s.mapping(v, path)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct && v.Len() > 0:
		n := list()
		for i := range v.Len() {
			n.Content = append(n.Content, s.structure(v.Index(i), fmt.Sprintf("%s[%d]", path, i)))
		}
		return n
	case v.Kind() == reflect.Slice:
		n := list()
		n.Style = yaml.FlowStyle
		for i := range v.Len() {
			item := s.node(v.Index(i), path, enum)
			item.LineComment = ""
			n.Content = append(n.Content, item)
		}
		return s.said(n, path)
	case v.Kind() == reflect.String:
		n := text(v.String())
		if strings.ContainsAny(n.Value, "\n\r\t") {
			n.Style = yaml.DoubleQuotedStyle
		}
		return s.said(n, path)
	case v.Kind() == reflect.Bool:
		return s.said(scalar("!!bool", fmt.Sprint(v.Bool())), path)
	}
	return s.said(scalar("!!int", fmt.Sprint(v.Int())), path)
}

// structure leaves out words that are not set, since no word of the choice
// says so.
func (s *shower) structure(v reflect.Value, path string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, enum, value := f.Tag.Get("yaml"), f.Tag.Get("enum"), v.FieldByIndex(f.Index)
		if name == "-" || enum != "" && value.Kind() == reflect.String && value.String() == "" {
			continue
		}
		n.Content = append(n.Content, text(name), s.node(value, join(path, name), enum))
	}
	return n
}

func (s *shower) mapping(v reflect.Value, path string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	values := map[string]reflect.Value{}
	for it := v.MapRange(); it.Next(); {
		values[it.Key().String()] = it.Value()
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		n.Content = append(n.Content, text(key), s.node(values[key], join(path, key), ""))
	}
	if len(values) == 0 {
		n.Style = yaml.FlowStyle
		return s.said(n, path)
	}
	return n
}

func (s *shower) said(n *yaml.Node, path string) *yaml.Node {
	n.LineComment = "default"
	if origin, known := s.origin[path]; known {
		n.LineComment = origin
	}
	return n
}

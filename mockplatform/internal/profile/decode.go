package profile

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxNodes bounds the work on one document, aliases counted each time.
const maxNodes = 50_000

// decoder writes YAML nodes over Go values strictly: every key must be known
// and every value of the right kind. It goes on after a fault, so that all are
// found, and remembers where each path was written.
type decoder struct {
	partial bool // the document is laid over a profile, and null means the default
	faults  Faults
	lines   map[string]int
	nodes   int
	at      *yaml.Node // of the last fault
	doubts  []doubt    // what the faulty values may have meant
}

func (d *decoder) fault(path string, n *yaml.Node, format string, args ...any) {
	d.at = n
	d.faults = append(d.faults, Fault{Path: path, Line: n.Line, Message: fmt.Sprintf(format, args...)})
}

// line finds where path, or the nearest thing around it, was written.
func (d *decoder) line(path string) int {
	for path != "" {
		if l, ok := d.lines[path]; ok {
			return l
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return 0
}

// value decodes n into the pointer target.
func (d *decoder) value(n *yaml.Node, target any, path string) {
	d.into(n, reflect.ValueOf(target).Elem(), path, "")
}

var durationType = reflect.TypeFor[Duration]()

func (d *decoder) into(n *yaml.Node, v reflect.Value, path, enum string) {
	if d.nodes++; d.nodes > maxNodes {
		if d.nodes == maxNodes+1 {
			d.fault(path, n, "the document is too large: it has more than %d values", maxNodes)
		}
		return
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	d.lines[path] = n.Line
	switch {
	case v.Type() == durationType:
		d.duration(n, v, path)
	case v.Kind() == reflect.Struct:
		d.structure(n, v, path)
	case v.Kind() == reflect.Map:
		d.mapping(n, v, path)
	case v.Kind() == reflect.Slice:
		d.list(n, v, path, enum)
	default:
		d.scalar(n, v, path, enum)
	}
	if d.at == n {
		d.doubts = append(d.doubts, doubt{n, meanings(v.Type(), enum)})
	}
}

func (d *decoder) structure(n *yaml.Node, v reflect.Value, path string) {
	fields := map[string]reflect.StructField{}
	for _, f := range reflect.VisibleFields(v.Type()) {
		if name := f.Tag.Get("yaml"); name != "-" {
			fields[name] = f
		}
	}
	d.entries(n, path, func(key string, keyNode, value *yaml.Node) {
		f, known := fields[key]
		if !known {
			d.unknown(join(path, key), key, keyNode, slices.Sorted(maps.Keys(fields)))
			return
		}
		if isNull(value) && d.reset(v.FieldByIndex(f.Index), join(path, key)) {
			return
		}
		d.into(value, v.FieldByIndex(f.Index), join(path, key), f.Tag.Get("enum"))
	})
}

// reset gives a single value back its default, where null means that.
func (d *decoder) reset(v reflect.Value, path string) bool {
	if !d.partial || v.Kind() == reflect.Struct || v.Kind() == reflect.Map || v.Kind() == reflect.Slice {
		return false
	}
	at := reflect.ValueOf(defaults())
	for _, key := range strings.Split(path, ".") {
		if at.Kind() != reflect.Struct {
			return false // a client, customer or scope of its own
		}
		field, known := fieldOf(at.Type(), key)
		if !known {
			return false // an item of a list
		}
		at = at.FieldByIndex(field.Index)
	}
	v.Set(at)
	return true
}

func fieldOf(t reflect.Type, key string) (reflect.StructField, bool) {
	for _, f := range reflect.VisibleFields(t) {
		if f.Tag.Get("yaml") == key {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

func (d *decoder) unknown(path, key string, n *yaml.Node, known []string) {
	mend := "the keys here are " + strings.Join(known, ", ")
	if guess := nearest(key, known); guess != "" {
		mend = "did you mean " + guess + "?"
		d.doubts = append(d.doubts, doubt{n, []*yaml.Node{text(guess)}})
	}
	d.fault(path, n, "unknown key %s: %s", quoted(key), mend)
}

// mapping merges n into a copy of the map, so that the original, which other
// profiles may share, stays as it is.
func (d *decoder) mapping(n *yaml.Node, v reflect.Value, path string) {
	elem := v.Type().Elem()
	merged := reflect.MakeMap(v.Type())
	if isNull(n) {
		v.Set(merged)
		return
	}
	for it := v.MapRange(); it.Next(); {
		merged.SetMapIndex(it.Key(), it.Value())
	}
	d.entries(n, path, func(key string, _, value *yaml.Node) {
		at := reflect.ValueOf(key)
		if isNull(value) {
			merged.SetMapIndex(at, reflect.Value{})
			return
		}
		entry := reflect.New(elem).Elem()
		if old := merged.MapIndex(at); old.IsValid() {
			entry.Set(old)
		} else if fresh, ok := reflect.Zero(elem).Interface().(interface{ fresh() any }); ok {
			entry.Set(reflect.ValueOf(fresh.fresh()))
		}
		d.into(value, entry, join(path, key), "")
		merged.SetMapIndex(at, entry)
	})
	v.Set(merged)
}

// entries walks a mapping's keys; a repeated key is a fault.
func (d *decoder) entries(n *yaml.Node, path string, each func(key string, keyNode, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		d.fault(path, n, "must be a mapping of keys to values, not %s", kindOf(n))
		return
	}
	seen := map[string]int{} // by the key's place
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, value := n.Content[i], n.Content[i+1]
		if first, twice := seen[k.Value]; twice {
			d.fault(join(path, k.Value), k, "is given twice, first in line %d: remove one", n.Content[first].Line)
			d.doubts = append(d.doubts, doubt{n.Content[first+1], []*yaml.Node{value}})
			continue
		}
		seen[k.Value] = i
		each(k.Value, k, value)
	}
}

// list replaces the whole list.
func (d *decoder) list(n *yaml.Node, v reflect.Value, path, enum string) {
	if isNull(n) {
		v.SetZero()
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.fault(path, n, "must be a list such as [a, b], not %s", kindOf(n))
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	seen := map[string]bool{}
	for i, item := range n.Content {
		at := path + "[" + strconv.Itoa(i) + "]"
		d.into(item, out.Index(i), at, enum)
		if item.Kind == yaml.ScalarNode && seen[item.Value] {
			d.fault(at, item, "%s is listed twice: remove one", quoted(item.Value))
		}
		seen[item.Value] = true
	}
	v.Set(out)
}

func (d *decoder) duration(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!int" && n.Value == "0" {
		v.SetInt(0)
		return
	}
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" {
		d.fault(path, n, "must be a duration with a unit, for example 90s, 20m, 168h or 30d, not %s", kindOf(n))
		return
	}
	parsed, err := ParseDuration(n.Value)
	if err != nil {
		d.fault(path, n, "%s", err)
		return
	}
	v.SetInt(int64(parsed))
}

func (d *decoder) scalar(n *yaml.Node, v reflect.Value, path, enum string) {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		d.fault(path, n, "must be one value, not %s", kindOf(n))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		if n.Tag != "!!bool" {
			d.fault(path, n, "must be true or false, not %s", kindOf(n))
			return
		}
		v.SetBool(n.Value == "true" || n.Value == "True" || n.Value == "TRUE")
	case reflect.Int:
		i, err := strconv.Atoi(n.Value)
		if n.Tag != "!!int" || err != nil {
			d.fault(path, n, "must be a whole number, not %s", kindOf(n))
			return
		}
		v.SetInt(int64(i))
	case reflect.String:
		if n.Tag != "!!str" && enum == "" {
			d.fault(path, n, "must be text: put quotes around %s", quoted(n.Value))
			return
		}
		v.SetString(n.Value)
	}
	d.oneOf(n, path, enum)
}

func (d *decoder) oneOf(n *yaml.Node, path, enum string) {
	if enum == "" || slices.Contains(strings.Split(enum, ","), n.Value) {
		return
	}
	mend := "use one of " + strings.ReplaceAll(enum, ",", ", ")
	if guess := nearest(n.Value, strings.Split(enum, ",")); guess != "" {
		mend = "did you mean " + guess + "? Possible are " + strings.ReplaceAll(enum, ",", ", ")
	}
	d.fault(path, n, "%s is unknown: %s", quoted(n.Value), mend)
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "null"
	}
	return quoted(n.Value)
}

func join(path, key string) string {
	if key == "" {
		key = `""`
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

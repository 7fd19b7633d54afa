package profile

import (
	"encoding/json"
	"reflect"
	"strings"
)

// Schema is the JSON Schema of a profile document, made from the struct's
// tags. It knows keys, kinds and words; impossible combinations are found by
// Parse alone.
func Schema() []byte {
	root := schemaOf(reflect.TypeFor[Profile](), "", "")
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Platform profile"
	root["required"] = []string{"name", "title", "grants"}
	doc, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil // maps of strings always marshal
	}
	return append(doc, '\n')
}

func schemaOf(t reflect.Type, enum, doc string) map[string]any {
	s := map[string]any{}
	if doc != "" {
		s["description"] = doc
	}
	switch {
	case t == durationType:
		s["type"], s["pattern"] = []string{"string", "integer"}, `^[0-9.]+(d|h|ms|m|s)([0-9.hms]+)?$`
	case t.Kind() == reflect.Struct:
		properties := map[string]any{}
		for _, f := range reflect.VisibleFields(t) {
			if name := f.Tag.Get("yaml"); name != "-" {
				properties[name] = schemaOf(f.Type, f.Tag.Get("enum"), f.Tag.Get("doc"))
			}
		}
		s["type"], s["properties"], s["additionalProperties"] = "object", properties, false
	case t.Kind() == reflect.Map:
		s["type"], s["additionalProperties"] = "object", schemaOf(t.Elem(), "", "")
	case t.Kind() == reflect.Slice:
		s["type"], s["items"], s["uniqueItems"] = "array", schemaOf(t.Elem(), enum, ""), true
	case t.Kind() == reflect.Bool:
		s["type"] = "boolean"
	case t.Kind() == reflect.Int:
		s["type"] = "integer"
		if enum != "" {
			s["enum"] = json.RawMessage("[" + enum + "]")
		}
	default:
		s["type"] = "string"
		if enum != "" {
			s["enum"] = strings.Split(enum, ",")
		}
	}
	return s
}

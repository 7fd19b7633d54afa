package document

import (
	"encoding/json"
	"reflect"
	"strings"
)

// Schemed is a type that writes its own part of a schema.
type Schemed interface{ Schema() map[string]any }

// Schema is the JSON Schema of the struct that value is, from its tags: yaml
// the key, doc what it means, enum the words it may be. It knows keys, kinds
// and words; impossible combinations are found on reading alone.
func Schema(title string, value any) []byte {
	root := schemaOf(reflect.TypeOf(value), "", "")
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = title
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil // maps of strings always marshal
	}
	return append(text, '\n')
}

func schemaOf(t reflect.Type, enum, doc string) map[string]any {
	s := map[string]any{}
	if own, ok := reflect.Zero(t).Interface().(Schemed); ok && t.Kind() != reflect.Pointer {
		s = own.Schema()
	} else {
		describe(s, t, enum)
	}
	if doc != "" {
		s["description"] = doc
	}
	return s
}

func describe(s map[string]any, t reflect.Type, enum string) {
	switch t.Kind() {
	case reflect.Pointer:
		for name, value := range schemaOf(t.Elem(), enum, "") {
			s[name] = value
		}
	case reflect.Struct:
		properties := map[string]any{}
		for _, f := range reflect.VisibleFields(t) {
			if name := key(f); name != "" {
				properties[name] = schemaOf(f.Type, f.Tag.Get("enum"), f.Tag.Get("doc"))
			}
		}
		s["type"], s["properties"], s["additionalProperties"] = "object", properties, false
	case reflect.Map:
		s["type"], s["additionalProperties"] = "object", schemaOf(t.Elem(), "", "")
		if enum != "" {
			s["propertyNames"] = map[string]any{"enum": strings.Split(enum, ",")}
		}
	case reflect.Slice:
		s["type"], s["items"] = "array", schemaOf(t.Elem(), enum, "")
	case reflect.Bool:
		s["type"] = "boolean"
	case reflect.Int:
		s["type"] = "integer"
		if enum != "" {
			s["enum"] = json.RawMessage("[" + enum + "]")
		}
	case reflect.Float64:
		s["type"] = "number"
	default:
		s["type"] = "string"
		if enum != "" {
			s["enum"] = strings.Split(enum, ",")
		}
	}
}

package report

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Schema is the JSON Schema of report.json, made from what is written. Members
// are only ever added within one format.
func Schema() []byte {
	root := schemaOf(reflect.TypeFor[jsonRun]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "MINT Conformance report"
	properties, _ := root["properties"].(map[string]any)
	properties["format"] = map[string]any{"const": Format}
	document, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil // maps of strings always marshal
	}
	return append(document, '\n')
}

func schemaOf(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[Status]():
		return map[string]any{"enum": append(slices.Clone(Statuses), NotReached)}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.Struct:
		return schemaOfStruct(t)
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem())}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	default:
		return map[string]any{"type": "string"}
	}
}

func schemaOfStruct(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range reflect.VisibleFields(t) {
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		properties[name] = schemaOf(f.Type)
		if option != "omitempty" {
			required = append(required, name)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "required": required}
}

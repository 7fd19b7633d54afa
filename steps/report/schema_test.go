package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/exchange"
)

// TestReportFitsItsSchema writes a report with everything in it and walks the
// schema beside it.
func TestReportFitsItsSchema(t *testing.T) {
	run := &Run{
		StartedAt: time.Unix(1, 0), Timings: []Timing{{Kind: "journey", Count: 1}}, Notes: []string{"x"},
		Scenarios: []Scenario{{
			ID: "checks/a.feature:1", Check: "CG-02", Status: Fail, Expected: "a refusal", Got: "tokens", Warnings: []string{"w"},
			Judged: &catalogue.Check{ID: "CG-02", Level: catalogue.Must, Citations: []catalogue.Citation{{Kind: catalogue.RFC, Document: "RFC 6749", Section: "4.1.2"}}},
			Steps:  []Step{{Keyword: "Given", Status: Pass}}, Exchanges: []exchange.Exchange{{Number: 1, Status: 200, Body: "{}"}},
		}},
	}
	var written bytes.Buffer
	if err := WriteJSON(&written, run); err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	var document any
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(written.Bytes(), &document); err != nil {
		t.Fatal(err)
	}
	for _, fault := range unfit(schema, document, "$") {
		t.Error(fault)
	}
	document.(map[string]any)["format"] = "2" //nolint:forcetypeassert // written above
	if len(unfit(schema, document, "$")) != 1 {
		t.Error("a wrong format fits the schema")
	}
}

// unfit walks the few words of JSON Schema that the schema uses.
func unfit(schema map[string]any, value any, at string) (faults []string) {
	if want, ok := schema["const"]; ok && want != value {
		faults = append(faults, fmt.Sprintf("%s is %v, want %v", at, value, want))
	}
	if words, ok := schema["enum"].([]any); ok && !slices.Contains(words, value) {
		faults = append(faults, fmt.Sprintf("%s: %v is none of %v", at, value, words))
	}
	kinds := map[string]bool{"object": false, "array": false, "string": false, "boolean": false, "number": false, "integer": false}
	switch v := value.(type) {
	case map[string]any:
		kinds["object"] = true
		for _, name := range asList(schema["required"]) {
			if _, there := v[name.(string)]; !there { //nolint:forcetypeassert // made from strings
				faults = append(faults, fmt.Sprintf("%s lacks %v", at, name))
			}
		}
		properties, _ := schema["properties"].(map[string]any)
		for name, inner := range v {
			part, known := properties[name].(map[string]any)
			if more, ok := schema["additionalProperties"].(map[string]any); !known && ok {
				part, known = more, true
			}
			if !known {
				faults = append(faults, fmt.Sprintf("%s.%s is not in the schema", at, name))
				continue
			}
			faults = append(faults, unfit(part, inner, at+"."+name)...)
		}
	case []any:
		kinds["array"] = true
		part, _ := schema["items"].(map[string]any)
		for i, inner := range v {
			faults = append(faults, unfit(part, inner, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case string:
		kinds["string"] = true
	case bool:
		kinds["boolean"] = true
	case float64:
		kinds["number"], kinds["integer"] = true, v == float64(int64(v))
	}
	if kind, ok := schema["type"].(string); ok && !kinds[kind] {
		faults = append(faults, fmt.Sprintf("%s is no %s: %v", at, kind, value))
	}
	return faults
}

func asList(value any) []any {
	list, _ := value.([]any)
	return list
}

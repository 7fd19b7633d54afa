package control_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/mockplatform/control"
)

type schema struct {
	Properties map[string]struct {
		Type string `json:"type"`
		Ref  string `json:"$ref"`
	} `json:"properties"`
	Required []string `json:"required"`
}

// Every wire type is described with exactly its JSON members; those without
// omitempty are required in answers.
func TestOpenAPIDescribesTheWireTypes(t *testing.T) {
	var document struct {
		Components struct {
			Schemas map[string]schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(control.OpenAPI(), &document); err != nil {
		t.Fatalf("openapi.json: %v", err)
	}
	described := document.Components.Schemas
	for _, value := range []any{
		control.CreatePlatform{}, control.Platform{}, control.Endpoints{}, control.RegisteredClient{}, control.Customer{},
		control.Clock{}, control.ChangeClock{}, control.Fault{}, control.FaultMatch{}, control.FaultAction{}, control.FaultPlan{}, control.Hostile{},
		control.TokenSelector{}, control.SigningKey{}, control.Affected{}, control.Exchange{}, control.Journal{}, control.Family{}, control.Token{},
		control.Profile{}, control.Dialect{}, control.Profiles{}, control.Platforms{}, control.Faults{}, control.Families{}, control.Problem{},
	} {
		kind := reflect.TypeOf(value)
		t.Run(kind.Name(), func(t *testing.T) {
			var members, required, properties []string
			for i := range kind.NumField() {
				name, options, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
				members = append(members, name)
				if !strings.Contains(options, "omitempty") {
					required = append(required, name)
				}
			}
			for name := range described[kind.Name()].Properties {
				properties = append(properties, name)
			}
			got := slices.Clone(described[kind.Name()].Required)
			slices.Sort(members)
			slices.Sort(required)
			slices.Sort(properties)
			slices.Sort(got)
			if diff := cmp.Diff(members, properties); diff != "" {
				t.Errorf("members (-type +openapi.json):\n%s", diff)
			}
			if diff := cmp.Diff(required, got); diff != "" {
				t.Errorf("required (-type +openapi.json):\n%s", diff)
			}
			delete(described, kind.Name())
		})
	}
	for name := range described {
		t.Errorf("schema %s has no wire type", name)
	}
}

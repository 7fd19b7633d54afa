package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/mint-conformance/mint/mockplatform/control"
	"github.com/mint-conformance/mint/mockplatform/internal/oauth"
)

// maxDocument bounds a plan's document, in bytes.
const maxDocument = 4 << 20

// ParsePlan reads a plan document in YAML or JSON: {"faults":[…]}, or the list
// alone. Its form and every fault are judged and all mistakes told at once;
// the error is Errors, or says that the document cannot be read at all. What
// only a Platform knows (its clients and customers) is judged when it is armed.
func ParsePlan(document []byte) ([]control.Fault, error) {
	if len(document) > maxDocument {
		return nil, fmt.Errorf("the fault plan is larger than %d bytes", maxDocument)
	}
	var read any
	decoder := yaml.NewDecoder(bytes.NewReader(document))
	if err := decoder.Decode(&read); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the fault plan is empty: write a list of faults")
		}
		return nil, fmt.Errorf("the fault plan cannot be read: %w", err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("the fault plan holds more than one document: write one list of faults")
	}
	if list, is := read.([]any); is {
		read = map[string]any{"faults": list}
	}
	text, err := json.Marshal(read)
	if err != nil {
		return nil, errors.New("the fault plan cannot be read: the keys of every mapping must be words")
	}
	plan, err := DecodePlan(text)
	if err != nil {
		return nil, err
	}
	return plan, validateAll(nil, plan)
}

// DecodePlan reads {"faults":[…]} in JSON and tells every unknown member and
// every value of the wrong type at once; it does not judge the faults.
func DecodePlan(document []byte) ([]control.Fault, error) {
	var plan struct {
		Faults []json.RawMessage `json:"faults"`
	}
	if err := strictly(document, &plan); err != nil {
		return nil, fmt.Errorf("the fault plan is not {\"faults\":[…]}: %w", err)
	}
	if len(plan.Faults) == 0 {
		return nil, errors.New("faults: is empty: list one fault at least")
	}
	if len(plan.Faults) > MaxFaults {
		return nil, ErrTooMany
	}
	var all Errors
	out := make([]control.Fault, 0, len(plan.Faults))
	for i, text := range plan.Faults {
		f, errs := decodeFault(text)
		for _, e := range errs {
			field := fmt.Sprintf("faults[%d]", i)
			if e.Field != "" {
				field += "." + e.Field
			}
			all = append(all, &FieldError{field, e.Problem})
		}
		out = append(out, f)
	}
	if len(all) > 0 {
		return nil, all
	}
	return out, nil
}

// decodeFault reads one fault part by part, so that a mistake in one does not
// hide those in the others.
func decodeFault(text []byte) (f control.Fault, all Errors) {
	all = members(text, "", reflect.TypeFor[control.Fault]())
	var parts struct {
		Match  json.RawMessage   `json:"match"`
		Action json.RawMessage   `json:"action"`
		Also   []json.RawMessage `json:"also"`
	}
	if json.Unmarshal(text, &parts) == nil {
		all = append(all, members(parts.Match, "match", reflect.TypeFor[control.FaultMatch]())...)
		all = append(all, members(parts.Action, "action", reflect.TypeFor[control.FaultAction]())...)
		for i, one := range parts.Also {
			all = append(all, members(one, fmt.Sprintf("also[%d]", i), reflect.TypeFor[control.FaultAction]())...)
		}
	}
	if err := json.Unmarshal(text, &f); err != nil {
		var wrong *json.UnmarshalTypeError
		switch {
		case errors.As(err, &wrong) && wrong.Field != "":
			all = append(all, &FieldError{wrong.Field, fmt.Sprintf("is a JSON %s and must be a %s", wrong.Value, wrong.Type)})
		default:
			all = append(all, &FieldError{"", "is not an object with match, action and count"})
		}
	}
	return f, all
}

// members refuses members of an object that the type does not have.
func members(text []byte, at string, kind reflect.Type) (all Errors) {
	var object map[string]json.RawMessage
	if len(text) == 0 || json.Unmarshal(text, &object) != nil {
		return nil // told by whoever decodes the value
	}
	var known []string
	for i := range kind.NumField() {
		name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
		known = append(known, name)
	}
	var strange []string
	for name := range object {
		if !slices.Contains(known, name) {
			strange = append(strange, name)
		}
	}
	slices.Sort(strange)
	for _, name := range strange {
		field := oauth.Printable(name)
		if at != "" {
			field = at + "." + field
		}
		all = append(all, &FieldError{field, "is unknown: use " + strings.Join(known, ", ")})
	}
	return all
}

func strictly(document []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("it is followed by something else")
	}
	return nil
}

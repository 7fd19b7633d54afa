package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/mint-conformance/mint/steps/doctor"
	"github.com/mint-conformance/mint/steps/pages"
	"github.com/mint-conformance/mint/steps/target"
)

// lesson learns the login from a person and prints it for the file.
func (e examination) lesson(ctx context.Context, t *target.Target, file string) error {
	lesson, err := doctor.Learn(ctx, t, e.use, machineTime, e.byHand.wait, func(sentence string) { fmt.Fprintf(e.out, "hand  %s\n", sentence) })
	if err != nil {
		return err
	}
	for _, note := range lesson.Notes {
		fmt.Fprintf(e.out, "note  %s\n", note)
	}
	for _, name := range slices.Sorted(maps.Keys(lesson.Variables)) {
		fmt.Fprintf(e.out, "note  set the environment variable %s to what you typed into %s\n", name, lesson.Variables[name])
	}
	if len(lesson.Steps) == 0 {
		fmt.Fprintf(e.out, "note  nothing was learnt: no field and no button of the login could be told apart\n")
		return nil
	}
	text, err := written(lesson.Steps)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "# put this into %s, and see whether it does: conformance doctor --target %s\n%s", file, file, text)
	return nil
}

// written are the steps of a login as a partner's file writes them.
func written(all []pages.Step) (string, error) {
	var b bytes.Buffer
	w := yaml.NewEncoder(&b)
	w.SetIndent(2)
	err := w.Encode(map[string][]pages.Step{"login": all})
	return b.String(), err
}

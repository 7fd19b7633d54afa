package verdict

import (
	"os"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/document"
)

// baselineFile is the form of a baseline.
type baselineFile struct {
	Baseline []Entry `yaml:"baseline" doc:"failures that are known and will be mended"`
}

// AddBaseline reads a baseline file into the book. The error lists every fault
// with its line.
func (b *Book) AddBaseline(file string, known *catalogue.Catalogue, server Server) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var read baselineFile
	tree, faults := document.Decode(text, &read)
	if faults == nil {
		for i := range read.Baseline {
			read.Baseline[i].Line = tree.Line("baseline", i)
		}
		faults = append(Check(Baseline, read.Baseline, known, server), b.Add(Baseline, file, read.Baseline)...)
	}
	if len(faults) > 0 {
		return &document.Faults{File: file, All: faults}
	}
	return nil
}

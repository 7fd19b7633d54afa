package report

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Format is the version of report.json that this program writes and reads.
const Format = 2

// Saved is what a report.json says of its run, as far as other commands need
// it.
type Saved struct {
	Format    int            `json:"format"`
	Verdict   string         `json:"verdict"`
	Seed      int64          `json:"seed"`
	Target    string         `json:"target"`
	Topology  string         `json:"topology"`
	Selection Selection      `json:"selection"`
	Scenarios []SavedOutcome `json:"scenarios"`
}

// SavedOutcome is one scenario of a saved report.
type SavedOutcome struct {
	ID     string `json:"id"`
	File   string `json:"file"`
	Name   string `json:"name"`
	Check  string `json:"check"`
	Status Status `json:"status"`
	Reason string `json:"reason"`
}

// Key tells the scenario again in another report: a check by its id, any other
// by file and name, since lines move.
func (s SavedOutcome) Key() string {
	if s.Check != "" {
		return s.Check
	}
	return s.File + ": " + s.Name
}

// Open reads the report.json at path. Its error is one sentence that names the
// mend.
func Open(path string) (*Saved, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w; name the report.json of an earlier run", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, 1<<30))
	if err != nil {
		return nil, err
	}
	s := &Saved{}
	if err := json.Unmarshal(data, s); err != nil || len(s.Scenarios) == 0 {
		return nil, fmt.Errorf("%s is no report.json of a run; name the file that `conformance run` wrote", path)
	}
	if s.Format != Format {
		return nil, fmt.Errorf("%s has the format %d and this program reads %d; run the checks again", path, s.Format, Format)
	}
	return s, nil
}

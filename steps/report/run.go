// Package report holds the data model of a conformance run and writes it as
// report.json, junit.xml, report.html and summary.md, all from the same data.
// It gathers what scenarios leave behind (Recorder) and says what each outcome
// means; it runs nothing itself.
package report

import (
	"time"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/exchange"
)

// Run is everything a report says.
type Run struct {
	StartedAt   time.Time
	Duration    time.Duration
	Seed        int64
	Target      string // "mock" or "mock:PROFILE"
	Topology    string
	Selection   Selection
	Environment Environment
	Scenarios   []Scenario // in the order of the feature files
	Timings     []Timing
	Leniencies  []Lenient
	// Faults are failures of the harness that belong to no scenario.
	Faults []string
	// Notes are remarks about the whole run, such as "interrupted".
	Notes []string
}

// Selection repeats what was asked for.
type Selection struct {
	Tags   string   `json:"tags,omitempty"`
	Checks []string `json:"checks,omitempty"`
	Shard  string   `json:"shard,omitempty"`
	// File is what --target named if that was no mock, and Breaks are the
	// defects that mocks were given. Strict says that a finding against a
	// SHOULD is a failure.
	File   string   `json:"file,omitempty"`
	Breaks []string `json:"breaks,omitempty"`
	Strict bool     `json:"strict,omitempty"`
	// Of is the number of scenarios there are, selected or not.
	Of int `json:"of"`
}

// Environment says where a run took place.
type Environment struct {
	System  string `json:"system"`  // "linux/amd64, 2 processors"
	Go      string `json:"go"`      // "go1.26.8"
	Browser string `json:"browser"` // "HeadlessChrome/148.0.7778.167"; empty if none was needed
	Version string `json:"version"` // of the harness
}

// Scenario is one executed scenario (an outline makes one per row).
type Scenario struct {
	ID      string // feature file and line: "journeys/connecting.feature:12"
	File    string
	Line    int
	Feature string
	Rule    string
	Name    string
	Tags    []string
	Check   string // id of the check that it judges the target by; empty for others
	// Judged is what the catalogue says of the check; nil for others.
	Judged   *catalogue.Check
	Status   Status
	Reason   string // the failing step's error, the cause or the reason; empty for PASS
	Expected string // of a finding: what the rule asks for, and
	Got      string // what was there instead
	Duration time.Duration
	Steps    []Step
	Notes    []string
	// Warnings are findings that no rule makes a failure.
	Warnings []string
	// Exchanges are the requests of a check, without secrets.
	Exchanges []exchange.Exchange
	Pictures  []Picture
	Evidence  []string // paths relative to the output directory
}

// Step is one step of a scenario.
type Step struct {
	Keyword  string
	Text     string
	Line     int
	Argument string // doc string or table, as text
	Status   Status
	Duration time.Duration
	Error    string
}

// Picture is an image for the report.
type Picture struct {
	Name, MediaType string
	Data            []byte
}

// Timing sums up one kind of duration.
type Timing struct {
	Kind   string
	Count  int
	Median time.Duration
	Max    time.Duration
}

// Lenient names the switches of a profile that are weaker than the RFCs ask.
type Lenient struct {
	Profile  string   `json:"profile"`
	Switches []string `json:"switches"`
}

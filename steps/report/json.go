package report

import (
	"encoding/json"
	"io"
	"time"
)

// jsonRun is report.json: the Run with durations in milliseconds and without
// pictures. Fields are only ever added.
type jsonRun struct {
	Format      int            `json:"format"` // of this document; see report.schema.json
	Verdict     string         `json:"verdict"`
	ExitCode    int            `json:"exit_code"`
	StartedAt   time.Time      `json:"started_at"`
	DurationMS  float64        `json:"duration_ms"`
	Seed        int64          `json:"seed"`
	Target      string         `json:"target"`
	Topology    string         `json:"topology"`
	Selection   Selection      `json:"selection"`
	Environment Environment    `json:"environment"`
	Counts      Counts         `json:"counts"`
	Timings     []jsonTiming   `json:"timings"`
	Leniencies  []Lenient      `json:"leniencies"`
	Faults      []string       `json:"faults"`
	Notes       []string       `json:"notes"`
	Checks      []jsonCheck    `json:"checks"`
	Coverage    []Coverage     `json:"coverage"`
	Scenarios   []jsonScenario `json:"scenarios"`
}

type jsonTiming struct {
	Kind     string  `json:"kind"`
	Count    int     `json:"count"`
	MedianMS float64 `json:"median_ms"`
	MaxMS    float64 `json:"max_ms"`
}

type jsonScenario struct {
	ID         string     `json:"id"`
	File       string     `json:"file"`
	Line       int        `json:"line"`
	Feature    string     `json:"feature"`
	Rule       string     `json:"rule,omitempty"`
	Name       string     `json:"name"`
	Tags       []string   `json:"tags"`
	Check      string     `json:"check,omitempty"`
	Status     Status     `json:"status"`
	Reason     string     `json:"reason,omitempty"`
	DurationMS float64    `json:"duration_ms"`
	Steps      []jsonStep `json:"steps"`
	Notes      []string   `json:"notes,omitempty"`
	Evidence   []string   `json:"evidence,omitempty"`
}

type jsonStep struct {
	Keyword    string  `json:"keyword"`
	Text       string  `json:"text"`
	Line       int     `json:"line"`
	Argument   string  `json:"argument,omitempty"`
	Status     Status  `json:"status"`
	DurationMS float64 `json:"duration_ms"`
	Error      string  `json:"error,omitempty"`
}

// WriteJSON writes r as report.json.
func WriteJSON(w io.Writer, r *Run) error {
	out := jsonRun{
		Format: Format, Verdict: r.Verdict(), ExitCode: r.ExitCode(),
		StartedAt: r.StartedAt.UTC(), DurationMS: milliseconds(r.Duration), Seed: r.Seed,
		Target: r.Target, Topology: r.Topology, Selection: r.Selection, Environment: r.Environment,
		Counts: r.Count(), Timings: []jsonTiming{}, Leniencies: orEmpty(r.Leniencies),
		Checks: []jsonCheck{}, Coverage: orEmpty(r.Coverage()),
		Faults: orEmpty(r.Faults), Notes: orEmpty(r.Notes), Scenarios: []jsonScenario{},
	}
	for _, t := range r.Timings {
		out.Timings = append(out.Timings, jsonTiming{t.Kind, t.Count, milliseconds(t.Median), milliseconds(t.Max)})
	}
	for _, sc := range r.Scenarios {
		j := jsonScenario{
			ID: sc.ID, File: sc.File, Line: sc.Line, Feature: sc.Feature, Rule: sc.Rule, Name: sc.Name,
			Tags: orEmpty(sc.Tags), Check: sc.Check, Status: sc.Status, Reason: sc.Reason, DurationMS: milliseconds(sc.Duration),
			Steps: []jsonStep{}, Notes: sc.Notes, Evidence: sc.Evidence,
		}
		for _, st := range sc.Steps {
			j.Steps = append(j.Steps, jsonStep{
				st.Keyword, st.Text, st.Line, st.Argument, st.Status, milliseconds(st.Duration), st.Error,
			})
		}
		out.Scenarios = append(out.Scenarios, j)
		if sc.Judged != nil {
			out.Checks = append(out.Checks, jsonOfCheck(sc))
		}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Round(100*time.Microsecond)) / float64(time.Millisecond)
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

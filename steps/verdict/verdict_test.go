package verdict

import (
	"strings"
	"testing"
	"time"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/report"
)

func TestCheckNamesEveryFault(t *testing.T) {
	known, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	good := Entry{Check: "TK-12", Reason: "documented", Owner: "ads team"}
	with := func(change func(*Entry)) Entry {
		e := good
		change(&e)
		return e
	}
	tests := []struct {
		name    string
		kind    Kind
		server  Server
		entries []Entry
		want    []string // none: no fault
	}{
		{"a good waiver", Waiver, Server{}, []Entry{good}, nil},
		{"an ended one is told by the run", Waiver, Server{}, []Entry{with(func(e *Entry) { e.Until = "2001-01-01" })}, nil},
		{"no id", Waiver, Server{}, []Entry{with(func(e *Entry) { e.Check = "" })}, []string{"check is missing"}},
		{"an unknown id", Waiver, Server{}, []Entry{with(func(e *Entry) { e.Check = "TK-99" })}, []string{`no check "TK-99"`}},
		{"nothing but an id", Waiver, Server{}, []Entry{{Check: "TK-12"}}, []string{"has no reason", "has no owner"}},
		{"no date", Waiver, Server{}, []Entry{with(func(e *Entry) { e.Until = "soon" })}, []string{`until "soon" is no date`}},
		{"twice", Waiver, Server{}, []Entry{good, good}, []string{"TK-12 stands twice"}},
		{"a baseline without end", Baseline, Server{}, []Entry{good}, []string{"has no last day"}},
		{"code reuse", Waiver, Server{}, []Entry{with(func(e *Entry) { e.Check = "CG-02" })}, []string{"CG-02 cannot be waived"}},
		{"code reuse in a baseline", Baseline, Server{}, []Entry{with(func(e *Entry) { e.Check, e.Until = "CG-02", "2030-01-01" })}, []string{"CG-02 cannot be waived"}},
		{"TLS on another machine", Waiver, Server{}, []Entry{with(func(e *Entry) { e.Check = "TL-01" })}, []string{"TL-01 cannot be waived"}},
		{"TLS on this machine", Waiver, Server{Loopback: true}, []Entry{with(func(e *Entry) { e.Check = "TL-01" })}, nil},
		{"code reuse on this machine", Waiver, Server{Loopback: true}, []Entry{with(func(e *Entry) { e.Check = "CG-02" })}, []string{"CG-02 cannot"}},
		{"client secrets where there are some", Waiver, Server{}, []Entry{with(func(e *Entry) { e.Check = "TK-10" })}, []string{"TK-10 cannot"}},
		{"client secrets where there are none", Waiver, Server{Public: true}, []Entry{with(func(e *Entry) { e.Check = "TK-10" })}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			faults := Check(tt.kind, tt.entries, known, tt.server)
			if len(faults) != len(tt.want) {
				t.Fatalf("faults %v, want %q", faults, tt.want)
			}
			for i, want := range tt.want {
				if !strings.Contains(faults[i].Text, want) {
					t.Errorf("fault %q, want %q", faults[i].Text, want)
				}
			}
		})
	}
}

func TestExcuse(t *testing.T) {
	now := time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)
	entry := func(until string) []Entry {
		return []Entry{{Check: "TK-12", Reason: "documented so", Owner: "ads team", Until: until, Risk: "logs"}}
	}
	tests := []struct {
		name    string
		entries []Entry
		status  report.Status
		want    report.Status
		reason  string
	}{
		{"a failure", entry("2026-12-31"), report.Fail, report.Waived, "documented so (waiver of ads team until 2026-12-31)"},
		{"without an end", entry(""), report.Fail, report.Waived, "documented so (waiver of ads team)"},
		{"a warning", entry(""), report.Warn, report.Waived, "documented so (waiver of ads team)"},
		{"on its last day", entry("2026-11-22"), report.Fail, report.Waived, "documented so (waiver of ads team until 2026-11-22)"},
		{"a day later", entry("2026-11-21"), report.Fail, report.Fail, "tokens; the waiver of ads team ended on 2026-11-21"},
		{"a warning, a day later", entry("2026-11-21"), report.Warn, report.Fail, "tokens; the waiver of ads team ended on 2026-11-21"},
		{"what could not run", entry(""), report.CouldNotRun, report.CouldNotRun, "tokens"},
		{"another check", []Entry{{Check: "TK-13"}}, report.Fail, report.Fail, "tokens"},
		{"no entries", nil, report.Fail, report.Fail, "tokens"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := NewBook(now)
			b.Add(Waiver, "partner.yaml", tt.entries)
			r := report.Scenario{Check: "TK-12", Status: tt.status, Reason: "tokens"}
			b.Excuse(&r)
			if r.Status != tt.want || r.Reason != tt.reason {
				t.Errorf("%s %q, want %s %q", r.Status, r.Reason, tt.want, tt.reason)
			}
			if said := strings.Join(r.Notes, "; "); (r.Status == report.Waived) != (said == "measured: tokens; risk: logs") {
				t.Errorf("notes %q", said)
			}
		})
	}
}

func TestCloseFailsWhatIsStale(t *testing.T) {
	tests := []struct {
		name     string
		statuses []report.Status
		stale    bool
	}{
		{"it passes", []report.Status{report.Pass}, true},
		{"one of its scenarios is excused", []report.Status{report.Pass, report.Waived}, false},
		{"one of its scenarios could not run", []report.Status{report.Pass, report.CouldNotRun}, false},
		{"one of its scenarios does not apply", []report.Status{report.NotApplicable, report.Pass}, true},
		{"it does not apply", []report.Status{report.NotApplicable}, false},
		{"it was not selected", nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := NewBook(time.Time{})
			b.Add(Baseline, "known.yaml", []Entry{{Check: "TK-12"}})
			scenarios := []report.Scenario{{Check: "TK-11", Status: report.Pass}}
			for _, s := range tt.statuses {
				scenarios = append(scenarios, report.Scenario{Check: "TK-12", Status: s})
			}
			b.Close(scenarios)
			failed := ""
			for _, s := range scenarios {
				if s.Status == report.Fail {
					failed += s.Check + ": " + s.Reason
				}
			}
			want := ""
			if tt.stale {
				want = "TK-12: the baseline entry is stale: the check passes; take TK-12 out of known.yaml"
			}
			if failed != want {
				t.Errorf("failed %q, want %q", failed, want)
			}
		})
	}
}

func TestAddRefusesWhatIsExcusedElsewhere(t *testing.T) {
	b := NewBook(time.Time{})
	if faults := b.Add(Waiver, "partner.yaml", []Entry{{Check: "TK-12"}}); faults != nil {
		t.Errorf("faults %v", faults)
	}
	faults := b.Add(Baseline, "known.yaml", []Entry{{Check: "TK-12", Line: 3}, {Check: "TK-13"}})
	if len(faults) != 1 || faults[0].Line != 3 || !strings.Contains(faults[0].Text, "in partner.yaml already") {
		t.Errorf("faults %v", faults)
	}
}

package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mint-conformance/mint/steps/catalogue"
	"github.com/mint-conformance/mint/steps/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// example is a run with one scenario of every status.
func example() *report.Run {
	step := func(keyword, text string, line int, status report.Status, ms int) report.Step {
		return report.Step{Keyword: keyword, Text: text, Line: line, Status: status, Duration: time.Duration(ms) * time.Millisecond}
	}
	failed := step("Then", "the platform refuses it", 14, report.Fail, 31)
	failed.Error = "the token endpoint answered 200, want 400 invalid_grant\n(RFC 9700 4.14.2)"
	broken := step("When", "MINT <juggles> \"tokens\"", 21, report.Error, 0)
	broken.Error = "step is undefined"
	return &report.Run{
		StartedAt: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC),
		Duration:  14_250 * time.Millisecond,
		Seed:      42, Target: "mock", Topology: "embedded",
		Selection:   report.Selection{Tags: "not @wip", Checks: []string{"RR-05"}, Shard: "1/2", Of: 9},
		Environment: report.Environment{System: "linux/amd64, 2 processors", Go: "go1.26.8", Browser: "HeadlessChrome/148"},
		Scenarios: []report.Scenario{
			{
				ID: "journeys/connecting.feature:12", File: "journeys/connecting.feature", Line: 12,
				Feature: "Connecting an advertising platform", Rule: "Allowing access brings the customer back",
				Name: "Maya sees her campaigns", Tags: []string{"@mint", "@CG-01"}, Status: report.Pass,
				Duration: 412 * time.Millisecond,
				Steps: []report.Step{
					step("Given", "a mint platform", 13, report.Pass, 12),
					step("When", "Maya connects the platform", 14, report.Pass, 300),
					step("Then", "Maya sees her 6 campaigns", 15, report.Pass, 100),
				},
				Pictures: []report.Picture{{Name: "maya.jpeg", MediaType: "image/jpeg", Data: []byte("picture")}},
			},
			{
				ID: "journeys/connecting.feature:30", File: "journeys/connecting.feature", Line: 30,
				Feature: "Connecting an advertising platform", Name: "Not in containers", Status: report.NotApplicable,
				Reason: "one process is needed to stop the clock",
				Steps:  []report.Step{step("Given", "one process", 31, report.NotApplicable, 0)},
			},
			{
				ID: "protocol/refresh.feature:10", File: "protocol/refresh.feature", Line: 10,
				Feature: "Refresh tokens", Rule: "A rotated refresh token is worth one use",
				Name: "Replaying a spent refresh token ends the family", Tags: []string{"@RR-05"}, Status: report.Fail,
				Reason: failed.Error, Duration: 61 * time.Millisecond,
				Steps: []report.Step{
					step("Given", "a mailup platform", 11, report.Pass, 30), failed,
					step("And", "MINT asks Maya to reconnect", 15, report.NotReached, 0),
				},
				Evidence: []string{"evidence/protocol-refresh-10/journal.ndjson"},
			},
			{
				ID: "protocol/refresh.feature:20", File: "protocol/refresh.feature", Line: 20,
				Feature: "Refresh tokens", Name: "Nobody wrote this step", Status: report.Error, Reason: broken.Error,
				Steps: []report.Step{broken},
			},
			{
				ID: "protocol/refresh.feature:30", File: "protocol/refresh.feature", Line: 30,
				Feature: "Refresh tokens", Name: "The browser went away", Status: report.CouldNotRun,
				Reason: "the browser lost its page: it crashed\x00", Notes: []string{"no picture: the page is gone"},
			},
		},
		Timings:    []report.Timing{{Kind: "journey", Count: 23, Median: 212 * time.Millisecond, Max: 400 * time.Millisecond}},
		Leniencies: []report.Lenient{{Profile: "mailup", Switches: []string{"authorize.pkce=optional"}}},
	}
}

func TestGoldenFiles(t *testing.T) {
	dir := t.TempDir()
	if err := report.Write(dir, example()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{report.JUnitFile, report.JSONFile, report.SummaryFile} {
		t.Run(name, func(t *testing.T) {
			got, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

func TestHTMLIsSelfContainedAndEscaped(t *testing.T) {
	var out bytes.Buffer
	if err := report.WriteHTML(&out, example()); err != nil {
		t.Fatal(err)
	}
	html := out.String()
	for _, want := range []string{
		"<h1>harness fault</h1>",
		"5 scenarios: 1 ended in a harness error, 1 failed, 1 could not run, 1 does not apply, 1 passed.",
		"MINT &lt;juggles&gt; &#34;tokens&#34;",
		`id="protocol-refresh-10" data-status="fail"`,
		`src="data:image/jpeg;base64,cGljdHVyZQ=="`,
		`<a href="evidence/protocol-refresh-10/journal.ndjson">`,
		"median 212 ms",
		"authorize.pkce=optional",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("report.html lacks %s", want)
		}
	}
	for _, unwanted := range []string{"http://", "https://", "ZgotmplZ", "<no value>"} {
		if strings.Contains(html, unwanted) {
			t.Errorf("report.html holds %q", unwanted)
		}
	}
}

// TestHTMLOfAWarning says what was not seen; nobody expected that.
func TestHTMLOfAWarning(t *testing.T) {
	known, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	judged, _ := known.Check("TK-11")
	run := example()
	run.Selection.File = "acme.yaml"
	run.Scenarios = append(run.Scenarios[:1], report.Scenario{
		ID: "checks/token.feature:40", File: "checks/token.feature", Line: 40, Feature: "Tokens", Name: "Ways in", Status: report.Warn,
		Check: "TK-11", Judged: judged, Reason: "no client has such a secret",
	})
	var out bytes.Buffer
	if err := report.WriteHTML(&out, run); err != nil {
		t.Fatal(err)
	}
	if html := out.String(); !strings.Contains(html, `<span class="why">No client has such a secret.</span>`) {
		t.Errorf("the warning does not stand among what to fix: %s", html[strings.Index(html, "What to fix"):][:600])
	}
	if strings.Contains(out.String(), "Topology") {
		t.Error("a server of one's own has no topology")
	}
}

func TestExitCodePrecedence(t *testing.T) {
	tests := []struct {
		name     string
		statuses []report.Status
		faults   []string
		want     int
	}{
		{"all passed", []report.Status{report.Pass, report.Pass}, nil, 0},
		{"passed or not applicable", []report.Status{report.Pass, report.NotApplicable}, nil, 0},
		{"nothing executed", nil, nil, 3},
		{"nothing applies", []report.Status{report.NotApplicable}, nil, 3},
		{"one failed", []report.Status{report.Pass, report.Fail}, nil, 1},
		{"could not run is never green", []report.Status{report.Pass, report.CouldNotRun}, nil, 3},
		{"a failure wins over could not run", []report.Status{report.CouldNotRun, report.Fail}, nil, 1},
		{"an error wins over a failure", []report.Status{report.CouldNotRun, report.Fail, report.Error}, nil, 4},
		{"a fault of the run wins over everything", []report.Status{report.Pass}, []string{"x"}, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &report.Run{Faults: tt.faults}
			for _, s := range tt.statuses {
				r.Scenarios = append(r.Scenarios, report.Scenario{Status: s})
			}
			if got := r.ExitCode(); got != tt.want {
				t.Errorf("exit code %d, want %d", got, tt.want)
			}
		})
	}
}

func TestRecorder(t *testing.T) {
	r := report.NewRecorder()
	r.Attach("1", "maya.jpeg", "image/jpeg", []byte("w1"))
	r.Attach("1", "maya.png", "image/png", []byte("p"))
	r.Attach("1", "maya.jpeg", "image/jpeg", []byte("w2"))
	r.Attach("1", "../../etc/passwd", "text/plain", []byte("t"))
	r.Attach("2", "only.png", "image/png", []byte("p"))
	r.Note("1", "a remark")
	for _, ms := range []int{300, 100, 200, 400} {
		r.Duration("journey", time.Duration(ms)*time.Millisecond)
	}
	r.Leniencies("mailup", []string{"b", "a"})
	r.Leniencies("mailup", []string{"a"})
	r.Leniencies("mint", nil)

	one := r.Collect("1")
	if diff := cmp.Diff([]report.Picture{{Name: "maya.jpeg", MediaType: "image/jpeg", Data: []byte("w2")}}, one.Pictures()); diff != "" {
		t.Errorf("pictures (-want +got):\n%s", diff)
	}
	dir := filepath.Join(t.TempDir(), "evidence")
	paths, err := one.Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{filepath.Join(dir, "maya.jpeg"), filepath.Join(dir, "maya.png"), filepath.Join(dir, "passwd")}
	for i := range want {
		if ext := filepath.Ext(paths[i]); strings.HasPrefix(filepath.Base(paths[i]), "passwd") && ext != "" {
			want[i] += ext // whatever the machine's MIME table says of text/plain
		}
	}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a remark"}, one.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	if two := r.Collect("2"); len(two.Pictures()) != 1 {
		t.Errorf("a lone PNG is not shown: %v", two.Pictures())
	}
	if again := r.Collect("1"); len(again.Attachments) != 0 {
		t.Errorf("collected twice: %v", again.Attachments)
	}
	timings := []report.Timing{{Kind: "journey", Count: 4, Median: 250 * time.Millisecond, Max: 400 * time.Millisecond}}
	if diff := cmp.Diff(timings, r.Timings()); diff != "" {
		t.Errorf("timings (-want +got):\n%s", diff)
	}
	lenient := []report.Lenient{{Profile: "mailup", Switches: []string{"a", "b"}}}
	if diff := cmp.Diff(lenient, r.Lenient()); diff != "" {
		t.Errorf("leniencies (-want +got):\n%s", diff)
	}
}

func TestOutcomeMarks(t *testing.T) {
	err := fmt.Errorf("step: %w", report.Unable(errors.New("no server")))
	if !report.IsUnable(err) || report.IsUnable(errors.New("no server")) {
		t.Error("the mark of Unable is not told from other errors")
	}
	if got, want := err.Error(), "step: no server"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	if got, want := report.ReasonNotToApply(report.DoesNotApply("only embedded")), "only embedded"; got != want {
		t.Errorf("reason %q, want %q", got, want)
	}
}

func TestPrepareRemovesOnlyAnEarlierReport(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"report.html", "junit.xml", "notes.txt", "evidence/a/page.html"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := report.Prepare(dir); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 1 || left[0].Name() != "notes.txt" {
		t.Errorf("left: %v, want only notes.txt", left)
	}
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                         "0 ms",
		212400 * time.Microsecond: "212 ms",
		14250 * time.Millisecond:  "14.2 s",
		123 * time.Second:         "2 m 3 s",
	} {
		if got := report.Short(d); got != want {
			t.Errorf("Short(%d) = %q, want %q", d, got, want)
		}
	}
}

func TestScenariosAgreesWithItsNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0 scenarios", 1: "1 scenario", 2: "2 scenarios"} {
		if got := report.Scenarios(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// TestAFaultIsAnErrorInJUnit: whoever reads only junit.xml must not take a run
// for green that ended with exit code 4.
func TestAFaultIsAnErrorInJUnit(t *testing.T) {
	var out bytes.Buffer
	run := &report.Run{Scenarios: []report.Scenario{{ID: "a:1", File: "a.feature", Name: "One", Status: report.Pass}}, Faults: []string{"closing the browser: it hangs\nfor ever"}}
	if err := report.WriteJUnit(&out, run); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Suites   []struct {
			Name   string `xml:"name,attr"`
			Errors int    `xml:"errors,attr"`
			Cases  []struct {
				Name  string `xml:"name,attr"`
				Error *struct {
					Type    string `xml:"type,attr"`
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"error"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 2 || got.Failures != 0 || got.Errors != 1 || len(got.Suites) != 2 {
		t.Fatalf("%+v", got)
	}
	last := got.Suites[1]
	if last.Name != "The harness" || last.Errors != 1 || len(last.Cases) != 1 || last.Cases[0].Error == nil {
		t.Fatalf("%+v", last)
	}
	if e := last.Cases[0].Error; e.Type != "ERROR" || e.Message != "closing the browser: it hangs" || e.Text != "\nclosing the browser: it hangs\nfor ever\n" {
		t.Errorf("%+v", *e)
	}
}

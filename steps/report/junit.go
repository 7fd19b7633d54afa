package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// The JUnit format as Jenkins, GitLab and GitHub actions read it: a testsuite
// per feature, a testcase per scenario.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Time       string          `xml:"time,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		File       string          `xml:"file,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		ClassName string       `xml:"classname,attr"`
		Name      string       `xml:"name,attr"`
		File      string       `xml:"file,attr"`
		Line      int          `xml:"line,attr"`
		Time      string       `xml:"time,attr"`
		Failure   *junitResult `xml:"failure"`
		Error     *junitResult `xml:"error"`
		Skipped   *junitResult `xml:"skipped"`
		Out       *junitText   `xml:"system-out"`
	}
	junitResult struct {
		Type    string `xml:"type,attr,omitempty"`
		Message string `xml:"message,attr"`
		Text    string `xml:",cdata"`
	}
	junitText struct {
		Text string `xml:",cdata"`
	}
)

// WriteJUnit writes r as JUnit XML.
func WriteJUnit(w io.Writer, r *Run) error {
	all := junitSuites{Name: "conformance", Time: seconds(r.Duration)}
	stamp := r.StartedAt.UTC().Format("2006-01-02T15:04:05")
	for _, group := range byFeature(r.Scenarios) {
		s := junitSuite{
			Name:      group.Feature,
			Timestamp: stamp,
			File:      group.File,
			Properties: []junitProperty{
				{"topology", r.Topology}, {"target", r.Target}, {"seed", strconv.FormatInt(r.Seed, 10)},
			},
		}
		var took time.Duration
		for _, sc := range group.Scenarios {
			took += sc.Duration
			s.add(sc)
		}
		s.Time = seconds(took)
		all.include(s)
	}
	if len(r.Faults) > 0 {
		all.include(ofFaults(r.Faults, stamp))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (all *junitSuites) include(s junitSuite) {
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Errors += s.Errors
	all.Skipped += s.Skipped
	all.Suites = append(all.Suites, s)
}

// ofFaults tells of failures of the harness that belong to no scenario: without
// them a run that ends with a fault would look green.
func ofFaults(faults []string, stamp string) junitSuite {
	s := junitSuite{Name: "The harness", Timestamp: stamp, Time: seconds(0), Tests: len(faults), Errors: len(faults)}
	for i, fault := range faults {
		s.Cases = append(s.Cases, junitCase{
			ClassName: "harness", Name: fmt.Sprintf("fault %d", i+1), Time: seconds(0),
			Error: &junitResult{Type: string(Error), Message: firstLine(fault), Text: printable("\n" + fault + "\n")},
		})
	}
	return s
}

func (s *junitSuite) add(sc Scenario) {
	c := junitCase{
		ClassName: strings.ReplaceAll(strings.TrimSuffix(sc.File, ".feature"), "/", "."),
		Name:      strings.TrimSpace(sc.Check + " " + sc.Name),
		File:      sc.File,
		Line:      sc.Line,
		Time:      seconds(sc.Duration),
	}
	if sc.Rule != "" {
		c.Name = sc.Rule + " › " + c.Name
	}
	result := &junitResult{Type: string(sc.Status), Message: firstLine(sc.Reason), Text: account(sc)}
	s.Tests++
	switch sc.Status {
	case Pass, Warn:
		c.Out = &junitText{account(sc)}
	case Fail:
		s.Failures++
		c.Failure = result
	case NotApplicable, Waived:
		s.Skipped++
		c.Skipped = &junitResult{Message: sc.Reason}
	default:
		s.Errors++
		c.Error = result
	}
	s.Cases = append(s.Cases, c)
}

// account tells a scenario's steps, its reason and its evidence as text.
func account(sc Scenario) string {
	var b strings.Builder
	b.WriteByte('\n')
	for _, st := range sc.Steps {
		fmt.Fprintf(&b, "%-13s %s %s\n", st.Status, st.Keyword, st.Text)
		if st.Error != "" {
			fmt.Fprintf(&b, "%14s%s\n", "", strings.ReplaceAll(st.Error, "\n", "\n              "))
		}
	}
	for _, warning := range sc.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", warning)
	}
	if sc.Status == Warn && len(sc.Warnings) == 0 {
		fmt.Fprintf(&b, "warning: %s\n", sc.Reason)
	}
	for _, note := range sc.Notes {
		fmt.Fprintf(&b, "note: %s\n", note)
	}
	for _, path := range sc.Evidence {
		fmt.Fprintf(&b, "evidence: %s\n", path)
	}
	return printable(b.String())
}

// feature is the scenarios of one feature file, in order.
type feature struct {
	File, Feature string
	Scenarios     []Scenario
}

func byFeature(scenarios []Scenario) []feature {
	var all []feature
	for _, sc := range scenarios {
		if len(all) == 0 || all[len(all)-1].File != sc.File {
			all = append(all, feature{File: sc.File, Feature: sc.Feature})
		}
		last := &all[len(all)-1]
		last.Scenarios = append(last.Scenarios, sc)
	}
	return all
}

// printable replaces control characters, which XML cannot hold.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

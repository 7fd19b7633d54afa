package report

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// WriteSummary writes r as Markdown: the verdict, the figures and every
// scenario that did not pass. GitHub shows it on the page of a job.
func WriteSummary(w io.Writer, r *Run) error {
	c := r.Count()
	var b strings.Builder
	fmt.Fprintf(&b, "## MINT Conformance: %s\n\n", r.Verdict())
	b.WriteString("| scenarios | passed | failed | with warnings | waived | could not run | not applicable | harness errors | time |\n")
	b.WriteString("|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	fmt.Fprintf(&b, "| %d | %d | %d | %d | %d | %d | %d | %d | %s |\n\n",
		c.Total, c.Pass, c.Fail, c.Warn, c.Waived, c.CouldNotRun, c.NotApplicable, c.Error, Short(r.Duration))
	fmt.Fprintf(&b, "Target %s, topology %s, seed %d", r.Target, r.Topology, r.Seed)
	if r.Environment.Browser != "" {
		fmt.Fprintf(&b, ", %s", r.Environment.Browser)
	}
	b.WriteString(".\n")
	for _, t := range r.Timings {
		fmt.Fprintf(&b, "%s: median %s, slowest %s of %d.\n", capital(t.Kind), Short(t.Median), Short(t.Max), t.Count)
	}
	for _, fault := range append(append([]string{}, r.Faults...), r.Notes...) {
		fmt.Fprintf(&b, "\n**%s**\n", cell(fault))
	}
	worst := worstFirst(r.Scenarios)
	if len(worst) > 0 {
		b.WriteString("\n| status | scenario | why |\n|---|---|---|\n")
	}
	for _, sc := range worst {
		fmt.Fprintf(&b, "| %s | %s: %s | %s |\n", sc.Status, cell(sc.Feature), cell(sc.Name), cell(sc.Reason))
	}
	for _, l := range r.Leniencies {
		fmt.Fprintf(&b, "\nThe profile %s is weaker than the RFCs in: %s.\n", l.Profile, cell(strings.Join(l.Switches, ", ")))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// worstFirst lists the scenarios without a pass, by status.
func worstFirst(scenarios []Scenario) []Scenario {
	var all []Scenario
	for _, status := range Statuses {
		for _, sc := range scenarios {
			if sc.Status == status && status != Pass {
				all = append(all, sc)
			}
		}
	}
	return all
}

// cell makes text safe inside a Markdown table.
func cell(text string) string {
	text = strings.NewReplacer("|", `\|`, "<", "&lt;", "\n", " ", "\r", " ").Replace(printable(text))
	if r := []rune(text); len(r) > 400 {
		text = string(r[:400]) + "…"
	}
	return text
}

// Short prints a duration for people: "212 ms", "14.2 s", "2 m 3 s".
func Short(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	default:
		d = d.Round(time.Second)
		return fmt.Sprintf("%d m %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

package runner

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/mint-conformance/mint/steps/report"
)

// Progress tells a terminal or a log how a run goes: one line per finished
// scenario; on a terminal, passed ones share one line that is written anew.
type Progress struct {
	mu       sync.Mutex
	out      io.Writer
	terminal bool
	color    bool
	now      func() time.Time
	started  time.Time
	total    int
	done     int
	bad      int
	volatile bool // the last line may be overwritten
}

// NewProgress writes to out. terminal allows lines to be overwritten, color
// allows colors.
func NewProgress(out io.Writer, terminal, color bool, now func() time.Time) *Progress {
	return &Progress{out: out, terminal: terminal, color: color, now: now}
}

const (
	red, green, yellow, dim, bold, plain = "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[2m", "\x1b[1m", "\x1b[0m"
	eraseLine                            = "\r\x1b[K"
)

func (p *Progress) paint(color, text string) string {
	if !p.color {
		return text
	}
	return color + text + plain
}

func paintOf(s report.Status) string {
	switch s {
	case report.Pass:
		return green
	case report.Fail, report.Error:
		return red
	case report.CouldNotRun:
		return yellow
	}
	return dim
}

// line writes a line that stays.
func (p *Progress) line(text string) {
	if p.volatile {
		_, _ = io.WriteString(p.out, eraseLine)
		p.volatile = false
	}
	_, _ = io.WriteString(p.out, text+"\n")
}

// begin says what is about to run.
func (p *Progress) begin(total int, c Config) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total, p.started = total, p.now()
	noun := "scenarios"
	if total == 1 {
		noun = "scenario"
	}
	how := fmt.Sprintf("topology %s, %d side by side", c.TopologyName, c.Concurrency)
	if c.Foreign != "" {
		how = fmt.Sprintf("against %s, one after the other", c.TargetName)
	}
	p.line(fmt.Sprintf("%d %s, %s, seed %d (repeat this order with --seed %d)", total, noun, how, c.Seed, c.Seed))
}

// remark writes a sentence of its own.
func (p *Progress) remark(sentence string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line(sentence)
}

// Remark writes a sentence of its own, such as what set-up is busy with.
func (p *Progress) Remark(sentence string) { p.remark(sentence) }

// settled counts scenarios that say nothing about the target.
func (p *Progress) settled(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += n
}

// scenario tells the end of one scenario; if it did not pass, at which step,
// why, and where the evidence is.
func (p *Progress) scenario(r report.Scenario, out string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	switch r.Status {
	case report.Fail, report.Error, report.CouldNotRun:
		p.bad++
	}
	if r.Reason == errInterrupted.Error() {
		return // hundreds of lines would bury what matters
	}
	width := len(fmt.Sprint(p.total))
	head := fmt.Sprintf("%*d/%d %6s  %s  %s", width, p.done, p.total,
		fmt.Sprintf("%.1fs", p.now().Sub(p.started).Seconds()),
		p.paint(paintOf(r.Status), fmt.Sprintf("%-4s", r.Status)), r.Feature+": "+r.Name)
	head += p.paint(dim, "  "+report.Short(r.Duration)+p.left())
	if p.terminal && r.Status == report.Pass {
		if p.bad > 0 {
			head = p.paint(red, fmt.Sprintf("%d not passed  ", p.bad)) + head
		}
		_, _ = io.WriteString(p.out, eraseLine+clip(head, 110))
		p.volatile = true
		return
	}
	p.line(head)
	if r.Status == report.Pass {
		return
	}
	p.details(r, out)
}

// left says about how long the rest will take, on a terminal and once that can
// be known.
func (p *Progress) left() string {
	const enough = 10
	if !p.terminal || p.done < enough || p.done == p.total {
		return ""
	}
	each := p.now().Sub(p.started) / time.Duration(p.done)
	return ", about " + report.Short(each*time.Duration(p.total-p.done)) + " left"
}

func (p *Progress) details(r report.Scenario, out string) {
	const indent = "        "
	p.line(indent + p.paint(dim, r.ID+"  "+strings.Join(r.Tags, " ")))
	told := false
	for _, step := range r.Steps {
		if step.Error == "" {
			continue
		}
		p.line(indent + p.paint(bold, step.Keyword+" "+step.Text) + p.paint(dim, fmt.Sprintf("  (line %d)", step.Line)))
		told = told || step.Error == r.Reason
		p.line(indent + "  " + indented(step.Error, indent+"  "))
	}
	if !told && r.Reason != "" {
		p.line(indent + indented(r.Reason, indent))
	}
	for _, note := range r.Notes {
		p.line(indent + p.paint(dim, indented(note, indent)))
	}
	for _, path := range r.Evidence {
		p.line(indent + p.paint(dim, filepath.Join(out, filepath.FromSlash(path))))
	}
}

// end sums the run up.
func (p *Progress) end(r *report.Run, out string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := r.Count()
	color := green
	if r.ExitCode() != report.ExitConformant {
		color = red
	}
	var parts []string
	for _, part := range []struct {
		n    int
		word string
	}{
		{c.Pass, "passed"}, {c.Fail, "failed"}, {c.CouldNotRun, "could not run"},
		{c.Warn, "with warnings"}, {c.Waived, "waived"},
		{c.NotApplicable, "not applicable"}, {c.Error, "harness errors"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.word))
		}
	}
	p.line("")
	p.line(p.paint(bold, p.paint(color, strings.ToUpper(r.Verdict()))) +
		fmt.Sprintf("  %s: %s, in %s", report.Scenarios(c.Total), strings.Join(parts, ", "), report.Short(r.Duration)))
	for _, t := range r.Timings {
		p.line(fmt.Sprintf("%s: median %s of %d, slowest %s", t.Kind, report.Short(t.Median), t.Count, report.Short(t.Max)))
	}
	for _, fault := range append(append([]string{}, r.Faults...), r.Notes...) {
		p.line(p.paint(red, fault))
	}
	p.line("report: " + filepath.Join(out, report.HTMLFile))
}

// maxLines bounds what the terminal shows of one error, such as a stack; the
// report has all of it.
const maxLines = 12

// maxLine bounds one line of it, in characters.
const maxLine = 600

// indented is an error for the terminal. Servers have a say in it: what would
// steer the terminal is not passed on.
func indented(text, by string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) > maxLines {
		lines = append(lines[:maxLines], "…")
	}
	for i, line := range lines {
		line = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) && r != '\t' {
				return unicode.ReplacementChar
			}
			return r
		}, line)
		if runes := []rune(line); len(runes) > maxLine {
			line = string(runes[:maxLine]) + "…"
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n"+by)
}

// clip shortens a line that is to be overwritten, so that it does not wrap;
// colors count for nothing.
func clip(text string, width int) string {
	shown, inColor := 0, false
	for i, r := range text {
		switch {
		case r == '\x1b':
			inColor = true
		case inColor:
			inColor = r != 'm'
		default:
			if shown++; shown > width {
				return text[:i] + "…" + plain
			}
		}
	}
	return text
}

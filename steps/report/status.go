package report

// Status is what became of one scenario or step.
type Status string

// The statuses of a scenario; a step is PASS, FAIL, ERROR, COULD_NOT_RUN or
// NOT_REACHED.
const (
	Pass          Status = "PASS"
	Fail          Status = "FAIL"
	Warn          Status = "WARN"           // conformant, with something the partner should know
	Waived        Status = "WAIVED"         // would fail, and is excused; with the reason
	NotApplicable Status = "NOT_APPLICABLE" // says nothing about this target; with a reason
	CouldNotRun   Status = "COULD_NOT_RUN"  // no verdict, the surroundings failed; with the cause
	Error         Status = "ERROR"          // the harness itself failed
	NotReached    Status = "NOT_REACHED"    // a step after the one that ended the scenario
)

// Statuses lists the statuses of scenarios, worst first.
var Statuses = []Status{Error, Fail, CouldNotRun, Warn, Waived, NotApplicable, Pass}

// The exit codes of a run.
const (
	ExitConformant    = 0
	ExitNotConformant = 1
	ExitUsage         = 2 // wrong usage or configuration, nothing selected
	ExitIncomplete    = 3 // something could not run, or nothing was executed
	ExitHarnessFault  = 4
)

// Counts is the number of scenarios per status.
type Counts struct {
	Total         int `json:"total"`
	Pass          int `json:"pass"`
	Fail          int `json:"fail"`
	Warn          int `json:"warn"`
	Waived        int `json:"waived"`
	NotApplicable int `json:"not_applicable"`
	CouldNotRun   int `json:"could_not_run"`
	Error         int `json:"error"`
}

// Of is the count of one status.
func (c Counts) Of(s Status) int {
	switch s {
	case Pass:
		return c.Pass
	case Fail:
		return c.Fail
	case Warn:
		return c.Warn
	case Waived:
		return c.Waived
	case NotApplicable:
		return c.NotApplicable
	case CouldNotRun:
		return c.CouldNotRun
	case Error:
		return c.Error
	}
	return 0
}

// Count counts the scenarios of a run by status.
func (r *Run) Count() Counts {
	c := Counts{Total: len(r.Scenarios)}
	for _, s := range r.Scenarios {
		switch s.Status {
		case Pass:
			c.Pass++
		case Fail:
			c.Fail++
		case Warn:
			c.Warn++
		case Waived:
			c.Waived++
		case NotApplicable:
			c.NotApplicable++
		case CouldNotRun:
			c.CouldNotRun++
		default:
			c.Error++
		}
	}
	return c
}

// ExitCode says what a run comes to: a harness fault wins over a failure, a
// failure over an incomplete run. A run in which nothing was executed is
// incomplete, never green.
func (r *Run) ExitCode() int {
	c := r.Count()
	switch {
	case c.Error > 0 || len(r.Faults) > 0:
		return ExitHarnessFault
	case c.Fail > 0:
		return ExitNotConformant
	case c.CouldNotRun > 0 || c.Pass+c.Warn+c.Waived == 0:
		return ExitIncomplete
	}
	return ExitConformant
}

// Verdict is ExitCode in words.
func (r *Run) Verdict() string {
	switch r.ExitCode() {
	case ExitConformant:
		return "conformant"
	case ExitNotConformant:
		return "not conformant"
	case ExitIncomplete:
		return "incomplete"
	}
	return "harness fault"
}

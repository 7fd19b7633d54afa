package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

// Change is one verdict that two reports differ in.
type Change struct {
	Key      string
	Was, Is  Status // empty where a report lacks it
	Reason   string // of the new one
	Worse    bool
	Presence bool // one of the reports lacks it
}

// Diff compares two reports verdict by verdict, the worse ones first.
func Diff(before, after *Saved) []Change {
	old, now := byKey(before), byKey(after)
	var all []Change
	for key, is := range now {
		was, known := old[key]
		switch {
		case !known:
			all = append(all, Change{Key: key, Is: is.Status, Reason: is.Reason, Presence: true, Worse: rank(is.Status) >= rank(CouldNotRun)})
		case was.Status != is.Status:
			all = append(all, Change{Key: key, Was: was.Status, Is: is.Status, Reason: is.Reason, Worse: rank(is.Status) > rank(was.Status)})
		}
	}
	for key, was := range old {
		if _, known := now[key]; !known {
			all = append(all, Change{Key: key, Was: was.Status, Presence: true})
		}
	}
	slices.SortFunc(all, func(a, b Change) int {
		return cmp.Or(cmp.Compare(rank(b.Is), rank(a.Is)), cmp.Compare(a.Key, b.Key))
	})
	return all
}

func byKey(s *Saved) map[string]SavedOutcome {
	all := map[string]SavedOutcome{}
	for _, sc := range s.Scenarios {
		all[sc.Key()] = sc
	}
	return all
}

// rank orders statuses from harmless to bad.
func rank(s Status) int {
	return slices.Index([]Status{"", Pass, NotApplicable, Waived, Warn, CouldNotRun, Fail, Error}, s)
}

// WriteDiff prints the changes, one line each, and says whether something got
// worse.
func WriteDiff(w io.Writer, changes []Change) (worse bool, err error) {
	if len(changes) == 0 {
		_, err = fmt.Fprintln(w, "no verdict changed")
		return false, err
	}
	for _, c := range changes {
		mark := "better"
		switch {
		case c.Worse:
			mark, worse = "WORSE", true
		case c.Presence && c.Is == "":
			mark = "gone"
		case c.Presence:
			mark = "new"
		}
		line := fmt.Sprintf("%-7s %s: %s -> %s", mark, c.Key, orNothing(c.Was), orNothing(c.Is))
		if c.Reason != "" && c.Is != Pass {
			line += "  " + cell(c.Reason)
		}
		if _, err = fmt.Fprintln(w, line); err != nil {
			return worse, err
		}
	}
	return worse, nil
}

func orNothing(s Status) string {
	if s == "" {
		return "-"
	}
	return string(s)
}

// Package report holds the data model of a conformance run and writes it as
// report.json, junit.xml, report.html and summary.md. It gathers what
// scenarios leave behind (Recorder) and says what each outcome means; it runs
// nothing itself.
package report

import "cmp"

func compare(a, b string) int { return cmp.Compare(a, b) }
